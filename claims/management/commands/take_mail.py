"""`manage.py take_mail < MAIL`: posts a mail into the case it answers, for a mail server that pipes mails to a command.

Ends with 0 when it was posted or nothing is to be said, 67 (EX_NOUSER) when the server is to tell the sender why not,
75 (EX_TEMPFAIL) when it is to be tried again.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from claims import services
from claims.formats.inbound_mail import SIZE_MAX
from claims.reasons import words
from claims.tasks import relay

EX_NOUSER, EX_TEMPFAIL = 67, 75


class Command(BaseCommand):
    """Post a mail into the case it answers."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", help="a file; the standard input where none is named")

    def handle(self, *args: Any, **options: Any) -> None:
        rules = relay()
        if not (rules.domain and rules.secret):
            raise CommandError("ROMS_RELAY_DOMAIN and ROMS_RELAY_SECRET are not set: answers by mail are not taken.")
        try:
            if options["path"]:
                with open(options["path"], "rb") as file:
                    raw = file.read(SIZE_MAX + 1)
            else:
                raw = sys.stdin.buffer.read(SIZE_MAX + 1)
        except OSError as error:
            raise CommandError(f"{options['path']}: {error.strerror}") from error
        try:
            taken = services.take_mail(raw=raw, relay=rules, now=timezone.now())
        except OperationalError as error:
            self.stderr.write(str(error))
            raise SystemExit(EX_TEMPFAIL) from error
        self.stdout.write(words(taken.code) if taken.code else taken.case)
        if taken.tells:
            raise SystemExit(EX_NOUSER)
