"""Shares and withdrawals are written by services, shortened, and asked about by track."""

from datetime import date
from decimal import Decimal

import pytest

from catalog import selectors, services, territories
from catalog.models import RightsShare, TrackWork, Withdrawal
from catalog.territories import WORLD, bits_of
from core.workflow import events_of
from tests.factories import a_holder, a_share, a_track, a_withdrawal, a_work

pytestmark = pytest.mark.django_db


def day(month, number=1):
    return date(2006, month, number)


def draft(track, holder, percent, **fields):
    fields = {"right": "phonogram", "territories": territories.worldwide(), "source": "CLM-1"} | fields
    return RightsShare(track=track, holder=holder, percent=percent, **fields)


def test_record_shares_writes_all_and_returns_them_in_the_order_given():
    holder, tracks = a_holder(), [a_track(), a_track(), a_track()]

    shares = services.record_shares(shares=[draft(track, holder, 60) for track in reversed(tracks)])

    assert [share.track for share in shares] == tracks[::-1]
    assert all(share.pk for share in shares)


def test_record_shares_says_which_share_is_too_much_and_writes_none():
    holder, first, second = a_holder(), a_track(), a_track()
    a_share(second, percent=50, start=day(3))

    with pytest.raises(services.ShareLimitExceeded) as refused:
        services.record_shares(shares=[draft(first, holder, 60), draft(second, holder, 60)])

    found = refused.value
    assert (found.kind, found.subject_id, found.right, found.start) == ("track", second.pk, "phonogram", day(3))
    assert RightsShare.objects.count() == 1
    services.record_share(share=draft(second, holder, 50))


def test_a_share_is_shortened_never_lengthened_and_remembers_who_did_it(rita, now):
    share = a_share(a_track(), start=day(1), end=day(6))

    for end in (day(7), date(2005, 12, 31)):
        with pytest.raises(services.EndsWrongly):
            services.end_share(share=share, end=end, by=rita, now=now)
    services.end_share(share=share, end=day(3), by=rita, now=now, reason="Sold.")

    share.refresh_from_db()
    assert share.end == day(3)
    assert [(event.to_status, event.by, event.note.text) for event in events_of(share)] == [("ended", rita, "Sold.")]


def test_a_share_since_ever_can_be_ended_so_that_it_holds_on_no_day(rita, now):
    share = a_share(a_track())

    services.end_share(share=share, end=date.min, by=rita, now=now)

    assert selectors.shares_for_tracks([share.track_id]) == []
    a_share(share.track)


def test_shares_for_tracks_looks_through_works_for_the_right_in_the_song():
    track, other = a_track(), a_track()
    recording = a_share(track, percent=70)
    song = a_work("Medley part", track, percent=40)
    author = a_share(song, percent=50, start=day(2), territories=territories.resolve(["RU"]))
    a_share(other)
    a_share(track, right="performance", start=day(1), end=day(1))

    found = selectors.shares_for_tracks([track.pk])

    assert [(one.share_id, one.right, one.percent, one.start, one.territories) for one in found] == [
        (recording.pk, "phonogram", Decimal(70), None, WORLD),
        (author.pk, "work", Decimal(20), day(2), bits_of("RU")),
    ]
    assert selectors.shares_for_tracks([track.pk], ["performance"]) == []


def test_a_share_of_a_work_counts_only_while_the_track_plays_it():
    track, song = a_track(), a_work()
    TrackWork.objects.create(track=track, work=song, start=day(3), end=day(6))
    for start, end in ((None, day(2)), (day(2), day(4)), (day(6), None)):
        a_share(song, start=start, end=end)

    found = selectors.shares_for_tracks([track.pk], ["work"])

    assert [(one.start, one.end) for one in found] == [(day(3), day(4))]


def test_owners_on_a_day_in_a_territory():
    track = a_track()
    before = a_share(track, end=day(3))
    after = a_share(track, start=day(3), territories=territories.resolve(["RU"]))

    def owners(when, code="2136"):
        return [one.share_id for one in selectors.owners_on([track.pk], "phonogram", when, bits_of(code))[track.pk]]

    assert owners(day(2)) == [before.pk]
    assert owners(day(3)) == [after.pk]
    assert owners(day(3), "DE") == []


def test_shares_and_withdrawals_of_many_tracks_are_one_query_each(django_assert_num_queries):
    tracks = [a_track() for _ in range(5)]
    for track in tracks:
        a_share(track)
        a_share(a_work("", track))
    ids = [track.pk for track in tracks]

    with django_assert_num_queries(1):
        assert len(selectors.shares_for_tracks(ids)) == 10
    with django_assert_num_queries(1):
        assert selectors.withdrawals_for_tracks(ids) == []


def test_withdrawals_for_tracks_looks_through_works_too():
    track = a_track()
    song = a_work("", track)
    own = a_withdrawal(track, start=day(5), licensee_ids=[7])
    through = a_withdrawal(song, start=day(6), end=day(8))
    a_withdrawal(track, start=day(1), end=day(1))

    found = selectors.withdrawals_for_tracks([track.pk])

    assert [(one.withdrawal_id, one.right, one.start, one.end, one.licensee_ids) for one in found] == [
        (own.pk, "phonogram", day(5), None, [7]),
        (through.pk, "work", day(6), day(8), []),
    ]


def test_a_withdrawal_ends_by_a_return_and_others_go_on():
    track = a_track()
    mine, other = a_withdrawal(track, start=day(1)), a_withdrawal(track, start=day(1))

    assert services.record_returns(withdrawal_ids=[mine.pk], start=day(3), source="test") == 1
    with pytest.raises(services.EndsWrongly):
        services.record_returns(withdrawal_ids=[mine.pk], start=day(3), source="test")

    assert (mine.returns.get().start, mine.further.count()) == (day(3), 0)
    assert [row.end for row in Withdrawal.objects.order_by("pk")] == [day(3), None]
    assert other.returns.count() == 0


def test_the_public_register_never_reads_who_withdrew(django_assert_num_queries):
    track = a_track()
    a_withdrawal(track, start=day(1), end=day(3))
    a_withdrawal(track, start=day(2))

    with django_assert_num_queries(1):
        rows = list(selectors.public_withdrawals())
        assert [(row.start, row.track.title, row.territories.label) for row in rows] == [
            (day(2), track.title, "Worldwide"),
            (day(1), track.title, "Worldwide"),
        ]
    assert {"holder_id", "source", "basis"} <= rows[0].get_deferred_fields()
    assert [row.start for row in selectors.public_withdrawals(day=day(3))] == [day(2)]


def test_a_track_gets_one_work_however_often_it_is_asked_for():
    track = a_track("Песня")

    first = services.ensure_work_for_track(track_id=track.pk, source="CLM-1")
    second = services.ensure_work_for_track(track_id=track.pk, source="CLM-2")

    assert first == second
    assert (first.title, track.work_parts.get().source) == ("Песня", "CLM-1")


def test_the_works_of_a_track_stay_within_it():
    track = a_track()
    one, other = services.add_work(title="One", iswc="T-034.524.680-1", authors=["Alice", "Bob"]), a_work()
    services.link_track_to_work(track=track, work=one, percent=Decimal(60))
    services.link_track_to_work(track=track, work=one, percent=Decimal(60))

    with pytest.raises(services.PartLimitExceeded) as refused:
        services.link_track_to_work(track=track, work=other, percent=Decimal(41))

    assert refused.value.track_id == track.pk
    assert [author.name for author in one.authors.order_by("pk")] == ["Alice", "Bob"]
    with pytest.raises(services.WrongNumber):
        services.add_work(title="Two", iswc="T0345246802")
