"""The queue's doors to the register. What is due is found in the rows; a sweep that comes late or twice is right."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="register.read_on")
def read_on() -> None:
    """This will bring the register up to date with what happened."""
    from register import services

    services.read_on(now=timezone.now())
