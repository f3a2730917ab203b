"""manage.py rewrap_keys: wrap every party's key by the first of ROMS_FIELD_KEYS, so that an old one can be dropped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import vault


class Command(BaseCommand):
    """Change the master key of everything sealed."""

    help = "Wrap every party's key by the first master key of ROMS_FIELD_KEYS; afterwards the others can be dropped."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = vault.rewrap_keys()
        except vault.VaultError as error:
            raise CommandError(f"A key cannot be opened by any of ROMS_FIELD_KEYS: {error}") from error
        self.stdout.write(f"{changed} keys wrapped anew; only the first of ROMS_FIELD_KEYS is needed now.")
