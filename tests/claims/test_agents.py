"""Agents: how far each may go, through how many hands, whose the money is on which day, and that kin never conflict."""

from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from catalog import services as catalog
from catalog import territories
from catalog.models import Authority, RightsHolder
from catalog.rights import Right
from claims import selectors, services
from claims.models import CaseMail, Dispute
from ledger import selectors as ledger
from ledger.chart import track_item
from tests import factories

SPRING = datetime(2006, 3, 1, tzinfo=UTC)
ALL_RIGHTS = list(Right.values)


@pytest.fixture
def label(alice):
    return factories.a_holder("Alice Records", owner=alice)


@pytest.fixture
def agency(charlie):
    return factories.a_holder("Agency", owner=charlie)


@pytest.fixture
def sub_agency(stranger):
    return factories.a_holder("Sub-agency", owner=stranger)


def terms(**changed):
    usual = {"purposes": ["collect"], "rights": ALL_RIGHTS, "territory_set": territories.worldwide()}
    return services.AuthorityTerms(**usual | changed)


def give(principal, agent, by, *, parent=None, now=SPRING, **changed):
    said = terms(**changed)
    return services.give_authority(principal=principal, agent=agent, terms=said, by=by, now=now, parent=parent)


def page(name, **arguments):
    return reverse(f"claims:{name}", kwargs=arguments)


def owned(track):
    """Who has how much of a track, by owner and place, over all rights."""
    found = defaultdict(D)
    for row in ledger.shown([track_item(track.pk, right) for right in Right]):
        if row.amount:
            found[row.owner, row.place] += row.amount
    return dict(found)


def distribute(*tracks):
    services.distribute(track_ids=[track.pk for track in tracks], event="test", now=timezone.now())


# Whose money ----------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_owner_revokes_its_agent_mid_year(alice, charlie, rita, label, agency, client_of):
    """What was used before the day stays with the agent, what is used later comes to the owner."""
    track, store = factories.a_track(isrc="RUA010600001"), factories.a_licensee()
    paper = give(label, agency, alice, start=date(2006, 1, 1))
    factories.a_sale(track, licensee=store, units=100, UsagePeriod="2005-12")
    factories.a_sale(track, licensee=store, units=100, UsagePeriod="2006-05")
    claim = factories.an_awarded_claim(charlie, label, track, reviewer=rita, standing="agent", authority=paper)
    mine, theirs = (f"holder:{label.pk}", "payable"), (f"holder:{agency.pk}", "payable")
    assert owned(track)[mine] == owned(track)[theirs] == D("0.75")
    assert str(selectors.collected_under(paper)[0]) == "0.75000000 USD"

    services.end_authority(
        authority=paper, end=date(2006, 6, 16), by=alice, now=datetime(2006, 6, 10, tzinfo=UTC), reason="Enough."
    )
    for month in ("2006-04", "2006-06", "2006-07"):
        factories.a_sale(track, licensee=store, units=100, UsagePeriod=month)
    distribute(track)

    assert owned(track)[theirs] == D("1.875")  # April, May, and June up to the 15th
    assert owned(track)[mine] == D("1.875")  # December before it began, June from the 16th, July
    assert claim.lines.get().share.holder == label
    distribute(track)
    assert owned(track)[theirs] == D("1.875")


@pytest.mark.slow
def test_the_only_agent_collects_what_the_owner_claimed_itself_and_only_there(alice, rita, label, agency):
    track, other = factories.a_track(), factories.a_track()
    for each in (track, other):
        for country in ("RU", "US"):
            factories.a_sale(each, units=100, Territory=country)
    factories.an_awarded_claim(alice, label, track, other, reviewer=rita)
    give(label, agency, alice, territory_set=territories.resolve(["RU"]), tracks=[track])
    distribute(track)
    assert owned(track) == {(f"holder:{label.pk}", "payable"): D("1.50")} | unclaimed(track)

    give(label, agency, alice, territory_set=territories.resolve(["RU"]), tracks=[track], is_exclusive=True)

    assert owned(track)[f"holder:{agency.pk}", "payable"] == D("0.75")
    assert owned(track)[f"holder:{label.pk}", "payable"] == D("0.75")
    assert (f"holder:{agency.pk}", "payable") not in owned(other)


