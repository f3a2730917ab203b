"""`manage.py import_catalogue PATH... [--format NAME] [--dry-run] [--json]`: what the upload page does, without it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog import faults, services
from catalog.formats import FORMATS
from catalog.models import CatalogueImport

REASONS_SHOWN = 1000


class Command(BaseCommand):
    """Take tracks in from catalogue files. The same file twice changes nothing."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--format", choices=("auto", *FORMATS), default="auto", help="refuse files that are something else"
        )
        parser.add_argument("--dry-run", action="store_true", help="tell what would change, and change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["paths"]:
            if not path.is_file():
                raise CommandError(f"No such file: {path}")
        began, results = monotonic(), []
        for path in options["paths"]:
            if not options["json"]:
                self.stdout.write(f"{path.name} ...")
            results.append(self._import(path, options["format"], dry_run=options["dry_run"]))
            if not options["json"]:
                self._say(results[-1])
        if options["json"]:
            total = self._total(results) | {"seconds": round(monotonic() - began, 3)}
            self.stdout.write(json.dumps(total, ensure_ascii=False, indent=2))
        if any(result["status"] == CatalogueImport.Status.REJECTED for result in results):
            raise SystemExit(1)

    def _import(self, path: Path, kind: str, *, dry_run: bool) -> dict[str, Any]:
        now = timezone.now()
        try:
            with path.open("rb") as file:
                if dry_run:
                    batch = services.receive_catalogue(file=file, name=path.name, by=None, now=now)
                    batch = services.preview_import(batch_id=batch.pk, now=now, kind=kind)
                    outcome = services.ImportOutcome(batch, batch.status != CatalogueImport.Status.PREVIEWED)
                else:
                    [outcome] = services.import_catalogue(files=[(path.name, file)], by=None, now=now, kind=kind)
        except services.FileTooLarge as error:
            raise CommandError(str(error)) from error
        batch = outcome.batch
        return {
            "file": path.name,
            "import": batch.public_id,
            "status": batch.status,
            "repeat": outcome.is_repeat,
            "format": batch.format,
            "rows_read": batch.rows_read,
            "tracks_added": outcome.tracks_added,
            "tracks_changed": outcome.tracks_changed,
            "works_added": 0 if outcome.is_repeat else batch.works_added,
            "statements": 0 if outcome.is_repeat else batch.statements,
            "rows_rejected": batch.rows_rejected,
            "changes": [] if outcome.is_repeat else batch.preview,
            "reasons": self._reasons(batch, path.name),
        }

    def _reasons(self, batch: CatalogueImport, name: str) -> list[dict[str, Any]]:
        reasons: list[dict[str, Any]] = []
        if batch.error:
            reasons.append({"file": name, "code": batch.error, "found": batch.error_found, "rejected": True})
        for fault in batch.faults.order_by("-is_fatal", "line_no", "pk")[:REASONS_SHOWN]:
            reasons.append(
                {
                    "file": name,
                    "line": fault.line_no,
                    "column": fault.column,
                    "code": fault.code,
                    "found": fault.found,
                    "rejected": fault.is_fatal,
                }
            )
        for reason in reasons:
            meaning = faults.explain(reason["code"])
            reason |= {"problem": str(meaning.problem), "remedy": str(meaning.remedy)}
        return reasons

    def _total(self, results: list[dict[str, Any]]) -> dict[str, Any]:
        counts = ("rows_read", "tracks_added", "tracks_changed", "works_added", "statements", "rows_rejected")
        summed = {name: sum(result[name] for result in results) for name in counts}
        return {**summed, "reasons": [reason for result in results for reason in result["reasons"]], "files": results}

    def _say(self, result: dict[str, Any]) -> None:
        if result["repeat"]:
            self.stdout.write(f"  was imported before as {result['import']}; nothing was changed")
        self.stdout.write(
            f"  {result['status']}: {result['rows_read']} rows read, {result['tracks_added']} tracks added,"
            f" {result['tracks_changed']} changed, {result['works_added']} works added,"
            f" {result['statements']} statements, {result['rows_rejected']} rows rejected"
        )
        for change in result["changes"][:50] if result["status"] == CatalogueImport.Status.PREVIEWED else ():
            self.stdout.write(f"  line {change['line']}: {change['kind']} {change['text']}")
        for reason in result["reasons"][:50]:
            place = f"line {reason['line']}, {reason['column'] or 'row'}: " if "line" in reason else ""
            found = f" Found: {reason['found']}." if reason["found"] else ""
            self.stdout.write(f"  {place}{reason['problem']}{found} {reason['remedy']}")
