"""Corrections with money behind them: merge, undo, a key matched again. `verify_ledger` looks after every test."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import RightsHolder, Track
from claims import selectors, services
from claims.models import Correction, Dispute
from ledger.models import Entry
from sales.models import Sale, StoreKey
from tests.factories import (
    a_claim,
    a_decided_dispute,
    a_holder,
    a_licensee,
    a_report,
    a_reviewed_claim,
    a_rule,
    a_share,
    a_track,
    a_withdrawal,
    a_work,
    an_awarded_claim,
    flat_lines,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def supervisor(frank: Any) -> Any:
    frank.role = "supervisor"
    frank.save()
    return frank


def coded(title: str, artist: str, isrc: str) -> Track:
    """A track that remembers its code, which moves with a merge."""
    track = a_track(title, artist, isrc=isrc)
    track.code = isrc
    return track


@pytest.fixture
def pair() -> tuple[Track, Track]:
    """Two tracks that are one recording, as two imports named it."""
    return coded("Утро", "Кино", "RUA120600001"), coded("Utro!", "Kino band", "RUA120600002")


def sell(store: Any, *tracks: Track, price: str = "10", month: str = "2006-10") -> Any:
    """One line for each track, under the store's own key of it; the money is distributed."""
    lines = [
        {"DspResourceId": f"T{track.code}", "Title": track.title, "DisplayArtistName": track.artist}
        | {"ISRC": track.code, "PriceConsumerPaidExcSalesTax": price}
        for track in tracks
    ]
    codes = [line["ISRC"] for line in lines]
    report = a_report(store, flat_lines(*lines, month=month), name=f"{month}-{'-'.join(codes)}.tsv")
    assert report.status == "posted", report.reason
    distribute_due()
    return report


def distribute_due() -> None:
    for run_id in services.plan_due_runs(now=NOW):
        while services.continue_run(run_id=run_id, now=NOW):
            pass


def places() -> dict[tuple[str, str, str], D]:
    """(track's public id or key, place, holder's name) to the money there, of all rights."""
    tracks, keys = Track.objects.in_bulk(), StoreKey.objects.in_bulk()
    shown = selectors.places_of(list(tracks), list(keys.values()))
    found: dict[tuple[str, str, str], D] = {}
    for (subject, place, owner, _), amount in shown.items():
        kind, pk = subject.split(":")
        name = tracks[int(pk)].public_id if kind == "track" else keys[int(pk)].key
        key = name, place, owner
        found[key] = found.get(key, D(0)) + amount
    return {key: amount for key, amount in found.items() if amount}


def of(track: Track, *names: str) -> dict[tuple[str, str], str]:
    """What rests under a track, amounts as text."""
    return {
        (place, owner): f"{amount.normalize():f}"
        for (name, place, owner), amount in places().items()
        if name == track.public_id
    }


def ask(correction: Correction, by: Any, keys: Any = (), reason: str = "The same recording") -> Correction:
    return services.ask_correction(correction=correction, keys=list(keys), by=by, now=NOW, reason=reason)


def merge(source: Any, target: Any, by: Any) -> Correction:
    return ask(services.merge_of(source, target), by)


def undo(done: Correction, by: Any) -> Correction:
    return ask(services.undoing_of(done.merge), by, reason="Two recordings after all")


def holder_of(share: Any) -> str:
    return f"holder:{share.holder_id}"


# Money ------------------------------------------------------------------------------------------------------------
def test_money_moves_to_the_survivor_by_one_entry(pair, rita):
    source, target = pair
    sell(a_licensee(), source, target)
    entries = Entry.objects.count()

    merge(source, target, rita)

    assert Entry.objects.count() == entries + 1
    assert of(source) == {}
    assert of(target) == {("unclaimed", ""): "3"}
    assert not Sale.objects.filter(track=source).exists()


def test_a_holder_of_the_survivor_is_paid_what_was_sold_under_the_other_name(pair, rita):
    source, target = pair
    share = a_share(target)
    sell(a_licensee(), source, target)

    merge(source, target, rita)

    assert of(target) == {("payable", holder_of(share)): "1.5", ("unclaimed", ""): "1.5"}


@pytest.mark.slow
def test_undo_after_money_moved_and_more_was_sold_is_as_if_it_had_never_been(pair, rita):
    source, target = pair
    mine, theirs = a_share(target, percent=60), a_share(source, percent=40)
    store = a_licensee()
    sell(store, source, target)

    done = merge(source, target, rita)
    sell(store, source, month="2006-11", price="0.07")
    assert of(source) == {}
    assert of(target)["payable", holder_of(mine)] == "0.90315"

    undo(done, rita)

    assert of(source)["payable", holder_of(theirs)] == f"{(D('0.4') * D('0.75') * D('1.007')).normalize():f}"
    assert of(target)["payable", holder_of(mine)] == "0.45"


