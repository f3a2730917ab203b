"""An opt-out of any length: a fixed number of statements, a page of rows at a time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Withdrawal
from claims import selectors, services
from claims.models import NoticeRow, OptOut
from claims.pipeline import opt_out_standing
from tests import factories

RIGHTS = ["phonogram", "work"]


@pytest.fixture
def label(alice):
    return factories.a_holder("Label", owner=alice)


def asked(alice, label, count, **terms):
    tracks = [factories.a_track(f"Song {number}") for number in range(count)]
    return factories.an_opt_out(alice, label, *tracks, rights=RIGHTS, **terms)


@pytest.mark.slow
def test_a_grant_costs_the_same_statements_however_many_rows(alice, rita, label):
    factories.a_store("Shop")
    costs = []
    for count in (2, 40):
        case = asked(alice, label, count)
        with CaptureQueriesContext(connection) as queries:
            services.grant_opt_out(opt_out=case, by=rita, now=timezone.now())
        costs.append(len(queries))
        assert Withdrawal.objects.filter(source=case.public_id).count() == 2 * count
        assert NoticeRow.objects.filter(notice__opt_out=case).count() == count
        rows = case.notices.get().rows.all()
        assert {row.withdrawals.count() for row in rows} == {2}

    assert costs[1] <= costs[0]


def test_the_counts_of_the_checks_are_those_of_the_rows(alice, bob, charlie, label):
    rival = factories.a_holder("Rival", owner=charlie)
    own, shared, anothers, bare, out = (factories.a_track(f"Song {number}") for number in range(5))
    song = factories.a_work("Song", shared)
    factories.a_share(own, label, 100)
    factories.a_share(shared, label, 40)
    factories.a_share(song, rival, 50)
    factories.a_share(anothers, rival, 100)
    factories.a_share(factories.a_work("Other", anothers), rival, 100)
    for right, subject in (("phonogram", out), ("work", factories.a_work("Out", out))):
        factories.a_withdrawal(subject, label, right=right)
    case = factories.an_opt_out(alice, label, own, shared, anothers, bare, out, rights=RIGHTS)
    day = timezone.now().date()

    found = opt_out_standing.recorded(case, day)
    rows = selectors.standings(case, [track.pk for track in (own, shared, anothers, bare, out)], day)

    assert (found.tracks, found.bare, found.anothers, found.shared, found.other_holders) == (5, 3, 1, 2, 1)
    assert found.rivals == 1
    assert found.owned == sum(any(standing.own.values()) for standing in rows.values())
    assert found.shared == sum(bool(standing.other_holders) for standing in rows.values())
    assert opt_out_standing.count_out(case, day) == 1 == sum(standing.out == set(RIGHTS) for standing in rows.values())
    assert opt_out_standing.count_disputed(case, day) == 0


@pytest.mark.slow
def test_a_reviewer_sees_a_page_of_rows_and_names_those_of_others_that_stay(alice, rita, label, client_of):
    case = asked(alice, label, 103)
    page = reverse("claims:review_opt_out", args=[case.public_id])
    grant = reverse("claims:grant_opt_out", args=[case.public_id])
    client = client_of(rita)

    first, second = client.get(page).content.decode(), client.get(page, {"page": 2}).content.decode()
    assert 'id="reason-100"' in first
    assert 'id="reason-101"' not in first
    assert 'id="reason-103"' in second
    for wrong in ("102 nonsense", "102-101 proof_missing", "103-104 other", "0 other", "1-9999999 other"):
        assert client.post(grant, {"stays": wrong}).status_code == 422
    assert client.post(grant, {"stays": "101-102 proof_missing", "reason-1": "other"}).status_code == 302

    case.refresh_from_db()
    assert case.status == OptOut.Status.GRANTED
    stayed = dict(case.lines.filter(outcome="refused").values_list("row_no", "outcome_reason"))
    assert stayed == {1: "other", 101: "proof_missing", 102: "proof_missing"}


def test_rows_out_already_are_refused_by_themselves(alice, rita, label):
    one, other = factories.a_track("One"), factories.a_track("Other")
    factories.a_withdrawal(one, label, start=timezone.now().date() - timedelta(days=9))
    case = factories.an_opt_out(alice, label, one, other)

    services.grant_opt_out(opt_out=case, by=rita, now=timezone.now())

    outcomes = dict(case.lines.values_list("track__title", "outcome_reason"))
    assert outcomes == {"One": "already_out", "Other": ""}
