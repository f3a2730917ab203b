"""The queue of unmatched names through its services: by money, decided, remembered, proposed, from a file."""

from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Release, ReleaseTrack, Track
from claims import selectors, services
from claims.services import Act, Choice
from sales import services as sales
from sales.formats.match_file import UnreadableFile, read_match_file
from sales.models import MatchProposal, Sale, StoreKey
from tests.claims.test_merge import distribute_due, of, places
from tests.factories import a_holder, a_licensee, a_report, a_share, a_track, flat_lines

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def sold(store: Any, *names: tuple[str, str, str], month: str = "2006-10") -> list[StoreKey]:
    """Lines (artist, title, price) of tracks nobody knows; the keys in the order given."""
    lines = [
        {
            "DspResourceId": f"K-{title}",
            "Title": title,
            "DisplayArtistName": artist,
            "PriceConsumerPaidExcSalesTax": price,
        }
        for artist, title, price in names
    ]
    report = a_report(store, flat_lines(*lines, month=month), name=f"{month}-{names[0][1]}.tsv")
    assert report.status == "posted", report.reason
    return [StoreKey.objects.get(key=f"K-{title}", licensee=store) for _, title, _ in names]


def decide(by: Any, *choices: Choice, reason: str = "") -> list[services.Outcome]:
    outcomes = services.decide_keys(choices=choices, by=by, now=NOW, reason=reason)
    distribute_due()
    return outcomes


def suggested(key: StoreKey) -> list[Track]:
    (row,) = selectors.unmatched_rows([key.pk])
    return [one.track for one in row.suggested]


def test_the_most_money_comes_first_with_what_was_sold(rita, stranger):
    few, most = sold(a_licensee(), ("Nobody", "Unheard", "1"), ("Somebody", "Unseen", "10"))

    assert selectors.unmatched_ids(rita, "USD") == [most.pk, few.pk]
    assert selectors.unmatched_ids(stranger, "USD") == []
    first, _ = selectors.unmatched_rows([most.pk, few.pk])
    assert (first.money[0].amount, first.lines, str(first.first), str(first.last)) == (
        D("1.5"),
        1,
        "2006-10-01",
        "2006-10-31",
    )


def test_an_accepted_suggestion_moves_the_money_and_leaves_the_queue(rita):
    track = a_track("Группа крови", "Кино")
    share = a_share(track)
    (key,) = sold(a_licensee(), ("Kinno", "Gruppa krovi na rukave", "10"))

    (outcome,) = decide(rita, Choice(key, Act.MATCH, (track.public_id,)))

    assert (outcome.track, outcome.problem) == (track, "")
    assert of(track) == {("payable", f"holder:{share.holder_id}"): "0.75", ("unclaimed", ""): "0.75"}
    assert selectors.unmatched_ids(rita, "USD") == []


def test_what_was_rejected_is_not_suggested_again(rita):
    track = a_track("Gruppa krovi (live)", "Kino")
    (key,) = sold(a_licensee(), ("Kino", "Gruppa krovi", "10"))
    assert suggested(key) == [track]

    decide(rita, Choice(key, Act.REJECT, (track.public_id,)))

    assert suggested(key) == []


def test_a_track_can_be_made_from_a_key(rita):
    (key,) = sold(a_licensee(), ("Nobody", "Unheard", "10"))

    (outcome,) = decide(rita, Choice(key, Act.CREATE))

    assert (outcome.track.title, outcome.track.artist) == ("Unheard", "Nobody")
    assert of(outcome.track) == {("unclaimed", ""): "1.5"}


@pytest.mark.slow
def test_one_refused_row_hinders_no_other(rita):
    store = a_licensee()
    a, b = sold(store, ("Nobody", "Unheard", "10"), ("Nobody", "Unseen", "10"))
    track = a_track()

    bad, good = decide(rita, Choice(a, Act.MATCH, ("TRK-NO",)), Choice(b, Act.MATCH, (track.public_id,)))

    assert (bad.problem != "", good.track) == (True, track)
    (again,) = decide(rita, Choice(b, Act.MATCH, (track.public_id,)))
    assert again.problem


def test_nobody_matches_to_a_track_of_a_holder_of_his_own_and_only_reviewers_do(rita, stranger):
    track = a_track()
    a_share(track, a_holder(owner=rita))
    (key,) = sold(a_licensee(), ("Nobody", "Unheard", "10"))

    (outcome,) = decide(rita, Choice(key, Act.MATCH, (track.public_id,)))

    assert outcome.problem
    with pytest.raises(services.NotAReviewer):
        decide(stranger, Choice(key, Act.CREATE))


