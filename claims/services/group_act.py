"""The same answer or verdict in every dispute of a group, however many: said once, done one dispute at a time.

What was said is a row. Each dispute is a transaction of its own, by the same service as a single one, which also writes
down in that row that it is done: killed at any moment it goes on with the next, and nothing is said twice. Where it
cannot be said (somebody else's, closed meanwhile) the dispute is named with the code and the others go on.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog import services as catalog
from catalog.models import RightsHolder
from claims import selectors, tasks
from claims.models import Dispute, GroupAct
from claims.services.dispute import Said, answer_dispute, require_answer, require_judge
from claims.services.dispute_panel import decide_dispute
from claims.services.errors import BadSettlement, CaseClosed, Refused, WordsNeeded
from core.models import Note
from core.workflow import MovedMeanwhile, MoveNotAllowed

FIRST = 20
"""Disputes dealt with at once, while the person waits; the queue does the rest."""


def answer_group(
    *, disputes: Collection[Dispute], said: Said, by: User, now: datetime, holder: RightsHolder | None = None
) -> GroupAct:
    """This will give the same answer in these disputes of one group, the first at once and the rest by the queue.

    Raises: as `answer_dispute` would about the first of them; then nothing is kept.
    """
    first = _first(disputes)
    party = require_answer(first, said, by, now, holder)
    act = {
        "kind": said.kind,
        "percent": _text(said.percent),
        "start": _text(said.start),
        "end": _text(said.end),
        "split": {str(who): f"{part:f}" for who, part in said.split.items()},
    }
    return _begin(GroupAct.Kind.ANSWER, disputes, act, said, by, now, party.holder)


def decide_dispute_group(
    *, disputes: Collection[Dispute], percents: Mapping[int, Decimal], by: User, now: datetime, reason: str
) -> GroupAct:
    """This will keep the same verdict of a reviewer in these disputes of one group, as `answer_group` does an answer.

    Raises: NotAReviewer, DecidesOwnCase, LeasedByAnother, WordsNeeded, CaseClosed.
    """
    require_judge(by, _first(disputes), now)
    if not reason.strip():
        raise WordsNeeded
    act = {"percents": {str(who): f"{part:f}" for who, part in percents.items()}}
    return _begin(GroupAct.Kind.VERDICT, disputes, act, Said(words=reason), by, now, None)


def continue_group_act(*, act_id: int, now: datetime) -> bool:
    """This will do the next dispute of a group act; returns True while something is left.

    Locks the act, then what the single service locks. An act another worker is at is left alone.
    """
    with transaction.atomic():
        free = GroupAct.objects.select_for_update(skip_locked=True, of=("self",))
        act = free.select_related("by", "holder", "note").filter(pk=act_id, finished_at=None).first()
        if act is None:
            return False
        dispute = Dispute.objects.get(pk=act.dispute_ids[act.done])
        try:
            with transaction.atomic():
                became = _do(act, dispute, now)
            act.ended += became.status not in selectors.LIVE
        except Refused as refusal:
            act.refused.append([dispute.public_id, refusal.code])
        except catalog.ShareLimitExceeded:
            act.refused.append([dispute.public_id, BadSettlement.code])
        except (MoveNotAllowed, MovedMeanwhile):
            act.refused.append([dispute.public_id, CaseClosed.code])
        act.done += 1
        act.finished_at = now if act.done == act.total else None
        act.save(update_fields=["done", "ended", "refused", "finished_at"])
        return act.finished_at is None


def group_acts_due(*, limit: int = 100) -> list[int]:
    """This will name the group acts that are not done to the end, oldest first."""
    return list(GroupAct.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True)[:limit])


def _first(disputes: Collection[Dispute]) -> Dispute:
    if not disputes:
        raise CaseClosed
    return next(iter(disputes))


def _begin(
    kind: str,
    disputes: Collection[Dispute],
    said: dict[str, Any],
    words: Said,
    by: User,
    now: datetime,
    holder: RightsHolder | None,
) -> GroupAct:
    with transaction.atomic():
        act = GroupAct.objects.create(
            kind=kind,
            group_key=_first(disputes).group_key,
            dispute_ids=[dispute.pk for dispute in disputes],
            holder=holder,
            said=said,
            note=Note.objects.create(text=words.words.strip(), created_at=now),
            by=by,
            at=now,
        )
        act.documents.set(words.documents)
    for _ in range(FIRST):
        if not continue_group_act(act_id=act.pk, now=now):
            break
    else:
        tasks.hurry(tasks.continue_group_act, act_id=act.pk)
    act.refresh_from_db()
    return act


def _do(act: GroupAct, dispute: Dispute, now: datetime) -> Dispute:
    said = act.said
    if act.kind == GroupAct.Kind.VERDICT:
        percents = {int(who): Decimal(part) for who, part in said["percents"].items()}
        return decide_dispute(dispute=dispute, percents=percents, by=act.by, now=now, reason=act.note.text)
    answer = Said(
        kind=said["kind"],
        percent=Decimal(said["percent"]) if said["percent"] else None,
        start=date.fromisoformat(said["start"]) if said["start"] else None,
        end=date.fromisoformat(said["end"]) if said["end"] else None,
        split={int(who): Decimal(part) for who, part in said["split"].items()},
        words=act.note.text,
        documents=tuple(act.documents.all()),
    )
    return answer_dispute(dispute=dispute, said=answer, by=act.by, now=now, holder=act.holder)


def _text(value: date | Decimal | None) -> str:
    return "" if value is None else str(value)
