"""manage.py sign_checkpoint: give entries their place in the log and sign what it has come to, now."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ledger import services
from ledger.publishing import publish, signer


class Command(BaseCommand):
    """Sign the log and print the signed text."""

    help = "Give entries their place in the log, sign what it has come to and print the checkpoint."

    def handle(self, *args: Any, **options: Any) -> None:
        services.sequence_log()
        checkpoint = services.sign_checkpoint(signer=signer(), publish=publish, now=timezone.now())
        self.stdout.write(checkpoint.note if checkpoint else "The log is empty: there is nothing to sign.")
