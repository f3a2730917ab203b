"""The yearly certificate of what was paid to a holder and kept back for tax, and its corrections."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from catalog.models import RightsHolder
from core import papers
from core.templatetags.roms import day_text, percent
from payouts.papers.words import coins
from payouts.selectors.tax import TaxedPayment, YearFacts


def tax_year_pdf(
    holder: RightsHolder, year: int, *, facts: YearFacts, edition: int, replaced: date | None, day: date
) -> bytes:
    """This will set the certificate of one year: sums per currency, every payment, the certificates in force.

    `edition` counts from 1; `replaced` is the day on which the next edition took the place of this one.

    Raises: core.papers.PaperFailed.
    """
    shown = [
        (_("Tax residence shown"), f"{one.country}, {day_text(one.start)} – {day_text(one.end)}, {one.number}")
        for one in facts.residences
    ]
    subject = [
        (_("Holder"), f"{holder.name}, {holder.public_id}"),
        (_("Year"), f"{year}"),
        *(shown or [(_("Tax residence shown"), _("none"))]),
        (_("Made on"), day_text(day)),
    ]
    if edition > 1:
        words = _("%(edition)s, corrected; it replaces edition %(before)s")
        subject.append((_("Edition"), words % {"edition": edition, "before": edition - 1}))
    if replaced is not None:
        subject.append((_("No longer in force"), _("replaced on %s") % day_text(replaced)))
    parts: list[papers.Part] = [papers.Pairs(subject), *_figures(facts), *_to_ask_back(facts.payments)]
    parts.append(papers.Text(_("Counted by the day the bank paid. Payments that came back are no part of the sums.")))
    number = f"{holder.public_id}/{year}" + (f"/{edition}" if edition > 1 else "")
    return papers.sheet(parts, title=_("Certificate of tax kept back"), number=number, day=day)


def _figures(facts: YearFacts) -> Iterator[papers.Part]:
    head = (_("Gross"), _("Tax"), _("Given back"), _("Administration"), _("Net"))
    totals = [
        (
            (row.currency, _("%(count)s payments") % {"count": row.payments}),
            *(
                coins(amount, row.currency)
                for amount in (row.gross, row.tax, row.given_back, row.administration, row.net)
            ),
        )
        for row in facts.sums
    ]
    lines = [
        (
            (day_text(one.day), one.payment),
            coins(one.gross, one.currency),
            (coins(one.tax, one.currency), percent(one.tax_percent)),
            coins(one.given_back, one.currency),
            coins(one.administration, one.currency),
            coins(one.net, one.currency),
        )
        for one in facts.payments
    ]
    widths, right = (1, 0, 0, 0, 0, 0), (1, 2, 3, 4, 5)
    yield papers.Table((_("Currency"), *head), totals, widths, right, _("Paid and kept back"), tenths=85)
    yield papers.Table((_("Payment"), *head), lines, widths, right, _("Payments"), tenths=85)


def _to_ask_back(payments: list[TaxedPayment]) -> Iterator[papers.Part]:
    """List what the tax office has too much of: the paper with which the holder asks for it."""
    asked = [one for one in payments if one.ask_back]
    if not asked:
        return
    lines = [
        ((day_text(one.day), one.payment), coins(one.tax, one.currency), coins(one.ask_back, one.currency))
        for one in asked
    ]
    head = (_("Payment"), _("Tax"), _("To be asked back"))
    yield papers.Table(head, lines, (1, 0, 0), (1, 2), _("Kept back too much and paid to the tax office"))
    yield papers.Text(
        _(
            "The certificate of tax residence was shown after this tax had been paid to the tax office. ROMS cannot"
            " give it back: the holder asks the tax office for it, with this paper and the certificate of residence."
        )
    )
