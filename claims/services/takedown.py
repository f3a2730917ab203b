"""Notices to stores: written with the grant, answered by the store, graded by what the store lists later."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from catalog.models import Withdrawal
from claims import selectors, tasks
from claims.models import Acknowledgement, NoticeDelivery, NoticeRow, OptOut, Reentry, TakedownNotice
from claims.pipeline.opt_out_grant import KEYS_PER_ROW_MAX, write_notice_rows
from claims.services.errors import NoRowsChosen, NotYourNotice
from core.ids import new_public_id
from core.workflow import move, record_event
from sales import selectors as sales
from sales.models import Licensee

Status = TakedownNotice.Status
State = NoticeRow.State
Channel = NoticeDelivery.Channel


# Writing ------------------------------------------------------------------------------------------------------------
def queue_notices(*, opt_out: OptOut, start: date, now: datetime) -> list[TakedownNotice]:
    """This will write one notice per affected store, its rows and deliveries, and hurry the deliveries after commit.

    Affected is every store the opt-out names, or every store that may still sell: also one that never reported the
    track, which has to stay out as well. A row for each track that leaves, from the day `start`. Runs within
    `opt_out_grant.leaving`, in the transaction of the grant.
    """
    stores = list(opt_out.licensees.order_by("pk")) or list(
        Licensee.objects.exclude(status=Licensee.Status.ENDED).order_by("pk")
    )
    notices = [TakedownNotice(opt_out=opt_out, licensee=store, created_at=now) for store in stores]
    for notice in notices:
        _open_notice(notice, start, now)
        write_notice_rows(notice)
        _write_deliveries(notice, notice.licensee, now)
    return notices


def tell_further_keys(*, now: datetime, track_ids: Collection[int] | None = None) -> list[TakedownNotice]:
    """This will tell stores of keys of tracks that are out which no notice to them has named yet.

    A merge, its undoing or a match gives a track more keys than its notices name; so does a song that plays in one
    more track. Of `track_ids`, or of all. Asked again, or by two at once, it tells nothing twice.
    """
    notices = []
    with transaction.atomic():
        untold = selectors.untold_keys(today=now.date(), track_ids=track_ids)
        firsts = TakedownNotice.objects.select_for_update(of=("self",)).select_related("licensee", "opt_out")
        for first in firsts.filter(pk__in={row.notice for row in untold}).order_by("pk"):
            fresh = selectors.untold_keys(today=now.date(), track_ids=track_ids, notice=first)
            if fresh:
                notices.append(_further_notice(first, fresh, now))
    return notices


def queue_return_notice(*, reentry: Reentry, licensee: Licensee, now: datetime) -> TakedownNotice:
    """This will write and deliver a notice of return: tracks that may be sold again, with the store's names of them.

    The tracks are those that `returning.tie_tracks` tied for this store.
    """
    notice = TakedownNotice(
        kind=TakedownNotice.Kind.RETURN,
        opt_out=reentry.opt_out,
        reentry=reentry,
        licensee=licensee,
        created_at=now,
    )
    _open_notice(notice, reentry.start, now)
    write_notice_rows(notice)
    _write_deliveries(notice, licensee, now)
    return notice


def _further_notice(first: TakedownNotice, untold: Collection[selectors.UntoldKey], now: datetime) -> TakedownNotice:
    facts = Withdrawal.objects.in_bulk({row.withdrawal for row in untold})
    won: dict[int, dict[int, Withdrawal]] = defaultdict(dict)
    keys: dict[int, list[str]] = defaultdict(list)
    urls: dict[int, list[str]] = defaultdict(list)
    for row in untold:
        won[row.track][row.withdrawal] = facts[row.withdrawal]
        if row.key not in keys[row.track] and len(keys[row.track]) < KEYS_PER_ROW_MAX:
            keys[row.track].append(row.key)
            urls[row.track].extend([row.url] if row.url and row.url not in urls[row.track] else [])
    notice = TakedownNotice(opt_out=first.opt_out, licensee=first.licensee, follows=first, created_at=now)
    return _write_notice(notice, {track: list(them.values()) for track, them in won.items()}, (keys, urls), now)


def _write_notice(
    notice: TakedownNotice,
    won: Mapping[int, list[Withdrawal]],
    names: tuple[Mapping[int, list[str]], Mapping[int, list[str]]],
    now: datetime,
) -> TakedownNotice:
    """This will write a notice, a row for each track with its withdrawals and the store's names of it, and deliver."""
    keys, urls = names
    _open_notice(notice, min(fact.start for facts in won.values() for fact in facts), now)
    rows = [NoticeRow(notice=notice, track_id=track, store_keys=keys[track], urls=urls[track]) for track in sorted(won)]
    NoticeRow.objects.bulk_create(rows, batch_size=1000)
    through = NoticeRow.withdrawals.through
    through.objects.bulk_create(
        [through(noticerow_id=row.pk, withdrawal_id=fact.pk) for row in rows for fact in won[row.track_id]],
        batch_size=5000,
    )
    _write_deliveries(notice, notice.licensee, now)
    return notice


