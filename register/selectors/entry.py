"""Finding entries of the register. Every list is an index look-up that goes on after an entry, not after a number.

A search is one of: a number of the register, of an opt-out, a notice or a track; an ISRC; the name of a store; words of
title and artist, in either script, the last one perhaps unfinished. Words lead by the catalogue's index to tracks and
from there to the opt-outs that took them out; words of very many are cut at CASES_MAX rows, and the page says so.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Max, Q, QuerySet

from catalog.isrc import BadIsrc, normalise_isrc
from catalog.models import Track, TrackIsrc, Withdrawal
from catalog.names import words
from claims.models import (
    Appeal,
    ComplianceFinding,
    CounterNotice,
    Decision,
    NoticeRow,
    OptOut,
    OptOutLine,
    Reentry,
    TakedownNotice,
)
from claims.reasons import EVENTS
from core.ids import BadPublicId, normalise_public_id
from core.models import Event
from register.models import Entry, Passage, PassageText
from sales.models import Licensee

CASES_MAX: Final = 2000
PREFIX_LENGTH_MIN: Final = 3
WORDS_MAX: Final = 8
TITLES_SHOWN: Final = 3
RELATED_SHOWN: Final = 50
_STATES: Final[dict[str, Any]] = {
    Entry.Kind.OPT_OUT: OptOut.Status,
    Entry.Kind.NOTICE: TakedownNotice.Status,
    Entry.Kind.OBJECTION: CounterNotice.Status,
    Entry.Kind.CONTEST: CounterNotice.Status,
    Entry.Kind.DECISION: Decision.Outcome,
    Entry.Kind.RETURN: Reentry.Ground,
    Entry.Kind.BREACH: ComplianceFinding.Status,
    Entry.Kind.APPEAL: Appeal.Status,
}

_NUMBERED: Final = tuple(kind for kind in Entry.Kind if kind != Entry.Kind.DECISION)
"""Kinds whose number is their own."""

_NUMBER_OF: Final = (
    Entry,
    Track,
    OptOut,
    TakedownNotice,
    CounterNotice,
    Reentry,
    ComplianceFinding,
    Appeal,
)
_PREFIXES: Final = {model._meta.get_field("public_id").prefix for model in _NUMBER_OF}
"""What a number of the register begins with; anything else of that shape is words with a hyphen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for; `after` is the entry the page before ended with."""

    words: str = ""
    kind: str = ""
    state: str = ""
    store: Licensee | None = None
    first_day: date | None = None
    last_day: date | None = None
    after: Entry | None = None


@dataclass(slots=True)
class Found:
    """One page of entries, newest first. `last`: go on after it; None at the end. `is_cut`: words too common."""

    entries: list[Entry] = field(default_factory=list)
    last: Entry | None = None
    is_cut: bool = False


class _Meant(NamedTuple):
    """What words stand for: a condition on entries, and whether they were cut."""

    condition: Q
    is_cut: bool = False


# Lists --------------------------------------------------------------------------------------------------------------
def find(asked: Asked, *, size: int) -> Found:
    """This will find a page of entries in a fixed number of statements."""
    meant = _meant(asked.words)
    if meant is None:
        return Found()
    rows = Entry.objects.filter(meant.condition)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.first_day:
        rows = rows.filter(at__gte=_midnight(asked.first_day))
    if asked.last_day and asked.last_day < date.max:
        rows = rows.filter(at__lt=_midnight(asked.last_day + timedelta(days=1)))
    if asked.after:
        rows = rows.filter(at__lte=asked.after.at).exclude(at=asked.after.at, pk__gte=asked.after.pk)
    entries = _newest(rows, asked.store, size + 1)
    return Found(entries[:size], entries[size - 1] if len(entries) > size else None, meant.is_cut)


def _newest(rows: QuerySet[Entry], store: Licensee | None, limit: int) -> list[Entry]:
    """The newest; of a store: its own, and those about several stores or all that reach it, each by its index."""
    if store is None:
        picked = list(rows.order_by("-at", "-pk").values_list("pk", flat=True)[:limit])
    else:
        shared = rows.filter(licensee=None).filter(Q(store_ids=[]) | Q(store_ids__contains=[store.pk]))
        both = [
            pair
            for part in (rows.filter(licensee=store), shared)
            for pair in part.order_by("-at", "-pk").values_list("at", "pk")[:limit]
        ]
        picked = [pk for _at, pk in sorted(both, reverse=True)[:limit]]
    kept = Entry.objects.select_related("opt_out__holder", "opt_out__territories", "licensee").in_bulk(picked)
    return [kept[pk] for pk in picked]


def _meant(typed: str) -> _Meant | None:
    """Say what words stand for; None: nothing in the register can be meant."""
    typed = " ".join(typed.split())
    if not typed:
        return _Meant(Q())
    number = _numbered(typed)
    if number is not None:
        return _Meant(number)
    try:
        isrc = normalise_isrc(typed)
    except BadIsrc:
        pass
    else:
        return _of_tracks(list(TrackIsrc.objects.filter(isrc=isrc).values_list("track_id", flat=True)))
    store = Licensee.objects.filter(name__iexact=typed).first()
    if store is not None:
        return _Meant(Q(licensee=store))
    return _of_words(typed)


def _numbered(typed: str) -> Q | None:
    try:
        number = normalise_public_id(typed)
    except BadPublicId:
        return None
    prefix = number.partition("-")[0]
    if prefix not in _PREFIXES:
        return None
    if prefix == "REG":
        return Q(public_id=number)
    if prefix == "TRK":
        taken = OptOutLine.objects.filter(track__public_id=number, outcome=OptOutLine.Outcome.ACCEPTED)
        return Q(opt_out__in=list(taken.values_list("opt_out", flat=True)))
    if prefix == "OPT":
        return Q(opt_out__in=list(OptOut.objects.filter(public_id=number).values_list("pk", flat=True)))
    return Q(number=number)


def _of_tracks(track_ids: Collection[int]) -> _Meant | None:
    taken = OptOutLine.objects.filter(track__in=track_ids, outcome=OptOutLine.Outcome.ACCEPTED)
    cases = set(taken.values_list("opt_out", flat=True)[: CASES_MAX + 1])
    return _Meant(Q(opt_out__in=cases), len(cases) > CASES_MAX) if cases else None


def _of_words(typed: str) -> _Meant | None:
    asked = list(words(typed)[:WORDS_MAX])
    if not asked:
        return None
    terms = asked[:-1] + ([f"{asked[-1]}:*"] if len(asked[-1]) >= PREFIX_LENGTH_MIN else asked[-1:])
    with connection.cursor() as cursor:
        cursor.execute(_BY_WORDS, [" & ".join(terms), CASES_MAX + 1])
        rows = cursor.fetchall()
    cases = {case for (case,) in rows}
    return _Meant(Q(opt_out__in=cases), len(rows) > CASES_MAX) if cases else None


_BY_WORDS = """
SELECT l.opt_out_id FROM catalog_track t
JOIN claims_optoutline l ON l.track_id = t.id AND l.outcome = 'accepted'
WHERE to_tsvector('simple'::regconfig, coalesce(t.search_text, '')) @@ to_tsquery('simple'::regconfig, %s) LIMIT %s
"""
"""The expression of the catalogue's index track_search_words."""


