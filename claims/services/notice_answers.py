"""A store's answer about many rows at once, each with the store's own words for it: by page, file or API alike.

A row is named by our track or by the store's own key, whichever the store has. What one line gets wrong hinders no
other: it is said, and the rest counts. Set-based, so a hundred thousand rows are a handful of statements.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from claims.formats.answer_file import RowAnswer
from claims.models import NoticeRow, TakedownNotice
from claims.services.counter import object_to_notice
from claims.services.errors import KnownAlready, NoRowsChosen, WordsNeeded
from claims.services.takedown import acknowledge_notice, lock_for_answer, mark_rows_removed
from core.workflow import MoveNotAllowed

State = NoticeRow.State
ACKNOWLEDGED, REMOVED, OBJECTED = State.ACKNOWLEDGED.value, State.REMOVED.value, State.OBJECTED.value
STATES = (ACKNOWLEDGED, REMOVED, OBJECTED)


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """A line of an answer that counts for nothing, and the code of why."""

    line_no: int
    named: str
    code: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer about many rows."""

    rows: int
    faults: list[AnswerFault]


def answer_rows(*, notice: TakedownNotice, answers: Sequence[RowAnswer], by: User, now: datetime) -> Answered:
    """This will take a store's word about each row named, keep its own numbers, and say which lines say nothing.

    Raises: NotYourNotice.
    """
    with transaction.atomic():
        locked = lock_for_answer(notice, by, now)
        known = _known(locked)
        said: dict[int, RowAnswer] = {}
        faults: list[AnswerFault] = []
        for answer in answers:
            code, row_id = _read(answer, known)
            if code or row_id is None:
                faults.append(AnswerFault(answer.line_no, answer.named, code))
            else:
                said[row_id] = answer
        _keep_references(said)
        _apply(locked, said, faults, by, now)
    notice.refresh_from_db()
    return Answered(len(said), sorted(faults, key=lambda fault: fault.line_no))


def _known(notice: TakedownNotice) -> dict[str, int | None]:
    """Every name of a row: the track's id and the store's own keys; None where two rows share a key."""
    known: dict[str, int | None] = {}
    for pk, track, keys in notice.rows.values_list("pk", "track__public_id", "store_keys"):
        known[track] = pk
        for key in keys:
            known[key] = None if key in known and known[key] != pk else pk
    return known


def _read(answer: RowAnswer, known: dict[str, int | None]) -> tuple[str, int | None]:
    if answer.state not in STATES:
        return "answer_unknown", None
    if answer.state == OBJECTED and not answer.reason:
        return "words_needed", None
    if answer.named not in known:
        return "row_unknown", None
    return ("row_named_twice", None) if known[answer.named] is None else ("", known[answer.named])


def _keep_references(said: dict[int, RowAnswer]) -> None:
    rows = [NoticeRow(pk=pk, reference=answer.reference[:200]) for pk, answer in said.items() if answer.reference]
    NoticeRow.objects.bulk_update(rows, ["reference"], batch_size=2000)


def _apply(
    notice: TakedownNotice, said: dict[int, RowAnswer], faults: list[AnswerFault], by: User, now: datetime
) -> None:
    by_state: dict[str, list[int]] = defaultdict(list)
    by_reason: dict[str, list[int]] = defaultdict(list)
    for pk, answer in said.items():
        by_state[answer.state].append(pk)
        if answer.state == OBJECTED:
            by_reason[answer.reason].append(pk)
    if said:
        acknowledge_notice(notice=notice, by=by, now=now, row_ids=by_state[ACKNOWLEDGED])
    if by_state[REMOVED]:
        mark_rows_removed(notice=notice, row_ids=by_state[REMOVED], by=by, now=now)
    for reason, row_ids in by_reason.items():
        try:
            with transaction.atomic():
                object_to_notice(notice=notice, row_ids=row_ids, reason=reason, by=by, now=now)
        except (KnownAlready, NoRowsChosen, WordsNeeded, MoveNotAllowed):
            faults += [AnswerFault(said[pk].line_no, said[pk].named, "row_closed") for pk in row_ids]
