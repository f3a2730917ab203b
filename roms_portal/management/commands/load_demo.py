"""manage.py load_demo [--scale N]: load the demo world, or finish it; prints the demo log-ins."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from roms_portal.demo.people import logins
from roms_portal.demo.world import NotADemo, load


class Command(BaseCommand):
    """Load the demo world."""

    help = "Load the demo world (real titles, invented figures). Refused where real data is or may come."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="sales lines times N; 75 is about a million lines")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ROMS_DEMO:
            raise CommandError("Demo data is not allowed in this installation (ROMS_DEMO is off).")
        if options["scale"] < 1:
            raise CommandError("--scale is 1 or more.")
        try:
            load(now=timezone.now(), scale=options["scale"], progress=self._show)
        except NotADemo as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(logins())

    def _show(self, step: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"  {step}")
