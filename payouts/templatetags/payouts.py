"""Words for the codes of the ledger on a holder's pages: rights, places, kinds of entry."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.rights import Right
from payouts.models import Payee, PayoutBatch
from payouts.places import PLACE_WORDS
from payouts.reasons import words

register = template.Library()

STATES = {
    **dict(Payee.Status.choices),
    **dict(PayoutBatch.Status.choices),
    "looked": gettext_noop("Looked at"),
    "fetched": gettext_noop("File fetched"),
}
BOOKINGS = {
    "note": gettext_noop("Amount due"),
    "credit_note": gettext_noop("Credit note"),
    "payment": gettext_noop("Payment"),
    "exchange": gettext_noop("Counted in another currency"),
    "write_off": gettext_noop("Written off"),
    "refund": gettext_noop("Credit sent back"),
}

KINDS = {
    "accrual": gettext_noop("Sales reported"),
    "distribution": gettext_noop("Assigned"),
    "funding": gettext_noop("Store paid"),
    "remittance": gettext_noop("Store paid"),
    "payout": gettext_noop("Payout"),
    "settlement": gettext_noop("Paid"),
    "set_off": gettext_noop("Set off"),
    "write_off": gettext_noop("Written off"),
    "rounding": gettext_noop("Rounding"),
    "paid_before": gettext_noop("Paid before the portal or outside it"),
    "disbursement": gettext_noop("Left the bank"),
    "refund": gettext_noop("Credit sent back"),
    "bank_charge": gettext_noop("The bank took a fee"),
    "interest": gettext_noop("The bank paid interest"),
    "tax_payment": gettext_noop("Tax kept back was paid to the tax office"),
    "conversion": gettext_noop("Exchange difference"),
    "exchange_result": gettext_noop("Loss by exchange (below zero: gain)"),
}

HOUSE = {
    "bank": gettext_noop("Bank"),
    "tax_owed": gettext_noop("Tax kept back or paid by stores, not yet paid on"),
    "tax_back": gettext_noop("Tax to be given back to holders"),
    "administration": gettext_noop("Administration deduction"),
    "bank_charges": gettext_noop("Fees of the bank"),
    "interest": gettext_noop("Interest"),
    "fx_difference": gettext_noop("To be changed at the bank"),
    "exchange_result": gettext_noop("Loss by exchange (below zero: gain)"),
    "opening": gettext_noop("Held before the first entry"),
}


@register.filter
def house_words(code: str) -> str:
    """This will say an account of the house."""
    return _(HOUSE[code])


@register.filter
def right_words(code: str) -> str:
    """This will say a right: `{{ row.right|right_words }}`."""
    return str(Right(code).label) if code in Right.values else code


@register.filter
def channel_words(code: str) -> str:
    """This will say how a buyer paid, as the store named it: `{{ sale.channel|channel_words }}`."""
    return _("unknown") if code == "unknown" else code


@register.filter
def place_name(code: str) -> str:
    """This will say a place of money: `{{ row.place|place_name }}`."""
    return str(PLACE_WORDS[code].name) if code in PLACE_WORDS else code


@register.filter
def kind_words(code: str) -> str:
    """This will say what an entry of the ledger records."""
    return _(KINDS[code]) if code in KINDS else code


@register.filter
def reason_words(code: str) -> str:
    """This will say why something is not done or waits."""
    return words(code)


@register.filter
def booking_words(code: str) -> str:
    """This will say what a line of a store's account is."""
    return _(BOOKINGS[code])


@register.filter
def state_words(code: str) -> str:
    """This will say what happened to a bank account or a batch."""
    return _(str(STATES[code])) if code in STATES else code
