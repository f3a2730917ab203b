"""Many rows into one table by COPY: several times as fast as INSERT, and one round trip.

Triggers, constraints and defaults hold as for any INSERT; generated ids are drawn beforehand, so that rows of other
tables can refer to them.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, models

Cell = str | int | Decimal | date | None
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})
_ROWS_AT_ONCE = 50_000
_MANY = 1000
"""From so many rows on the planner should know of them at once (core/sql/counting.sql)."""


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """This will draw ids for new rows; ids that are not used leave a gap, which means nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """This will write rows; `columns` are the model's column names, in the order of the cells."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    statement = f"COPY {model._meta.db_table} ({names}) FROM STDIN"
    buffer, written = io.StringIO(), 0
    for written, row in enumerate(rows, 1):
        buffer.write("\t".join(map(_text, row)))
        buffer.write("\n")
        if written % _ROWS_AT_ONCE == 0:
            _send(statement, buffer)
            buffer = io.StringIO()
    if written % _ROWS_AT_ONCE:
        _send(statement, buffer)
    if written >= _MANY:
        with connection.cursor() as cursor:
            cursor.execute("SELECT public.core_count_anew(%s, %s)", [model._meta.db_table, written])


def copy_objects(objects: Sequence[models.Model]) -> None:
    """This will write new rows as `bulk_create` does, and give each its id, at a tenth of its price.

    Values go as they stand in the objects; arrays of texts may hold codes only, and no column may be JSON.
    """
    if not objects:
        return
    model = type(objects[0])
    fields = [field.attname for field in model._meta.concrete_fields]
    for one, pk in zip(objects, new_ids(model, len(objects)), strict=True):
        one.pk = pk
    columns = [str(field.column) for field in model._meta.concrete_fields]
    copy_rows(model, columns, ([_cell(getattr(one, name)) for name in fields] for one in objects))


def _cell(value: Any) -> Cell:
    return "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else value


def _send(statement: str, buffer: io.StringIO) -> None:
    buffer.seek(0)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.copy_expert(statement, buffer)


def _text(cell: Cell) -> str:
    if cell is None:
        return "\\N"
    if not isinstance(cell, str):
        return str(cell)
    return cell if cell.isprintable() and "\\" not in cell else cell.translate(_ESCAPED)
