"""The queue's doors to the money office."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="payouts.issue_amounts_due")
def issue_amounts_due() -> None:
    """This will give every posted report without one its amount-due note."""
    from payouts import selectors, services

    for report in selectors.reports_without_note():
        services.issue_amounts_due(report=report, now=timezone.now())
