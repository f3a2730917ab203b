"""What of an opt-out is still out, what would come back, and what keeps tracks out all the same."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from catalog import selectors as catalog
from catalog.models import Return, TerritorySet, Track, TrackWork, Withdrawal
from claims.models import CatalogueTransfer, NoticeRow, OptOut, Reentry, TakedownNotice
from claims.selectors.people import Person, may_review
from sales.models import Licensee


def withdrawals_of(opt_out: OptOut) -> QuerySet[Withdrawal]:
    """This will list what an opt-out took out, as it stands today, also what goes on after a return to some stores."""
    return Withdrawal.objects.filter(source=opt_out.public_id).exclude(start=F("end"))


def still_out(
    opt_out: OptOut,
    day: date,
    *,
    track_ids: "Collection[int] | QuerySet[Any, Any] | None" = None,
    rights: Iterable[str] = (),
    licensee_ids: Collection[int] = (),
) -> QuerySet[Withdrawal]:
    """This will list the withdrawals of an opt-out that a return on `day` would end: of some tracks, or of all."""
    return ending(withdrawals_of(opt_out), day, track_ids=track_ids, rights=rights, licensee_ids=licensee_ids)


def ending(
    found: QuerySet[Withdrawal],
    day: date,
    *,
    track_ids: "Collection[int] | QuerySet[Any, Any] | None" = None,
    rights: Iterable[str] = (),
    licensee_ids: Collection[int] = (),
) -> QuerySet[Withdrawal]:
    """This will keep those that a return on `day` would end: of these tracks and rights, out of one of these stores.

    None named: of all.
    """
    found = found.filter(Q(end=None) | Q(end__gt=day))
    if rights:
        found = found.filter(right__in=list(rights))
    if track_ids is not None:
        works = TrackWork.objects.filter(track__in=track_ids).values("work")
        found = found.filter(Q(track__in=track_ids) | Q(work__in=works))
    if licensee_ids:
        reach = Q()
        for store in licensee_ids:
            names = Q(licensee_ids=[]) | Q(licensee_ids__contains=[store])
            reach |= names & ~Q(except_licensee_ids__contains=[store])
        found = found.filter(reach)
    return found.order_by("pk")


def among(out: QuerySet[Withdrawal], track_ids: Collection[int]) -> set[int]:
    """This will tell which of these tracks any of these withdrawals keeps out."""
    out = out.order_by()
    works = TrackWork.objects.filter(work__in=out.filter(work__isnull=False).values("work_id"))
    bearing = Q(pk__in=out.filter(track__isnull=False).values("track_id")) | Q(pk__in=works.values("track_id"))
    return set(Track.objects.filter(bearing, pk__in=track_ids).values_list("pk", flat=True))


Reach = tuple[int, list[int], list[int]]
"""Where a withdrawal holds: its territory set, the stores it names (none: all), the stores it does not reach."""


class Alike(NamedTuple):
    """Tracks alike: where what comes back held, where something else keeps them out, how many they are."""

    back: list[Reach]
    kept: list[Reach]
    tracks: int


def is_free(alike: Alike, bits: Mapping[int, int], licensee_id: int | None = None) -> bool:
    """This will tell whether tracks may be sold again anywhere by what came back, given what still keeps them out.

    By one store; without it, by a store that none of what still keeps them out names apart. `bits`: territory sets.
    """
    free = 0
    for place, named, excepted in alike.back:
        if licensee_id is None or _reaches(named, excepted, licensee_id):
            free |= bits[place]
    for place, named, excepted in alike.kept:
        if not named if licensee_id is None else _reaches(named, excepted, licensee_id):
            free &= ~bits[place]
    return free != 0


def _reaches(named: Collection[int], excepted: Collection[int], store: int) -> bool:
    return store not in excepted and (not named or store in named)


def bits_of(groups: Iterable[Alike]) -> dict[int, int]:
    """This will read the territory sets these tracks are about."""
    ids = {place for one in groups for place, _named, _excepted in (*one.back, *one.kept)}
    return {place.pk: place.bits for place in TerritorySet.objects.filter(pk__in=ids)}


@dataclass(frozen=True, slots=True)
class Coming:
    """What a return would bring back, before anybody signs."""

    withdrawals: int
    tracks: int
    still_out: int


def preview_return(out: QuerySet[Withdrawal], day: date, *, licensee_ids: Collection[int] = ()) -> Coming:
    """This will count what would come back on a day, to all stores or to these, and how many tracks stay out there.

    `out`: as `ending` lists them. One statement however many tracks: it groups them by where what comes back held and
    by what else keeps them out.
    """
    back, facts = ending_rows(out)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH back {BACK} AS ({back}), {KEPT} {COUNTED}", [*facts, *[day] * KEPT.count("%s")])
        (_none, _nobody, withdrawals), *rows = cursor.fetchall()
    groups = [Alike(json.loads(back), json.loads(kept), count) for back, kept, count in rows]
    bits = bits_of(groups)
    places: Sequence[int | None] = sorted(licensee_ids) or [None]
    stays = sum(one.tracks for one in groups if not any(is_free(one, bits, store) for store in places))
    return Coming(withdrawals, sum(one.tracks for one in groups), stays)


def ending_rows(out: QuerySet[Withdrawal]) -> tuple[str, Sequence[Any]]:
    """This will give the statement that reads withdrawals as `BACK`, and its values."""
    columns = ("pk", "track_id", "work_id", "territories_id", "licensee_ids", "except_licensee_ids")
    statement, values = out.order_by().values_list(*columns).query.sql_with_params()
    return statement, values


BACK = "(id, track_id, work_id, territories_id, licensee_ids, except_licensee_ids)"
KEPT = """own AS (
    SELECT track_id,
        jsonb_agg(DISTINCT jsonb_build_array(territories_id, licensee_ids, except_licensee_ids)) AS back
    FROM (
        SELECT track_id, territories_id, licensee_ids, except_licensee_ids FROM back WHERE track_id IS NOT NULL
        UNION ALL
        SELECT p.track_id, b.territories_id, b.licensee_ids, b.except_licensee_ids
        FROM back b JOIN catalog_trackwork p ON p.work_id = b.work_id
    ) bearing GROUP BY track_id
), keeping AS (
    SELECT o.track_id, w.id, w.territories_id, w.licensee_ids, w.except_licensee_ids
    FROM own o JOIN catalog_withdrawal w ON w.track_id = o.track_id
    WHERE w.start <= %s AND (w."end" IS NULL OR w."end" > %s)
    UNION ALL
    SELECT o.track_id, w.id, w.territories_id, w.licensee_ids, w.except_licensee_ids
    FROM own o JOIN catalog_trackwork p ON p.track_id = o.track_id JOIN catalog_withdrawal w ON w.work_id = p.work_id
    WHERE greatest(w.start, p.start) <= %s AND coalesce(least(w."end", p."end"), 'infinity') > %s
), kept AS (
    SELECT track_id,
        jsonb_agg(DISTINCT jsonb_build_array(territories_id, licensee_ids, except_licensee_ids)) AS kept
    FROM keeping k WHERE NOT EXISTS (SELECT FROM back b WHERE b.id = k.id) GROUP BY track_id
)"""
"""Of the withdrawals in `back`: their tracks with where they held, and where something else keeps them out on a day."""
COUNTED = """
SELECT NULL, NULL, count(*) FROM back
UNION ALL
SELECT * FROM (
    SELECT o.back, coalesce(k.kept, '[]'), count(*) FROM own o LEFT JOIN kept k USING (track_id) GROUP BY 1, 2
) groups
"""


def stores_told(reentry: Reentry) -> list[Licensee]:
    """This will list the stores whose notices name something that came back by this act."""
    rows = NoticeRow.withdrawals.through.objects.filter(withdrawal__returns__source=reentry.public_id)
    told = TakedownNotice.objects.filter(kind=TakedownNotice.Kind.TAKEDOWN, pk__in=rows.values("noticerow__notice"))
    return list(Licensee.objects.filter(pk__in=told.values("licensee")).order_by("pk"))


def rows_that_came_back(today: date) -> QuerySet[NoticeRow]:
    """This will list the rows of notices that ask for something although nothing of them is out any more."""
    asking = [state.value for state in NoticeRow.State if state not in (*NoticeRow.CLOSED, NoticeRow.State.BREACHED)]
    facts = NoticeRow.withdrawals.through.objects.filter(noticerow=OuterRef("pk"))
    back = Q(withdrawal__end__lte=today)
    rows = NoticeRow.objects.filter(notice__kind=TakedownNotice.Kind.TAKEDOWN, state__in=asking)
    return rows.filter(Exists(facts.filter(back)), ~Exists(facts.exclude(back)))


def reentries_of(opt_out: OptOut) -> QuerySet[Reentry]:
    """This will list the acts that brought tracks of an opt-out back, newest first."""
    acts = Reentry.objects.filter(opt_out=opt_out).select_related("by", "note")
    return acts.prefetch_related("licensees", "notices__licensee").order_by("-pk")


def returns_of_transfer(transfer: CatalogueTransfer) -> QuerySet[Reentry]:
    """This will list the acts by which who got a catalogue brought tracks of it back, newest first."""
    return Reentry.objects.filter(transfer=transfer).prefetch_related("licensees", "notices").order_by("-pk")


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
