"""Handing a catalogue over: one side proposes, the other confirms, and it is done at once in the facts.

The money follows by difference: what was used from the day on is the taker's, also where it was booked before; what the
giver was paid of it is set off against the giver's later money only. A catalogue is handed over in a fixed number of
statements, and the database's own rule sees to it that no day has more than 100 %.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog import services as catalog
from catalog.models import RightsHolder, RightsShare, Track
from catalog.rights import Right
from claims import selectors, tasks
from claims.models import CaseMail, CatalogueTransfer, DistributionRun
from claims.services.case_mail import tell_holders
from claims.services.distribution import plan_run
from claims.services.errors import (
    DisputeFirst,
    HolderNotVerified,
    NeedsAnother,
    NothingToTransfer,
    NotYourSide,
    TransferToSelf,
)
from claims.services.evidence import require_writer
from core.workflow import move, record_event

Status = CatalogueTransfer.Status


def propose_transfer(
    *,
    giver: RightsHolder,
    taker: RightsHolder,
    rights: Collection[str],
    start: date,
    by: User,
    now: datetime,
    tracks: Sequence[Track] = (),
    choice: str = RightsShare.Choice.PAY,
) -> CatalogueTransfer:
    """This will propose, for either side, that the giver's rights are the taker's from a day on.

    The taker's side is not told whether the giver has any of it: what is recorded for whom is the holder's to say.

    Raises: MayNotWrite, TransferToSelf, NothingToTransfer.
    """
    gives = selectors.may_write(by, giver)
    if not gives:
        require_writer(by, taker, now=now)
    if giver.pk == taker.pk:
        raise TransferToSelf
    with transaction.atomic():
        transfer = CatalogueTransfer.objects.create(
            giver=giver,
            taker=taker,
            rights=sorted(Right(right).value for right in rights),
            start=start,
            choice=choice,
            giver_by=by if gives else None,
            taker_by=None if gives else by,
            proposed_at=now,
        )
        transfer.tracks.set(tracks)
        if gives and not selectors.shares_to_transfer(transfer).exists():
            raise NothingToTransfer
        record_event(transfer, "", Status.PROPOSED, by=by, now=now)
        tell_holders(transfer, [taker.pk if gives else giver.pk], CaseMail.Topic.TRANSFER_ASKED, now)
    return transfer


def confirm_transfer(*, transfer: CatalogueTransfer, by: User, now: datetime) -> CatalogueTransfer:
    """This will confirm a transfer for the side that did not propose it, and do it.

    Locks the transfer, then the giver's tracks, and those that play the giver's songs, in the order of their ids.

    Raises: NotYourSide, NeedsAnother, HolderNotVerified, DisputeFirst, NothingToTransfer, MoveNotAllowed,
    MovedMeanwhile, catalog.services.ShareLimitExceeded.
    """
    with transaction.atomic():
        transfer = _locked(transfer)
        _require_other(transfer, by)
        if {transfer.giver.status, transfer.taker.status} != {RightsHolder.Status.VERIFIED}:
            raise HolderNotVerified
        shares = selectors.shares_to_transfer(transfer)
        tracks = selectors.tracks_to_transfer(transfer).select_for_update(no_key=True)
        list(tracks.order_by("pk").values_list("pk"))
        if selectors.disputes_of_transfer(transfer).exists():
            raise DisputeFirst
        transfer.giver_by, transfer.taker_by = transfer.giver_by or by, transfer.taker_by or by
        transfer.done_at = now
        transfer.share_count = catalog.hand_over_shares(
            shares=shares,
            to=transfer.taker,
            day=transfer.start,
            choice=transfer.choice,
            source=transfer.public_id,
            now=now,
        )
        if not transfer.share_count:
            raise NothingToTransfer
        transfer.save(update_fields=["giver_by", "taker_by", "done_at", "share_count"])
        move(transfer, Status.DONE, by=by, now=now)
        tell_holders(transfer, [transfer.giver_id, transfer.taker_id], CaseMail.Topic.TRANSFER_DONE, now)
        run = plan_run(cause=DistributionRun.Cause.TRANSFER, object_id=transfer.pk, now=now)
        tasks.hurry(tasks.distribute, run_id=run.pk)
    return transfer


def refuse_transfer(*, transfer: CatalogueTransfer, by: User, now: datetime, reason: str = "") -> None:
    """This will refuse a transfer for the other side, or take it back for the side that proposed it.

    Raises: NotYourSide, MoveNotAllowed, MovedMeanwhile.
    """
    with transaction.atomic():
        transfer = _locked(transfer)
        proposed_by_giver = transfer.giver_by_id is not None
        own = transfer.giver if proposed_by_giver else transfer.taker
        if selectors.may_write(by, own):
            move(transfer, Status.RETRACTED, by=by, now=now, reason=reason)
            return
        if not selectors.may_write(by, transfer.taker if proposed_by_giver else transfer.giver):
            raise NotYourSide
        move(transfer, Status.REFUSED, by=by, now=now, reason=reason)


def _require_other(transfer: CatalogueTransfer, by: User) -> None:
    other = transfer.taker if transfer.giver_by_id is not None else transfer.giver
    if not selectors.may_write(by, other):
        raise NotYourSide
    if by.pk in (transfer.giver_by_id, transfer.taker_by_id):
        raise NeedsAnother


def _locked(transfer: CatalogueTransfer) -> CatalogueTransfer:
    rows = CatalogueTransfer.objects.select_for_update(of=("self",)).select_related("giver", "taker")
    return rows.get(pk=transfer.pk)
