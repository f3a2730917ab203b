"""Which of the dated rules holds on a day."""

from datetime import date
from decimal import Decimal

from core.money import Money, minor_places
from payouts.models import PayoutMinimum, PayoutTerms, WithholdingRate

ZERO = Decimal(0)


def terms_on(day: date) -> PayoutTerms:
    """This will find the terms of paying out in force on a day; the first ones hold for every day before them too."""
    begun = PayoutTerms.objects.filter(start__lte=day).order_by("-start").first()
    found = begun or PayoutTerms.objects.order_by("start").first()
    assert found is not None, "the migrations write the first terms"
    return found


def minimum_on(currency: str, day: date) -> Decimal:
    """This will find what must have gathered before it is paid: one coin where nothing was decided."""
    found = PayoutMinimum.objects.filter(currency=currency, start__lte=day).order_by("-start").first()
    return found.amount if found else Decimal(1).scaleb(-minor_places(currency))


def withholding_rates(day: date) -> dict[str, Decimal]:
    """This will give the percent of tax in force per country of residence; '' is who has shown none."""
    rates: dict[str, Decimal] = {"": ZERO}
    for rate in WithholdingRate.objects.filter(start__lte=day).order_by("start"):
        rates[rate.country] = rate.percent
    return rates


def minimums_on(day: date) -> list[Money]:
    """This will list what must have gathered before it is paid, per currency for which it was decided."""
    rows = PayoutMinimum.objects.filter(start__lte=day).order_by("currency", "start")
    return [Money(amount, currency) for currency, amount in dict(rows.values_list("currency", "amount")).items()]
