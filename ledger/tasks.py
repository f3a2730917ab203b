"""The queue's doors to the ledger."""

from celery import shared_task


@shared_task(name="ledger.sequence_log")
def sequence_log() -> int:
    """Give committed entries their place in the log."""
    from ledger import services

    return services.sequence_log()