def unclaimed(track):
    return {key: amount for key, amount in owned(track).items() if key[1] == "unclaimed"}


@pytest.mark.slow
def test_money_follows_to_the_last_agent_of_a_chain_and_back_when_the_chain_ends(
    alice, charlie, stranger, rita, label, agency, sub_agency
):
    track = factories.a_track()
    factories.a_sale(track, units=100)
    first = give(label, agency, alice, is_exclusive=True, may_delegate=True)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    assert owned(track)[f"holder:{agency.pk}", "payable"] == D("0.75")

    second = give(label, sub_agency, charlie, parent=first, is_exclusive=True)
    assert owned(track)[f"holder:{sub_agency.pk}", "payable"] == D("0.75")
    services.end_authority(authority=first, end=date(2006, 10, 1), by=alice, now=SPRING)

    second.refresh_from_db()
    assert second.end == date(2006, 10, 1)
    assert owned(track)[f"holder:{label.pk}", "payable"] == D("0.75")  # sold in October 2006


@pytest.mark.slow
def test_money_left_or_kept_apart_stays_the_owners(alice, rita, label, agency):
    left, out = factories.a_track(), factories.a_track()
    for track in (left, out):
        factories.a_sale(track, units=100)
    factories.an_awarded_claim(alice, label, left, reviewer=rita, choice="leave")
    factories.an_awarded_claim(alice, label, out, reviewer=rita)
    factories.a_withdrawal(out, label, start=date(2006, 1, 1))

    give(label, agency, alice, is_exclusive=True)
    distribute(left, out)

    assert owned(left)[f"holder:{label.pk}", "held"] == D("0.75")
    assert owned(out)[f"holder:{label.pk}", "post_withdrawal"] == D("0.75")


# How far --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wider",
    [
        {"purposes": ["collect", "take_down"]},
        {"rights": ALL_RIGHTS},
        {"territory_set": "RU US"},
        {"tracks": "other"},
        {"start": date(2005, 12, 31)},
        {"end": date(2007, 1, 2)},
        {"end": None},
        {"tracks": ()},
    ],
    ids=lambda wider: next(iter(wider)),
)
def test_an_agent_passes_on_no_more_than_it_has(alice, charlie, stranger, label, agency, sub_agency, wider):
    track, other = factories.a_track(), factories.a_track()
    scope = {"purposes": ["collect"], "rights": ["phonogram"], "territory_set": territories.resolve(["RU"])}
    scope |= {"tracks": [track], "start": date(2006, 1, 1), "end": date(2007, 1, 1)}
    whole = give(label, agency, alice, may_delegate=True, **scope)
    asked = dict(wider)
    if asked.get("territory_set"):
        asked["territory_set"] = territories.resolve(["RU", "US"])
    if asked.get("tracks") == "other":
        asked["tracks"] = [track, other]

    with pytest.raises(catalog.AuthorityTooWide):
        give(label, sub_agency, charlie, parent=whole, **scope | asked)
    part = give(label, sub_agency, charlie, parent=whole, **scope)

    assert (part.parent, part.principal) == (whole, label)
    with pytest.raises(catalog.MayNotDelegate):
        give(label, factories.a_holder(), stranger, parent=part, **scope)  # not said of the part


def test_an_authority_never_leads_back(alice, charlie, stranger, label, agency, sub_agency):
    with pytest.raises(catalog.GoesInCircles):
        give(label, label, alice)
    first = give(label, agency, alice, may_delegate=True)
    second = give(label, sub_agency, charlie, parent=first, may_delegate=True)

    for back in (label, agency):
        with pytest.raises(catalog.GoesInCircles):
            give(label, back, stranger, parent=second)
    assert Authority.objects.count() == 2


