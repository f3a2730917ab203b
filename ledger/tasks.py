"""The queue's doors to the ledger."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone


@shared_task(name="ledger.sequence_log")
def sequence_log() -> int:
    """Give committed entries their place in the log."""
    from ledger import services

    return services.sequence_log()


@shared_task(name="ledger.sign_checkpoint")
def sign_checkpoint() -> None:
    """Sign the log as it is, if it has grown."""
    from ledger import services
    from ledger.publishing import publish, signer

    services.sign_checkpoint(signer=signer(), publish=publish, now=timezone.now())


@shared_task(name="ledger.prove_day")
def prove_day() -> None:
    """Keep what the published identities came to at the end of yesterday."""
    from ledger import services

    now = timezone.now()
    services.prove_day(day=now.date() - timedelta(days=1), now=now)
