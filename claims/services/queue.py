"""Keeping the queue as the cases are, and who has which case: take, give back, hand over, save and take up again.

A lease keeps two people from working on one case; that no case is decided twice is the business of `move`.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from json import dumps, loads
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from claims import selectors
from claims.models import Absence, CaseClock, QueueItem, ReviewNote
from claims.models.queue import NOUNS
from claims.selectors.queue_rows import OPEN_CASES, queue_rows
from claims.services.errors import BadPeriod, DecidesOwnCase, LeasedByAnother, NotAReviewer, NotYourLease
from core import vault
from core.workflow import record_event

KIND_OF: dict[type[models.Model], str] = {noun: kind for kind, noun in NOUNS.items()}
ROWS_AT_ONCE = 1000


# As the cases are ---------------------------------------------------------------------------------------------------
def touch(case: models.Model, now: datetime) -> None:
    """This will bring the queue item of one case up to date; a case that is closed leaves the queue."""
    touch_all(KIND_OF[type(case)], [case.pk], now)


def touch_all(kind: str, ids: Collection[int], now: datetime) -> None:
    """This will bring the queue items of many cases of one kind up to date."""
    rows = queue_rows(kind, ids, selectors.rules_on(now.date()), now)
    names = sorted({name for row in rows for name in row} - {"object_id"})
    QueueItem.objects.bulk_create(
        [QueueItem(kind=kind, **row) for row in rows],
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=names or ["status"],
    )
    closed = set(ids) - {row["object_id"] for row in rows}
    if closed:
        gone = QueueItem.objects.filter(kind=kind, object_id__in=closed)
        ended = list(gone.values_list("public_id", flat=True))
        CaseClock.objects.filter(case__in=ended, ended_at=None).update(ended_at=now)
        gone.delete()


def sweep_queue(*, now: datetime, all_cases: bool = False) -> int:
    """This will add open cases the queue lacks and drop closed ones; with `all_cases` every urgency is made anew."""
    done = 0
    for kind, (model, condition) in OPEN_CASES.items():
        item = QueueItem.objects.filter(kind=kind, object_id=OuterRef("pk"))
        cases = model.objects.filter(condition)
        wanted = cases if all_cases else cases.exclude(Exists(item.filter(status=OuterRef("status"))))
        ids = list(wanted.order_by("pk").values_list("pk", flat=True))
        closed = QueueItem.objects.filter(kind=kind).exclude(object_id__in=cases.values("pk"))
        ids += list(closed.values_list("object_id", flat=True))
        for start in range(0, len(ids), ROWS_AT_ONCE):
            touch_all(kind, ids[start : start + ROWS_AT_ONCE], now)
        done += len(ids)
    return done


# Who has it ---------------------------------------------------------------------------------------------------------
def take_next(*, by: User, now: datetime, kind: str = "") -> QueueItem | None:
    """This will lend the most urgent case a reviewer may have; None: nothing waits. Raises: NotAReviewer."""
    if not selectors.may_review(by):
        raise NotAReviewer
    with transaction.atomic():
        free = selectors.to_take(by, now, kind=kind).exclude(leased_by=by, lease_until__gt=now)
        item = free.select_for_update(skip_locked=True, of=("self",)).order_by("-urgency", "-pk").first()
        return None if item is None else _lend(item, by, now)


def take_case(*, item: QueueItem, by: User, now: datetime) -> QueueItem:
    """This will lend one chosen case, or lengthen the lease. Raises: NotAReviewer, DecidesOwnCase, LeasedByAnother."""
    if not selectors.may_review(by):
        raise NotAReviewer
    with transaction.atomic():
        locked = QueueItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
        if by.pk in locked.user_ids or selectors.is_member(by, locked.holder_ids):
            raise DecidesOwnCase
        if locked.leased_by_id != by.pk and not selectors.to_take(by, now).filter(pk=locked.pk).exists():
            raise LeasedByAnother
        return _lend(locked, by, now)


def give_back(*, item: QueueItem, by: User, now: datetime) -> None:
    """This will end a lease before its time. Raises: NotYourLease."""
    _leave(item, by, {"leased_by": None, "lease_until": None}, "given_back", now)


def hand_over(*, item: QueueItem, to: User, by: User, now: datetime, why: str = "") -> None:
    """This will hand a case to another reviewer, who finds it among the own. Raises: NotYourLease, NotAReviewer.

    Raises also: DecidesOwnCase, when the other belongs to the case.
    """
    if not selectors.may_review(to) or to.pk == by.pk:
        raise NotAReviewer
    if to.pk in item.user_ids or selectors.is_member(to, item.holder_ids):
        raise DecidesOwnCase
    _leave(item, by, {"leased_by": None, "lease_until": None, "handed_to": to}, "handed_over", now, why)


def require_free(case: models.Model, by: User, now: datetime) -> None:
    """This will stop who acts on a case that somebody else has just now. Raises: LeasedByAnother."""
    kind = KIND_OF[type(case)]
    taken = QueueItem.objects.filter(kind=kind, object_id=case.pk, lease_until__gt=now).exclude(leased_by=by)
    if taken.filter(leased_by__isnull=False).exists():
        raise LeasedByAnother


def set_absence(*, user: User, start: date, end: date, cover: User | None, by: User, now: datetime) -> Absence:
    """This will note that a reviewer is away until `end`; oneself, or a supervisor for anybody.

    Raises: NotAReviewer, BadPeriod.
    """
    own = user.pk == by.pk and selectors.may_review(by)
    if not own and not selectors.may_set_rules(by):
        raise NotAReviewer
    if end <= start or (cover is not None and (cover.pk == user.pk or not selectors.may_review(cover))):
        raise BadPeriod
    with transaction.atomic():
        absence = Absence.objects.create(user=user, start=start, end=end, cover=cover)
        record_event(absence, "", "set", by=by, now=now)
    return absence


def end_absence(*, absence: Absence, by: User, now: datetime) -> None:
    """This will take an absence back. Raises: NotAReviewer."""
    if absence.user_id != by.pk and not selectors.may_set_rules(by):
        raise NotAReviewer
    with transaction.atomic():
        record_event(absence, "set", "ended", by=by, now=now)
        absence.delete()


def _lend(item: QueueItem, by: User, now: datetime) -> QueueItem:
    minutes = selectors.rules_on(now.date()).count("lease_minutes")
    item.leased_by, item.lease_until = by, now + timedelta(minutes=minutes)
    item.lease_token += 1
    item.save(update_fields=["leased_by", "lease_until", "lease_token"])
    return item


def _leave(item: QueueItem, by: User, fields: Mapping[str, Any], code: str, now: datetime, why: str = "") -> None:
    with transaction.atomic():
        locked = QueueItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
        if locked.leased_by_id != by.pk and locked.handed_to_id != by.pk:
            raise NotYourLease
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.lease_token += 1
        locked.save(update_fields=[*fields, "lease_token"])
        record_event(locked, "", code, by=by, now=now, reason=why)


# Save and take up again -----------------------------------------------------------------------------------------------
def save_note(*, item: QueueItem, fields: Mapping[str, str], by: User, now: datetime) -> None:
    """This will keep a half-done decision, sealed, and lengthen the lease. Raises: as `take_case`."""
    with transaction.atomic():
        take_case(item=item, by=by, now=now)
        party = f"holder:{item.holder_ids[0]}" if item.holder_ids else f"user:{by.pk}"
        sealed = vault.encrypt(party, dumps(dict(fields)).encode())
        ReviewNote.objects.update_or_create(
            item=item, by=by, defaults={"party": party, "sealed": sealed, "saved_at": now}
        )


def read_note(*, item: QueueItem | None, by: User) -> dict[str, str]:
    """This will give a half-done decision back; nothing where none was kept, or its party was erased."""
    note = ReviewNote.objects.filter(item=item, by=by).first() if item is not None else None
    if note is None:
        return {}
    try:
        found: dict[str, str] = loads(vault.decrypt(note.party, bytes(note.sealed)))
    except vault.VaultError:
        return {}
    return found
