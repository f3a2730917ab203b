"""A catalogue goes to another holder from a day on: both say so, no day has two owners, the money follows the use."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import RightsShare, Withdrawal
from claims import selectors, services
from claims.models import CaseMail, CatalogueTransfer, Reentry
from tests import factories
from tests.flows.test_retroactive_claim import resting
from tests.lockstep import both

DAY = date(2006, 10, 16)
"""The sales of the factories are of October 2006: half of the month is before it."""


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


@pytest.fixture
def buyer(charlie):
    return factories.a_holder("Charlie Music", owner=charlie)


def propose(alice, label, buyer, **terms):
    terms = {"giver": label, "taker": buyer, "rights": ["phonogram"], "start": DAY} | terms
    return services.propose_transfer(by=alice, now=timezone.now(), **terms)


def confirm(transfer, by):
    return services.confirm_transfer(transfer=transfer, by=by, now=timezone.now())


def held(track):
    rows = RightsShare.objects.filter(track=track).order_by("pk")
    return [
        (row.holder.name, row.percent, row.start, row.end) for row in rows if row.start is None or row.start != row.end
    ]


@pytest.mark.slow
@pytest.mark.django_db
def test_what_is_used_from_the_day_on_is_the_new_holders_and_no_day_has_two(alice, charlie, rita, label, buyer):
    track = factories.a_track()
    factories.a_sale(track, units=100)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    transfer = propose(alice, label, buyer)
    assert held(track) == [("Alice Records", D(100), None, None)]

    confirm(transfer, charlie)

    assert held(track) == [("Alice Records", D(100), None, DAY), ("Charlie Music", D(100), DAY, None)]
    assert {who: D(amount) for (_, who), amount in resting(track).items()} == {
        f"holder:{label.pk}": D("0.36290323"),  # 15 of 31 days
        f"holder:{buyer.pk}": D("0.38709677"),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.a_share(track, label, 1, start=DAY)


@pytest.mark.django_db
def test_shares_that_begin_later_go_whole_and_others_stay(alice, charlie, label, buyer):
    early, late, other = (factories.a_track() for _ in range(3))
    factories.a_share(early, label, 50, end=date(2005, 1, 1))
    factories.a_share(late, label, 30, start=date(2008, 1, 1), end=date(2009, 1, 1))
    factories.a_share(other, label, 40, right="performance")

    done = confirm(propose(alice, label, buyer), charlie)

    assert done.share_count == 1
    assert held(early) == [("Alice Records", D(50), None, date(2005, 1, 1))]
    assert held(late) == [("Charlie Music", D(30), date(2008, 1, 1), date(2009, 1, 1))]
    assert held(other) == [("Alice Records", D(40), None, None)]


@pytest.mark.django_db
def test_only_the_named_tracks_and_their_songs_are_handed_over(alice, charlie, label, buyer):
    one, two = factories.a_track(), factories.a_track()
    song = factories.a_work("Song", one)
    for subject in (one, two, song):
        factories.a_share(subject, label)

    done = confirm(propose(alice, label, buyer, rights=["phonogram", "work"], tracks=[one]), charlie)

    assert done.share_count == 2
    assert RightsShare.objects.filter(holder=buyer).count() == 2
    assert held(two) == [("Alice Records", D(100), None, None)]


@pytest.mark.django_db
def test_it_needs_both_sides_and_two_people(alice, bob, charlie, stranger, label, buyer):
    factories.a_share(factories.a_track(), label)
    transfer = propose(alice, label, buyer)

    for by, refusal in ((alice, services.NotYourSide), (bob, services.NotYourSide), (stranger, services.NotYourSide)):
        with pytest.raises(refusal):
            confirm(transfer, by)
    buyer.members.create(user=alice, role="owner")
    with pytest.raises(services.NeedsAnother):
        confirm(transfer, alice)
    with pytest.raises(services.MayNotWrite):
        propose(stranger, label, buyer)

    assert not RightsShare.objects.filter(holder=buyer).exists()


@pytest.mark.django_db
def test_nothing_goes_while_it_is_disputed_or_a_side_is_unverified(alice, charlie, rita, stranger, label, buyer):
    track = factories.a_track()
    factories.a_share(track, factories.a_holder(owner=stranger), 60)
    factories.an_awarded_claim(alice, label, track, reviewer=rita, percents={"owns_master": D(60)})
    transfer = propose(alice, label, buyer)

    with pytest.raises(services.DisputeFirst):
        confirm(transfer, charlie)
    buyer.status = "under_review"
    buyer.save()
    with pytest.raises(services.HolderNotVerified):
        confirm(transfer, charlie)


@pytest.mark.django_db
def test_it_is_proposed_and_confirmed_on_the_pages_by_either_side(
    alice, bob, charlie, stranger, client_of, label, buyer
):
    factories.a_share(factories.a_track(), label)
    form = {
        "side": "take",
        "other": label.public_id.lower(),
        "rights": ["phonogram"],
        "start": "2007-01-01",
        "choice": "reserve",
        "agreed": "on",
    }
    new = reverse("claims:propose_transfer", kwargs={"holder_id": buyer.public_id})

    assert client_of(charlie).post(new, form | {"other": buyer.public_id}).status_code == 422
    client_of(charlie).post(new, form)
    transfer = CatalogueTransfer.objects.get()
    page = reverse("claims:transfer", kwargs={"transfer_id": transfer.public_id})
    assert "1 share in 1 recordings and songs" in client_of(alice).get(page).content.decode()
    assert client_of(bob).get(page).status_code == 200
    assert client_of(stranger).get(page).status_code == 404
    client_of(bob).post(f"{page}confirm/", {"agreed": "on"})
    assert CatalogueTransfer.objects.get().status == "proposed"
    assert client_of(alice).post(f"{page}confirm/", {}).status_code == 422
    client_of(alice).post(f"{page}confirm/", {"agreed": "on"})

    assert CatalogueTransfer.objects.get().status == "done"
    assert RightsShare.objects.get(holder=buyer).choice == "reserve"
    told = CaseMail.objects.filter(topic__startswith="transfer").values_list("topic", "user__email")
    assert sorted(told) == [
        ("transfer_asked", "alice@example.org"),
        ("transfer_done", "alice@example.org"),
        ("transfer_done", "charlie@example.org"),
    ]


@pytest.mark.django_db
def test_who_asks_for_a_catalogue_learns_nothing_of_what_the_other_has(alice, charlie, rita, client_of, label, buyer):
    has, lacks = factories.a_track(), factories.a_track()
    factories.a_share(has, label)

    asked = [propose(charlie, label, buyer, tracks=[track]) for track in (has, lacks)]

    pages = [reverse("claims:transfer", kwargs={"transfer_id": each.public_id}) for each in asked]
    assert not any("It would hand over" in client_of(charlie).get(page).content.decode() for page in pages)
    assert all("It would hand over" in client_of(who).get(pages[0]).content.decode() for who in (alice, rita))
    with pytest.raises(services.NothingToTransfer):
        confirm(asked[1], alice)
    with pytest.raises(services.NothingToTransfer):
        propose(alice, label, buyer, tracks=[lacks])


@pytest.mark.django_db
def test_a_long_list_of_tracks_says_how_many_it_leaves_out(alice, charlie, client_of, label, buyer, monkeypatch):
    monkeypatch.setattr("claims.views.transfer.TRACKS_SHOWN", 2)
    tracks = [factories.a_track() for _ in range(5)]
    factories.a_share(tracks[0], label)
    transfer = propose(alice, label, buyer, tracks=tracks)

    page = client_of(charlie).get(reverse("claims:transfer", kwargs={"transfer_id": transfer.public_id}))

    assert "and 3 more" in page.content.decode()


@pytest.mark.django_db
def test_the_other_side_refuses_and_the_own_side_takes_back(alice, charlie, label, buyer):
    factories.a_share(factories.a_track(), label)

    for by, status in ((charlie, "refused"), (alice, "retracted")):
        transfer = propose(alice, label, buyer)
        services.refuse_transfer(transfer=transfer, by=by, now=timezone.now())
        assert CatalogueTransfer.objects.get(pk=transfer.pk).status == status


@pytest.mark.slow
def test_of_two_who_confirm_at_once_one_hands_over(committed_db, alice, charlie, stranger, label, buyer):
    track = factories.a_track()
    factories.a_share(track, label)
    buyer.members.create(user=stranger, role="owner")
    transfer = propose(alice, label, buyer)

    (outcomes,) = both([transfer], *(lambda case, by=by: confirm(case, by) for by in (charlie, stranger)))

    assert sorted(outcomes) in (["MoveNotAllowed", "done"], ["NotYourSide", "done"], ["NothingToTransfer", "done"])
    assert held(track) == [("Alice Records", D(100), None, DAY), ("Charlie Music", D(100), DAY, None)]


@pytest.mark.django_db
def test_a_song_is_handed_over_under_the_lock_of_every_track_that_plays_it(alice, charlie, label, buyer):
    tracks = [factories.a_track("Original"), factories.a_track("Cover")]
    factories.a_share(factories.a_work("Song", *tracks), label)
    transfer = propose(alice, label, buyer, rights=["work"])

    with CaptureQueriesContext(connection) as seen:
        confirm(transfer, charlie)

    lock = next(query["sql"] for query in seen if 'FROM "catalog_track"' in query["sql"] and "FOR NO" in query["sql"])
    assert '"catalog_trackwork"' in lock
    assert set(selectors.tracks_to_transfer(transfer)) == set()
    assert set(selectors.tracks_of_transfer(transfer.pk)) == set(tracks)


@pytest.mark.django_db
def test_a_large_catalogue_takes_as_many_statements_as_a_small_one(alice, charlie, label, buyer):
    def statements(count):
        for _ in range(count):
            factories.a_share(factories.a_track(), label)
        transfer = propose(alice, label, buyer)
        with CaptureQueriesContext(connection) as seen:
            confirm(transfer, charlie)
        RightsShare.objects.filter(holder=buyer).update(holder=factories.a_holder())
        return len([query for query in seen if "RELEASE" not in query["sql"] and "SAVEPOINT" not in query["sql"]])

    few = statements(2)
    assert statements(30) <= few + 2  # the money of the tracks is another run


# What the former owner took out -----------------------------------------------------------------------------------
@pytest.fixture
def sold(alice, charlie, rita, label, buyer):
    """Three tracks: one sold with its opt-out, one sold and never out, one out and kept."""
    factories.a_store("AllofMP3")
    left, never, kept = (factories.a_track(title) for title in ("Left", "Never", "Kept"))
    for track in (left, never, kept):
        factories.a_share(track, label, percent=60)
    case = factories.an_opt_out(alice, label, left, kept, now=timezone.now())
    services.grant_opt_out(opt_out=case, by=rita, now=timezone.now())
    transfer = propose(alice, label, buyer, tracks=[left, never])
    confirm(transfer, charlie)
    transfer.refresh_from_db()
    return left, kept, case, transfer


@pytest.mark.django_db
def test_who_bought_a_catalogue_brings_back_what_the_seller_took_out_and_nothing_else(
    alice, bob, charlie, stranger, client_of, sold
):
    left, kept, case, transfer = sold
    page = reverse("claims:return_catalogue", args=[transfer.public_id])
    said = {"which": "all", "rights": ["phonogram"], "stores": "all", "start": "2099-01-01", "text": "Ours now."}
    for user in (alice, bob, stranger):
        assert client_of(user).get(page).status_code == 404

    counted = client_of(charlie).post(page, said | {"act": "check"})
    assert counted.context["preview"] == selectors.Coming(1, 1, 0)
    wrong = client_of(charlie).post(page, said | {"which": "some", "rows": kept.public_id, "act": "return"})
    assert (wrong.status_code, Reentry.objects.count()) == (422, 0)
    done = client_of(charlie).post(page, said | {"act": "return"}, follow=True)

    act = Reentry.objects.get()
    assert (act.ground, act.transfer, act.opt_out, act.track_count) == ("succession", transfer, case, 1)
    assert [row.track for row in act.notices.get().rows.all()] == [left]
    out = {one.track: one.end for one in Withdrawal.objects.all()}
    assert out == {left: date(2099, 1, 1), kept: None}
    assert "Back in the stores" in done.content.decode()
    assert CaseMail.objects.get(topic="opt_out_back").user == alice


@pytest.mark.slow
@pytest.mark.django_db
def test_only_who_has_it_now_is_the_successor_however_many_hands_it_went_through(
    alice, charlie, stranger, client_of, label, buyer, sold
):
    left, _kept, _case, transfer = sold
    now = timezone.now()
    third = factories.a_holder("Third", owner=stranger)
    onward = services.propose_transfer(giver=buyer, taker=third, rights=["phonogram"], start=DAY, by=charlie, now=now)
    services.confirm_transfer(transfer=onward, by=stranger, now=timezone.now())
    onward.refresh_from_db()

    with pytest.raises(services.NothingToReturn):
        services.return_succeeded(transfer=transfer, back=services.Back(), by=charlie, now=now)
    with pytest.raises(services.MayNotWrite):
        services.return_succeeded(transfer=onward, back=services.Back(), by=charlie, now=now)
    door = reverse("api-transfer-returns", args=[onward.public_id])
    asked = client_of(stranger).post(door, {"tracks": [left.public_id]}, content_type="application/json")

    assert (asked.status_code, [act["ground"] for act in asked.json()]) == (201, ["succession"])
    assert [act["id"] for act in client_of(stranger).get(door).json()] == [asked.json()[0]["id"]]


@pytest.mark.slow
@pytest.mark.django_db
def test_who_withdrew_and_has_a_share_again_keeps_it_out(alice, charlie, label, buyer, sold):
    left, _kept, _case, transfer = sold
    factories.a_share(left, label, percent=40)

    with pytest.raises(services.NothingToReturn):
        services.return_succeeded(transfer=transfer, back=services.Back(), by=charlie, now=timezone.now())
