"""manage.py erase WHO --by ADDRESS: forget a person (mail address) or a holder (HLD-...), as the law lets them ask."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from catalog.models import RightsHolder
from payouts import services


class Command(BaseCommand):
    """Forget a person or a holder."""

    help = "Forget a person or a holder: names and keys go, decisions, amounts and proofs stay. It cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help="a person's mail address, or a holder's number HLD-...")
        parser.add_argument("--by", required=True, help="mail address of the supervisor who does it")
        parser.add_argument("--yes", action="store_true", help="do it; without this only say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(email=options["by"].strip().lower()).first()
        person = User.objects.filter(email=options["who"].strip().lower()).first()
        holder = RightsHolder.objects.filter(public_id=options["who"].strip().upper()).first()
        if by is None or (person is None and holder is None):
            raise CommandError("There is no such person or holder.")
        if not options["yes"]:
            self.stdout.write("Everything that says who this is would go, for ever. Repeat with --yes to do it.")
            return
        try:
            if person is not None:
                services.erase_person(user=person, by=by, now=timezone.now(), secret=settings.SECRET_KEY)
            elif holder is not None:
                services.erase_holder(holder=holder, by=by, now=timezone.now())
        except services.CannotErase as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Done: nothing says who this was.")
