"""The yearly certificate of what was paid to a holder and kept back for tax."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from catalog.models import RightsHolder
from core import papers
from core.templatetags.roms import day_text, percent
from payouts.models import Payment, TaxResidence
from payouts.papers.words import coins
from payouts.selectors.tax import TaxYear


def tax_year_pdf(
    holder: RightsHolder,
    year: int,
    *,
    sums: Sequence[TaxYear],
    payments: Sequence[Payment],
    residences: Sequence[TaxResidence],
    day: date,
) -> bytes:
    """This will set the certificate of one year: sums per currency, every payment, the certificates in force.

    Raises: core.papers.PaperFailed.
    """
    shown = [
        (_("Tax residence shown"), f"{one.country}, {day_text(one.start)} – {day_text(one.end)}, {one.public_id}")
        for one in residences
    ]
    subject = [
        (_("Holder"), f"{holder.name}, {holder.public_id}"),
        (_("Year"), f"{year}"),
        *(shown or [(_("Tax residence shown"), _("none"))]),
        (_("Made on"), day_text(day)),
    ]
    figures = (_("Gross"), _("Tax"), _("Administration"), _("Net"))
    totals = [
        (
            (row.currency, _("%(count)s payments") % {"count": row.payments}),
            *(coins(amount, row.currency) for amount in (row.gross, row.tax, row.administration, row.net)),
        )
        for row in sums
    ]
    lines = [
        (
            (day_text(one.settled_at.date()) if one.settled_at else "", one.public_id),
            coins(one.gross, one.currency),
            (coins(one.tax, one.currency), percent(one.tax_percent)),
            coins(one.administration, one.currency),
            coins(one.net, one.currency),
        )
        for one in payments
    ]
    widths, right = (1, 0, 0, 0, 0), (1, 2, 3, 4)
    parts: list[papers.Part] = [
        papers.Pairs(subject),
        papers.Table((_("Currency"), *figures), totals, widths, right, _("Paid and kept back")),
        papers.Table((_("Payment"), *figures), lines, widths, right, _("Payments")),
        papers.Text(_("Counted by the day the bank paid. Payments that came back are no part of the sums.")),
    ]
    return papers.sheet(parts, title=_("Certificate of tax kept back"), number=f"{holder.public_id}/{year}", day=day)
