"""`manage.py decide_report REPORT [DECISION] --by MAIL --reason TEXT [--json]`: what finance does on a report's page.

Without a decision it shows what a held report waits for, what would change, and what can be decided. `reprocess` reads
a posted report again.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from core.workflow import MoveNotAllowed
from sales import messages, services
from sales.models import SalesReport


class Command(BaseCommand):
    """Show the difference a report would post, decide about it, or have a report read again."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", metavar="REPORT")
        parser.add_argument("decision", nargs="?", default="", metavar="DECISION")
        parser.add_argument("--by", default="", metavar="MAIL", help="who decides; must be of finance")
        parser.add_argument("--reason", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        report = SalesReport.objects.filter(public_id=options["report"]).first()
        if report is None:
            raise CommandError(f"No such report: {options['report']}")
        if options["decision"]:
            report = self._decide(report, options)
        told = self._told(report)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{told['report']}: {told['status']} {told['reason']}".rstrip())
        for row in told["difference"]:
            self.stdout.write(f"  {row['currency']}: {row['before']} -> {row['after']} ({row['difference']})")
        if told["decisions"]:
            self.stdout.write(f"  can be decided: {', '.join(told['decisions'])}")

    def _decide(self, report: SalesReport, options: dict[str, Any]) -> SalesReport:
        by = User.objects.filter(email=options["by"], role__in=("finance", "supervisor")).first()
        if by is None or not options["reason"]:
            raise CommandError("Say who decides (--by, somebody of finance) and why (--reason).")
        act: dict[str, Any] = {"report": report, "by": by, "now": timezone.now(), "reason": options["reason"]}
        try:
            if options["decision"] == "reprocess":
                made = services.reprocess_report(**act)
            else:
                made = services.decide_report(decision=options["decision"], **act)
        except (services.ReportNotHeld, services.ReportNotInForce, MoveNotAllowed) as error:
            can = ", ".join(services.decisions_of(report)) or "nothing"
            raise CommandError(f"{report}: this can't be done with it now; possible: {can}.") from error
        made.refresh_from_db()
        return made

    def _told(self, report: SalesReport) -> dict[str, Any]:
        fault = messages.of_report(report.reason, report.reason_params).fault if report.reason else ""
        return {
            "report": report.public_id,
            "status": report.status,
            "reason": fault,
            "difference": report.difference.get("currencies", []),
            "decisions": services.decisions_of(report),
        }
