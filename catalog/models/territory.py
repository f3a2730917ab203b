"""Where a fact holds: one interned row per distinct set of territories, never one row per country."""

from typing import Any

from django.db import models

TERRITORY_BITS = 512
"""Places in a bitmap: every current and historic ISO 3166-1 / TIS code has its own (see catalog/territories.py)."""


class BitmapField(models.Field[int, int]):
    """A PostgreSQL `bit(512)` seen from Python as an int; bit n of the int is territory number n."""

    def db_type(self, connection: Any) -> str:
        return f"bit({TERRITORY_BITS})"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value, 2)

    def get_prep_value(self, value: int | None) -> str | None:
        return None if value is None else format(value, f"0{TERRITORY_BITS}b")


class TerritorySet(models.Model):
    """A canonical set of territories; includes and excludes are resolved before it is written. Rows never change.

    Worldwide is all bits, so two sets overlap exactly when `a.bits & b.bits` is not zero.
    """

    bits = BitmapField(unique=True)
    label = models.CharField(max_length=200, help_text="How a person would say it: 'Worldwide', 'RU, UA'.")

    def __str__(self) -> str:
        return self.label
