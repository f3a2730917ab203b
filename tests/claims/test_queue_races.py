"""Two reviewers at the same instant: no case is decided twice, and none is lent twice."""

import pytest
from django.utils import timezone

from claims import services
from claims.models import Claim, Decision
from tests import factories
from tests.conftest import person
from tests.lockstep import both


@pytest.fixture(autouse=True)
def no_tasks(monkeypatch):
    """The checks of these cases are nobody's business here."""
    monkeypatch.setattr("claims.tasks.hurry", lambda *args, **kwargs: None)


def reviewer(name):
    found = person(name)
    found.role = "reviewer"
    found.save()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("count", [20, 400])
def test_two_reviewers_in_lockstep_decide_every_case_once(committed_db, alice, rita, count):
    ron, label = reviewer("ron"), factories.a_holder("Alice Records", owner=alice)
    now = timezone.now()
    claims = [factories.a_reviewed_claim(alice, label, reviewer=rita) for _ in range(count)]

    def decide(by):
        def one(claim):
            services.reject_claim(claim=claim, reason="proof_missing", by=by, now=now)

        return one

    outcomes = both(claims, decide(rita), decide(ron))

    assert [sorted(pair).count("done") for pair in outcomes] == [1] * count
    assert Decision.objects.count() == count
    assert Claim.objects.filter(status="rejected", decided_by__in=[rita, ron]).count() == count


@pytest.mark.slow
def test_two_reviewers_taking_at_once_never_get_the_same_case(committed_db, alice, rita):
    ron, label = reviewer("ron"), factories.a_holder("Alice Records", owner=alice)
    for _ in range(20):
        factories.a_claim(alice, label)
    taken = []

    def take(by):
        def one(_number):
            item = services.take_next(by=by, now=timezone.now())
            taken.append(item.public_id if item else "")

        return one

    both(range(10), take(rita), take(ron))

    assert len(taken) == len(set(taken)) == 20
