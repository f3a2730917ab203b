"""Money that counts in another currency than it came in: what the bank has still to change, and what it made of it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from payouts.models import Conversion, ConversionPart, Remittance
from payouts.selectors.access import Person, is_finance

ZERO = Decimal(0)


class Changed(NamedTuple):
    """What payments were noted to be: how much of them was to be changed, and what that came to."""

    changed: Decimal
    worth: Decimal


def noted_of(remittances: Iterable[Remittance]) -> Changed:
    """This will add up what was noted of payments of one pair of currencies."""
    rows = [(one.changed or ZERO, one.worth or ZERO) for one in remittances]
    return Changed(sum((row[0] for row in rows), ZERO), sum((row[1] for row in rows), ZERO))


def open_exchanges_for(user: Person) -> QuerySet[Remittance]:
    """This will find the exchanged payments that no conversion names, oldest first, for the money office only."""
    named = ConversionPart.objects.filter(freed_at=None).values("remittance")
    found = Remittance.objects.exclude(changed_to=None).exclude(pk__in=named).select_related("licensee")
    return found.order_by("received_date", "pk") if is_finance(user) else found.none()


def conversions_for(user: Person) -> QuerySet[Conversion]:
    """This will list what the bank changed, newest first, for the money office; nobody else sees one."""
    found = Conversion.objects.select_related("proposed_by", "decided_by").prefetch_related("parts__remittance")
    return found.order_by("-pk") if is_finance(user) else found.none()


DIFFERS = """
WITH noted AS (
    SELECT r.id, r.currency, -r.changed AS amount FROM payouts_remittance r WHERE r.changed_to IS NOT NULL
    UNION ALL SELECT r.id, r.changed_to, r.worth FROM payouts_remittance r WHERE r.changed_to IS NOT NULL
), done AS (
    SELECT c.id, c.public_id, p.remittance_id, c.sold, c.sold_currency, c.bought, c.bought_currency
    FROM payouts_conversion c JOIN payouts_conversionpart p ON p.conversion_id = c.id WHERE c.status = 'approved'
), wanted AS (
    SELECT '' AS number, 'fx_difference' AS place, n.currency, sum(n.amount) AS amount
    FROM noted n WHERE NOT EXISTS (SELECT FROM done d WHERE d.remittance_id = n.id) GROUP BY n.currency
    UNION ALL SELECT DISTINCT d.public_id, 'bank', d.sold_currency, -d.sold FROM done d
    UNION ALL SELECT DISTINCT d.public_id, 'bank', d.bought_currency, d.bought FROM done d
    UNION ALL SELECT d.public_id, 'exchange_result', n.currency, sum(n.amount)
        + max(CASE WHEN n.currency = d.sold_currency THEN d.sold ELSE -d.bought END)
    FROM done d JOIN noted n ON n.id = d.remittance_id GROUP BY d.public_id, n.currency
), told AS (
    SELECT CASE WHEN a.place = 'fx_difference' THEN '' ELSE split_part(e.idempotency_key, ':', 2) END AS number,
        a.place, a.currency, sum(p.debit - p.credit) AS amount
    FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id JOIN ledger_account a ON a.id = p.account_id
    WHERE a.place IN ('fx_difference', 'bank', 'exchange_result')
        AND (e.kind = 'exchange' OR split_part(e.idempotency_key, ':', 2) LIKE 'CNV-%')
    GROUP BY 1, 2, 3
)
SELECT coalesce(w.number, t.number), coalesce(w.place, t.place), coalesce(w.currency, t.currency),
    coalesce(t.amount, 0), coalesce(w.amount, 0)
FROM wanted w FULL JOIN told t ON (t.number, t.place, t.currency) = (w.number, w.place, w.currency)
WHERE coalesce(w.amount, 0) <> coalesce(t.amount, 0)
ORDER BY 1 DESC, 2, 3 LIMIT 1
"""


def conversions_against_ledger() -> str:
    """This will say which conversion, or which open exchange, the ledger does not show as its documents do.

    Open on `fx_difference` is what was noted of payments that no approved conversion names; of each that one does, the
    bank moved what the conversion says, and the rest is its gain or loss.
    """
    with connection.cursor() as cursor:
        cursor.execute(DIFFERS)
        row = cursor.fetchone()
    if row is None:
        return ""
    number, place, currency, told, wanted = row
    return f"conversion {number or 'none yet'}: {place} {currency} shows {told:f}, not {wanted:f}"
