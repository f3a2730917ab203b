"""Tracks that left come back, by who took them out or by a person's order, each time a further dated fact.

One transaction, as a grant is: a Return per withdrawal, a notice per store that was told, and the note that money may
have to move. A store is told of a track only when nothing else keeps it out there; what else does is never said.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from catalog import services as catalog
from catalog.models import RightsHolder, Withdrawal
from claims import selectors, tasks
from claims.models import (
    CaseMail,
    CounterNotice,
    DistributionRun,
    NoticeRow,
    OptOut,
    OptOutLine,
    Reentry,
    TakedownNotice,
)
from claims.selectors.reentry import (
    comes_back,
    kept_out,
    rows_that_came_back,
    still_out,
    stores_told,
    tracks_of_withdrawals,
)
from claims.services.case_mail import tell_sender
from claims.services.clock import end_clocks
from claims.services.distribution import plan_run
from claims.services.errors import DecidesOwnCase, HolderNotVerified, NotAReviewer, NothingToReturn, WordsNeeded
from claims.services.evidence import require_writer
from claims.services.moves import move
from claims.services.opt_out import lock
from claims.services.takedown import close_if_done, queue_return_notice
from core.models import Note
from core.workflow import record_event
from sales.models import Licensee

Ground = Reentry.Ground


@dataclass(frozen=True, slots=True)
class Back:
    """What comes back: tracks (None: all of the opt-out), rights (none: all), stores (none: all), from which day."""

    track_ids: Collection[int] | None = None
    rights: Collection[str] = ()
    licensees: Collection[Licensee] = ()
    start: date | None = None
    only: Collection[int] | None = None
    """Withdrawals, where a decision is about some of them."""


def return_tracks(
    *, opt_out: OptOut, back: Back, by: User, now: datetime, ground: str = Ground.RETURN, reason: str = ""
) -> Reentry:
    """This will bring tracks of a granted opt-out back, per right and store, from a day: today or later.

    Who may act for the holder asks; a reviewer orders (`ground` order), with reasons, never for an own holder or store.
    What was sold before stays as it was; from the first day back on royalty is the holder's as ever. Locks the opt-out,
    then its withdrawals.

    Raises: MayNotWrite, HolderNotVerified, NotAReviewer, DecidesOwnCase, WordsNeeded, NothingToReturn, MovedMeanwhile.
    """
    if ground == Ground.ORDER:
        _require_orderer(by, opt_out, back)
        if not reason.strip():
            raise WordsNeeded
    else:
        _require_sender(by, opt_out, now)
    with transaction.atomic():
        locked = lock(opt_out)
        today = now.date()
        start = max(back.start or today, today)
        facts = list(
            still_out(locked, start, track_ids=back.track_ids, rights=back.rights).select_related("territories")
        )
        facts = [one for one in facts if _reaches(one, back.licensees) and (back.only is None or one.pk in back.only)]
        if locked.status != OptOut.Status.GRANTED or not facts:
            raise NothingToReturn
        act = Reentry.objects.create(
            opt_out=locked,
            ground=ground,
            rights=sorted({one.right for one in facts}),
            start=start,
            note=Note.objects.create(text=reason.strip(), created_at=now) if reason.strip() else None,
            by=by,
            at=now,
        )
        act.licensees.set(back.licensees)
        _write(act, facts, back.licensees, now)
        record_event(locked, locked.status, "returned", by=by, now=now, reason_code=act.ground)
        if ground == Ground.ORDER:
            tell_sender(locked, CaseMail.Topic.OPT_OUT_BACK, now)
        run = plan_run(cause=DistributionRun.Cause.RETURN, object_id=act.pk, now=now)
        tasks.hurry(tasks.distribute, run_id=run.pk)
    return act


def close_returned_rows(*, now: datetime, notice_ids: Collection[int] | None = None) -> int:
    """This will close rows of notices whose tracks came back: nothing is asked of the store any more."""
    found = rows_that_came_back(now.date(), notice_ids=notice_ids)
    for notice_id, row_ids in found.items():
        with transaction.atomic():
            notice = TakedownNotice.objects.select_for_update(of=("self",)).get(pk=notice_id)
            NoticeRow.objects.filter(pk__in=row_ids).exclude(state__in=NoticeRow.CLOSED).update(
                state=NoticeRow.State.RETURNED, changed_at=now
            )
            close_if_done(notice, by=None, now=now)
    return sum(map(len, found.values()))


def _write(act: Reentry, facts: list[Withdrawal], stores: Collection[Licensee], now: datetime) -> None:
    tracks = tracks_of_withdrawals(facts)
    told = stores_told([one.pk for one in facts])
    if stores:
        told = [store for store in told if store in stores]
    came = catalog.record_returns(
        withdrawals=facts, start=act.start, source=act.public_id, licensee_ids=[store.pk for store in stores]
    )
    _follow_rows(came.further, stores)
    keeping = kept_out(tracks, act.start)
    places: list[int | None] = [store.pk for store in stores] or [None]
    free = [
        track
        for track, own in tracks.items()
        if any(comes_back(own, keeping.get(track, ()), place) for place in places)
    ]
    act.track_count, act.still_out_count = len(tracks), len(tracks) - len(free)
    act.save(update_fields=["track_count", "still_out_count"])
    for store in told:
        rows = {
            track: own
            for track, own in tracks.items()
            if comes_back(own, keeping.get(track, ()), store.pk) and any(_reaches(one, [store]) for one in own)
        }
        if rows:
            queue_return_notice(reentry=act, licensee=store, back=rows, now=now)
    notices = TakedownNotice.objects.filter(rows__withdrawals__in=facts, licensee__in=told)
    close_returned_rows(now=now, notice_ids=list(notices.order_by().values_list("pk", flat=True).distinct()))
    _settle(act.opt_out, now)


def _settle(opt_out: OptOut, now: datetime) -> None:
    """End objections and contests about what is back already: there is nothing to decide any more."""
    for counter in opt_out.counter_notices.filter(status__in=("filed", "under_review")).order_by("pk"):
        if counter.notice_id is not None:
            is_open = counter.rows.filter(state=NoticeRow.State.OBJECTED).exists()
        else:
            still = Q(end=None) | Q(end__gt=now.date())
            is_open = counter.withdrawals.filter(still).exists()
        if not is_open:
            move(counter, CounterNotice.Status.SETTLED, by=None, now=now, reason_code="came_back")
            end_clocks(counter.public_id, now)


def _follow_rows(further: Mapping[int, Withdrawal], stores: Collection[Licensee]) -> None:
    """What goes on for the other stores stands in the same rows: of the opt-out, and of what those stores were told."""
    line_ties, row_ties = OptOutLine.withdrawals.through, NoticeRow.withdrawals.through
    lines = line_ties.objects.filter(withdrawal__in=further).values_list("optoutline_id", "withdrawal_id")
    line_ties.objects.bulk_create(
        [line_ties(optoutline_id=line, withdrawal_id=further[old].pk) for line, old in lines], batch_size=5000
    )
    rows = row_ties.objects.filter(withdrawal__in=further).exclude(noticerow__notice__licensee__in=stores)
    row_ties.objects.bulk_create(
        [
            row_ties(noticerow_id=row, withdrawal_id=further[old].pk)
            for row, old in rows.values_list("noticerow_id", "withdrawal_id")
        ],
        batch_size=5000,
    )


def _reaches(one: Withdrawal, stores: Collection[Licensee]) -> bool:
    """Whether a withdrawal keeps a track out of one of these stores; none named: of any."""
    if not stores:
        return True
    ids = {store.pk for store in stores} - set(one.except_licensee_ids)
    return bool(ids & set(one.licensee_ids) if one.licensee_ids else ids)


def _require_sender(by: User, opt_out: OptOut, now: datetime) -> None:
    holder = opt_out.holder.merged_into or opt_out.holder
    require_writer(by, holder, opt_out.authority, now=now)
    if holder.status != RightsHolder.Status.VERIFIED:
        raise HolderNotVerified


def _require_orderer(by: User, opt_out: OptOut, back: Back) -> None:
    if not selectors.may_review(by):
        raise NotAReviewer
    parties = [opt_out.holder_id, *([opt_out.authority.agent_id] if opt_out.authority else [])]
    told = [store.pk for store in back.licensees] or [notice.licensee_id for notice in opt_out.notices.all()]
    if selectors.is_member(by, parties) or any(selectors.is_of_store(by, store) for store in told):
        raise DecidesOwnCase
