"""`manage.py match PATH [--json]`: which track each row of a table of names is, by the code that matches reports.

Columns: title, artist; if there, isrc (several: with semicolons), duration (3:45, PT3M45S or seconds), label, release.
Nothing is written. Per row: the chosen track's id or none, score, method, reasons; what came nearest to a row without
a match is said in its reasons. Cells that cannot be used are named with line and column and left out.
"""

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog import faults, matching
from catalog.formats.names_file import NameRow, read_names
from catalog.formats.tables import CannotRead
from catalog.matching.parallel import find_in_parallel
from catalog.models import Track

ROWS_AT_ONCE = 100_000


class Command(BaseCommand):
    """Find the tracks that names mean."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="for long tables; all cores")
        parser.add_argument("--json", action="store_true", help="one JSON list with an object per row")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["path"]
        if not path.is_file():
            raise CommandError(f"No such file: {path}")
        try:
            with path.open("rb") as file:
                self._show(_results(read_names(file), options["processes"]), as_json=options["json"])
        except CannotRead as error:
            known = faults.explain(error.code)
            raise CommandError(f"{path.name}: {known.problem} {known.remedy} {error.found}".rstrip()) from error

    def _show(self, results: Iterator[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write("[", ending="")
            for place, result in enumerate(results):
                self.stdout.write(f"{',' if place else ''}\n{json.dumps(result, ensure_ascii=False)}", ending="")
            self.stdout.write("\n]")
            return
        self.stdout.write("line\ttrack_id\tscore\tmethod\treasons")
        for result in results:
            said = " ".join([*map(matching.reason_text, result["reasons"]), *(one["text"] for one in result["faults"])])
            score = "" if result["score"] is None else result["score"]
            cells = (result["line"], result["track_id"] or "", score, matching.method_text(result["method"]), said)
            self.stdout.write("\t".join(map(str, cells)))


def _results(rows: Iterator[NameRow], processes: int) -> Iterator[dict[str, Any]]:
    while some := list(islice(rows, ROWS_AT_ONCE)):
        asked = [
            matching.Asked(no, row.title, row.artist, row.isrcs, row.duration_seconds, row.label, row.release)
            for no, row in enumerate(some)
        ]
        found = list(find_in_parallel(asked, processes))
        ids = _public_ids([one.track_id for one in found if one.track_id is not None])
        for row, one in zip(some, found, strict=True):
            yield _result(row, one, ids)


def _result(row: NameRow, found: matching.Found, ids: dict[int, str]) -> dict[str, Any]:
    return {
        "line": row.line_no,
        "title": row.title,
        "artist": row.artist,
        "track_id": ids[found.track_id] if found.track_id is not None else None,
        "score": None if found.score is None else float(found.score),
        "method": found.method,
        "reasons": list(found.reasons),
        "faults": [
            {
                "line": fault.line_no,
                "cell": fault.column,
                "code": fault.code,
                "found": fault.found,
                "text": f"{fault.line_no}, {fault.column}: {faults.explain(fault.code).problem}",
            }
            for fault in row.faults
        ],
    }


def _public_ids(track_ids: Sequence[int]) -> dict[int, str]:
    known: dict[int, str] = {}
    for start in range(0, len(track_ids), 10_000):
        few = Track.objects.filter(pk__in=track_ids[start : start + 10_000])
        known |= dict(few.values_list("pk", "public_id"))
    return known
