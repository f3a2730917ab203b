"""manage.py walkthrough --report PATH --licensee CODE [--json]: the whole main job on one report, figures checked."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalog.services import CatalogueError
from claims.services import Refused
from payouts.services import NothingToPay
from roms_portal.demo.world import NotADemo
from roms_portal.walkthrough import STEPS, Step, StepFailed, walk
from sales.services import SalesError

REFUSALS = (StepFailed, NotADemo, CatalogueError, Refused, SalesError, NothingToPay)


class Command(BaseCommand):
    """Walk from a sales report to an acknowledged takedown."""

    help = (
        "Import a report, find unclaimed money, claim, check, approve, award, pay, state, opt out, grant, notify,"
        " acknowledge, verify the ledger. Writes invented people and cases: demo installations only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--report", type=Path, required=True, metavar="PATH")
        parser.add_argument("--licensee", required=True, metavar="CODE")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ROMS_DEMO:
            raise CommandError("The walkthrough invents people and cases: demo installations only (ROMS_DEMO is off).")
        if not options["report"].is_file():
            raise CommandError(f"No such file: {options['report']}")
        steps: list[Step] = []
        fault = ""
        try:
            for step in walk(path=options["report"], code=options["licensee"], now=timezone.now()):
                steps.append(step)
                if not options["json"]:
                    self._show(step)
        except REFUSALS as error:
            failed = STEPS[len(steps)][0]
            fault = f"{failed}: {error}"
        if options["json"]:
            done = [{"step": step.name, "seconds": step.seconds, **step.figures} for step in steps]
            self.stdout.write(
                json.dumps({"ok": not fault, "fault": fault, "steps": done}, ensure_ascii=False, indent=2)
            )
        if fault:
            raise CommandError(fault)

    def _show(self, step: Step) -> None:
        self.stdout.write(f"{step.name} ({step.seconds} s)")
        for name, value in step.figures.items():
            self.stdout.write(f"    {name}: {value}")
