"""Choosing from a list that was looked up, group by group or row by row, and using it for a case.

Nothing of a list is signed: the case made of what is chosen shows it all again.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from catalog.models import RightsHolder
from claims.models import RepertoireList, RepertoireRow
from claims.pipeline import list_match, list_settle
from claims.selectors.waiting import band
from claims.services.errors import AuthorityNeeded, ListBusy, NothingChosen
from claims.services.evidence import require_writer
from core.workflow import move

Status = RepertoireList.Status
Outcome = RepertoireRow.Outcome
TAKEABLE = (Outcome.FOUND, Outcome.CONFLICT, Outcome.MINE, Outcome.NOT_MINE, Outcome.ASKED, Outcome.WITHDRAWN)
"""Rows of a known track: these can be chosen. A repeated one stands in its earlier row."""


def choose_groups(*, found: RepertoireList, groups: Collection[str], by: User, now: datetime) -> RepertoireList:
    """This will choose every row of these groups that can be chosen, and none of the others.

    Raises: MayNotWrite, ListBusy.
    """
    require_writer(by, found.holder, found.authority, now=now)
    with transaction.atomic():
        found = lock_list(found, Status.READY)
        rows = RepertoireRow.objects.filter(list=found)
        usual = list_match.CHOOSABLE[found.purpose]
        wanted = Q(group__in=list(groups), outcome__in=usual, track__isnull=False)
        rows.filter(wanted, is_chosen=False).update(is_chosen=True)
        rows.filter(is_chosen=True).exclude(wanted).update(is_chosen=False)
        count_list(found)
    return found


def choose_rows(
    *, found: RepertoireList, shown: Collection[int], chosen: Collection[int], by: User, now: datetime
) -> RepertoireList:
    """This will choose, of the rows that were shown (row ids), those in `chosen` and no others.

    Raises: MayNotWrite, ListBusy.
    """
    require_writer(by, found.holder, found.authority, now=now)
    with transaction.atomic():
        found = lock_list(found, Status.READY)
        rows = RepertoireRow.objects.filter(list=found, pk__in=shown)
        rows.update(is_chosen=False)
        rows.filter(pk__in=chosen, outcome__in=TAKEABLE, track__isnull=False).update(is_chosen=True)
        count_list(found)
    return found


def reopen_list(*, found: RepertoireList, by: User, now: datetime) -> RepertoireList:
    """This will let the holder choose anew, as long as nothing made from the list is signed.

    Cases made from it stay drafts; they take up the new choice when they are changed.

    Raises: MayNotWrite, ListBusy.
    """
    require_writer(by, found.holder, found.authority, now=now)
    signed = Q(claims__in=found.claims.exclude(status="draft")) | Q(opt_outs__in=found.opt_outs.exclude(status="draft"))
    with transaction.atomic():
        locked = lock_list(found, Status.CONFIRMED)
        if RepertoireList.objects.filter(signed, pk=locked.pk).exists():
            raise ListBusy
        return move(locked, Status.READY, by=by, now=now)


def use_list(*, found: RepertoireList, holder: RightsHolder, by: User, now: datetime) -> RepertoireList:
    """This will mark a list as used for a case of its holder; a second case for the same purpose uses it again.

    Runs in the transaction that makes the case. Raises: ListBusy, NothingChosen, AuthorityNeeded.
    """
    locked = RepertoireList.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if locked.holder_id != holder.pk:
        raise AuthorityNeeded
    if locked.status not in (Status.READY, Status.CONFIRMED):
        raise ListBusy
    if not locked.counts.get("chosen"):
        raise NothingChosen
    return locked if locked.status == Status.CONFIRMED else move(locked, Status.CONFIRMED, by=by, now=now)


def count_list(found: RepertoireList) -> None:
    """This will count the rows, and say of the money that waits the order of size only: a list is not signed."""
    sums: dict[str, Decimal] = {}
    for waiting in found.parts.values_list("waiting", flat=True):
        for currency, amount in waiting.items():
            sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount)
    bands = [band(amount, currency) for currency, amount in sorted(sums.items())]
    found.counts = list_settle.count_rows(found) | {
        "bands": [{"currency": one.currency, "low": _text(one.low), "high": _text(one.high)} for one in bands]
    }
    RepertoireList.objects.filter(pk=found.pk).update(counts=found.counts)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def lock_list(found: RepertoireList, status: str) -> RepertoireList:
    """This will lock a list until the caller's commit. Raises: ListBusy when it is not as it should be."""
    locked = (
        RepertoireList.objects.select_for_update(of=("self",)).select_related("holder", "authority").get(pk=found.pk)
    )
    if locked.status != status:
        raise ListBusy
    return locked