# Rules ----------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_rule_matches_what_fits_now_and_what_comes_later_of_that_store_only(rita):
    track, store, other = a_track(), a_licensee(), a_licensee()
    sold(store, ("KINO band", "Unheard", "10"))
    (foreign,) = sold(other, ("KINO band", "Unheard", "10"))

    rule, matched = services.make_rule(licensee=store, pattern="kino band - *", to=track.public_id, by=rita, now=NOW)
    sold(store, ("Kino Band", "Later", "10"), month="2006-11")
    assert (matched, services.apply_rules(now=NOW)) == (1, 1)
    distribute_due()

    assert of(track) == {("unclaimed", ""): "3"}
    foreign.refresh_from_db()
    assert foreign.track is None
    services.remove_rule(rule=rule, by=rita, now=NOW)
    sold(store, ("Kino Band", "Last", "10"), month="2006-12")
    assert services.apply_rules(now=NOW) == 0


def test_a_rule_takes_percent_signs_and_underscores_as_they_are(rita):
    store = a_licensee()
    sold(store, ("Nobody", "100 hits", "10"))

    assert services.make_rule(licensee=store, pattern="100% h_ts", to=a_track().public_id, by=rita, now=NOW)[1] == 0
    with pytest.raises(sales.BadPattern):
        services.make_rule(licensee=store, pattern="* - *", to=a_track().public_id, by=rita, now=NOW)
    with pytest.raises(sales.RuleExists):
        services.make_rule(licensee=store, pattern="100% h_ts", to=a_track().public_id, by=rita, now=NOW)


def test_remembering_a_match_makes_the_rule_of_that_name(rita):
    track, store = a_track(), a_licensee()
    (key,) = sold(store, ("Nobody", "Unheard", "10"))

    decide(rita, Choice(key, Act.MATCH, (track.public_id,), remember=True))

    assert [(rule.pattern, rule.track) for rule in selectors.rules_for(rita)] == [("Nobody - Unheard", track)]


# Proposals ------------------------------------------------------------------------------------------------------------
def test_a_proposal_moves_no_money_and_comes_first_among_the_suggestions(alice, rita):
    label, track = a_holder(owner=alice), a_track()
    (key,) = sold(a_licensee(), ("Nobody", "Unheard", "10"))

    proposal = sales.propose_match(key=key, track=track, holder=label, by=alice, now=NOW, words="Our single")
    distribute_due()

    assert places() == {(key.key, "unidentified", ""): D("1.5")}
    (row,) = selectors.unmatched_rows([key.pk])
    assert row.suggested[0].proposal == proposal
    with pytest.raises(sales.AlreadyProposed):
        sales.propose_match(key=key, track=track, holder=label, by=alice, now=NOW)
    done = services.decide_proposal(proposal=proposal, accept=True, by=rita, now=NOW, reason="The same ISRC")
    distribute_due()
    assert (done.status, of(track)) == ("accepted", {("unclaimed", ""): "1.5"})


@pytest.mark.slow
def test_a_proposal_is_refused_with_a_reason_or_taken_back_by_its_holder(alice, charlie, rita):
    label, track = a_holder(owner=alice), a_track()
    first, second = sold(a_licensee(), ("Nobody", "Unheard", "10"), ("Nobody", "Unseen", "10"))
    one = sales.propose_match(key=first, track=track, holder=label, by=alice, now=NOW)
    two = sales.propose_match(key=second, track=track, holder=label, by=alice, now=NOW)

    with pytest.raises(services.WordsNeeded):
        services.decide_proposal(proposal=one, accept=False, by=rita, now=NOW, reason="")
    assert services.decide_proposal(proposal=one, accept=False, by=rita, now=NOW, reason="Live").status == "rejected"
    with pytest.raises(sales.NotOnesProposal):
        sales.retract_proposal(proposal=two, by=charlie, now=NOW)
    assert sales.retract_proposal(proposal=two, by=alice, now=NOW).status == "retracted"


