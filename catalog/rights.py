"""The three rights in a track. Each has its own 100 %: no share of one can eat into another.

Screens never ask "which right?"; they ask what somebody did, and `claims` translates.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(models.TextChoices):
    """Which bundle of rights a share, a sale part or a withdrawal is about."""

    PHONOGRAM = "phonogram", _("Recording (producer, label)")
    PERFORMANCE = "performance", _("Performance (performers)")
    WORK = "work", _("Song (authors, publishers)")


TRACK_RIGHTS = (Right.PHONOGRAM, Right.PERFORMANCE)
"""Rights whose subject is the track itself; the subject of `Right.WORK` is the work."""