def test_one_exclusive_agent_at_a_time_and_place(alice, label, agency, sub_agency):
    russia, america = territories.resolve(["RU"]), territories.resolve(["US"])
    give(label, agency, alice, is_exclusive=True, territory_set=russia, end=date(2007, 1, 1))

    with pytest.raises(catalog.AlreadyExclusive):
        give(label, sub_agency, alice, territory_set=russia)
    give(label, sub_agency, alice, territory_set=america, is_exclusive=True)
    give(label, sub_agency, alice, territory_set=russia, start=date(2007, 1, 1), is_exclusive=True)
    give(label, sub_agency, alice, territory_set=russia, purposes=["take_down"])
    assert Authority.objects.count() == 4


def test_only_a_reviewer_with_reasons_ends_an_authority_in_the_past(alice, charlie, rita, label, agency):
    paper, now = give(label, agency, alice), datetime(2006, 7, 1, tzinfo=UTC)

    for by in (alice, charlie):
        with pytest.raises(catalog.EndsWrongly):
            services.end_authority(authority=paper, end=date(2006, 6, 30), by=by, now=now)
    with pytest.raises(catalog.ReasonMissing):
        services.end_authority(authority=paper, end=date(2006, 6, 30), by=rita, now=now)
    services.end_authority(authority=paper, end=date(2006, 6, 30), by=rita, now=now, reason="The letter was forged.")
    assert Authority.objects.get().end == date(2006, 6, 30)


# Kin ------------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_principal_and_its_agent_never_end_up_in_a_dispute(alice, charlie, rita, label, agency):
    track = factories.a_track()
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    claim = factories.a_reviewed_claim(charlie, agency, track, reviewer=rita)
    give(label, agency, alice)

    with pytest.raises(services.KinHasIt):
        services.approve_claim(claim=claim, by=rita, now=timezone.now())
    services.reject_claim(claim=claim, reason="principal_has_it", by=rita, now=timezone.now())

    assert not Dispute.objects.exists()
    assert claim.lines.get().outcome == "rejected"


# A letter -------------------------------------------------------------------------------------------------------------
def letter(name="letter.txt"):
    return SimpleUploadedFile(name, "Я поручаю агентству получать мои деньги.".encode())


def asked(**changed):
    return {
        "name": "Наследники Иванова",
        "kind": "estate",
        "country": "RU",
        "file": letter(),
        "purposes": ["collect"],
        "rights": ALL_RIGHTS,
        "where": "world",
    } | changed


@pytest.mark.slow
def test_an_agent_shows_a_letter_for_an_owner_not_registered_and_a_reviewer_grants_it(
    charlie, rita, bob, agency, client_of
):
    client, reviewer = client_of(charlie), client_of(rita)
    made = client.post(page("ask_authority", holder_id=agency.public_id), asked())
    paper = Authority.objects.get()
    assert made.url == page("authority", authority_id=paper.public_id)
    assert (paper.status, paper.principal.name, paper.principal.members.count()) == ("asked", "Наследники Иванова", 0)
    assert not selectors.authorities_held(charlie, "collect", timezone.now().date())
    assert "Наследники Иванова > Agency" in reviewer.get("/review/").content.decode().replace("&gt;", ">")
    document = agency.evidence.get()
    assert reviewer.get(f"/evidence/{document.public_id}/").status_code == 200
    assert client_of(bob).get(made.url).status_code == 404

    decide = page("decide_authority", authority_id=paper.public_id)
    wrong = {"outcome": "granted", "reason": "letter_not_signed", "text": "Read."}
    assert reviewer.post(decide, wrong).status_code == 422
    assert client.post(decide, wrong).status_code == 404
    reviewer.post(decide, {"outcome": "granted", "reason": "letter_in_order", "text": "Read."})

    assert [each.pk for each in selectors.authorities_held(charlie, "collect", timezone.now().date())] == [paper.pk]
    assert list(CaseMail.objects.values_list("topic", "user__email")) == [("authority_given", "charlie@example.org")]
    paper.refresh_from_db()
    claim = factories.a_claim(charlie, paper.principal, standing="agent", authority=paper)
    assert RightsHolder.objects.get(pk=claim.holder_id).status == "under_review"


