"""Addresses: one spelling each, the same in Python and in SQL."""

import pytest
from django.db import connection

from ledger import chart
from ledger.chart import Place


@pytest.mark.parametrize("place", sorted(chart.OWED))
def test_owed_address_is_spelled_alike_in_python_and_sql(db, place):
    owner = chart.holder(4) if place in chart.OF_A_HOLDER else ""
    item = chart.track_item(17, "work")
    sql = chart.owed_address_sql("'track:' || 17 || ':work'", place, "'holder:' || 4" if owner else "")

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}")
        (spelled,) = cursor.fetchone()

    assert spelled == chart.owed(item, place, "USD", owner).address


def test_money_of_nobody_has_no_owner_and_money_of_a_holder_has_one():
    with pytest.raises(ValueError, match="no account"):
        chart.owed("track:1:work", Place.PAYABLE, "USD")
    with pytest.raises(ValueError, match="no account"):
        chart.owed("track:1:work", Place.UNCLAIMED, "USD", "holder:4")
    with pytest.raises(ValueError, match="no account"):
        chart.owed("bank", Place.BANK, "USD")


def test_every_place_has_exactly_one_way_to_its_accounts():
    of_licensee = {Place.RECEIVABLE, Place.UNALLOCATED, Place.WRITTEN_OFF, Place.ROUNDING}
    for place in Place:
        ways = [place in chart.OWED, place in of_licensee, place in {Place.PAID_OUT, Place.TAX_BACK}]
        if any(ways):
            with pytest.raises(ValueError, match="no account of the house"):
                chart.house(place, "USD")
        else:
            assert chart.house(place, "USD").address == place.value
        if place not in of_licensee:
            with pytest.raises(ValueError, match="licensee"):
                chart.of_licensee(place, 1, "USD")
        assert sum(ways) <= 1
