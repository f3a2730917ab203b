"""What was given away on a day: a file each, found again by its hash."""

from datetime import datetime

from django.db import models


class OpenFile(models.Model):
    """One file of one day, as it was made. Rows are only added; a file that did not change is stored once."""

    day = models.DateField()
    name = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    stored = models.CharField(max_length=120, help_text="Where its bytes are; named by its hash.")
    made_at = models.DateTimeField(help_text="It shows the register as of this moment.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "name"], name="openfile_once_a_day")]
        indexes = [models.Index(fields=["-day", "name"], name="openfile_newest")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

    @property
    def forgotten_at(self) -> datetime | None:
        """Since when its bytes are gone; None: they are there."""
        return self.forgotten.at if hasattr(self, "forgotten") else None


class ForgottenFile(models.Model):
    """The bytes of an open file were kept long enough and are gone; what they were, its row and its hash, stays."""

    file = models.OneToOneField(OpenFile, on_delete=models.PROTECT, related_name="forgotten")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.file} forgotten"