def test_an_owner_registered_here_is_told_that_somebody_shows_a_letter(alice, charlie, label, agency, client_of):
    client = client_of(charlie)
    refused = client.post(page("ask_authority", holder_id=agency.public_id), asked(principal="HLD-00000000000"))
    client.post(page("ask_authority", holder_id=agency.public_id), asked(principal=label.public_id.lower()))

    paper = Authority.objects.get()
    assert refused.status_code == 422
    assert paper.principal == label
    assert list(CaseMail.objects.values_list("topic", "user__email")) == [("authority_asked", "alice@example.org")]
    assert client_of(alice).get(f"/evidence/{agency.evidence.get().public_id}/").status_code == 200
    client.post(page("retract_authority", authority_id=paper.public_id))
    paper.refresh_from_db()
    assert paper.status == "retracted"


# Programs -------------------------------------------------------------------------------------------------------------
def test_authorities_over_json(alice, charlie, bob, label, agency, client_of):
    client, base = client_of(alice), "/api/v1/authorities/"
    said = {"principal": label.public_id, "agent": agency.public_id, "purposes": ["collect"], "rights": ["work"]}

    made = client.post(base, said | {"countries": ["ru"]}, "application/json")
    unknown = client.post(base, said | {"agent": "HLD-1"}, "application/json")
    foreign = client_of(charlie).post(base, said, "application/json")
    mine = f"{base}{made.json()['id']}/"
    today = str(timezone.now().date())
    refused = client_of(bob).post(f"{mine}end/", {"end": today}, "application/json")
    ended = client_of(charlie).post(f"{mine}end/", {"end": today}, "application/json")

    assert (made.status_code, made.json()["territories"]) == (201, "RU")
    assert (unknown.status_code, foreign.status_code, refused.status_code) == (400, 404, 404)
    assert client_of(charlie).get(base).json()["count"] == 1
    assert client_of(bob).get(base).json()["count"] == 0
    assert ended.json()["end"] == today


# Pages ----------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_naming_passing_on_and_ending_by_page(alice, charlie, bob, stranger, label, agency, sub_agency, client_of):
    catalog.add_member(holder=label, user=bob, role="reader", by=alice, now=timezone.now())
    track = factories.a_track(isrc="RUA010600007")
    said = {"agent": agency.public_id, "purposes": ["collect"], "rights": ["phonogram"], "where": "some"}
    said |= {"countries": "RU, US", "rows": "RUA010600007", "may_delegate": "on"}
    new = page("give_authority", holder_id=label.public_id)
    client = client_of(alice)

    assert client_of(alice, seconds=400).post(new, said).url.startswith("/accounts/reauthenticate/")
    assert client_of(bob).post(new, said).status_code == 422
    assert client.post(new, said | {"rows": "Nobody knows this"}).status_code == 422
    done = client.post(new, said)
    paper = Authority.objects.get()
    onward = page("pass_on", authority_id=paper.public_id)
    assert client.get(onward).status_code == 404  # the agent's, not the owner's
    passed = client_of(charlie).post(onward, said | {"agent": sub_agency.public_id, "countries": "RU"})
    shown = client.get(done.url).content.decode()
    assert client_of(stranger).get(passed.url).status_code == 200
    assert client_of(stranger).get(done.url).status_code == 404
    end = page("end_authority", authority_id=paper.public_id)
    assert client_of(bob).post(end, {"end": timezone.now().date()}).status_code == 422
    client.post(end, {"end": timezone.now().date()})

    assert list(paper.tracks.all()) == [track]
    assert "Sub-agency" in shown
    assert "Agency" in client.get(page("agents", holder_id=label.public_id)).content.decode()
    assert set(Authority.objects.values_list("end", flat=True)) == {timezone.now().date()}
    assert "Ended" in client.get(done.url).content.decode()
