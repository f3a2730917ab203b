"""`manage.py register_copy FOLDER`: the register as plain HTML that opens from disk, with its tables beside it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from register import services


class Command(BaseCommand):
    """Writes the copy into a new or empty folder."""

    help = "Write the public register into FOLDER as plain HTML in every language, with CSV tables and checksums."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """This will ask for the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """This will write the copy and say how many entries it has."""
        folder: Path = options["folder"]
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not an empty folder")
        count = services.write_copy(folder=folder, now=timezone.now())
        self.stdout.write(f"{count} entries in {folder}")
