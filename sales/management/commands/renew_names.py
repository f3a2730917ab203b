"""`manage.py renew_names`: writes name keys and match codes anew, needed after an update that says so in CHANGELOG.md.

Harmless at any time: what is right stays. Unmatched names are then looked at again by the sweep of each minute.
"""

from typing import Any

from django.core.management.base import BaseCommand

from sales import services


class Command(BaseCommand):
    """Write name keys and match codes anew."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        changed, coded = services.renew_names()
        self.stdout.write(f"{changed} name keys changed, {coded} names have their codes.")
