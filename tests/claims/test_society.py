"""Members of another society: said, confirmed by a reviewer, and from then on one interest with it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import RightsHolder, SocietyMembership
from claims import selectors, services
from claims.models import Dispute
from tests import factories


@pytest.fixture
def society(charlie):
    return factories.a_holder("PRS for Music", owner=charlie, kind=RightsHolder.Kind.SOCIETY)


@pytest.fixture
def writer(alice):
    return factories.a_holder("Alice Songs", owner=alice)


def overlap_of(claim):
    check = services.run_check(check_id=claim.checks.get(name="overlap").pk, now=timezone.now())
    return check.result, check.reason


def said(**changed):
    return {"society": "PRS for Music", "start": "2001-01-01", "end": "", "source": "IPI 00014107338"} | changed


def test_a_society_and_its_confirmed_member_are_one_interest(alice, charlie, rita, society, writer, client_of):
    track = factories.a_track()
    theirs = factories.a_claim(charlie, society, track)
    mine = factories.a_claim(alice, writer, track)
    before = overlap_of(mine)

    client_of(alice).post(reverse("claims:holder_societies", args=[writer.public_id]), said())
    membership = SocietyMembership.objects.get()
    unconfirmed = overlap_of(mine)
    shown = client_of(rita).get(reverse("claims:review_claim", args=[mine.public_id])).content.decode()
    decide = reverse("claims:decide_society", args=[writer.public_id, membership.public_id])
    client_of(rita).post(decide, {"outcome": "confirmed"})

    assert before == unconfirmed == ("warned", "other_claims")
    assert "PRS for Music" in shown
    assert "IPI 00014107338" in shown
    assert overlap_of(mine) == overlap_of(theirs) == ("passed", "same_interest")


@pytest.mark.slow
def test_what_the_society_has_is_not_contested_by_its_member(alice, charlie, rita, society, writer, client_of):
    track = factories.a_track()
    factories.an_awarded_claim(charlie, society, track, reviewer=rita)
    claim = factories.a_reviewed_claim(alice, writer, track, reviewer=rita)
    address, json = f"/api/v1/holders/{writer.public_id}/societies/", "application/json"
    made = client_of(alice).post(address, said(end=None, seen_in="Letter"), content_type=json).json()
    decide = f"{address}{made['id']}/decide/"
    refused = client_of(rita).post(decide, {"is_confirmed": False}, content_type=json)
    confirmed = client_of(rita).post(decide, {"is_confirmed": True}, content_type=json)

    with pytest.raises(services.KinHasIt):
        services.approve_claim(claim=claim, by=rita, now=timezone.now())

    assert refused.status_code == 422
    assert confirmed.json()["status"] == "confirmed"
    assert not Dispute.objects.exists()


@pytest.mark.slow
def test_a_society_of_that_name_nobody_verified_or_of_another_name_is_a_rival(alice, charlie, rita, society, writer):
    membership = SocietyMembership.objects.create(
        holder=writer, society="P.R.S. for music", society_key=society.name_key, source="Letter", status="confirmed"
    )
    assert society.pk in selectors.kin_of(writer.pk)

    RightsHolder.objects.filter(pk=society.pk).update(status="under_review")
    unverified = selectors.kin_of(writer.pk) | selectors.kin_of(society.pk)
    RightsHolder.objects.filter(pk=society.pk).update(status="verified", kind="company")
    company = selectors.kin_of(writer.pk)
    RightsHolder.objects.filter(pk=society.pk).update(kind="society", name_key="gema")
    other = selectors.kin_of(writer.pk)

    assert unverified == company == other == set()
    assert membership.status == "confirmed"


@pytest.mark.slow
def test_a_membership_is_named_once_taken_back_or_ended(alice, bob, rita, writer, client_of):
    page = reverse("claims:holder_societies", args=[writer.public_id])
    client = client_of(alice)

    assert client.post(page, said(society=" ")).status_code == 422
    assert client.post(page, said(start="2005-01-01", end="2001-01-01")).status_code == 422
    assert client.post(page, said()).status_code == 302
    assert client.post(page, said()).status_code == 422
    first = SocietyMembership.objects.get()
    client.post(page, {"leave": first.public_id})
    client.post(page, said())
    second = SocietyMembership.objects.get(status="said")
    services.decide_society(membership=second, is_confirmed=True, by=rita, now=timezone.now())
    client.post(page, {"leave": second.public_id})

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.status == "retracted"
    assert (second.status, second.start, second.end) == ("confirmed", date(2001, 1, 1), timezone.now().date())
