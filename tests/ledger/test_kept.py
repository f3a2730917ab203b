"""What is kept of very many postings is what they come to, whoever posts meanwhile."""

from threading import Event, Thread

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ledger import chart, kept, selectors, services
from ledger.streams import snapshot
from tests.ledger.lines import HOLDER, NOW, sale, to_holder

pytestmark = pytest.mark.usefixtures("committed_db", "sound")
OTHER = "holder:5"


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def award(amount, key, owner=HOLDER):
    """Money of an item and a store of the owner's own, so that nobody waits for another's balances."""
    item, store = chart.track_item(int(owner.split(":")[1]), "phonogram"), int(owner.split(":")[1])
    sold, moved = sale(amount, item, licensee_id=store), to_holder(amount, item, owner=owner)
    services.post_entry(kind="accrual", idempotency_key=f"a:{key}", event_at=NOW, postings=sold)
    services.post_entry(kind="distribution", idempotency_key=f"d:{key}", event_at=NOW, postings=moved)


def asked(owner=HOLDER):
    """What rests for an owner, and whether the postings were read for it."""
    with CaptureQueriesContext(connection) as queries:
        found = [row.amount for row in selectors.holder_balances(owner)]
    return found, any(query["sql"].strip().startswith("SELECT a.place") for query in queries)


def test_an_answer_is_read_anew_only_when_its_own_accounts_are_posted_to():
    award("7", "first")

    answers = [asked(), asked()]
    award("5", "other", owner=OTHER)
    answers.append(asked())
    award("2", "more")
    answers += [asked(), asked()]
    with transaction.atomic():
        award("1", "unsaid")
        answers.append(asked())
        transaction.set_rollback(True)
    answers.append(asked())

    assert answers == [([7], True), ([7], False), ([7], False), ([9], True), ([9], False), ([10], True), ([9], False)]
    assert asked(OTHER) == ([5], True)


def in_thread(steps):
    def run():
        try:
            steps()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_what_was_written_but_not_committed_when_it_was_kept_is_seen_once_it_is():
    award("7", "first")
    written, go_on = Event(), Event()

    def slowly():
        with transaction.atomic():
            award("3", "late")
            written.set()
            assert go_on.wait(20)

    thread = in_thread(slowly)
    assert written.wait(20)
    award("1", "quicker", owner=OTHER)  # commits with a higher number than the one that is still being written
    before = [asked(), asked()]
    go_on.set()
    thread.join()

    assert before == [([7], True), ([7], False)]
    assert asked() == ([10], True)


@pytest.mark.slow
def test_who_looks_at_one_moment_is_not_told_what_came_after_it():
    award("7", "first")
    with snapshot():
        assert asked() == ([7], True)
        later = in_thread(lambda: (award("2", "more"), asked()))
        later.join()
        assert asked() == ([7], True)
    assert asked()[0] == [9]


@pytest.mark.slow
def test_behind_too_much_to_look_at_all_is_read_anew(monkeypatch):
    monkeypatch.setattr(kept, "NEWER_MAX", 3)
    award("7", "first")
    assert [asked(), asked()] == [([7], True), ([7], False)]
    for number in range(3):
        award("1", f"other{number}", owner=OTHER)

    assert [asked(), asked()] == [([7], True), ([7], False)]
