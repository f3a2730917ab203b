"""The account of a store as a paper and as a table: what it was asked for, what it paid, how old the rest is."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core import papers
from core.money import Money
from core.templatetags.roms import day_text
from payouts.formats import store_csv
from payouts.papers.words import coins
from payouts.selectors.account import Ageing, Booking
from payouts.templatetags.payouts import booking_words
from sales.models import Licensee

AGES = ("not_due", "late_1_30", "late_31_60", "late_61_90", "late_more")


def store_account_pdf(
    store: Licensee, bookings: Sequence[Booking], ages: Sequence[Ageing], credits: Sequence[Money], day: date
) -> bytes:
    """This will set a store's account of a day. Raises: core.papers.PaperFailed."""
    subject: list[tuple[object, object]] = [
        (_("Store"), f"{store.name}, {store.public_id}"),
        (_("Made on"), day_text(day)),
        *((_("Paid and not put to a report"), coins(credit.amount, credit.currency)) for credit in credits),
    ]
    parts: list[papers.Part] = [papers.Pairs(subject), _ages(ages), *_fees(ages), _bookings(bookings)]
    return papers.sheet(parts, title=_("Account statement"), number=f"{store.public_id}/{day}", day=day)


def _ages(ages: Sequence[Ageing]) -> papers.Part:
    title = _("How old the debt is")
    if not ages:
        return papers.Text(_("Nothing is due."), title=title)
    head = (_("Not yet due"), _("1 to 30 days late"), _("31 to 60"), _("61 to 90"), _("More"), _("In all"))
    lines = [(*(coins(amount, row.currency) for amount in (*row.ages, row.total)),) for row in ages]
    return papers.Table(head, lines, (1, 1, 1, 1, 1, 1), (0, 1, 2, 3, 4, 5), title, tenths=80)


def _fees(ages: Sequence[Ageing]) -> list[papers.Part]:
    """Say what the late-fee rule makes of the debt; it is asked for by a person, never by itself."""
    fees = ", ".join(coins(row.fee, row.currency) for row in ages if row.fee)
    words = _("By the rule for paying late %(fees)s would come on top today; it is no part of the balance.")
    return [papers.Text(words % {"fees": fees})] if fees else []


def _bookings(bookings: Sequence[Booking]) -> papers.Part:
    title = _("Bookings, oldest first")
    if not bookings:
        return papers.Text(_("Nothing yet"), title=title)
    lines = [
        (
            day_text(row.day),
            (booking_words(row.what), row.number),
            coins(row.amount, row.currency),
            coins(row.balance, row.currency),
        )
        for row in bookings
    ]
    return papers.Table((_("Day"), _("What"), _("Amount"), _("Balance")), lines, (0, 1, 0, 0), (2, 3), title)


def store_account_csv(bookings: Sequence[Booking], ages: Sequence[Ageing]) -> bytes:
    """This will write the same as a table."""
    rows: list[tuple[str, str, Decimal]] = []
    for row in ages:
        columns = zip((*AGES, "total", "late_fee"), (*row.ages, row.total, row.fee), strict=True)
        rows += [(what, row.currency, amount) for what, amount in columns]
    return store_csv.as_csv(bookings, rows)
