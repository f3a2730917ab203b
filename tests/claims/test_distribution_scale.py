"""How fast money of many tracks moves through the database. Run by `make test-slow`; prints its figures."""

from datetime import date
from decimal import Decimal as D
from time import perf_counter

import pytest
from django.db import connection
from django.utils import timezone

from catalog import services as catalog
from catalog.models import RightsShare
from catalog.territories import worldwide
from claims import services
from ledger import selectors as ledger
from ledger import services as posting
from tests import factories

TRACKS, MONTHS = 4000, 30

SALES = """
INSERT INTO sales_sale (report_id, store_key_id, track_id, tariff_id, sold_as, territory, is_outside_license,
    use_start, use_end, channel, currency, line_count, units, base, base_name, royalty, royalty_phonogram,
    royalty_performance, royalty_work)
SELECT s.report_id, s.store_key_id, t.id, s.tariff_id, 'track', (ARRAY['US', 'RU', 'DE'])[1 + m %% 3], false,
    date '2005-01-01' + make_interval(months => m), date '2005-02-01' + make_interval(months => m),
    'visa', 'USD', 1, 1, 1, s.base_name, 0.10, 0.05, 0.02, 0.03
FROM sales_sale s, unnest(%s::bigint[]) AS t (id), generate_series(0, %s) AS m
"""
ACCRUAL = """
INSERT INTO ledger_stage (entry_key, kind, address, currency, place, owner, item, lot, debit, credit)
SELECT 'bulk:' || t.id / 1000, 'accrual', p.address, 'USD', p.place, p.owner, p.item, %s, p.debit, p.credit
FROM unnest(%s::bigint[]) AS t (id), LATERAL (
    SELECT 'track:' || t.id || ':' || r.name || ':unclaimed' AS address, 'unclaimed' AS place, '' AS owner,
        'track:' || t.id || ':' || r.name AS item, 0 AS debit, r.amount * %s AS credit
    FROM (VALUES ('phonogram', 0.05), ('performance', 0.02), ('work', 0.03)) AS r (name, amount)
    UNION ALL
    SELECT 'licensee:' || %s || ':receivable', 'receivable', 'licensee:' || %s, '', 0.10 * %s, 0
) p
"""


@pytest.mark.slow
@pytest.mark.parametrize("is_plain", [True, False], ids=["one holder of all", "three, by days and territory"])
def test_money_of_many_tracks_moves_fast(committed_db, is_plain):
    sale = factories.a_sale()
    report, store = sale.report_id, sale.report.licensee_id
    ids = catalog.add_tracks(tracks=[catalog.NewTrack(title=f"T{n}", artist="A") for n in range(TRACKS)])
    with connection.cursor() as cursor:
        cursor.execute(SALES, [ids, MONTHS - 1])
        cursor.execute("BEGIN")
        posting.open_stage()
        cursor.execute(ACCRUAL, [report, ids, MONTHS, store, store, MONTHS])
        posting.post_entries(event_at=timezone.now(), stage="ledger_stage")
        cursor.execute("COMMIT")
        cursor.execute("ANALYZE")
    holders, world = [factories.a_holder() for _ in range(3)], worldwide()
    whole = [(holders[0], D(100), None)]
    parts = [(holders[0], D(50), None), (holders[1], D(25), date(2006, 3, 10)), (holders[2], D("12.5"), None)]
    catalog.record_shares(
        shares=[
            RightsShare(track_id=track, right="phonogram", holder=who, percent=much, start=start, territories=world)
            for track in ids
            for who, much, start in (whole if is_plain else parts)
        ]
    )

    started, batches = perf_counter(), range(0, TRACKS, 500)
    posted = [
        services.distribute(track_ids=ids[at : at + 500], event="bench", now=timezone.now()).postings for at in batches
    ]
    first = perf_counter() - started
    again = perf_counter()
    assert [
        services.distribute(track_ids=ids[at : at + 500], event="bench", now=timezone.now()).postings for at in batches
    ] == [0] * len(batches)
    again = perf_counter() - again

    sales = TRACKS * MONTHS
    print(
        f"\n{sales} Sales ({3 * sales} parts), {sum(posted)} postings: {first:.1f} s, {3 * sales / first:,.0f} parts/s;"
        f" again {again:.1f} s"
    )
    owed = {row.place: row.amount for row in ledger.holder_balances(f"holder:{holders[0].pk}")}
    assert owed == {"payable": D("0.05") * sales / (1 if is_plain else 2)}
