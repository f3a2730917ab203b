"""What the sides of a case write to each other: one thread, sealed under the holder's key, erased with it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder


class CaseMessage(models.Model):
    """One message in the thread of a case. The holder reads "ROMS", never a reviewer's name or address."""

    class Side(models.TextChoices):
        ROMS = "roms", "ROMS"
        HOLDER = "holder", _("Holder")

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        MESSAGE = "message", _("Message")

    case = models.CharField(max_length=16, help_text="Public id of the case.")
    holder = models.ForeignKey(RightsHolder, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=6, choices=Side)
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="casemessage_thread")]

    def __str__(self) -> str:
        return f"{self.case} {self.at:%Y-%m-%d}"
