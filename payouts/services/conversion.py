"""What the bank made of money noted at another rate: told by one, booked by another, the difference the house's."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import ROUND_DOWN, Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import Money, TooManyDecimals, check_decimals, minor_places
from core.workflow import record_event
from ledger import recipes
from ledger import services as ledger
from payouts import selectors
from payouts.models import Conversion, ConversionPart, Remittance
from payouts.services.errors import BadConversion
from payouts.services.note import up_to_coin
from payouts.services.second import decide, require_neutral
from sales.models import Licensee

Status = Conversion.Status


def propose_conversion(
    *,
    remittances: Sequence[Remittance],
    sold: Decimal,
    bought: Decimal,
    day: date,
    reference: str,
    by: User,
    now: datetime,
) -> Conversion:
    """This will propose what the bank took and gave, by its statement, for payments noted in another currency.

    It took what was noted of them, in whole coins; what it gave is its own affair. Nothing is posted. The same
    reference with the same figures and payments, while it waits, is the same proposal.
    Raises: NotFinance, OwnStore, BadConversion.
    """
    stores = Licensee.objects.filter(remittances__in=remittances).distinct()
    for store in stores:
        require_neutral(by, store)
    reference = " ".join(reference.split())
    pair = _pair(remittances)
    if not reference or day > now.date() or day < max(one.received_date for one in remittances):
        raise BadConversion(_("A reference is needed, and a day after the money came that is not to come."))
    _check_amounts(remittances, Money(sold, pair[0]), Money(bought, pair[1]))
    figures = {"sold": sold, "sold_currency": pair[0], "bought": bought, "bought_currency": pair[1], "day": day}
    with transaction.atomic():
        known = Conversion.objects.filter(reference__iexact=reference).exclude(status=Status.REFUSED).first()
        if known is not None:
            return _same(known, figures, remittances)
        try:
            with transaction.atomic():
                made = Conversion.objects.create(reference=reference, proposed_by=by, proposed_at=now, **figures)
                ConversionPart.objects.bulk_create(
                    ConversionPart(conversion=made, remittance=one) for one in remittances
                )
        except IntegrityError as error:
            raise BadConversion(_("One of these payments, or this reference, is in another conversion.")) from error
        record_event(made, "", Status.PROPOSED, by=by, now=now)
    return made


def decide_conversion(
    *, conversion: Conversion, approve: bool, by: User, now: datetime, reason: str = ""
) -> Conversion:
    """This will book what the bank did on the day it did it, or refuse it, as the second person.

    Both sides of the payments leave `fx_difference`, and what the bank did otherwise than was noted is the house's gain
    or loss, in each currency. Raises: NotFinance, OwnStore, NotTheSecond, MoveNotAllowed, MovedMeanwhile.
    """
    remittances = [part.remittance for part in conversion.parts.select_related("remittance__licensee")]
    for one in remittances:
        require_neutral(by, one.licensee)
    with transaction.atomic():
        decide(conversion, Status.APPROVED if approve else Status.REFUSED, by=by, now=now, reason=reason)
        if approve:
            _post(conversion, remittances)
        else:
            conversion.parts.update(freed_at=now)
    conversion.refresh_from_db()
    return conversion


def _pair(remittances: Sequence[Remittance]) -> tuple[str, str]:
    """Give the two currencies that all these payments have. Raises: BadConversion."""
    pairs = {(one.currency, one.changed_to) for one in remittances}
    if len(pairs) != 1:
        raise BadConversion(_("Name payments that came in one currency and count in one other."))
    ((paid, counted),) = pairs
    if counted is None:
        raise BadConversion(_("These payments count in the currency they came in: nothing is to be changed."))
    return paid, counted


def _check_amounts(remittances: Sequence[Remittance], sold: Money, bought: Money) -> None:
    try:
        for money in (sold, bought):
            check_decimals(money.amount, minor_places(money.currency))
    except TooManyDecimals as error:
        raise BadConversion(_("The bank books whole coins.")) from error
    noted = selectors.noted_of(remittances).changed
    coin = Decimal(1).scaleb(-minor_places(sold.currency))
    down, up = noted.quantize(coin, rounding=ROUND_DOWN), up_to_coin(noted, sold.currency)
    if not down <= sold.amount <= up or sold.amount <= 0:
        raise BadConversion(
            _("Of these payments %(noted)s is to be changed, not %(sold)s.")
            % {"noted": Money(noted, sold.currency), "sold": sold}
        )
    if bought.amount <= 0:
        raise BadConversion(_("The bank gave more than zero."))


def _same(known: Conversion, figures: dict[str, object], remittances: Sequence[Remittance]) -> Conversion:
    parts = set(known.parts.values_list("remittance_id", flat=True))
    is_same = parts == {one.pk for one in remittances} and known.status == Status.PROPOSED
    if not is_same or any(getattr(known, name) != value for name, value in figures.items()):
        raise BadConversion(_("This reference was entered before: %s") % known.public_id)
    return known


def _post(conversion: Conversion, remittances: Sequence[Remittance]) -> None:
    sold, bought = conversion.sold, conversion.bought
    noted = selectors.noted_of(remittances)
    event_at = datetime.combine(conversion.day, time(12), tzinfo=UTC)
    entries = {
        recipes.Kind.CONVERSION: recipes.conversion(
            sold=(conversion.sold_currency, sold), bought=(conversion.bought_currency, bought)
        ),
        recipes.Kind.EXCHANGE_RESULT: recipes.exchange_result(
            [
                (conversion.sold_currency, sold - noted.changed),
                (conversion.bought_currency, noted.worth - bought),
            ]
        ),
    }
    for kind, lines in entries.items():
        if lines:
            ledger.post_entry(
                kind=kind, idempotency_key=f"{kind}:{conversion.public_id}", event_at=event_at, postings=lines
            )