def test_matching_a_key_decides_what_was_proposed_about_it(alice, charlie, rita):
    hers, his = a_track(), a_track()
    (key,) = sold(a_licensee(), ("Nobody", "Unheard", "10"))
    one = sales.propose_match(key=key, track=hers, holder=a_holder(owner=alice), by=alice, now=NOW)
    two = sales.propose_match(key=key, track=his, holder=a_holder(owner=charlie), by=charlie, now=NOW)

    decide(rita, Choice(key, Act.MATCH, (hers.public_id,)))

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.status, two.status) == ("accepted", "rejected")


def test_nobody_decides_his_own_proposal(alice, rita):
    label = a_holder(owner=alice, reader=rita)
    (key,) = sold(a_licensee(), ("Nobody", "Unheard", "10"))
    proposal = sales.propose_match(key=key, track=a_track(), holder=label, by=alice, now=NOW)

    with pytest.raises(services.DecidesOwnCase):
        services.decide_proposal(proposal=proposal, accept=True, by=rita, now=NOW, reason="Mine")
    assert list(selectors.proposals_for(alice)) == [proposal]
    assert MatchProposal.objects.get().status == "proposed"


# Files ----------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_match_file_says_per_row_what_it_would_do_and_then_does_it(rita):
    store, known, other = a_licensee(), a_track("Known", isrc="RUA120600001"), a_track()
    _a, b, c = sold(store, ("No", "Aaa", "10"), ("No", "Bbb", "10"), ("No", "Ccc", "10"))
    decide(rita, Choice(b, Act.MATCH, (other.public_id,)), Choice(c, Act.MATCH, (other.public_id,)))
    file = f"Key;Track\nK-Aaa;RU-A12-06-00001\n{b.public_id};\nK-Ccc;{known.public_id}\nK-Zzz;x\nK-Aaa;\n;y\n"
    rows = read_match_file(file.encode())

    def run(*, dry: bool) -> list[str]:
        found = services.apply_match_file(
            rows=rows, licensee=store, by=rita, now=NOW, name="matches.csv", is_dry_run=dry
        )
        assert all((each.problem == "") == (each.does != "refused") for each in found)
        return [each.does for each in found]

    expected = ["matched", "withdrawn", "moved", "refused", "refused", "refused"]
    before = places()
    assert run(dry=True) == expected
    assert places() == before
    assert run(dry=False) == expected
    distribute_due()
    assert of(known) == {("unclaimed", ""): "3"}
    assert (b.key, "unidentified", "") in places()
    assert run(dry=False) == ["same", "same", "same", "refused", "refused", "refused"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a\x00b,c"])
def test_a_match_file_that_is_no_text_is_refused(content):
    with pytest.raises(UnreadableFile):
        read_match_file(content)


def test_every_row_of_a_match_file_is_accounted_for():
    rows = read_match_file(b'store key,track\na,b\n\n"unclosed,b\na,b,c\n')

    assert [(row.number, row.fault) for row in rows] == [(2, ""), (4, ""), (5, "too_many_cells")]


# Releases -------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_release_whose_tracks_become_known_late_spreads_by_the_tariffs_key(rita):
    store = a_licensee(release_key="duration")
    long, short = a_track(duration_seconds=300), a_track(duration_seconds=100)
    line = {"DspReleaseId": "R1", "ReleaseTitle": "Album", "ReleaseDisplayArtistName": "Kino"}
    a_report(store, flat_lines(line | {"PriceConsumerPaidExcSalesTax": "10"}))
    key = StoreKey.objects.get(kind="release")
    album = Release.objects.create(title="Album", artist="Kino", name_key="album|kino")
    (outcome,) = decide(rita, Choice(key, Act.MATCH, (album.public_id,)))
    assert (outcome.release, Sale.objects.get().track) == (album, None)

    for number, track in enumerate((long, short), 1):
        ReleaseTrack.objects.create(release=album, track=track, sequence=number)
    services.follow_tracklists(now=NOW)
    parts = {sale.track_id: sale.base for sale in Sale.objects.all()}
    assert parts == {long.pk: D("7.5"), short.pk: D("2.5")}
    assert sum(places().values()) == D("1.5")
    assert {place for _, place, _ in places()} == {"unclaimed"}

    third = a_track(duration_seconds=400)
    ReleaseTrack.objects.create(release=album, track=third, sequence=3)
    services.follow_tracklists(now=NOW)
    assert of(third) == {("unclaimed", ""): "0.75"}
    assert sum(places().values()) == D("1.5")
    assert services.follow_tracklists(now=NOW) == 0
