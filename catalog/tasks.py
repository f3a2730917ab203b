"""The queue's doors to the catalogue. A file that is due is a row; queueing only hurries it."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

FORGOTTEN_AFTER = timedelta(minutes=1)


@shared_task(name="catalog.run_import")
def run_import(*, batch_id: int) -> None:
    """This will look through a received file, or take the rows of a confirmed one."""
    from catalog import services

    services.continue_import(batch_id=batch_id, now=timezone.now())


@shared_task(name="catalog.sweep_imports")
def sweep_imports() -> None:
    """This will take up files that the queue forgot or a worker left behind."""
    from catalog import services

    for batch_id in services.waiting_imports(now=timezone.now(), since=FORGOTTEN_AFTER):
        services.continue_import(batch_id=batch_id, now=timezone.now())
