"""A holder comes years later, proves ownership, and is awarded everything since the first sale."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.utils import timezone

from catalog.models import RightsShare
from claims import services
from claims.models import Claim, Dispute, DistributionRun
from ledger import selectors as ledger
from tests import factories

pytestmark = pytest.mark.django_db


def resting(track, right="phonogram"):
    """Where the money of one right of a track rests: {(place, owner): amount as text}."""
    sums = {}
    for row in ledger.shown([f"track:{track.pk}:{right}"]):
        sums[row.place, row.owner] = sums.get((row.place, row.owner), D(0)) + row.amount
    return {key: f"{amount.normalize():f}" for key, amount in sums.items() if amount}


def sold(track, units, month="2006-10", licensee=None):
    """Sales at 0.10 USD: 15 % of it, half of that for the phonogram, so 0.0075 a unit."""
    return factories.a_sale(track, units=units, UsagePeriod=month, licensee=licensee)


@pytest.fixture
def track():
    return factories.a_track("Zvezda", isrc="RUA010500001")


@pytest.mark.slow
def test_the_whole_past_is_awarded_and_later_months_follow(alice, rita, track):
    store = factories.a_licensee()
    sold(track, 1000, "2005-03", store)
    sold(track, 3, "2006-10", store)
    label = factories.a_holder("Alice Records", owner=alice)
    owner = f"holder:{label.pk}"
    assert resting(track) == {("unclaimed", ""): "7.5225"}

    claim = factories.an_awarded_claim(alice, label, track, reviewer=rita)

    assert claim.status == Claim.Status.AWARDED
    assert claim.awarded_lines == 1
    assert resting(track) == {("payable", owner): "7.5225"}
    assert resting(track, "performance") == {("unclaimed", ""): "3.009"}

    sold(track, 2, "2006-11", store)
    assert resting(track) == {("payable", owner): "7.5225", ("unclaimed", ""): "0.015"}
    for run_id in services.plan_due_runs(now=timezone.now()):
        services.continue_run(run_id=run_id, now=timezone.now())
    assert resting(track) == {("payable", owner): "7.5375"}


@pytest.mark.slow
def test_who_proves_and_leaves_has_everything_held(alice, rita, track):
    sold(track, 1000)
    label = factories.a_holder(owner=alice)

    factories.an_awarded_claim(alice, label, track, reviewer=rita, choice=RightsShare.Choice.LEAVE)

    assert resting(track) == {("held", f"holder:{label.pk}"): "7.5"}


@pytest.mark.slow
def test_a_performer_with_half_gets_half_from_the_day_said(alice, rita, track):
    sold(track, 1000, "2006-10")
    singer = factories.a_holder(kind="person", owner=alice)

    factories.an_awarded_claim(
        alice, singer, track, reviewer=rita, percents={"performed": D(50)}, start=date(2006, 10, 17)
    )

    assert resting(track, "performance") == {
        ("payable", f"holder:{singer.pk}"): "0.72580645",
        ("unclaimed", ""): "2.27419355",
    }


@pytest.mark.slow
def test_a_songwriter_is_paid_for_every_track_that_plays_the_song(alice, rita, track):
    cover = factories.a_track("Zvezda", "Another Band")
    work = factories.a_work("Zvezda", track, cover)
    sold(track, 1000)
    sold(cover, 100)
    writer = factories.a_holder(kind="person", owner=alice)

    factories.an_awarded_claim(alice, writer, track, reviewer=rita, percents={"wrote": D(100)})

    assert RightsShare.objects.get(holder=writer).work == work
    assert resting(track, "work") == {("payable", f"holder:{writer.pk}"): "4.5"}
    assert resting(cover, "work") == {("payable", f"holder:{writer.pk}"): "0.45"}
    assert resting(cover) == {("unclaimed", ""): "0.75"}


@pytest.mark.slow
def test_a_song_without_a_known_work_gets_one(alice, rita, track):
    sold(track, 1000)
    writer = factories.a_holder(kind="person", owner=alice)

    factories.an_awarded_claim(alice, writer, track, reviewer=rita, percents={"wrote": D(100)})

    assert track.works.get().title == "Zvezda"
    assert resting(track, "work") == {("payable", f"holder:{writer.pk}"): "4.5"}


@pytest.mark.slow
def test_a_late_match_moves_the_money_to_who_owns_the_track(alice, rita, track):
    from sales import services as sales

    unknown = factories.a_report(
        content=factories.flat_lines(
            {"DspResourceId": "X1", "Title": "???", "DisplayArtistName": "???", "Usages": 1000}
        )
    ).sales.get()
    label = factories.a_holder(owner=alice)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    assert ledger.balance(f"key:{unknown.store_key_id}:phonogram:unidentified", "USD").amount == D("7.5")

    sales.match_store_key(key=unknown.store_key, track=track, by=rita, now=timezone.now())
    for run_id in services.plan_due_runs(now=timezone.now()):
        services.continue_run(run_id=run_id, now=timezone.now())

    assert ledger.balance(f"key:{unknown.store_key_id}:phonogram:unidentified", "USD").amount == D(0)
    assert resting(track) == {("payable", f"holder:{label.pk}"): "7.5"}


@pytest.mark.slow
def test_an_award_killed_after_a_batch_goes_on_where_it_was(alice, rita, monkeypatch):
    tracks = [factories.a_track() for _ in range(3)]
    for track in tracks:
        sold(track, 100)
    label = factories.a_holder(owner=alice)
    monkeypatch.setattr("claims.tasks.hurry", lambda *args, **kwargs: None)
    claim = factories.an_awarded_claim(alice, label, *tracks, reviewer=rita)
    run = DistributionRun.objects.get(cause="claim", object_id=claim.pk)
    assert claim.status == Claim.Status.APPROVED

    services.award_claim(claim_id=claim.pk, now=timezone.now())
    services.continue_run(run_id=run.pk, now=timezone.now(), tracks=2)
    assert [resting(track)[("payable", f"holder:{label.pk}")] for track in tracks[:2]] == ["0.75", "0.75"]
    assert resting(tracks[2]) == {("unclaimed", ""): "0.75"}

    assert services.claims_unawarded() == [claim.pk]
    while services.award_claim(claim_id=claim.pk, now=timezone.now()):
        pass
    claim.refresh_from_db()
    assert claim.status == Claim.Status.AWARDED
    assert resting(tracks[2]) == {("payable", f"holder:{label.pk}"): "0.75"}
    assert (
        services.distribute(track_ids=[track.pk for track in tracks], event="again", now=timezone.now()).postings == 0
    )


def due_money_moves():
    """What beat does each minute."""
    for run_id in services.plan_due_runs(now=timezone.now()):
        while services.continue_run(run_id=run_id, now=timezone.now()):
            pass


@pytest.mark.slow
def test_a_corrected_report_after_payment_leaves_only_the_difference_recoverable(alice, rita, track):
    from ledger import recipes
    from ledger import services as posting
    from sales import services as sales

    store = factories.a_licensee()
    key = {"DspResourceId": "Z1", "Title": track.title, "DisplayArtistName": track.artist}
    first = factories.a_report(store, factories.flat_lines(key | {"ISRC": "RUA010500001", "Usages": 1000}))
    label = factories.a_holder(owner=alice)
    owner, item = f"holder:{label.pk}", f"track:{track.pk}:phonogram"
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    due_money_moves()
    paid = [recipes.Part(item, first.pk, D("7.5"))]
    for kind, lines in {
        "payout": recipes.payout(owner=owner, currency="USD", parts=paid),
        "settlement": recipes.settlement(owner=owner, currency="USD", parts=paid),
        "disbursement": recipes.disbursement(owner=owner, currency="USD", net=D("7.5")),
    }.items():
        posting.post_entry(kind=kind, idempotency_key=kind, event_at=timezone.now(), postings=lines)
    assert resting(track) == {("paid", owner): "7.5"}

    held = factories.a_report(store, factories.flat_lines(key | {"ISRC": "RUA010500001", "Usages": 900}))
    sales.supersede_report(report=held, by=rita, now=timezone.now())
    sales.process_report(report_id=held.pk, worker="test", now=timezone.now())
    due_money_moves()

    assert resting(track) == {("paid", owner): "7.5", ("recoverable", owner): "-0.75"}
    sold(track, 300, "2006-11", store)
    due_money_moves()
    assert resting(track) == {("paid", owner): "7.5", ("payable", owner): "1.5"}


@pytest.mark.slow
def test_a_corrected_report_stays_in_force_until_the_difference_is_posted(alice, rita, track, monkeypatch):
    from sales import services as sales

    store = factories.a_licensee()
    key = {"DspResourceId": "Z1", "ISRC": "RUA010500001", "Title": track.title, "DisplayArtistName": track.artist}
    factories.a_report(store, factories.flat_lines(key | {"Usages": 1000}))
    label = factories.a_holder(owner=alice)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    due_money_moves()
    held = factories.a_report(store, factories.flat_lines(key | {"Usages": 900}))
    monkeypatch.setattr("sales.services.correct.queue", lambda report: None)

    sales.supersede_report(report=held, by=rita, now=timezone.now())
    due_money_moves()
    assert resting(track) == {("payable", f"holder:{label.pk}"): "7.5"}

    sales.process_report(report_id=held.pk, worker="test", now=timezone.now())
    due_money_moves()
    assert resting(track) == {("payable", f"holder:{label.pk}"): "6.75"}


@pytest.mark.slow
def test_sales_after_a_withdrawal_are_held_for_who_left(alice, rita, track):
    sold(track, 1000, "2006-10")
    label = factories.a_holder(owner=alice)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    factories.a_withdrawal(track, label, start=date(2006, 11, 1))

    sold(track, 100, "2006-11")
    due_money_moves()

    owner = f"holder:{label.pk}"
    assert resting(track) == {("payable", owner): "7.5", ("post_withdrawal", owner): "0.75"}


def test_a_song_on_two_tracks_of_one_claim_is_granted_once(alice, rita, track):
    holder, cover = factories.a_holder(owner=alice), factories.a_track("Cover", "Zoopark")
    work = factories.a_work("Song", track, cover)

    claim = factories.an_awarded_claim(alice, holder, track, cover, reviewer=rita, percents={"wrote": D(40)})

    assert [share.percent for share in RightsShare.objects.filter(work=work)] == [D(40)]
    assert set(claim.lines.values_list("outcome", "granted_percent")) == {("accepted", D(40))}


def test_a_song_contested_on_two_tracks_of_one_claim_is_one_dispute(alice, charlie, rita, track):
    cover = factories.a_track("Cover", "Zoopark")
    work = factories.a_work("Song", track, cover)
    factories.a_share(work, factories.a_holder(owner=charlie), 80)
    holder = factories.a_holder(owner=alice)

    claim = factories.an_awarded_claim(alice, holder, track, cover, reviewer=rita, percents={"wrote": D(60)})

    assert Dispute.objects.get().work == work
    assert RightsShare.objects.get(work=work, holder=holder).percent == D(20)
    assert set(claim.lines.values_list("outcome", "granted_percent")) == {("disputed", D(20))}


@pytest.mark.slow
def test_a_medley_moves_the_money_of_every_track_that_plays_one_of_its_songs(alice, rita, track):
    first, second = factories.a_track("First", "Band"), factories.a_track("Second", "Band")
    factories.a_work("One", track, first, percent=50)
    factories.a_work("Two", track, second, percent=50)
    sold(first, 1000)
    sold(second, 1000)
    writer = factories.a_holder(kind="person", owner=alice)

    factories.an_awarded_claim(alice, writer, track, reviewer=rita, percents={"wrote": D(100)})

    for each in (first, second):
        assert resting(each, "work")["payable", f"holder:{writer.pk}"] == "2.25"


def test_reports_that_arrive_together_are_one_pass_over_their_tracks():
    tracks = [factories.a_track() for _ in range(3)]
    for track in tracks:
        factories.a_share(track, factories.a_holder())
    for track in (*tracks, tracks[2]):
        sold(track, 100)
    first, *others = services.plan_due_runs(now=timezone.now())

    assert services.continue_run(run_id=first, now=timezone.now(), tracks=2)

    assert set(DistributionRun.objects.values_list("last_track", flat=True)) == {tracks[1].pk}
    assert not services.continue_run(run_id=others[-1], now=timezone.now(), tracks=2)
    assert not DistributionRun.objects.filter(finished_at=None).exists()
    assert {place for track in tracks for place, _ in resting(track)} == {"payable"}
    assert (
        services.distribute(track_ids=[track.pk for track in tracks], event="again", now=timezone.now()).postings == 0
    )
