"""What waits for many claims at once, in one statement each."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.db import connection
from django.db.models import Count

from claims.models import Claim, ClaimLine
from core.money import Money

WAITING = """
SELECT l.claim_id, a.currency, sum((b.credit - b.debit) * l.percent / 100)
FROM claims_claimline l
JOIN ledger_account a ON a.item = 'track:' || l.track_id || ':' || l."right"
    AND a.place IN ('unclaimed', 'disputed')
JOIN ledger_accountbalance b ON b.account_id = a.id
WHERE l.claim_id = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2
"""


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
