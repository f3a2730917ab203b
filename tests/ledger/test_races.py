"""Two at once: one posts, the other finds it posted; balances lose nothing."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from ledger import selectors, services
from ledger.models import Account, Entry, LogLeaf, Posting
from tests.ledger.lines import ITEM, NOW, sale

pytestmark = pytest.mark.usefixtures("committed_db", "sound")


def at_once(*calls):
    """Run calls in threads that start together; return what each returned or raised."""
    together = Barrier(len(calls))

    def run(call):
        try:
            together.wait(10)
            return call()
        except services.LedgerError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def one(key, amount="10"):
    return lambda: services.post_entry(kind="accrual", idempotency_key=key, event_at=NOW, postings=sale(amount))


def many(keys, amount="10"):
    rows = [row for key in keys for row in services.staged(key, "accrual", sale(amount))]
    return lambda: services.post_entries(rows=rows, event_at=NOW)


@pytest.mark.slow
@pytest.mark.parametrize("make", [one, lambda key, amount="10": many([key], amount)])
def test_the_same_key_at_once_posts_once(make):
    at_once(*[make("a")] * 4)

    assert Entry.objects.count() == 1
    assert Posting.objects.count() == 2
    assert Account.objects.count() == 2


def test_one_and_many_at_once_post_once():
    at_once(one("a"), many(["a", "b"]), one("b"), many(["b", "a"]))

    assert sorted(Entry.objects.values_list("idempotency_key", flat=True)) == ["a", "b"]
    assert selectors.balance(f"{ITEM}:unclaimed", "USD").amount == 20


@pytest.mark.slow
def test_the_same_key_with_other_content_at_once_is_an_error_for_one():
    outcomes = at_once(one("a", "10"), one("a", "11"))

    assert sum(isinstance(outcome, services.IdempotencyConflict) for outcome in outcomes) == 1
    assert Entry.objects.count() == 1


@pytest.mark.slow
def test_a_key_whose_transaction_fails_is_free_again():
    services.post_entry(kind="accrual", idempotency_key="first", event_at=NOW, postings=sale())

    def fail():
        try:
            with transaction.atomic():
                one("a")()
                raise ZeroDivisionError
        except ZeroDivisionError:
            return

    at_once(fail, one("a"))

    assert selectors.balance(f"{ITEM}:unclaimed", "USD").amount == 20


@pytest.mark.slow
def test_balances_of_many_at_once_are_exact():
    at_once(*[lambda n=n: [one(f"{n}-{i}", "0.00000001")() for i in range(10)] for n in range(4)])

    assert selectors.balance(f"{ITEM}:unclaimed", "USD").amount == Decimal("0.00000040")


@pytest.mark.slow
def test_an_entry_that_commits_late_gets_its_place_later():
    written, logged = Event(), Event()

    def slow():
        with transaction.atomic():
            services.post_entry(
                kind="accrual",
                idempotency_key="early-id",
                event_at=NOW,
                postings=sale(licensee_id=2, item="track:2:work"),
            )
            written.set()
            assert logged.wait(10)

    def quick():
        assert written.wait(10)
        one("late-id")()
        added = services.sequence_log()
        logged.set()
        return added

    assert at_once(slow, quick) == [None, 1]
    assert services.sequence_log() == 1
    keys = LogLeaf.objects.order_by("position").values_list("entry__idempotency_key", flat=True)
    assert list(keys) == ["late-id", "early-id"]


@pytest.mark.slow
def test_two_sequencers_at_once_give_each_entry_one_place():
    many([f"k{n}" for n in range(30)])()

    added = at_once(*[services.sequence_log] * 3)

    assert sum(added) == 30
    assert sorted(LogLeaf.objects.values_list("position", flat=True)) == list(range(30))
