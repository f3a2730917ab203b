"""Checks that several tables of facts share."""

from django.db import models


def period_forward(name: str) -> models.CheckConstraint:
    """This will refuse a period that ends before it starts; one with end = start holds on no day."""
    is_open = models.Q(start__isnull=True) | models.Q(end__isnull=True)
    return models.CheckConstraint(condition=is_open | models.Q(end__gte=models.F("start")), name=name)


def subject_fits_right(name: str) -> models.CheckConstraint:
    """This will refuse anything but a work for the right in the song, and a track for the other two."""
    of_work = models.Q(right="work", work__isnull=False, track__isnull=True)
    return models.CheckConstraint(
        condition=of_work | (~models.Q(right="work") & models.Q(track__isnull=False, work__isnull=True)), name=name
    )
