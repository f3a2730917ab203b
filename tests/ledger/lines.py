"""Small facts the ledger's tests share."""

from datetime import UTC, datetime
from decimal import Decimal

from ledger import chart, recipes

NOW = datetime(2007, 7, 1, 12, tzinfo=UTC)
ITEM = chart.track_item(17, "phonogram")
HOLDER = chart.holder(4)


def sale(amount: str = "10", item: str = ITEM, lot: int = 1, currency: str = "USD", licensee_id: int = 1):
    """An accrual of one item."""
    parts = [recipes.Part(item, lot, Decimal(amount))]
    return recipes.accrual(licensee_id=licensee_id, currency=currency, parts=parts)


def to_holder(amount: str = "10", item: str = ITEM, lot: int = 1, currency: str = "USD", owner: str = HOLDER):
    """Money of one item moves from unclaimed to a holder's payable."""
    return recipes.distribution(
        [
            recipes.Delta(item, chart.Place.UNCLAIMED, "", currency, lot, -Decimal(amount)),
            recipes.Delta(item, chart.Place.PAYABLE, owner, currency, lot, Decimal(amount)),
        ]
    )
