"""What waits for many claims at once, in one statement each."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count

from claims.models import Claim, ClaimLine
from core.money import Money
from ledger import funding
from ledger import selectors as ledger
from ledger.kept import kept_rows, read_rows

WAITING = """
SELECT l.claim_id, a.currency, sum((b.credit - b.debit) * l.percent / 100)
FROM claims_claimline l
JOIN ledger_account a ON a.item = 'track:' || l.track_id || ':' || l."right"
    AND a.place IN ('unclaimed', 'disputed')
JOIN ledger_accountbalance b ON b.account_id = a.id
WHERE l.claim_id = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2
"""


def _parts(lines: str) -> str:
    """The query of what rests for lines of a claim, item by item; `lines` is a condition on them, trusted SQL."""
    items = f"""(
        SELECT 'track:' || l.track_id || ':' || l."right" AS item FROM claims_claimline l
        WHERE l.claim_id = %(claim)s AND {lines}
    )"""
    return f"""
    SELECT r.place IN ('unclaimed', 'disputed') AS is_waiting, r.currency, r.lot,
        CASE WHEN r.place IN ('unclaimed', 'disputed') THEN trunc(r.amount * l.percent * 0.01, 8) ELSE r.amount END
            AS amount
    FROM claims_claimline l
    JOIN ({ledger.shown_sql(items)}) r ON r.item = 'track:' || l.track_id || ':' || l."right"
    WHERE l.claim_id = %(claim)s AND {lines}
        AND (r.place IN ('unclaimed', 'disputed') OR r.owner = ANY(%(owners)s))
    """


BY_LOT = f"""
SELECT is_waiting, currency, lot, sum(amount) FROM (
    SELECT a.place IN ('unclaimed', 'disputed') AS is_waiting, a.currency, p.lot, p.credit - p.debit AS amount
    FROM claims_claimline l
    JOIN ledger_account a ON a.item = 'track:' || l.track_id || ':' || l."right" AND a.item <> ''
    JOIN ledger_posting p ON p.account_id = a.id
    WHERE l.claim_id = %(claim)s AND CASE WHEN a.place IN ('unclaimed', 'disputed') THEN l.percent = 100
        ELSE a.owner = ANY(%(owners)s) END
    UNION ALL
    SELECT * FROM ({_parts("l.percent <> 100")}) p WHERE is_waiting
) p
GROUP BY 1, 2, 3 ORDER BY 2, 3
"""
"""Only what a line claims a part of is cut at its eighth decimal, track by track."""
RECEIVED = f"""
SELECT p.is_waiting, p.currency, p.lot, sum({funding.received_sql("p.amount", "f.received", "f.accrued")})
FROM ({_parts("true")}) p
JOIN unnest(%(lots)s::bigint[], %(currencies)s::text[], %(received)s::numeric[], %(accrued)s::numeric[])
    AS f (lot, currency, received, accrued) ON f.lot = p.lot AND f.currency = p.currency
GROUP BY 1, 2, 3
"""
LINES = """
SELECT max(id), count(*), sum((hashint8(track_id) # hash_numeric(percent))::bigint)::text
FROM claims_claimline WHERE claim_id = %(claim)s
"""
TOUCHED = """
a.item LIKE 'track:%%' AND EXISTS (
    SELECT FROM claims_claimline l WHERE l.claim_id = %(claim)s AND l."right" = split_part(a.item, ':', 3)
        AND l.track_id = CASE WHEN a.item LIKE 'track:%%' THEN split_part(a.item, ':', 2) ELSE '0' END::bigint
)
"""
"""Whether an account holds what a claim is about."""
Sums = list[tuple[str, Decimal, Decimal]]
"""(currency, received, not yet received)."""


def claim_sums(claim: Claim, owners: Collection[str]) -> tuple[Sums, Sums]:
    """This will sum what waits for a claim, and what rests for one of `owners` of the same rights.

    Only of lots that are paid in part is the received part summed line by line: of others it is all or nothing.
    """
    params: dict[str, Any] = {"claim": claim.pk, "owners": sorted(owners)}
    lines = _lines_as_they_are(claim)
    rows = kept_rows(BY_LOT, params, accounts=TOUCHED, also=lines)
    known = funding.funded({lot for _, _, lot, _ in rows if lot is not None})
    in_part = {key: paid for key, paid in known.items() if 0 < paid.received < paid.accrued}
    received: dict[tuple[bool, str, int | None], Decimal] = {}
    if in_part:
        columns: dict[str, Any] = {
            "received": [paid.received for paid in in_part.values()],
            "accrued": [paid.accrued for paid in in_part.values()],
        }
        columns["lots"], columns["currencies"] = (list(column) for column in zip(*in_part, strict=True))
        parts = kept_rows(RECEIVED, params | columns, accounts=TOUCHED, also=lines)
        received = {row[:3]: row[3] for row in parts}
    sums: dict[tuple[bool, str], tuple[Decimal, Decimal]] = {}
    for is_waiting, currency, lot, amount in rows:
        came = received.get((is_waiting, currency, lot))
        if came is None:
            came = funding.split(amount, lot, currency, known)[0]
        before = sums.get((is_waiting, currency), (Decimal(0), Decimal(0)))
        sums[is_waiting, currency] = before[0] + came, before[1] + amount - came
    waiting, yours = (
        [(currency, *both) for (side, currency), both in sorted(sums.items()) if side is wanted]
        for wanted in (True, False)
    )
    return waiting, yours


def _lines_as_they_are(claim: Claim) -> tuple[Any, ...]:
    """What changes with the lines of a claim: they are written anew when it is amended, a merge moves their track."""
    (row,) = read_rows(LINES, {"claim": claim.pk})
    return row


def claim_money(claim_ids: Collection[int]) -> dict[int, list[Money]]:
    """This will sum what waits for each claim (its percent of what nobody has), per currency, cut to 8 decimals."""
    amounts: dict[int, list[Money]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [list(claim_ids)])
        for claim_id, currency, amount in cursor.fetchall():
            amounts[claim_id].append(Money(amount.quantize(Decimal("0.00000001"), rounding="ROUND_DOWN"), currency))
    return amounts


def money_of_claim(claim: Claim) -> list[Money]:
    """This will sum what waits for one claim, per currency."""
    return claim_money([claim.pk])[claim.pk]


def line_counts(claim_ids: Collection[int]) -> dict[int, int]:
    """This will count the lines of each claim."""
    lines = ClaimLine.objects.filter(claim__in=list(claim_ids)).order_by()
    return defaultdict(int, lines.values_list("claim_id").annotate(n=Count("pk")))
