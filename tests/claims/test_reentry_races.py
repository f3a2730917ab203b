"""Two at once bring back, object, decide: real commits, real threads, one outcome."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from catalog.models import Return
from claims import services
from claims.models import CounterNotice, OptOut, Reentry, TakedownNotice
from core.workflow import MovedMeanwhile, MoveNotAllowed
from tests.claims.test_opt_out_races import at_once
from tests.factories import a_holder, a_store, a_track, an_opt_out

WORKERS = 4


@pytest.fixture
def case(committed_db, alice, store, rita):
    """A granted opt-out of three tracks from one store."""
    a_store(member=store)
    sent = an_opt_out(alice, a_holder(owner=alice), *(a_track() for _ in range(3)))
    return services.grant_opt_out(opt_out=sent, by=rita, now=timezone.now())


@pytest.mark.slow
def test_of_many_returns_at_once_one_is_written(case, alice):
    def come_back():
        found = OptOut.objects.get(pk=case.pk)
        return services.return_tracks(opt_out=found, back=services.Back(), by=alice, now=timezone.now())

    results = at_once(*[come_back] * WORKERS)

    assert sum(isinstance(one, Reentry) for one in results) == 1
    assert sum(isinstance(one, services.NothingToReturn) for one in results) == WORKERS - 1
    assert (Reentry.objects.count(), Return.objects.count()) == (1, 3)
    assert TakedownNotice.objects.filter(kind="return").count() == 1


@pytest.mark.slow
def test_of_many_objections_and_decisions_at_once_one_counts(case, store, rita):
    second = User.objects.create_user("second@example.org", role=User.Role.SUPERVISOR)
    notice = case.notices.get()

    def object_to():
        found = TakedownNotice.objects.get(pk=notice.pk)
        return services.object_to_notice(notice=found, reason="Ours.", by=store, now=timezone.now())

    results = at_once(*[object_to] * WORKERS)
    assert sorted(map(str, results))[0] == "3"
    assert sum(isinstance(one, services.NoRowsChosen) for one in results) == WORKERS - 1
    counter = CounterNotice.objects.get()

    def decide(user, accepted):
        found = CounterNotice.objects.get(pk=counter.pk)
        said = {"is_accepted": accepted, "reason": "Seen."}
        return lambda: services.decide_counter_notice(counter=found, **said, by=user, now=timezone.now())

    results = at_once(decide(rita, True), decide(second, False), decide(rita, True), decide(second, False))

    won = [one for one in results if isinstance(one, CounterNotice)]
    lost = [one for one in results if isinstance(one, MovedMeanwhile | MoveNotAllowed)]
    assert (len(won), len(lost)) == (1, 3)
    states = set(notice.rows.values_list("state", flat=True))
    assert states == ({"excused"} if won[0].status == "accepted" else {"acknowledged"})


def test_a_decision_locks_the_opt_out_first_as_a_return_does(committed_db, case, store, rita):
    services.object_to_notice(notice=case.notices.get(), reason="Ours.", by=store, now=timezone.now())
    counter = CounterNotice.objects.get()

    with CaptureQueriesContext(connection) as seen:
        services.decide_counter_notice(counter=counter, is_accepted=False, reason="Seen.", by=rita, now=timezone.now())

    locks = [query["sql"] for query in seen.captured_queries if "FOR UPDATE" in query["sql"]]
    order = [re.search(r'FROM "(claims_\w+)"', sql)[1] for sql in locks]
    assert order.index("claims_optout") < order.index("claims_counternotice")
    assert "claims_takedownnotice" not in order[: order.index("claims_optout")]
