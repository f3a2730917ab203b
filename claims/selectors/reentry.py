"""What of an opt-out is still out, what would come back, and what keeps tracks out all the same."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet

from catalog import selectors as catalog
from catalog.models import Return, TerritorySet, Track, TrackWork, Withdrawal
from catalog.selectors import WithdrawalOn
from claims.models import NoticeRow, OptOut, Reentry, TakedownNotice
from claims.selectors.people import Person, may_review
from sales.models import Licensee


def withdrawals_of(opt_out: OptOut) -> QuerySet[Withdrawal]:
    """This will list what an opt-out took out, as it stands today, also what goes on after a return to some stores."""
    return Withdrawal.objects.filter(source=opt_out.public_id).exclude(start=F("end"))


def still_out(
    opt_out: OptOut, day: date, *, track_ids: Collection[int] | None = None, rights: Iterable[str] = ()
) -> QuerySet[Withdrawal]:
    """This will list the withdrawals of an opt-out that a return on `day` would end: of some tracks, or of all."""
    found = withdrawals_of(opt_out).filter(Q(end=None) | Q(end__gt=day))
    if rights:
        found = found.filter(right__in=list(rights))
    if track_ids is not None:
        works = TrackWork.objects.filter(track__in=track_ids).values("work")
        found = found.filter(Q(track__in=track_ids) | Q(work__in=works))
    return found.order_by("pk")


def tracks_of_withdrawals(withdrawals: Collection[Withdrawal]) -> dict[int, list[Withdrawal]]:
    """This will give the tracks these withdrawals keep out, each with those of them that do."""
    by_work: dict[int, list[Withdrawal]] = defaultdict(list)
    found: dict[int, list[Withdrawal]] = defaultdict(list)
    for one in withdrawals:
        if one.track_id is not None:
            found[one.track_id].append(one)
        elif one.work_id is not None:
            by_work[one.work_id].append(one)
    played = TrackWork.objects.filter(work__in=by_work).order_by("pk").values_list("track_id", "work_id").distinct()
    for track, work in played:
        found[track] += [one for one in by_work[work] if one not in found[track]]
    return dict(found)


def kept_out(track_ids: Collection[int], day: date, *, without: Collection[int] = ()) -> dict[int, list[WithdrawalOn]]:
    """This will give, per track, the withdrawals in force on a day, of anybody; those in `without` left out."""
    found: dict[int, list[WithdrawalOn]] = defaultdict(list)
    for one in catalog.withdrawals_for_tracks(track_ids):
        if one.withdrawal_id not in without and one.start <= day and (one.end is None or one.end > day):
            found[one.track_id].append(one)
    return dict(found)


def comes_back(back: Iterable[Withdrawal], keeping: Iterable[WithdrawalOn], licensee_id: int | None = None) -> bool:
    """This will tell whether a track may be sold again anywhere by what came back, given what still keeps it out.

    Of one store; without it, of a store that none of what still keeps it out names apart.
    """
    free = 0
    for one in back:
        free |= one.territories.bits
    for other in keeping:
        if other.reaches(licensee_id) if licensee_id is not None else not other.licensee_ids:
            free &= ~other.territories
    return free != 0


@dataclass(frozen=True, slots=True)
class Coming:
    """What a return would bring back, before anybody signs."""

    withdrawals: int
    tracks: int
    still_out: int


def preview_return(
    opt_out: OptOut,
    day: date,
    *,
    track_ids: Collection[int] | None = None,
    rights: Iterable[str] = (),
    licensee_ids: Collection[int] = (),
) -> Coming:
    """This will count what would come back on a day, to all stores or to these, and how many tracks stay out there.

    One statement however many tracks: it groups them by the territories that come back and by what else keeps them out.
    """
    asked = {
        "source": opt_out.public_id,
        "day": day,
        "rights": list(rights),
        "stores": sorted(licensee_ids),
        "tracks": None if track_ids is None else sorted(track_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(COMING, asked)
        (_none, _nobody, withdrawals), *rows = cursor.fetchall()
    groups = [(sets, json.loads(by), count) for sets, by, count in rows]
    ids = {place for sets, by, _count in groups for place in (*sets, *(one[0] for one in by))}
    bits = {place.pk: place.bits for place in TerritorySet.objects.filter(pk__in=ids)}
    tracks = stays = 0
    for sets, by, count in groups:
        tracks += count
        if not any(_is_free(sets, by, bits, store) for store in asked["stores"] or [None]):
            stays += count
    return Coming(withdrawals, tracks, stays)


def _is_free(
    sets: Sequence[int], by: Sequence[tuple[int, list[int], list[int]]], bits: dict[int, int], store: int | None
) -> bool:
    """Whether anything of the territories that come back is left by what else keeps the tracks out; as `comes_back`."""
    free = 0
    for place in sets:
        free |= bits[place]
    for place, named, excepted in by:
        reaches = not named if store is None else store not in excepted and (not named or store in named)
        if reaches:
            free &= ~bits[place]
    return free != 0


COMING = """
WITH back AS (
    SELECT w.id, w.track_id, w.work_id, w.territories_id FROM catalog_withdrawal w
    WHERE w.source = %(source)s AND w.start IS DISTINCT FROM w."end" AND (w."end" IS NULL OR w."end" > %(day)s)
        AND (%(rights)s::text[] = '{}' OR w."right" = ANY (%(rights)s::text[]))
        AND (%(tracks)s::bigint[] IS NULL OR w.track_id = ANY (%(tracks)s::bigint[])
            OR w.work_id IN (SELECT work_id FROM catalog_trackwork WHERE track_id = ANY (%(tracks)s::bigint[])))
        AND (%(stores)s::bigint[] = '{}' OR EXISTS (
            SELECT FROM unnest(%(stores)s::bigint[]) AS store WHERE NOT store = ANY (w.except_licensee_ids)
                AND (w.licensee_ids = '{}' OR store = ANY (w.licensee_ids))))
), own AS (
    SELECT track_id, array_agg(DISTINCT territories_id ORDER BY territories_id) AS sets FROM (
        SELECT track_id, territories_id FROM back WHERE track_id IS NOT NULL
        UNION
        SELECT p.track_id, b.territories_id FROM back b JOIN catalog_trackwork p ON p.work_id = b.work_id
    ) bearing GROUP BY track_id
), keeping AS (
    SELECT o.track_id, w.id, w.territories_id, w.licensee_ids, w.except_licensee_ids
    FROM own o JOIN catalog_withdrawal w ON w.track_id = o.track_id
    WHERE w.start <= %(day)s AND (w."end" IS NULL OR w."end" > %(day)s)
    UNION ALL
    SELECT o.track_id, w.id, w.territories_id, w.licensee_ids, w.except_licensee_ids
    FROM own o JOIN catalog_trackwork p ON p.track_id = o.track_id JOIN catalog_withdrawal w ON w.work_id = p.work_id
    WHERE greatest(w.start, p.start) <= %(day)s AND coalesce(least(w."end", p."end"), 'infinity') > %(day)s
), kept AS (
    SELECT track_id,
        jsonb_agg(DISTINCT jsonb_build_array(territories_id, licensee_ids, except_licensee_ids)) AS by
    FROM keeping k WHERE NOT EXISTS (SELECT FROM back b WHERE b.id = k.id) GROUP BY track_id
)
SELECT NULL, NULL, count(*) FROM back
UNION ALL
SELECT * FROM (
    SELECT o.sets, coalesce(k.by, '[]'), count(*) FROM own o LEFT JOIN kept k USING (track_id) GROUP BY 1, 2
) groups
"""


def stores_told(withdrawal_ids: Collection[int]) -> list[Licensee]:
    """This will list the stores whose notices name one of these withdrawals."""
    told = TakedownNotice.objects.filter(
        kind=TakedownNotice.Kind.TAKEDOWN,
        pk__in=NoticeRow.withdrawals.through.objects.filter(withdrawal__in=withdrawal_ids).values("noticerow__notice"),
    )
    return list(Licensee.objects.filter(pk__in=told.values("licensee")).order_by("pk"))


def rows_that_came_back(today: date, *, notice_ids: Collection[int] | None = None) -> dict[int, list[int]]:
    """This will find rows of notices that ask for something although nothing of them is out any more, by notice."""
    asking = [state.value for state in NoticeRow.State if state not in (*NoticeRow.CLOSED, NoticeRow.State.BREACHED)]
    only = "" if notice_ids is None else "AND n.id = ANY (%(notices)s)"
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            CAME_BACK.format(only=only),
            {"today": today, "states": asking, "notices": list(notice_ids or ())},
        )
        for notice, row in cursor.fetchall():
            found[notice].append(row)
    return dict(found)


CAME_BACK = """
SELECT n.id, r.id FROM claims_noticerow r JOIN claims_takedownnotice n ON n.id = r.notice_id
WHERE n.kind = 'takedown' AND r.state = ANY (%(states)s) {only}
    AND EXISTS (
        SELECT FROM claims_noticerow_withdrawals x JOIN catalog_withdrawal w ON w.id = x.withdrawal_id
        WHERE x.noticerow_id = r.id AND w."end" <= %(today)s)
    AND NOT EXISTS (
        SELECT FROM claims_noticerow_withdrawals x JOIN catalog_withdrawal w ON w.id = x.withdrawal_id
        WHERE x.noticerow_id = r.id AND (w."end" IS NULL OR w."end" > %(today)s))