def test_asking_twice_or_distributing_again_moves_nothing(pair, rita):
    source, target = pair
    sell(a_licensee(), source, target)
    merge(source, target, rita)
    entries = Entry.objects.count()

    services.distribute(track_ids=[source.pk, target.pk], event="again", now=NOW)

    assert Entry.objects.count() == entries


STEPS = st.lists(
    st.sampled_from(["merge ab", "merge bc", "merge cb", "undo", "undo first", "sell", "sell elsewhere"]), max_size=7
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "steps",
    [
        ["merge ab", "sell", "undo", "sell elsewhere"],
        ["merge ab", "merge bc", "sell", "undo first"],
    ],
)
def test_an_order_of_merges_undoings_and_sales_ends_as_without_the_merges(transactional_world, steps):
    transactional_world(steps)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_any_order_of_merges_undoings_and_sales_ends_as_without_the_merges(transactional_world, steps):
    transactional_world(steps)


@pytest.fixture
def transactional_world(rita: Any) -> Callable[[list[str]], None]:
    """Runs the steps with merges and then the same sales without, and compares the two ledgers to the last digit."""
    from django.db import transaction

    class Done(Exception):
        pass

    def run(steps: list[str], *, merging: bool) -> dict[tuple[str, str, str], D]:
        tracks = {name: coded(f"Song {name}", "Kino", f"RUA12060000{n}") for n, name in enumerate("abc")}
        names = {track.public_id: name for name, track in tracks.items()}
        for n, track in enumerate(tracks.values()):
            a_share(track, a_holder(f"Holder {n}"), percent=D("33.333333"), start=date(2006, 10, 3 + n))
            a_share(track, a_holder(f"Withdrawer {n}"), percent=D("12.5"), right="performance")
            a_withdrawal(track, start=date(2006, 10, 20))
        store, standing, month = a_licensee(), [], 0
        sell(store, *tracks.values(), price="0.37")
        for step in steps:
            if step.startswith("sell"):
                month += 1
                sell(
                    store if step == "sell" else a_licensee(), *tracks.values(), price="0.11", month=f"2007-{month:02}"
                )
            elif merging and step.startswith("undo") and standing:
                undo(standing.pop(0 if step == "undo first" else -1), rita)
            elif merging and step.startswith("merge"):
                source, target = (Track.objects.get(pk=tracks[name].pk) for name in step.split()[1])
                if source.merged_into_id is None and target.merged_into_id is None:
                    standing.append(merge(source, target, rita))
        while standing:
            undo(standing.pop(0), rita)
        owners = {f"holder:{each.pk}": each.name for each in RightsHolder.objects.all()}
        return {
            (names[track], place, owners.get(owner, "")): amount for (track, place, owner), amount in places().items()
        }

    def compare(steps: list[str]) -> None:
        found = []
        for merging in (True, False):
            try:
                with transaction.atomic():
                    found.append(run(steps, merging=merging))
                    raise Done
            except Done:
                pass
        assert found[0] == found[1]

    return compare


# Shares that do not fit -------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_shares_above_100_percent_open_a_dispute_and_each_side_is_paid_as_before(pair, rita):
    source, target = pair
    theirs, mine = a_share(source), a_share(target)
    store = a_licensee()
    sell(store, source, target)

    done = merge(source, target, rita)
    sell(store, source, target, month="2006-11")

    dispute = Dispute.objects.get()
    assert {party.holder_id for party in dispute.parties.all()} == {mine.holder_id, theirs.holder_id}
    assert of(target) == {
        ("payable", holder_of(mine)): "1.5",
        ("payable", holder_of(theirs)): "1.5",
        ("unclaimed", ""): "3",
    }
    undo(done, rita)
    assert of(source) == {("payable", holder_of(theirs)): "1.5", ("unclaimed", ""): "1.5"}
    dispute.refresh_from_db()
    assert dispute.status == "settled"