def _open_notice(notice: TakedownNotice, start: date, now: datetime) -> None:
    if notice.kind == TakedownNotice.Kind.TAKEDOWN:
        notice.deadline_at = _deadline(notice.licensee, max(datetime.combine(start, time(), UTC), now))
    notice.save()
    record_event(notice, "", Status.QUEUED, by=None, now=now)


def _deadline(store: Licensee, since: datetime) -> datetime:
    """The store's compliance time runs from the later of: told, and first day out."""
    return since + timedelta(days=store.compliance_days)


def _write_deliveries(notice: TakedownNotice, store: Licensee, now: datetime) -> None:
    """The workspace shows the notice from the commit on; what must be called is due at once."""
    calls = [Channel.WEBHOOK] if selectors.webhook_of(store) else []
    calls += [Channel.MAIL] if store.notice_email else []
    shown = NoticeDelivery(
        notice=notice,
        channel=Channel.WORKSPACE,
        message_id=new_public_id("MSG"),
        state=NoticeDelivery.State.DELIVERED,
        delivered_at=now,
    )
    due = [
        NoticeDelivery(notice=notice, channel=channel, message_id=new_public_id("MSG"), next_attempt_at=now)
        for channel in calls
    ]
    NoticeDelivery.objects.bulk_create([shown, *due])
    for delivery in due:
        tasks.hurry(tasks.deliver_notice, delivery_id=delivery.pk)
    if not due:
        mark_sent(notice=notice, now=now)


def mark_sent(*, notice: TakedownNotice, now: datetime) -> None:
    """This will note that the store has been told; its time runs from now, or from the first day out if later.

    Called by the delivery that reaches it first; later ones change nothing.
    """
    with transaction.atomic():
        locked = TakedownNotice.objects.select_for_update(of=("self",)).select_related("licensee").get(pk=notice.pk)
        if locked.status != Status.QUEUED:
            return
        locked.sent_at = now
        if locked.deadline_at:
            locked.deadline_at = max(locked.deadline_at, _deadline(locked.licensee, now))
        locked.save(update_fields=["sent_at", "deadline_at"])
        move(locked, Status.SENT, by=None, now=now)
    notice.status, notice.sent_at, notice.deadline_at = locked.status, locked.sent_at, locked.deadline_at


# The store's answers ------------------------------------------------------------------------------------------------
def acknowledge_notice(
    *,
    notice: TakedownNotice,
    by: User,
    now: datetime,
    reference: str = "",
    row_ids: Collection[int] | None = None,
) -> Acknowledgement:
    """This will keep the store's receipt of a notice (its rows: all, or these) with its own number.

    The first receipt stays: the same again, however late or replayed, changes nothing but rows it is the first to name.

    Raises: NotYourNotice.
    """
    with transaction.atomic():
        locked = lock_for_answer(notice, by, now)
        receipt, created = Acknowledgement.objects.get_or_create(
            notice=locked, defaults={"received_at": now, "by": by, "reference": reference.strip()[:200]}
        )
        told = locked.rows.filter(state=State.NOTIFIED)
        if row_ids is not None:
            told = told.filter(pk__in=row_ids)
        if created or row_ids is not None:
            told.update(state=State.ACKNOWLEDGED, changed_at=now)
        if created and locked.status in (Status.SENT, Status.OVERDUE):
            move(locked, Status.ACKNOWLEDGED, by=by, now=now)
    notice.status = locked.status
    return receipt


