"""What was given away on a day: a file each, found again by its hash."""

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
