"""What can be paid out now: payable, received from the stores, and not paid already."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import connection

from ledger.funding import free_sql, funded
from ledger.recipes import Part

FREE = """
SELECT r.owner, r.item, r.lot, CASE WHEN r.lot IS NULL THEN r.payable ELSE {free} END
FROM (
    SELECT a.owner, a.item, p.lot,
        coalesce(sum(p.credit - p.debit) FILTER (WHERE a.place = 'payable'), 0) AS payable,
        coalesce(sum(p.credit - p.debit) FILTER (WHERE a.place <> 'payable'), 0) AS gone
    FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
    WHERE a.place IN ('payable', 'in_payout', 'paid') AND a.currency = %s AND a.item <> '' {owners}
    GROUP BY a.owner, a.item, p.lot
) r
LEFT JOIN unnest(%s::bigint[], %s::numeric[], %s::numeric[]) AS f(lot, paid, accrued) ON f.lot = r.lot
WHERE r.payable <> 0
ORDER BY r.owner, r.item, r.lot
"""


def free_parts(currency: str, owners: Collection[str] | None = None) -> dict[str, list[Part]]:
    """This will give, per owner, the parts of payable money that the stores have paid for and nobody was paid.

    Of a lot that is paid in part the received part of everything that was ever payable counts, less what has left: paid
    half of it, a holder is not paid half of the rest once more. Parts can be below zero (a correction); they count.
    """
    known = {lot: paid for (lot, code), paid in funded(_lots(currency)).items() if code == currency}
    params: list[Any] = [currency, *([list(owners)] if owners is not None else [])]
    params += [list(known), [paid.received for paid in known.values()], [paid.accrued for paid in known.values()]]
    sql = FREE.format(
        free=free_sql("r.payable", "r.gone", "coalesce(f.paid, 1)", "coalesce(f.accrued, 1)"),
        owners="AND a.owner = ANY(%s)" if owners is not None else "",
    )
    found: dict[str, list[Part]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for owner, item, lot, amount in cursor.fetchall():
            if amount:
                found[owner].append(Part(item, lot, amount))
    return found


def _lots(currency: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.lot FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id"
            " WHERE a.place = 'receivable' AND a.item = '' AND a.currency = %s AND p.lot IS NOT NULL",
            [currency],
        )
        return [row[0] for row in cursor.fetchall()]


def overpaid_parts(currency: str, owners: Collection[str]) -> dict[str, list[Part]]:
    """This will give, per owner, what was paid too much and not yet set off."""
    found: dict[str, list[Part]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.owner, a.item, p.lot, sum(p.debit - p.credit) FROM ledger_account a"
            " JOIN ledger_posting p ON p.account_id = a.id WHERE a.place = 'recoverable' AND a.currency = %s"
            " AND a.owner = ANY(%s) GROUP BY 1, 2, 3 HAVING sum(p.debit - p.credit) > 0 ORDER BY 1, 2, 3",
            [currency, list(owners)],
        )
        for owner, item, lot, amount in cursor.fetchall():
            found[owner].append(Part(item, lot, amount))
    return found


def payable_currencies() -> list[str]:
    """This will list the currencies in which somebody has something payable."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT a.currency FROM ledger_account a JOIN ledger_accountbalance b ON b.account_id = a.id"
            " WHERE a.place IN ('payable', 'tax_back') AND b.credit > b.debit ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def tax_back_of(currency: str) -> dict[str, Decimal]:
    """This will give, per owner, the tax kept back too much that was not given back yet.

    Below zero: it was given back for a payment that then returned.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.owner, b.credit - b.debit FROM ledger_account a JOIN ledger_accountbalance b"
            " ON b.account_id = a.id WHERE a.place = 'tax_back' AND a.currency = %s AND b.credit <> b.debit",
            [currency],
        )
        return dict(cursor.fetchall())
