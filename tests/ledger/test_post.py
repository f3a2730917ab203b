"""Posting one entry and many: what is written, what is refused, and that both ways agree."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import chart, recipes, selectors, services
from ledger.content import content_hash
from ledger.models import Account, Entry, Posting
from ledger.recipes import Part, PostingLine
from tests.ledger.lines import HOLDER, ITEM, NOW, sale, to_holder

pytestmark = pytest.mark.usefixtures("sound")


def post_one(key, kind, lines):
    return services.post_entry(kind=kind, idempotency_key=key, event_at=NOW, postings=lines)


def post_many(key, kind, lines):
    services.post_entries(rows=services.staged(key, kind, lines), event_at=NOW)
    return Entry.objects.get(idempotency_key=key)


both_ways = pytest.mark.parametrize("post", [post_one, post_many])


@both_ways
def test_post_writes_the_entry_its_postings_and_the_balances(post):
    entry = post("a", "accrual", sale("10.00000001"))

    rows = entry.postings.order_by("id").values_list("account__address", "lot", "debit", "credit")
    assert sorted(rows) == [
        ("licensee:1:receivable", 1, Decimal("10.00000001"), 0),
        ("track:17:phonogram:unclaimed", 1, 0, Decimal("10.00000001")),
    ]
    assert entry.event_at == NOW
    assert str(selectors.balance("track:17:phonogram:unclaimed", "USD")) == "10.00000001 USD"
    assert selectors.balance("licensee:1:receivable", "USD").amount == Decimal("10.00000001")


@both_ways
@pytest.mark.parametrize("again", [post_one, post_many])
def test_same_key_and_content_in_any_order_posts_once(post, again):
    lines = sale("1", lot=1) + sale("2", lot=2)

    first = post("a", "accrual", lines)
    second = again("a", "accrual", lines[::-1])

    assert first == second
    assert Posting.objects.count() == 4


@both_ways
@pytest.mark.parametrize("again", [post_one, post_many])
@pytest.mark.parametrize(
    ("kind", "lines"),
    [("accrual", sale("11")), ("distribution", sale("10")), ("accrual", sale("10", lot=2))],
)
def test_same_key_with_other_content_is_an_error(post, again, kind, lines):
    post("a", "accrual", sale("10"))

    with pytest.raises(services.IdempotencyConflict):
        again("a", kind, lines)

    assert Posting.objects.count() == 2


def broken(fault):
    a, b = sale("10")
    return {
        "out of balance": [a, b._replace(credit=Decimal("9.99999999"))],
        "one posting": [a],
        "no posting": [],
        "too fine": [a._replace(debit=Decimal("1.000000001")), b._replace(credit=Decimal("1.000000001"))],
        "both sides": [a._replace(credit=Decimal(10)), b._replace(debit=Decimal(10))],
        "neither side": [a, b, a._replace(debit=Decimal(0))],
        "below zero": [a._replace(debit=Decimal(-1)), b._replace(credit=Decimal(-1))],
        "two currencies": [a, b._replace(account=b.account._replace(currency="EUR"))],
    }[fault]


@both_ways
@pytest.mark.parametrize(
    "fault",
    ["out of balance", "one posting", "too fine", "both sides", "neither side", "below zero", "two currencies"],
)
def test_post_refuses_a_broken_entry(post, fault):
    with pytest.raises(services.BadEntry):
        post("a", "accrual", broken(fault))

    assert not Entry.objects.exists()
    assert not Account.objects.exists()


def test_post_entry_refuses_an_entry_without_postings():
    with pytest.raises(services.BadEntry):
        post_one("a", "accrual", broken("no posting"))


@both_ways
def test_post_refuses_an_account_described_in_two_ways(post):
    post("a", "accrual", sale())
    debit, credit = sale()
    other = credit._replace(account=credit.account._replace(item="track:18:phonogram"))

    with pytest.raises(services.AccountMismatch):
        post("b", "accrual", [debit, other])
    with pytest.raises(services.AccountMismatch):
        post("c", "accrual", [debit, credit, debit, other])

    assert Entry.objects.count() == 1


def test_post_entries_posts_what_is_new_and_counts_what_was_there():
    post_one("a", "accrual", sale("1"))
    rows = [*services.staged("a", "accrual", sale("1")), *services.staged("b", "accrual", sale("2"))]

    posted = services.post_entries(rows=iter(rows), event_at=NOW, batch="report:1")

    assert posted == services.Posted(entries=1, postings=2, already=1)
    assert Entry.objects.get(batch="report:1").idempotency_key == "b"
    assert services.post_entries(rows=rows, event_at=NOW) == services.Posted(0, 0, 2)


def test_post_entries_is_all_or_nothing():
    rows = [*services.staged("a", "accrual", sale("1")), *services.staged("b", "accrual", broken("one posting"))]

    with pytest.raises(services.BadEntry, match="b: 1 postings"):
        services.post_entries(rows=rows, event_at=NOW)

    assert not Entry.objects.exists()


def test_post_entries_takes_a_stage_filled_by_sql():
    stage = services.open_stage("my_stage")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {stage}
            SELECT 'key:' || n, 'distribution', 'track:' || n || ':work:' || place, 'USD', place, '',
                'track:' || n || ':work', 1, debit, 1 - debit
            FROM generate_series(1, 3) n, (VALUES ('unclaimed', 1), ('disputed', 0)) v (place, debit)"""
        )

    posted = services.post_entries(stage=stage, event_at=NOW)

    assert posted == services.Posted(entries=3, postings=6, already=0)
    assert len(selectors.shown([f"track:{n}:work" for n in (1, 2, 3)])) == 6


