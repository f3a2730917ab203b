"""The queue's doors to the money office."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone


@shared_task(name="payouts.issue_amounts_due")
def issue_amounts_due() -> None:
    """This will give every posted report without one its amount-due note."""
    from payouts import selectors, services

    for report in selectors.reports_without_note():
        services.issue_amounts_due(report=report, now=timezone.now())


@shared_task(name="payouts.deliver_payee_notice")
def deliver_payee_notice(*, notice_id: int) -> None:
    """This will try once to send a notice about a changed bank account."""
    from payouts import services

    services.deliver_payee_notice(notice_id=notice_id, now=timezone.now(), origin=settings.ROMS_ORIGIN)


@shared_task(name="payouts.sweep_payee_notices")
def sweep_payee_notices() -> None:
    """This will send the notices about bank accounts that are due."""
    from payouts import services

    for notice_id in services.payee_notices_due(now=timezone.now()):
        services.deliver_payee_notice(notice_id=notice_id, now=timezone.now(), origin=settings.ROMS_ORIGIN)


@shared_task(name="payouts.screen_everybody")
def screen_everybody(*, choice_id: int) -> None:
    """This will look for everybody by an edition of a sanctions list that was put in force."""
    from payouts import services

    services.screen_everybody(choice_id=choice_id, now=timezone.now())


@shared_task(name="payouts.sweep_screening")
def sweep_screening() -> None:
    """This will look for everybody by editions put in force of which the queue forgot to."""
    from payouts import services

    for choice_id in services.screenings_due():
        services.screen_everybody(choice_id=choice_id, now=timezone.now())


@shared_task(name="payouts.forget_old")
def forget_old() -> None:
    """This will forget what was kept long enough."""
    from payouts import services

    services.forget_old(now=timezone.now())
