"""What only a whole list can tell: rows that name one track twice, and how many rows there are of each kind."""

from typing import Any

from django.db import connection

from claims.models import RepertoireList

REPEATED = """
UPDATE claims_repertoirerow r SET outcome = 'duplicate', is_chosen = FALSE
FROM (
    SELECT id FROM (
        SELECT id, place, row_number() OVER (PARTITION BY track_id ORDER BY place > 0, row_no, place) AS turn
        FROM claims_repertoirerow
        WHERE list_id = %(list)s AND track_id IS NOT NULL AND (place > 0 OR "group" IN ('exact', 'likely'))
            AND outcome <> 'duplicate'
    ) turns WHERE turn > 1
) again
WHERE r.id = again.id
"""
COUNTED = """
SELECT "group", outcome, count(*), count(*) FILTER (WHERE is_chosen), count(*) FILTER (WHERE has_money),
    count(*) FILTER (WHERE other_holders > 0), count(*) FILTER (WHERE place = 0)
FROM claims_repertoirerow WHERE list_id = %(list)s GROUP BY 1, 2 ORDER BY 1, 2
"""


def mark_repeated(found: RepertoireList) -> int:
    """This will say of rows whose track an earlier row names that they repeat it; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(REPEATED, {"list": found.pk})
        return cursor.rowcount


def count_rows(found: RepertoireList) -> dict[str, Any]:
    """This will count the rows by group and outcome."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"list": found.pk})
        rows = cursor.fetchall()
    kinds = [
        {"group": group, "outcome": outcome, "rows": rows_, "chosen": chosen}
        for group, outcome, rows_, chosen, *_ in rows
    ]
    return {
        "kinds": kinds,
        "rows": sum(row[6] for row in rows),
        "chosen": sum(row[3] for row in rows),
        "with_money": sum(row[4] for row in rows),
        "with_others": sum(row[5] for row in rows),
    }