def titles(entries: Collection[Entry], *, shown: int = TITLES_SHOWN) -> dict[int, list[str]]:
    """This will give the first tracks that left, by opt-out; none where nothing was granted."""
    cases = sorted({entry.opt_out_id for entry in entries if entry.track_count})
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_TITLES, [cases, shown])
        rows = cursor.fetchall()
    found: dict[int, list[str]] = {}
    for case, artist, title in rows:
        found.setdefault(case, []).append(f"{artist} – {title}")
    return found


_FIRST_TITLES = """
SELECT asked.id, t.artist, t.title FROM unnest(%s::bigint[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT track_id, row_no FROM claims_optoutline l
    WHERE l.opt_out_id = asked.id AND l.outcome = 'accepted' ORDER BY row_no LIMIT %s
) l
JOIN catalog_track t ON t.id = l.track_id ORDER BY asked.id, l.row_no
"""


def stores() -> list[Licensee]:
    """This will list the stores by name, for the filter."""
    return list(Licensee.objects.order_by("name", "pk"))


def stores_of(entry: Entry) -> list[Licensee]:
    """This will list the stores an entry is about; none: all of them."""
    if entry.licensee is not None:
        return [entry.licensee]
    return list(Licensee.objects.filter(pk__in=entry.store_ids).order_by("name", "pk")) if entry.store_ids else []


def state_choices() -> list[tuple[str, str]]:
    """This will list every state an entry can have, with its words, as the models themselves declare them."""
    choices: dict[str, str] = {}
    for states in _STATES.values():
        choices |= {value: str(label) for value, label in states.choices if value != OptOut.Status.DRAFT}
    return list(choices.items())


def state_words(entry: Entry) -> str:
    """This will say the state of an entry in words; a state nobody has words for is shown as it is."""
    return str(dict(_STATES[entry.kind].choices).get(entry.state, entry.state))


