"""What somebody saw in a store: the best proof that a track left, and what takes a store's word back.

A track seen gone is removed, with the highest grade of proof. One seen there after the store said it was gone is open
again; what the store sold meanwhile is found in its reports. Looks are rows of their own; the newest one counts.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from claims import selectors
from claims.models import EvidenceDocument, NoticeRow, Observation, StoreMessage, TakedownNotice
from claims.services.errors import ObservedWrongly
from claims.services.evidence import MayNotWrite, add_evidence
from claims.services.store_message import tell_store
from claims.services.takedown import close_if_done
from core.models import Note
from core.workflow import move, record_event

Status = TakedownNotice.Status
State = NoticeRow.State
Proof = NoticeRow.Proof


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen, when and where; `purchase` is the receipt of a test purchase."""

    seen: str
    seen_at: datetime
    url: str = ""
    purchase: str = ""
    words: str = ""


def add_observation(
    *, row: NoticeRow, look: Look, by: User, now: datetime, screenshot: tuple[str, bytes] | None = None
) -> Observation:
    """This will keep a look at one track of a notice, and what follows from it for the row and the notice.

    Holders look (and their agents), and staff. Only a look after the store was told counts. Locks the notice.

    Raises: MayNotWrite (staff show no picture in a holder's name), ObservedWrongly, EvidenceRefused.
    """
    notice = TakedownNotice.objects.select_related("licensee", "opt_out__holder", "opt_out__authority").get(
        pk=row.notice_id
    )
    case = notice.opt_out
    if not selectors.may_review(by) and not selectors.may_write_case(by, case.holder, case.authority, now.date()):
        raise MayNotWrite
    if notice.kind == TakedownNotice.Kind.RETURN or notice.sent_at is None or not notice.sent_at <= look.seen_at <= now:
        raise ObservedWrongly
    with transaction.atomic():
        TakedownNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        seen = Observation.objects.create(
            row=row,
            seen=look.seen,
            seen_at=look.seen_at,
            url=look.url.strip(),
            purchase=look.purchase.strip(),
            screenshot=_kept(notice, screenshot, by, now),
            note=Note.objects.create(text=look.words.strip(), created_at=now) if look.words.strip() else None,
            by=by,
            recorded_at=now,
        )
        record_event(seen, "", look.seen, by=by, now=now)
        newer = row.observations.filter(seen_at__gt=look.seen_at).exists()
        if not newer:
            _follow(notice, seen, by, now)
    return seen


def _kept(
    notice: TakedownNotice, screenshot: tuple[str, bytes] | None, by: User, now: datetime
) -> EvidenceDocument | None:
    """Seal a picture under the holder's key; reviewers see it with the case, the store never does."""
    if screenshot is None:
        return None
    name, content = screenshot
    case = notice.opt_out
    return add_evidence(
        holder=case.holder,
        name=name,
        content=content,
        kind=EvidenceDocument.Kind.OTHER,
        by=by,
        now=now,
        opt_out=case,
    )


def _follow(notice: TakedownNotice, seen: Observation, by: User, now: datetime) -> None:
    row = NoticeRow.objects.select_for_update().get(pk=seen.row_id)
    current = TakedownNotice.objects.get(pk=notice.pk)
    if seen.seen == Observation.Seen.GONE:
        NoticeRow.objects.filter(pk=row.pk).update(state=State.REMOVED, proof=Proof.OBSERVED, changed_at=now)
        close_if_done(current, by=by, now=now, reason_code="observed")
        return
    reopen(row, current, seen.seen_at, by=by, now=now, reason_code="seen_again")
    tell_store(
        licensee=notice.licensee,
        kind=StoreMessage.Kind.NOTICE_SEEN,
        subject=seen.public_id,
        page=reverse("claims:notice", kwargs={"public_id": notice.public_id}),
        now=now,
        data={
            "notice": notice.public_id,
            "track": row.track.public_id,
            "seen": seen.seen_at.date().isoformat(),
            "url": seen.url,
        },
    )


def reopen(
    row: NoticeRow, notice: TakedownNotice, seen_at: datetime, *, by: User | None, now: datetime, reason_code: str
) -> None:
    """This will take back that a row is removed: the track is in the store. Rows that were never removed stay so."""
    if row.state != State.REMOVED:
        return
    late = notice.deadline_at is not None and seen_at >= notice.deadline_at
    state = State.OVERDUE if late else State.ACKNOWLEDGED
    NoticeRow.objects.filter(pk=row.pk).update(state=state, proof=Proof.NONE, changed_at=now)
    to = Status.OVERDUE if late else Status.ACKNOWLEDGED
    if to in _next(notice):
        move(notice, to, by=by, now=now, reason_code=reason_code)


def _next(notice: TakedownNotice) -> set[TakedownNotice.Status]:
    return TakedownNotice.MOVES[TakedownNotice.Status(notice.status)]
