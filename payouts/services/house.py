"""Entering what moves the society's own money."""

from datetime import UTC, date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import Money, TooManyDecimals, check_decimals, minor_places
from ledger import chart, recipes
from ledger import selectors as ledger_facts
from ledger import services as ledger
from payouts.models import HouseBooking
from payouts.services.errors import BadBooking, BookingKnown
from payouts.services.store import require_finance
from payouts.services.tax_back import lock_tax

Kind = HouseBooking.Kind
RECIPES = {
    Kind.BANK_CHARGE: recipes.bank_charge,
    Kind.INTEREST: recipes.interest,
    Kind.TAX_PAYMENT: recipes.tax_payment,
    Kind.OPENING: recipes.opening,
}


def book_house(*, kind: str, amount: Money, day: date, reference: str, by: User, now: datetime) -> HouseBooking:
    """This will enter a fee, interest, tax paid on, or what the account held at first, and post it.

    The same kind and reference with the same figures is the same booking and changes nothing. Not more tax is paid on
    than was kept back. Raises: NotFinance, BadBooking, BookingKnown.
    """
    require_finance(by)
    reference = " ".join(reference.split())
    try:
        check_decimals(amount.amount, minor_places(amount.currency))
    except TooManyDecimals as error:
        raise BadBooking(_("The bank books whole coins.")) from error
    if amount.amount <= 0 or not reference or kind not in Kind.values or day > now.date():
        raise BadBooking(_("An amount above zero, a reference and a day that has come are needed."))
    figures = {"currency": amount.currency, "amount": amount.amount, "day": day}
    with transaction.atomic():
        known = HouseBooking.objects.filter(kind=kind, reference__iexact=reference).first()
        if known is not None:
            if any(getattr(known, name) != value for name, value in figures.items()):
                raise BookingKnown(_("This reference was entered before with other figures: %s") % known.public_id)
            return known
        try:
            with transaction.atomic():
                made = HouseBooking.objects.create(
                    kind=kind, reference=reference, entered_by=by, entered_at=now, **figures
                )
        except IntegrityError as error:
            raise BookingKnown(_("This was entered before, or another opening of this currency was.")) from error
        if kind == Kind.TAX_PAYMENT:
            lock_tax()
        lines = RECIPES[Kind(kind)](currency=amount.currency, amount=amount.amount)
        event_at = datetime.combine(day, time(12), tzinfo=UTC)
        ledger.post_entry(kind=kind, idempotency_key=f"house:{made.public_id}", event_at=event_at, postings=lines)
        owed = ledger_facts.balance(chart.house(chart.Place.TAX_OWED, amount.currency).address, amount.currency)
        if kind == Kind.TAX_PAYMENT and owed.amount < 0:
            raise BadBooking(_("More tax than was kept back: %s too much.") % -owed)
    return made
