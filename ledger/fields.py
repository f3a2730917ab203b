"""Columns that PostgreSQL keeps more exactly than Django's own fields would."""

from typing import Any

from django.db import models


class TransactionIdField(models.Field):  # type: ignore[type-arg]
    """The id of the database transaction that wrote the row; set by the database."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)


class Digest(models.BinaryField):  # type: ignore[type-arg]
    """Thirty-two bytes."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else bytes(value)


class ExactDecimalField(models.DecimalField):  # type: ignore[type-arg]
    """NUMERIC without a scale: PostgreSQL rounds silently to a column's scale; this column's check refuses instead."""

    def db_type(self, connection: Any) -> str:
        return "numeric"

    def db_check(self, connection: Any) -> str:
        column = connection.ops.quote_name(self.column)
        return f"{column} >= 0 AND {column} < 1e16 AND scale({column}) <= 8"


def amount_field(label: Any) -> ExactDecimalField:
    """Return the field of one side of a posting or balance."""
    return ExactDecimalField(label, max_digits=24, decimal_places=8)


class RandomSalt(models.Func):
    """Thirty-two bytes stretched from 122 bits of the database's strong random source."""

    template = "sha256(uuid_send(gen_random_uuid()))"
    output_field = models.BinaryField()


class TransactionTime(models.Func):
    """The time the running database transaction began; the same for all its statements."""

    function = "transaction_timestamp"
    output_field = models.DateTimeField()


class TransactionId(models.Func):
    """The id of the running database transaction."""

    function = "pg_current_xact_id"
    output_field = TransactionIdField()
