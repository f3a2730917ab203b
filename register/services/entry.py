"""Bringing the register up to date: what the Events touched is read again, and what differs is written.

It can run late, twice or at once: entries have a natural key, and one reader at a time holds the ReadUntil row.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

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
from core.models import Event
from register.models import Entry, Passage, ReadUntil

BATCH = 2000
SECONDS_MAX = 60
OUT_OF_ORDER = timedelta(minutes=15)
"""Longer than any transaction: an Event with a lower id than one already read may still be on its way."""
OPT_OUT, NOTICE, COUNTER = "claims.OptOut", "claims.TakedownNotice", "claims.CounterNotice"
DECISION, RETURN = "claims.Decision", "claims.Reentry"
FINDING, APPEAL = "claims.ComplianceFinding", "claims.Appeal"
NOUNS = (OPT_OUT, NOTICE, COUNTER, FINDING, APPEAL)
Kind = Entry.Kind
Key = tuple[str, int]


@dataclass(slots=True)
class _Words:
    """A passage that an entry may have: which part of it, and the note with the original."""

    part: str
    note_id: int | None = None


@dataclass(slots=True)
class _Found:
    """An entry as it should stand."""

    entry: Entry
    words: list[_Words] = field(default_factory=list)


def read_on(*, now: datetime) -> int:
    """This will bring the register up to date with every Event committed so far; returns how many entries changed.

    Stops after a minute; the next sweep goes on.
    """
    until, changed, at = monotonic() + SECONDS_MAX, 0, 0
    while monotonic() < until:
        with transaction.atomic():
            row = _reader()
            if row is None:
                return changed
            at = max(at, row.event_id)
            events = list(Event.objects.filter(pk__gt=at, noun__in=NOUNS).order_by("pk")[:BATCH])
            if not events:
                _settle(row, at, now)
                return changed
            changed += _write(events, now)
            at = events[-1].pk
            if now - events[-1].at >= OUT_OF_ORDER:  # nothing before it can still be on its way
                row.event_id = at
                row.save(update_fields=["event_id"])
    return changed


def _reader() -> ReadUntil | None:
    """Lock the place where the last reader stopped; None while another one reads."""
    ReadUntil.objects.get_or_create(pk=1)
    return ReadUntil.objects.select_for_update(skip_locked=True).filter(pk=1).first()


def _settle(row: ReadUntil, at: int, now: datetime) -> None:
    if row.seen_at is None or now - row.seen_at >= OUT_OF_ORDER:
        row.event_id, row.seen_id, row.seen_at = max(row.event_id, row.seen_id), at, now
        row.save(update_fields=["event_id", "seen_id", "seen_at"])


def _write(events: Collection[Event], now: datetime) -> int:
    opt_outs, notices, counters = (_ids(events, noun) for noun in (OPT_OUT, NOTICE, COUNTER))
    found = [*_opt_outs(opt_outs), *_decisions(opt_outs), *_returns(opt_outs)]
    found += [*_notices(notices), *_counters(counters)]
    return _keep([*found, *_breaches(_ids(events, FINDING)), *_appeals(_ids(events, APPEAL))], now)


def _ids(events: Collection[Event], noun: str) -> set[int]:
    return {event.object_id for event in events if event.noun == noun}


def _opt_outs(ids: Collection[int]) -> Iterable[_Found]:
    accepted = Count("lines", filter=Q(lines__outcome=OptOutLine.Outcome.ACCEPTED))
    cases = OptOut.objects.filter(pk__in=ids, requested_at__isnull=False).annotate(accepted=accepted)
    for case in cases.prefetch_related("licensees").order_by("pk"):
        words = [_Words(Passage.Part.EXPLANATION)] if case.explanation_sealed else []
        entry = _about(case, case, Kind.OPT_OUT, OPT_OUT, case.pk, case.public_id)
        entry.state, entry.track_count = case.status, case.accepted
        assert case.requested_at is not None
        entry.at = case.requested_at
        yield _Found(entry, words)


def _decisions(ids: Collection[int]) -> Iterable[_Found]:
    cases = {case.public_id: case for case in OptOut.objects.filter(pk__in=ids).prefetch_related("licensees")}
    for decision in Decision.objects.filter(case__in=list(cases)).order_by("pk"):
        case = cases[decision.case]
        entry = _about(case, case, Kind.DECISION, DECISION, decision.pk, case.public_id)
        entry.state, entry.at = decision.outcome, decision.at
        yield _Found(entry, [_Words(Passage.Part.REASON, decision.note_id)] if decision.note_id else [])


def _returns(ids: Collection[int]) -> Iterable[_Found]:
    acts = Reentry.objects.filter(opt_out__in=ids).select_related("opt_out").prefetch_related("licensees")
    for act in acts.order_by("pk"):
        entry = _about(act.opt_out, act, Kind.RETURN, RETURN, act.pk, act.public_id)
        entry.state, entry.at, entry.track_count = act.ground, act.at, act.track_count
        yield _Found(entry, [_Words(Passage.Part.REASON, act.note_id)] if act.note_id else [])


def _notices(ids: Collection[int]) -> Iterable[_Found]:
    rows = dict(
        NoticeRow.objects.filter(notice__in=ids).values_list("notice").annotate(count=Count("pk")).order_by("notice")
    )
    for notice in TakedownNotice.objects.filter(pk__in=ids).order_by("pk"):
        entry = Entry(kind=Kind.NOTICE, noun=NOTICE, object_id=notice.pk, number=notice.public_id)
        entry.opt_out_id, entry.licensee_id = notice.opt_out_id, notice.licensee_id
        entry.state, entry.at, entry.track_count = notice.status, notice.created_at, rows.get(notice.pk, 0)
        yield _Found(entry)


def _counters(ids: Collection[int]) -> Iterable[_Found]:
    """What a store, or another holder, says against an opt-out, and what was decided of it."""
    counters = CounterNotice.objects.filter(pk__in=ids).order_by("pk").in_bulk()
    decided = _decided([one.public_id for one in counters.values()])
    for one in counters.values():
        kind = Kind.OBJECTION if one.licensee_id else Kind.CONTEST
        shared = {"number": one.public_id, "opt_out_id": one.opt_out_id, "licensee_id": one.licensee_id}
        entry = Entry(kind=kind, noun=COUNTER, object_id=one.pk, state=one.status, at=one.filed_at, **shared)
        yield _Found(entry, [_Words(Passage.Part.OBJECTION, one.words_id)])
        yield from _decisions_of(decided.get(one.public_id, ()), shared)


def _breaches(ids: Collection[int]) -> Iterable[_Found]:
    """What a person confirmed that a store sold, or listed, of what an opt-out took out; also if put right later."""
    steps = Event.objects.filter(noun=FINDING, object_id__in=ids, to_status=ComplianceFinding.Status.CONFIRMED)
    confirmed = {event.object_id: event for event in steps.order_by("-pk")}
    findings = ComplianceFinding.objects.filter(pk__in=confirmed).select_related("withdrawal").order_by("pk")
    cases = OptOut.objects.filter(public_id__in=[one.withdrawal.source for one in findings if one.withdrawal])
    case_ids = dict(cases.values_list("public_id", "pk"))
    for one in findings:
        case_id = case_ids.get(one.withdrawal.source) if one.withdrawal else None
        if case_id is None or one.licensee_id is None:
            continue
        entry = Entry(kind=Kind.BREACH, noun=FINDING, object_id=one.pk, number=one.public_id, opt_out_id=case_id)
        event = confirmed[one.pk]
        entry.licensee_id, entry.state, entry.at, entry.track_count = one.licensee_id, one.status, event.at, 1
        yield _Found(entry, [_Words(Passage.Part.REASON, event.note_id)] if event.note_id else [])


def _appeals(ids: Collection[int]) -> Iterable[_Found]:
    """An appeal against a refused opt-out, or against what was accepted against one, and what was decided of it."""
    about = Q(opt_out__isnull=False) | Q(counter__isnull=False)
    appeals = Appeal.objects.filter(about, pk__in=ids).select_related("counter").order_by("pk").in_bulk()
    decided = _decided([one.public_id for one in appeals.values()])
    for one in appeals.values():
        shared: dict[str, Any] = {"number": one.public_id}
        shared |= {"opt_out_id": one.counter.opt_out_id if one.counter else one.opt_out_id}
        shared["licensee_id"] = one.counter.licensee_id if one.counter else None
        yield _Found(
            Entry(kind=Kind.APPEAL, noun=APPEAL, object_id=one.pk, state=one.status, at=one.filed_at, **shared)
        )
        yield from _decisions_of(decided.get(one.public_id, ()), shared)


def _decided(cases: Collection[str]) -> dict[str, list[Decision]]:
    found: dict[str, list[Decision]] = {}
    for decision in Decision.objects.filter(case__in=cases).order_by("pk"):
        found.setdefault(decision.case, []).append(decision)
    return found


def _decisions_of(decisions: Iterable[Decision], shared: dict[str, Any]) -> Iterable[_Found]:
    for decision in decisions:
        entry = Entry(kind=Kind.DECISION, noun=DECISION, object_id=decision.pk, **shared)
        entry.state, entry.at = decision.outcome, decision.at
        yield _Found(entry, [_Words(Passage.Part.REASON, decision.note_id)] if decision.note_id else [])


def _about(case: OptOut, names: OptOut | Reentry, kind: str, noun: str, object_id: int, number: str) -> Entry:
    """Begin an entry of a case with the stores that `names` names: the one, several, or none for all of them."""
    stores = sorted(store.pk for store in names.licensees.all())
    entry = Entry(kind=kind, noun=noun, object_id=object_id, number=number, opt_out=case)
    entry.licensee_id = stores[0] if len(stores) == 1 else None
    entry.store_ids = stores if len(stores) > 1 else []
    return entry


def _key(one: _Found) -> Key:
    return one.entry.noun, one.entry.object_id


CHANGING = ("state", "licensee_id", "store_ids", "track_count", "at")


def _keep(found: Collection[_Found], now: datetime) -> int:
    """Insert what is new, change what differs, add passages that are not there; return how many entries changed."""
    objects = {one.entry.object_id for one in found}
    nouns = {one.entry.noun for one in found}
    rows = Entry.objects.filter(noun__in=nouns, object_id__in=objects)
    known: dict[Key, Entry] = {(row.noun, row.object_id): row for row in rows}
    fresh, changed = [], []
    for one in found:
        entry = one.entry
        row = known.get(_key(one))
        if row is None:
            entry.changed_at = now
            fresh.append(entry)
            known[_key(one)] = entry
        elif any(getattr(row, name) != getattr(entry, name) for name in CHANGING):
            for name in CHANGING:
                setattr(row, name, getattr(entry, name))
            row.changed_at = now
            changed.append(row)
    Entry.objects.bulk_create(fresh, batch_size=1000)
    Entry.objects.bulk_update(changed, ["state", "licensee", "store_ids", "track_count", "at", "changed_at"], 500)
    passages = [
        Passage(entry=known[_key(one)], part=words.part, note_id=words.note_id, created_at=now)
        for one in found
        for words in one.words
    ]
    Passage.objects.bulk_create(passages, batch_size=1000, ignore_conflicts=True)
    return len(fresh) + len(changed)
