"""Published figures: dated facts. A corrected figure is a further row; the old value stays and is shown."""

from django.db import models


class Figure(models.Model):
    """One value of one figure about one day (or the month that begins on it), as it was counted at a moment.

    `part` is what it is about where a figure has several: a currency, a store, a payment channel (`USD visa`). Of rows
    with the same code, part and day the latest counts; the earlier ones are what was published before.
    """

    code = models.CharField(max_length=40, help_text="register/figures.py says what it means.")
    part = models.CharField(max_length=60, blank=True)
    day = models.DateField()
    value = models.DecimalField(max_digits=30, decimal_places=8, null=True, help_text="Empty: unknown.")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["code", "-day", "part", "-id"], name="figure_latest"),
            models.Index(fields=["-recorded_at"], name="figure_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.part} {self.day}: {'unknown' if self.value is None else f'{self.value:f}'}"