def test_post_entries_of_nothing_posts_nothing():
    assert services.post_entries(rows=[], event_at=NOW) == services.Posted(0, 0, 0)


def test_post_entries_refuses_a_name_that_is_no_table():
    with pytest.raises(ValueError, match="table"):
        services.post_entries(stage="x; DROP", event_at=NOW)
    with pytest.raises(ValueError, match="rows or a stage"):
        services.post_entries(event_at=NOW)


@pytest.mark.slow
def test_an_entry_of_more_than_50000_postings_is_refused():
    part = Part(ITEM, 1, Decimal(1))
    lines = recipes.accrual(licensee_id=1, currency="USD", parts=[part] * 50_000)

    with pytest.raises(services.BadEntry, match="50001 postings"):
        post_one("a", "accrual", lines)
    with pytest.raises(services.BadEntry, match="50001 postings"):
        post_many("a", "accrual", lines)


texts = st.text("abc019_:", min_size=1, max_size=12)
refs = st.builds(chart.AccountRef, texts, st.sampled_from(["USD", "RUB"]), st.just("bank"), st.just(""), st.just(""))
sides = st.integers(1, 10**18).map(lambda n: Decimal(n).scaleb(-8))
pairs = st.tuples(refs, refs, sides, st.none() | st.integers(-5, 10**12))


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(pairs, min_size=1, max_size=5), st.sampled_from(["accrual", "funding"]))
def test_content_is_hashed_alike_in_python_and_sql(facts, kind):
    lines = []
    for debtor, creditor, amount, lot in facts:
        creditor = creditor._replace(currency=debtor.currency)
        lines += [PostingLine(debtor, amount, Decimal(0), lot), PostingLine(creditor, Decimal(0), amount, lot)]
    key = content_hash(kind, lines).hex()

    assert post_many(key, kind, lines).content_hash.hex() == key
    assert post_one(key, kind, lines[::-1]).content_hash.hex() == key


def test_reversal_undoes_an_entry_once():
    entry = post_one("a", "accrual", sale("10"))

    undone = services.reverse_entry(entry=entry, event_at=NOW)

    assert services.reverse_entry(entry=entry, event_at=NOW) == undone
    assert undone.kind == "accrual"
    assert selectors.balance("track:17:phonogram:unclaimed", "USD").amount == 0
    assert selectors.shown([ITEM]) == []


def test_shown_tells_item_place_owner_currency_and_lot_apart():
    post_one("a", "accrual", sale("10", lot=1) + sale("5", lot=2) + sale("7", lot=1, currency="RUB"))
    post_many("b", "distribution", to_holder("4", lot=1))
    post_one("c", "accrual", sale("1", item="track:18:work"))

    assert selectors.shown([ITEM]) == [
        (ITEM, "payable", HOLDER, "USD", 1, 4),
        (ITEM, "unclaimed", "", "RUB", 1, 7),
        (ITEM, "unclaimed", "", "USD", 1, 6),
        (ITEM, "unclaimed", "", "USD", 2, 5),
    ]
    assert selectors.shown([]) == []


def test_moves_of_an_owner_are_read_by_item_time_and_place():
    post_one("a", "accrual", sale("10") + sale("1", item="track:18:work"))
    post_one("b", "distribution", to_holder("4"))
    post_one("c", "distribution", to_holder("2"))
    post_one("d", "distribution", to_holder("1", item="track:18:work"))
    day = timedelta(days=1)

    moves = selectors.MovesOf(HOLDER)

    assert [(move.kind, move.item, move.credit) for move in moves.read()] == [
        ("distribution", ITEM, 4),
        ("distribution", ITEM, 2),
        ("distribution", "track:18:work", 1),
    ]
    assert [move.credit for move in moves.read(1, 2)] == [2]
    assert list(moves.stream()) == moves.read()
    assert moves.count() == 3
    assert selectors.holder_balances(HOLDER) == [("payable", "USD", 7)]
    assert selectors.MovesOf(HOLDER, ITEM).count() == 2
    assert selectors.MovesOf(HOLDER, start=NOW, end=NOW + day).count() == 3
    assert selectors.MovesOf(HOLDER, start=NOW + day).read() == selectors.MovesOf(HOLDER, end=NOW).read() == []
    assert selectors.MovesOf("").read() == []


def test_funding_tells_how_far_a_report_is_paid():
    store = {"licensee_id": 1, "currency": "USD"}
    post_one("a", "accrual", sale("10", lot=1) + sale("5", lot=2))
    post_one("b", "remittance", recipes.remittance(**store, amount=Decimal(12)))
    post_one("c", "funding", recipes.funding(**store, lots=[(1, Decimal("9.99")), (2, Decimal(2))]))
    post_one("d", "rounding", recipes.rounding(**store, lot=1, amount=Decimal("0.01")))
    post_one("e", "write_off", recipes.write_off(**store, lot=2, amount=Decimal(3)))

    assert selectors.funding([1, 2, 3]) == [
        (1, "USD", 10, Decimal("9.99"), 0, Decimal("0.01")),
        (2, "USD", 5, 2, 3, 0),
    ]
    assert selectors.balance("licensee:1:receivable", "USD").amount == 0
    totals = {(t.place, t.currency): t.debit - t.credit for t in selectors.totals()}
    assert totals["bank", "USD"] == 12
    assert totals["unallocated", "USD"] == Decimal("-0.01")