def changed_at() -> datetime | None:
    """This will say when the register last changed."""
    newest: datetime | None = Entry.objects.aggregate(newest=Max("changed_at"))["newest"]
    return newest


# One entry ----------------------------------------------------------------------------------------------------------
def entry_by_number(typed: str) -> Entry | None:
    """This will find the entry of a register number, or the first one of the number of an opt-out or notice."""
    try:
        number = normalise_public_id(typed)
    except BadPublicId:
        return None
    rows = Entry.objects.select_related("opt_out__holder", "opt_out__territories", "licensee")
    if number.startswith("REG-"):
        return rows.filter(public_id=number).first()
    return rows.filter(number=number, kind__in=_NUMBERED).first()


def entry_changed_at(entry: Entry) -> datetime | None:
    """This will say when anything about the case of an entry last changed."""
    newest: datetime | None = Entry.objects.filter(opt_out=entry.opt_out_id).aggregate(newest=Max("changed_at"))[
        "newest"
    ]
    return newest


def related(entry: Entry) -> list[Entry]:
    """This will list what else the register has of the same case, newest first."""
    rows = Entry.objects.filter(opt_out=entry.opt_out_id).exclude(pk=entry.pk).select_related("licensee")
    return list(rows.order_by("-at", "-pk")[:RELATED_SHOWN])


def history(entry: Entry) -> list[dict[str, Any]]:
    """This will give the steps of an opt-out or a notice, newest first: what and when, never who."""
    if entry.kind in (Entry.Kind.DECISION, Entry.Kind.RETURN):
        return []
    labels = {value: str(label) for value, label in _STATES[entry.kind].choices}
    events = Event.objects.filter(noun=entry.noun, object_id=entry.object_id).order_by("-pk")
    return [
        {"at": event.at, "title": labels.get(event.to_status) or EVENTS.get(event.to_status, event.to_status)}
        for event in events
        if event.to_status != event.from_status and event.to_status != OptOut.Status.DRAFT
    ]


def words_published(entry: Entry) -> list[tuple[Passage, PassageText | None]]:
    """This will give the redacted words of an entry: each passage with its latest text, None while there is none."""
    shown: list[tuple[Passage, PassageText | None]] = []
    for passage in entry.passages.order_by("pk"):
        text = passage.texts.select_related("note").order_by("-pk").first()
        shown.append((passage, text if passage.status == Passage.Status.PUBLISHED else None))
    return shown


class Leaving(NamedTuple):
    """One track of an entry with the withdrawals behind it; of a notice also its row. `place`: where to go on after."""

    place: str
    track: Track
    withdrawals: list[Withdrawal]
    row: NoticeRow | None = None


def tracks_left(entry: Entry, *, after: str, size: int) -> tuple[list[Leaving], str]:
    """This will give a page of the tracks of an opt-out or a notice, and the place to go on after, empty at the end."""
    found = _lines(entry, after, size + 1) if entry.kind == Entry.Kind.OPT_OUT else _rows(entry, after, size + 1)
    return found[:size], found[size - 1].place if len(found) > size else ""


def _lines(entry: Entry, after: str, limit: int) -> list[Leaving]:
    lines = OptOutLine.objects.filter(opt_out=entry.opt_out_id, outcome=OptOutLine.Outcome.ACCEPTED)
    lines = lines.filter(row_no__gt=int(after) if after.isdecimal() and len(after) < 10 else 0)
    lines = lines.select_related("track").prefetch_related("track__isrcs", "withdrawals").order_by("row_no")
    return [
        Leaving(str(line.row_no), line.track, list(line.withdrawals.all()))
        for line in lines[:limit]
        if line.track is not None
    ]


def _rows(entry: Entry, after: str, limit: int) -> list[Leaving]:
    if entry.kind == Entry.Kind.BREACH:
        one = ComplianceFinding.objects.select_related("track", "withdrawal").get(pk=entry.object_id)
        assert one.track is not None
        assert one.withdrawal is not None
        return [] if after else [Leaving(one.track.public_id, one.track, [one.withdrawal])]
    if entry.kind != Entry.Kind.NOTICE:
        return []
    rows = NoticeRow.objects.filter(notice=entry.object_id).select_related("track")
    last = Track.objects.filter(public_id=after.replace("\x00", "")).values_list("pk", flat=True).first()
    if last is not None:
        rows = rows.filter(track__gt=last)
    rows = rows.prefetch_related("track__isrcs", "withdrawals").order_by("track")
    return [Leaving(row.track.public_id, row.track, list(row.withdrawals.all()), row) for row in rows[:limit]]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
