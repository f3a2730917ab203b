"""`manage.py import_sales PATH... --licensee CODE [--json]`: what the upload page does, from the command line."""

import json
import os
import socket
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sales import messages, selectors, services
from sales.models import Licensee, MappingTemplate, SalesReport
from sales.pipeline.timing import collecting, timed
from sales.tasks import limits

NO_SPACE = "The disk is full. Nothing is lost or half done: import it again, or start a worker, when there is space."


class Command(BaseCommand):
    """Import sales reports of a store and wait until they are posted, held or rejected."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--licensee", required=True, help="code of the store")
        parser.add_argument("--template", default="", help="name of the mapping template the files are read through")
        parser.add_argument("--period", default="", help="period of the files, where nothing in them says it: 2006-10")
        parser.add_argument("--json", action="store_true", help="one JSON object (a list for several reports)")

    def handle(self, *args: Any, **options: Any) -> None:
        licensee = Licensee.objects.filter(code=options["licensee"]).first()
        if licensee is None:
            known = ", ".join(Licensee.objects.order_by("code").values_list("code", flat=True)) or "none yet"
            raise CommandError(f"No store has the code {options['licensee']!r}. Known: {known}.")
        template = selectors.mapping_template_named(licensee, options["template"])
        if options["template"] and template is None:
            names = ", ".join(licensee.mapping_templates.filter(retired_at=None).values_list("name", flat=True))
            raise CommandError(f"{licensee} has no template {options['template']!r}. Known: {names or 'none yet'}.")
        results: dict[int, dict[str, Any]] = {}
        for path in options["paths"]:
            if not path.is_file():
                raise CommandError(f"No such file: {path}")
            try:
                with collecting() as steps:
                    report, seconds, is_duplicate = self._import(licensee, path, template, options["period"])
            except services.NoSpace as error:
                raise CommandError(f"{path}: {NO_SPACE}") from error
            result = results.setdefault(report.pk, {"seconds": 0.0})
            seconds += result["seconds"]
            result.update(outcome(report) | {"seconds": round(seconds, 3), "duplicate": is_duplicate})
            result["steps"] = {step: round(taken, 3) for step, taken in steps.items()}
        self._show(list(results.values()), as_json=options["json"])
        if any(result["status"] != SalesReport.Status.POSTED for result in results.values()):
            raise SystemExit(1)

    def _import(
        self, licensee: Licensee, path: Path, template: MappingTemplate | None, period: str
    ) -> tuple[SalesReport, float, bool]:
        began = monotonic()
        try:
            with timed("receive"), path.open("rb") as stream:
                receipt = services.receive_report(
                    licensee=licensee,
                    stream=stream,
                    name=path.name,
                    by=None,
                    now=timezone.now(),
                    limits=limits(),
                    template=template,
                    period=period,
                )
        except services.UploadTooLarge as error:
            raise CommandError(f"{path}: {messages.of_report(error.code, error.params).fault}") from error
        services.process_report(
            report_id=receipt.report.pk,
            worker=f"{socket.gethostname()}:{os.getpid()}",
            now=timezone.now(),
            limits=limits(),
        )
        receipt.report.refresh_from_db()
        return receipt.report, monotonic() - began, receipt.is_duplicate

    def _show(self, results: list[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(results[0] if len(results) == 1 else results, ensure_ascii=False, indent=2))
            return
        for result in results:
            self.stdout.write(
                f"{result['report']}: {result['status']}, {result['lines_accepted']} of {result['lines_read']} lines"
                f" accepted, {result['lines_unmatched']} unmatched, {result['seconds']} s"
            )
            for currency, amount in result["accrued"].items():
                self.stdout.write(f"  {amount} {currency} accrued of {result['base'][currency]}")
            for reason in result["reasons"]:
                self.stdout.write(f"  {reason['text']} {reason['remedy']}".rstrip())


def outcome(report: SalesReport) -> dict[str, Any]:
    """This will say as plain data what became of a report."""
    totals = {total.currency: total for total in report.totals.order_by("currency")}
    return {
        "report": report.public_id,
        "status": report.status,
        "lines_read": report.lines_read,
        "lines_accepted": report.lines_accepted,
        "lines_rejected": report.lines_rejected,
        "lines_unmatched": report.lines_unmatched,
        "base": {currency: f"{total.base:f}" for currency, total in totals.items()},
        "accrued": {currency: f"{total.royalty:f}" for currency, total in totals.items()},
        "reasons": _reasons(report),
    }


def _reasons(report: SalesReport) -> list[dict[str, Any]]:
    """This will list why the report or single lines were refused, and where counts differ: the first hundred."""
    found = []
    if report.reason:
        text, remedy = messages.of_report(report.reason, report.reason_params)
        found.append({"code": report.reason, "text": text, "remedy": remedy, **report.reason_params})
    if report.status == SalesReport.Status.RECEIVED and (missing := selectors.missing_files(report)):
        params: dict[str, object] = {"missing": ", ".join(map(str, missing)), "all": report.file_count}
        text, remedy = messages.of_report("files_missing", params)
        found.append({"code": "files_missing", "text": text, "remedy": remedy, **params})
    for difference in report.footer_faults:
        found.append({**difference, "text": messages.of_difference(difference), "remedy": ""})
    for fault in selectors.faults_of(report)[:100]:
        text, remedy = messages.of_line(fault.code)
        place = messages.of_place(fault.file.name, fault.line_no, fault.cell)
        found.append(
            {
                "code": fault.code,
                "file": fault.file.name,
                "line": fault.line_no,
                "cell": fault.cell,
                "found": fault.found,
                "rejected": fault.is_fatal,
                "text": f"{place}: {text}",
                "remedy": remedy,
            }
        )
    return found
