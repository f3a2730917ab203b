"""Plans by which a store pays in parts: proposed by one person, decided by another, ended by a person."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import Money, TooManyDecimals, allocate, check_decimals, minor_places
from core.workflow import move, record_event
from payouts import selectors
from payouts.models import AmountDue, InstalmentNote, InstalmentPart, InstalmentPlan
from payouts.services.errors import BadPlan, NothingMissed, ReasonMissing
from payouts.services.note import up_to_coin
from payouts.services.second import decide, require_neutral
from sales.models import Licensee

Status = InstalmentPlan.Status
ZERO = Decimal(0)
PARTS_MAX = 60


def equal_parts(notes: Sequence[AmountDue], first: date, count: int) -> list[tuple[date, Decimal]]:
    """This will cut what is still due on some notes of one currency into equal parts, one a month from `first` on.

    Raises: BadPlan, where the last part would be due after all years a calendar has.
    """
    if first.year + count // 12 >= date.max.year:
        raise BadPlan(_("The first part is due too late."))
    due = sum((row.outstanding for row in selectors.due_rows(notes)), ZERO)
    currency = notes[0].currency
    return monthly(Money(max(ZERO, up_to_coin(due, currency)), currency), first, count)


def monthly(total: Money, first: date, count: int) -> list[tuple[date, Decimal]]:
    """This will cut a sum into equal parts in whole coins, one a month from `first` on; the earlier are the larger.

    A month that is too short for the day has its part on its last day.
    """
    weights = [(number, Decimal(1)) for number in range(count)]
    parts = allocate(total.amount, weights, places=minor_places(total.currency))
    return [(_month_later(first, number), parts[number]) for number in range(count) if parts[number]]


def _month_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def propose_plan(
    *, licensee: Licensee, notes: Sequence[AmountDue], parts: Sequence[tuple[date, Decimal]], by: User, now: datetime
) -> InstalmentPlan:
    """This will propose that a store pays what is still due on these notes in dated parts.

    The parts come to what is due, rounded up to coins. Locks the licensee.
    Raises: NotFinance, OwnStore, BadPlan.
    """
    require_neutral(by, licensee)
    currency = _currency(licensee, notes)
    _check_parts(parts, currency, now)
    with transaction.atomic():
        Licensee.objects.select_for_update().get(pk=licensee.pk)
        if InstalmentNote.objects.filter(note__in=notes, freed_at=None).exists():
            raise BadPlan(_("A note is in another plan."))
        _check_sum(notes, sum((amount for _day, amount in parts), ZERO), currency)
        plan = InstalmentPlan.objects.create(licensee=licensee, currency=currency, proposed_by=by, proposed_at=now)
        InstalmentNote.objects.bulk_create(InstalmentNote(plan=plan, note=note) for note in notes)
        InstalmentPart.objects.bulk_create(
            InstalmentPart(plan=plan, due_date=day, amount=amount) for day, amount in parts
        )
        record_event(plan, "", Status.PROPOSED, by=by, now=now)
    return plan


def decide_plan(*, plan: InstalmentPlan, agree: bool, by: User, now: datetime, reason: str = "") -> InstalmentPlan:
    """This will agree to a plan (the notes are due as it says) or refuse it, as the second person.

    Raises: NotFinance, OwnStore, NotTheSecond, BadPlan (another sum is due now), MoveNotAllowed, MovedMeanwhile.
    """
    require_neutral(by, plan.licensee)
    with transaction.atomic():
        Licensee.objects.select_for_update().get(pk=plan.licensee_id)
        decide(plan, Status.AGREED if agree else Status.REFUSED, by=by, now=now, reason=reason)
        if agree:
            notes = AmountDue.objects.filter(instalments__plan=plan).select_related("report")
            whole = sum(plan.parts.values_list("amount", flat=True), ZERO)
            _check_sum(list(notes), whole, plan.currency)
        else:
            plan.notes.update(freed_at=now)
    plan.refresh_from_db()
    return plan


def end_plan(*, plan: InstalmentPlan, reason: str, by: User, now: datetime) -> InstalmentPlan:
    """This will end a plan of which a part was missed: its notes are due again on their own days.

    Raises: NotFinance, OwnStore, ReasonMissing, NothingMissed, MoveNotAllowed, MovedMeanwhile.
    """
    require_neutral(by, plan.licensee)
    if not reason.strip():
        raise ReasonMissing(_("Say why."))
    with transaction.atomic():
        Licensee.objects.select_for_update().get(pk=plan.licensee_id)
        if not any(part.is_missed for part in selectors.parts_of_plan(plan, now.date())):
            raise NothingMissed(_("No part of this plan was missed."))
        move(plan, Status.ENDED, by=by, now=now, reason=reason)
        plan.notes.update(freed_at=now)
    return plan


def _currency(licensee: Licensee, notes: Sequence[AmountDue]) -> str:
    if not notes or len({note.currency for note in notes}) != 1:
        raise BadPlan(_("Name notes of one currency."))
    if any(note.licensee_id != licensee.pk for note in notes):
        raise BadPlan(_("A note of another store is named."))
    return notes[0].currency


def _check_parts(parts: Sequence[tuple[date, Decimal]], currency: str, now: datetime) -> None:
    days = [day for day, _amount in parts]
    if not 2 <= len(parts) <= PARTS_MAX or len(set(days)) != len(days) or min(days) < now.date():
        raise BadPlan(_("A plan has 2 to %s parts, each on a day of its own, none in the past.") % PARTS_MAX)
    try:
        for _day, amount in parts:
            check_decimals(amount, minor_places(currency))
    except TooManyDecimals as error:
        raise BadPlan(_("A payment comes in whole coins.")) from error


def _check_sum(notes: Sequence[AmountDue], parts: Decimal, currency: str) -> None:
    due = sum((row.outstanding for row in selectors.due_rows(notes)), ZERO)
    if due <= 0 or up_to_coin(due, currency) != parts:
        raise BadPlan(
            _("The parts come to %(parts)s, but %(due)s is due on these notes.")
            % {"parts": Money(parts, currency), "due": Money(max(ZERO, up_to_coin(due, currency)), currency)}
        )
