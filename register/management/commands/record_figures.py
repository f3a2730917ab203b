"""`manage.py record_figures`: what the daily task does, at once: publish every figure that changed."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from register import services


class Command(BaseCommand):
    """Publishes the figures as they stand now; nothing published before is changed."""

    help = "Count every public figure now and publish those that are new or changed."

    def handle(self, *args: Any, **options: Any) -> None:
        """This will record and say how many values were new."""
        self.stdout.write(f"{services.record_figures(now=timezone.now())} values published")
