"""The queue's doors to the register. What is due is found in the rows; a sweep that comes late or twice is right."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="register.read_on")
def read_on() -> None:
    """This will bring the register up to date with what happened."""
    from register import services

    services.read_on(now=timezone.now())


@shared_task(name="register.publish_day")
def publish_day() -> None:
    """This will make the open files of today that are not there yet."""
    from register import services

    services.publish_day(now=timezone.now())


@shared_task(name="register.forget_files")
def forget_files() -> None:
    """This will delete the bytes of open files that were kept long enough."""
    from register import services

    services.forget_files(now=timezone.now())


@shared_task(name="register.record_day")
def record_day() -> None:
    """This will publish the figures of today, once."""
    from register import services

    services.record_day(now=timezone.now())
