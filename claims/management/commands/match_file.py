"""`manage.py match_file PATH --by MAIL [--licensee CODE] [--dry-run] [--json]`: what the page for match files does."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from claims import services
from claims.reasons import words
from sales.formats.match_file import UnreadableFile, read_match_file
from sales.models import Licensee


class Command(BaseCommand):
    """Match, correct and withdraw what a file of two columns says: a store's key, a track id or ISRC."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--by", required=True, help="mail address of the reviewer who answers for it")
        parser.add_argument("--licensee", help="code of the store whose own keys the file names")
        parser.add_argument("--dry-run", action="store_true", help="only say what the file would do")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(email=options["by"].lower(), is_active=True).first()
        licensee = Licensee.objects.filter(code=options["licensee"]).first() if options["licensee"] else None
        if by is None or (options["licensee"] and licensee is None):
            raise CommandError("No such person, or no such store.")
        try:
            rows = read_match_file(options["path"].read_bytes())
            outcomes = services.apply_match_file(
                rows=rows,
                licensee=licensee,
                by=by,
                now=timezone.now(),
                name=options["path"].name,
                is_dry_run=options["dry_run"],
            )
        except OSError as error:
            raise CommandError(f"{options['path']}: {error.strerror}") from error
        except UnreadableFile as error:
            raise CommandError(words(str(error))) from error
        except services.Refused as error:
            raise CommandError(str(error)) from error
        self._show(outcomes, as_json=options["json"])
        if any(each.does == "refused" for each in outcomes):
            raise SystemExit(1)

    def _show(self, outcomes: list[services.FileOutcome], *, as_json: bool) -> None:
        rows = [
            {
                "row": each.row.number,
                "key": each.row.key,
                "track": each.track.public_id if each.track else None,
                "outcome": each.does,
                "problem": each.problem,
                "case": each.case,
            }
            for each in outcomes
        ]
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"{row['row']}\t{row['key']}\t{row['outcome']}\t{row['problem'] or row['track'] or ''}")
