"""manage.py verify_ledger [--json]: recompute the whole ledger; exit non-zero on the first thing that is not so."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.publishing import signer
from ledger.verify import Check, verify
from payouts import selectors as payouts

FURTHER = {
    "payments": payouts.payments_against_ledger,
    "tax": payouts.tax_against_ledger,
    "conversions": payouts.conversions_against_ledger,
}
"""What apps above the ledger keep, held against it."""


class Command(BaseCommand):
    """Recompute the ledger and say what was found."""

    help = "Recompute every balance, identity and hash of the ledger; fail naming the first that is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify((lambda check: None) if options["json"] else self._show, vkey=signer().vkey, further=FURTHER)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), indent=2))
        if not report.ok:
            failed = report.checks[-1]
            raise CommandError(f"{failed.name}: {failed.fault}")
        if not options["json"]:
            self.stdout.write(
                f"{report.entries} entries, {report.postings} postings, log of {report.log_size}"
                f" ({report.not_yet_logged} waiting), {report.checkpoints} checkpoints, root {report.root}"
            )

    def _show(self, check: Check) -> None:
        self.stdout.write(f"{check.name}: {'ok' if check.ok else check.fault}")