@pytest.mark.slow
def test_the_end_of_the_dispute_gives_both_keys_money_to_whom_it_names(pair, rita):
    source, target = pair
    theirs, mine = a_share(source), a_share(target)
    sell(a_licensee(), source, target)
    merge(source, target, rita)

    a_decided_dispute(
        Dispute.objects.get(), {theirs.holder_id: D(100), mine.holder_id: D(0)}, rita, now=NOW, reason="Theirs is older"
    )
    distribute_due()

    assert of(target) == {("payable", holder_of(theirs)): "1.5", ("unclaimed", ""): "1.5"}


@pytest.mark.slow
def test_a_hold_in_a_merge_dispute_stops_paying_both_sides(pair, rita):
    source, target = pair
    a_share(source), a_share(target)
    sell(a_licensee(), source, target)
    merge(source, target, rita)

    services.order_hold(dispute=Dispute.objects.get(), by=rita, now=NOW, reason="Unclear")
    distribute_due()

    assert of(target) == {("disputed", ""): "1.5", ("unclaimed", ""): "1.5"}


@pytest.mark.slow
def test_songs_that_do_not_fit_are_each_paid_from_the_tracks_that_played_them(pair, rita):
    first, second = pair
    one, other = a_work("One", first), a_work("Other", second)
    mine, theirs = a_share(one), a_share(other)
    sell(a_licensee(), first, second)

    done = merge(other, one, rita)
    distribute_due()

    assert of(first)["payable", holder_of(mine)] == of(second)["payable", holder_of(theirs)] == "0.45"
    assert Dispute.objects.get().work == one
    undo(done, rita)
    assert of(second)["payable", holder_of(theirs)] == "0.45"


@pytest.mark.slow
def test_merging_songs_pays_the_holder_for_every_track_of_both(pair, rita):
    first, second = pair
    one, other = a_work("One", first), a_work("Other", second)
    share = a_share(one)
    sell(a_licensee(), first, second)

    done = merge(other, one, rita)
    assert of(second)["payable", holder_of(share)] == "0.45"

    undo(done, rita)
    assert ("payable", holder_of(share)) not in of(second)


# Two persons --------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_above_the_limit_a_second_person_does_it_never_the_same_one(pair, rita, supervisor):
    source, target = pair
    a_rule("correction_money", "1.49", "USD")
    sell(a_licensee(), source, target)

    asked = merge(source, target, rita)

    assert asked.status == "asked"
    assert of(source) == {("unclaimed", ""): "1.5"}
    with pytest.raises(services.NeedsAnother):
        services.confirm_correction(correction=asked, by=rita, now=NOW)
    services.confirm_correction(correction=asked, by=supervisor, now=NOW)
    assert of(target) == {("unclaimed", ""): "3"}


def test_a_currency_without_a_limit_always_needs_two(pair, rita):
    a_rule("correction_money", "0", "USD")
    sell(a_licensee(), *pair)

    assert merge(*pair, rita).status == "asked"


def test_nobody_corrects_about_a_holder_of_his_own_and_only_reviewers_do(pair, rita, stranger, supervisor):
    a_share(pair[0], a_holder(owner=rita))

    with pytest.raises(services.DecidesOwnCase):
        merge(*pair, rita)
    with pytest.raises(services.NotAReviewer):
        merge(*pair, stranger)
    assert merge(*pair, supervisor).status == "done"


def test_a_correction_asked_for_can_be_refused_or_taken_back(pair, rita, supervisor):
    a_rule("correction_money", "0", "USD")
    sell(a_licensee(), *pair)
    first, second = merge(*pair, rita), merge(*pair, rita)

    with pytest.raises(services.WordsNeeded):
        services.refuse_correction(correction=first, by=supervisor, now=NOW, reason="")
    services.refuse_correction(correction=first, by=supervisor, now=NOW, reason="A live take")
    services.refuse_correction(correction=second, by=rita, now=NOW, reason="")

    assert (first.status, second.status) == ("refused", "retracted")


def test_a_reason_is_asked_for(pair, rita):
    with pytest.raises(services.WordsNeeded):
        ask(services.merge_of(*pair), rita, reason=" ")


# Preview ------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_preview_says_what_would_happen_and_leaves_everything_as_it_was(pair, rita):
    source, target = pair
    theirs, _mine = a_share(source), a_share(target)
    sell(a_licensee(), source, target)
    before, entries = places(), Entry.objects.count()

    seen = services.preview_correction(correction=services.merge_of(source, target), by=rita, now=NOW)

    assert [(row.subject, row.place) for row in seen.money if row.owner == holder_of(theirs)] == [
        (f"track:{source.pk}", "payable"),
        (f"track:{target.pk}", "payable"),
    ]
    assert sum(row.after.amount - row.before.amount for row in seen.money) == 0
    assert (seen.united.isrcs, len(seen.united.keys), len(seen.conflicts)) == (["RUA120600001"], 1, 1)
    assert (places(), Entry.objects.count(), Correction.objects.count()) == (before, entries, 0)