ORDER BY 1, 2
"""


def reentries_of(opt_out: OptOut) -> QuerySet[Reentry]:
    """This will list the acts that brought tracks of an opt-out back, newest first."""
    acts = Reentry.objects.filter(opt_out=opt_out).select_related("by", "note")
    return acts.prefetch_related("licensees", "notices__licensee").order_by("-pk")


def may_order_return(user: Person, opt_out: OptOut) -> bool:
    """This will tell whether somebody may order, as a person at ROMS, what the holder has not asked for."""
    return may_review(user) and opt_out.status == OptOut.Status.GRANTED


# One track, for everybody ---------------------------------------------------------------------------------------------
class InOut(NamedTuple):
    """One dated fact about a track: a right out of stores from a day, until another or further notice. Never whose."""

    withdrawal: str
    right: str
    start: date
    end: date | None
    territories: str
    is_every_store: bool
    came_back: bool
    """Ended by a return, not by the day it was asked for."""
    is_over: bool


@dataclass(frozen=True, slots=True)
class InOutOfTrack:
    """The dated facts about one track, oldest first, and whether it is out today."""

    facts: list[InOut] = field(default_factory=list)
    in_force: int = 0


def in_and_out(track: Track, day: date) -> InOutOfTrack:
    """This will list when a track left and came back, of itself or with its works; only public columns are read."""
    rows = catalog.withdrawals_of_track(catalog.public_withdrawals(), track.public_id).exclude(start=F("end"))
    back = Prefetch("returns", queryset=Return.objects.only("withdrawal_id", "start"))
    facts = [
        InOut(
            one.public_id,
            one.right,
            one.start,
            one.end,
            one.territories.label,
            not one.licensee_ids and not one.except_licensee_ids,
            any(fact.start == one.end for fact in one.returns.all()),
            one.end is not None and one.end <= day,
        )
        for one in rows.prefetch_related(back).order_by("start", "pk")
    ]
    return InOutOfTrack(facts, sum(fact.start <= day and (fact.end is None or fact.end > day) for fact in facts))
