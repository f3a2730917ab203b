"""Tracks that left come back, by who took them out or by a person's order, each time a further dated fact.

One transaction, as a grant is: a Return per withdrawal, a notice per store that was told, and the note that money may
have to move. A store is told of a track only when nothing else keeps it out there; what else does is never said.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from catalog import services as catalog
from catalog.models import RightsHolder, Withdrawal
from claims import selectors, tasks
from claims.models import (
    CaseMail,
    CatalogueTransfer,
    CounterNotice,
    DistributionRun,
    NoticeRow,
    OptOut,
    Reentry,
    TakedownNotice,
)
from claims.pipeline import returning
from claims.selectors.reentry import bits_of, ending, is_free, rows_that_came_back, stores_told, withdrawals_of
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

    track_ids: "Collection[int] | QuerySet[Any, Any] | None" = None
    rights: Collection[str] = ()
    licensees: Collection[Licensee] = ()
    start: date | None = None
    only: QuerySet[Withdrawal] | None = None
    """Withdrawals, where a decision is about some of them."""

    def first_day(self, today: date) -> date:
        """This will give the first day back: the day asked for, never one before today."""
        return max(self.start or today, today)

    def of(self, withdrawals: QuerySet[Withdrawal], today: date) -> QuerySet[Withdrawal]:
        """This will keep those of these withdrawals that end."""
        if self.only is not None:
            withdrawals = withdrawals.filter(pk__in=self.only.order_by().values("pk"))
        stores = [store.pk for store in self.licensees]
        day = self.first_day(today)
        return ending(withdrawals, day, track_ids=self.track_ids, rights=self.rights, licensee_ids=stores)


def return_tracks(
    *, opt_out: OptOut, back: Back, by: User, now: datetime, ground: str = Ground.RETURN, reason: str = ""
) -> Reentry:
    """This will bring tracks of a granted opt-out back, per right and store, from a day: today or later.

    Who may act for the holder asks; a reviewer orders (`ground` order), with reasons, never for an own holder or store.
    What was sold before stays as it was; from the first day back on royalty is the holder's as ever. Locks the opt-out,
    then its withdrawals. A fixed number of statements and little memory, however many tracks.

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
        act = _act(Reentry(opt_out=locked, ground=ground, by=by, at=now), withdrawals_of(locked), back, reason)
        if ground == Ground.ORDER:
            tell_sender(locked, CaseMail.Topic.OPT_OUT_BACK, now)
    return act


def return_succeeded(
    *, transfer: CatalogueTransfer, back: Back, by: User, now: datetime, reason: str = ""
) -> list[Reentry]:
    """This will bring back, for who got a catalogue, what those who had it before took out of stores.

    One act per opt-out that took something out; who sent it is told. What is not the taker's any more on the first day
    back, or in which the sender has a share again, is not the taker's to bring back. Locks the opt-outs by id.

    Raises: MayNotWrite, HolderNotVerified, NothingToReturn, MovedMeanwhile.
    """
    taker = transfer.taker.merged_into or transfer.taker
    require_writer(by, taker, now=now)
    if taker.status != RightsHolder.Status.VERIFIED:
        raise HolderNotVerified
    with transaction.atomic():
        passed_on = selectors.passed_on(transfer, back.first_day(now.date()))
        cases = OptOut.objects.filter(public_id__in=back.of(passed_on, now.date()).order_by().values("source"))
        acts = []
        for case in cases.filter(status=OptOut.Status.GRANTED).order_by("pk"):
            locked = lock(case)
            act = Reentry(opt_out=locked, transfer=transfer, ground=Ground.SUCCESSION, by=by, at=now)
            acts.append(_act(act, passed_on.filter(source=locked.public_id), back, reason))
            tell_sender(locked, CaseMail.Topic.OPT_OUT_BACK, now)
        if not acts:
            raise NothingToReturn
    return acts


def _act(act: Reentry, withdrawals: QuerySet[Withdrawal], back: Back, reason: str) -> Reentry:
    """Bring back what ends of these, note who said so, tell the stores; within the lock of the opt-out."""
    now, stores = act.at, list(back.licensees)
    act.start = back.first_day(now.date())
    with returning.coming(back.of(withdrawals, now.date()), act.start) as count:
        if act.opt_out.status != OptOut.Status.GRANTED or not count:
            raise NothingToReturn
        groups = returning.alike()
        bits = bits_of(groups.values())
        places: list[int | None] = [store.pk for store in stores] or [None]
        act.rights = returning.rights_ending()
        act.track_count = sum(one.tracks for one in groups.values())
        act.still_out_count = sum(
            one.tracks for one in groups.values() if not any(is_free(one, bits, place) for place in places)
        )
        act.note = Note.objects.create(text=reason.strip(), created_at=now) if reason.strip() else None
        act.save(force_insert=True)
        act.licensees.set(stores)
        ids = [store.pk for store in stores]
        for some in returning.ending_ids():
            catalog.record_returns(withdrawal_ids=some, start=act.start, source=act.public_id, licensee_ids=ids)
        told = [store for store in stores_told(act) if not stores or store in stores]
        if stores:
            returning.follow_rows(act, ids)
        for store in told:
            free = [no for no, one in groups.items() if is_free(one, bits, store.pk)]
            if free and returning.tie_tracks(free, store.pk):
                queue_return_notice(reentry=act, licensee=store, now=now)
    _close_rows(TakedownNotice.objects.filter(rows__withdrawals__returns__source=act.public_id, licensee__in=told), now)
    _settle(act.opt_out, now)
    record_event(act.opt_out, act.opt_out.status, "returned", by=act.by, now=now, reason_code=act.ground)
    run = plan_run(cause=DistributionRun.Cause.RETURN, object_id=act.pk, now=now)
    tasks.hurry(tasks.distribute, run_id=run.pk)
    return act


def close_returned_rows(*, now: datetime) -> int:
    """This will close rows of notices whose tracks came back: nothing is asked of the store any more."""
    return _close_rows(TakedownNotice.objects.all(), now)


def _close_rows(notices: QuerySet[TakedownNotice], now: datetime) -> int:
    back = rows_that_came_back(now.date())
    closed = 0
    found = TakedownNotice.objects.filter(pk__in=notices.order_by().values("pk"))
    for notice_id in (
        found.filter(Exists(back.filter(notice=OuterRef("pk")))).order_by("pk").values_list("pk", flat=True)
    ):
        with transaction.atomic():
            notice = TakedownNotice.objects.select_for_update(of=("self",)).get(pk=notice_id)
            closed += back.filter(notice=notice).update(state=NoticeRow.State.RETURNED, changed_at=now)
            close_if_done(notice, by=None, now=now)
    return closed


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