def mark_rows_removed(
    *, notice: TakedownNotice, by: User, now: datetime, row_ids: Collection[int] | None = None
) -> int:
    """This will keep the store's word that rows are removed (None: all); with the last one the notice is complied.

    The proof is graded as the store's word only; what later shows it better raises the grade. Returns how many changed.

    Raises: NotYourNotice, NoRowsChosen.
    """
    with transaction.atomic():
        locked = lock_for_answer(notice, by, now)
        rows = _chosen(locked, row_ids).exclude(state__in=NoticeRow.CLOSED)
        ids = list(rows.values_list("pk", flat=True))
        NoticeRow.objects.filter(pk__in=ids, proof=NoticeRow.Proof.NONE).update(proof=NoticeRow.Proof.STORE_WORD)
        NoticeRow.objects.filter(pk__in=ids).update(state=State.REMOVED, changed_at=now)
        if ids or locked.status != Status.COMPLIED:
            close_if_done(locked, by=by, now=now)
    notice.status = locked.status
    return len(ids)


def close_if_done(notice: TakedownNotice, *, by: User | None, now: datetime, reason_code: str = "") -> None:
    """This will end a notice of which no row asks for anything any more: complied, or closed where none was removed."""
    if notice.rows.exclude(state__in=NoticeRow.CLOSED).exists():
        return
    to = Status.COMPLIED if notice.rows.filter(state=State.REMOVED).exists() else Status.CLOSED
    if to in notice.MOVES[Status(notice.status)]:
        move(notice, to, by=by, now=now, reason_code=reason_code)


def object_rows(
    *, notice: TakedownNotice, reason: str, by: User, now: datetime, row_ids: Collection[int] | None = None
) -> list[int]:
    """This will mark rows (None: all) as objected to by the store. The tracks stay out meanwhile. Returns the rows.

    Raises: NotYourNotice, NoRowsChosen, MoveNotAllowed when the notice can't be objected to any more.
    """
    with transaction.atomic():
        locked = lock_for_answer(notice, by, now)
        rows = _chosen(locked, row_ids).exclude(state__in=(*NoticeRow.CLOSED, State.OBJECTED))
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if not ids:
            raise NoRowsChosen
        NoticeRow.objects.filter(pk__in=ids).update(state=State.OBJECTED, changed_at=now)
        if locked.status == Status.COUNTERED:
            record_event(locked, Status.COUNTERED, Status.COUNTERED, by=by, now=now, reason=reason.strip())
        else:
            move(locked, Status.COUNTERED, by=by, now=now, reason=reason.strip())
    notice.status = locked.status
    return ids


def lock_for_answer(notice: TakedownNotice, by: User, now: datetime) -> TakedownNotice:
    """This will lock the opt-out of a notice, then the notice: in the order in which a return locks them.

    Who answers has seen it: one still on its way counts as sent. Raises: NotYourNotice.
    """
    if not selectors.acts_for_store(by, notice):
        raise NotYourNotice
    OptOut.objects.select_for_update(of=("self",)).get(pk=notice.opt_out_id)
    if TakedownNotice.objects.get(pk=notice.pk).status == Status.QUEUED:
        mark_sent(notice=notice, now=now)
    return TakedownNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)


def _chosen(notice: TakedownNotice, row_ids: Collection[int] | None) -> QuerySet[NoticeRow]:
    rows = NoticeRow.objects.filter(notice=notice)
    if notice.kind == TakedownNotice.Kind.RETURN:
        raise NoRowsChosen
    if row_ids is None:
        return rows
    if not row_ids:
        raise NoRowsChosen
    if rows.filter(pk__in=row_ids).count() != len(set(row_ids)):
        raise NoRowsChosen
    return rows.filter(pk__in=row_ids)


# What the store's own lists show --------------------------------------------------------------------------------------
def grade_by_snapshots(*, now: datetime) -> int:
    """This will raise the proof of rows whose track a later catalogue list of the store no longer has.

    Only lists of a day after the store was told count. It says how well the removal is known, it moves no status: the
    store's answer and the clock do that. Returns how many rows changed.
    """
    weaker = (NoticeRow.Proof.NONE, NoticeRow.Proof.STORE_WORD)
    changed = 0
    for notice in (
        TakedownNotice.objects.filter(kind=TakedownNotice.Kind.TAKEDOWN, rows__proof__in=weaker, sent_at__isnull=False)
        .distinct()
        .order_by("pk")
    ):
        rows = dict(notice.rows.filter(proof__in=weaker).values_list("track_id", "pk"))
        gone = sales.absent_since(list(rows), notice.licensee)
        told = notice.sent_at.date() if notice.sent_at else now.date()
        ids = [rows[track] for track, day in gone.items() if day > told]
        changed += NoticeRow.objects.filter(pk__in=ids, proof__in=weaker).update(proof=NoticeRow.Proof.ABSENT_SNAPSHOT)
    return changed