# Open cases ---------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_claim_under_review_is_about_the_survivor_afterwards(pair, alice, rita):
    source, target = pair
    claim = a_reviewed_claim(alice, a_holder(owner=alice), source, reviewer=rita)
    sell(a_licensee(), source, target)
    done = merge(source, target, rita)
    line = claim.lines.get()
    assert line.track == target

    services.look_again(claim=claim, by=rita, now=NOW)
    services.approve_claim(claim=claim, by=rita, now=NOW)
    distribute_due()

    assert of(target)[("payable", f"holder:{claim.holder_id}")] == "1.5"
    undo(done, rita)
    assert of(source) == {("unclaimed", ""): "1.5"}, "what was decided about the survivor stays with it"


def test_a_draft_about_a_merged_track_can_still_be_filed(pair, alice, rita):
    claim = a_claim(alice, a_holder(owner=alice), pair[0], filed=False)

    merge(*pair, rita)

    assert claim.lines.get().track == pair[1]


# A wrong match ------------------------------------------------------------------------------------------------------
def test_a_key_matched_to_the_wrong_track_takes_its_money_along(pair, rita):
    wrong, right = pair
    share = a_share(right)
    sell(a_licensee(), wrong)
    key = StoreKey.objects.get()

    done = ask(services.rematch_of(right), rita, [key])

    assert (of(wrong), of(right)) == ({}, {("payable", holder_of(share)): "0.75", ("unclaimed", ""): "0.75"})
    assert done.keys.get().from_track == wrong
    ask(services.rematch_of(wrong), rita, [key])
    assert of(wrong) == {("unclaimed", ""): "1.5"}


@pytest.mark.slow
def test_a_key_that_is_no_known_track_waits_as_unidentified_again_and_is_not_matched_by_itself(pair, rita):
    store = a_licensee()
    sell(store, pair[0])
    key = StoreKey.objects.get()

    ask(services.rematch_of(None), rita, [key])
    assert of(pair[0]) == {}
    assert places() == {(key.key, "unidentified", ""): D("1.5")}

    sell(store, pair[0], month="2006-11")
    assert places() == {(key.key, "unidentified", ""): D(3)}
    ask(services.rematch_of(pair[1]), rita, [key])
    assert of(pair[1]) == {("unclaimed", ""): "3"}


@pytest.mark.slow
def test_a_wrong_match_after_an_award_and_its_payment_is_recoverable_from_who_had_it(pair, alice, rita):
    from ledger import services as ledger
    from ledger.recipes import Kind, Part, payout, settlement

    wrong, right = pair
    label = a_holder(owner=alice)
    sell(a_licensee(), wrong)
    an_awarded_claim(alice, label, wrong, reviewer=rita)
    distribute_due()
    owner, item, lot = f"holder:{label.pk}", f"track:{wrong.pk}:phonogram", Sale.objects.get().report_id
    for recipe in (payout, settlement):
        lines = recipe(owner=owner, currency="USD", parts=[Part(item, lot, D("0.75"))])
        ledger.post_entry(kind=Kind.PAYOUT, postings=lines, idempotency_key=recipe.__name__, event_at=NOW)

    ask(services.rematch_of(right), rita, [StoreKey.objects.get()])

    assert of(wrong) == {("paid", owner): "0.75", ("recoverable", owner): "-0.75"}
    assert of(right) == {("unclaimed", ""): "1.5"}


@pytest.mark.slow
def test_what_was_paid_under_the_old_name_counts_after_a_merge(pair, alice, rita):
    from ledger import services as ledger
    from ledger.recipes import Kind, Part, payout, settlement

    source, target = pair
    share = a_share(source)
    sell(a_licensee(), source)
    item, lot = f"track:{source.pk}:phonogram", Sale.objects.get().report_id
    for recipe in (payout, settlement):
        lines = recipe(owner=holder_of(share), currency="USD", parts=[Part(item, lot, D("0.75"))])
        ledger.post_entry(kind=Kind.PAYOUT, postings=lines, idempotency_key=recipe.__name__, event_at=NOW)

    merge(source, target, rita)

    assert of(source) == {("paid", holder_of(share)): "0.75"}
    assert of(target) == {("unclaimed", ""): "0.75"}
    assert len(places()) == 2
