"""The amount-due note and the credit note: what a store is asked for, how it was reached, and how it is paid."""

from decimal import Decimal

from django.utils.translation import gettext as _

from core import papers
from core.templatetags.roms import day_text, percent, period
from payouts.models import AmountDue, VatRule
from payouts.papers.words import coins
from payouts.selectors.note import NoteFacts, Working


def note_title(note: AmountDue) -> str:
    """This will say what kind of note it is."""
    if note.is_credit:
        return _("Credit note")
    return _("Supplementary amount-due note") if note.corrects_id else _("Amount-due note")


def reference_words(note: AmountDue) -> str:
    """This will say what the store writes on its transfer."""
    if note.is_credit:
        return _("Nothing has to be transferred. The sum is taken off what %(store)s owes for the same report.") % {
            "store": note.licensee.name
        }
    return _("Write on the transfer: “%(number)s”. Without this number a person has to find out what was paid.") % {
        "number": note.number
    }


def vat_words(note: AmountDue) -> list[str]:
    """This will say by which rule a note is taxed: one line each; no line where no tax is asked for."""
    rule = note.vat_rule
    if rule is None:
        return []
    if rule.end:
        days = _("in force from %(start)s until before %(end)s") % {
            "start": day_text(rule.start),
            "end": day_text(rule.end),
        }
    else:
        days = _("in force since %(start)s") % {"start": day_text(rule.start)}
    treatment = VatRule.Treatment(rule.treatment)
    rate = f"{percent(rule.percent)}" if treatment == VatRule.Treatment.STANDARD else str(treatment.label)
    return [f"{rate} ({rule.country}).", f"{rule.law}, {days}.", *([rule.words] if rule.words else [])]


def tariff_words(row: Working) -> str:
    """This will name the version of a tariff."""
    named = {"version": row.version, "start": day_text(row.start), "end": day_text(row.end)}
    if row.end:
        return _("Tariff, version %(version)s, in force from %(start)s until before %(end)s") % named
    return _("Tariff, version %(version)s, in force since %(start)s") % named


def working_rows(row: Working) -> list[tuple[str, Decimal]]:
    """This will show how the royalty under one tariff was reached: (words, amount)."""
    if not row.deductions:
        base = [(f"{_('Base')}: {row.base_name}", row.base)]
    else:
        base = [
            (_("Base before deductions"), row.gross),
            *((f"{_('Deduction')}: {code}, {percent(off)}", -amount) for code, off, amount in row.deductions),
            (f"{_('Base after deductions')}: {row.base_name}", row.base),
        ]
    return [*base, (_("Royalty, %(rate)s") % {"rate": percent(row.rate_percent)}, row.royalty)]


def note_rows(facts: NoteFacts) -> list[tuple[str, Decimal]]:
    """This will say what a note is for: of a correction the report as it stands, less what was asked for before."""
    note = facts.note
    rows = [] if facts.workings else [(_("Base"), facts.reported)]
    if facts.earlier:
        rows.append((_("Royalty of the report as it stands"), facts.royalty))
        rows += [(_("Asked for by the note %s") % one.number, -one.amount) for one in facts.earlier]
    rows.append((_("Royalty"), note.amount))
    if note.vat_rule is not None:
        rows.append((_("Value added tax"), note.vat))
    if note.total != note.payable or note.vat:
        rows.append((_("Together, exact"), note.total))
    rows.append((_("Taken off your debt") if note.is_credit else _("To transfer, in whole coins"), note.payable))
    return rows


def subject_rows(note: AmountDue) -> list[tuple[str, str]]:
    """This will say whose note it is and about what."""
    report = note.report
    rows = [
        (_("Store"), f"{note.licensee.name}, {note.licensee.public_id}"),
        (_("Report"), report.public_id),
        (_("Period of use"), period(report.usage_start, report.usage_end)),
        (_("Currency"), note.currency),
        (_("Made on"), day_text(note.issued_at.date())),
    ]
    if note.corrects is not None:
        rows.append((_("Corrects the note"), note.corrects.number))
    if not note.is_credit:
        rows.append((_("Due by"), day_text(note.due_date)))
    return rows


def note_pdf(facts: NoteFacts) -> bytes:
    """This will set a note as it was made. Raises: core.papers.PaperFailed."""
    note = facts.note

    def table(head: str, rows: list[tuple[str, Decimal]]) -> papers.Table:
        lines = [(words, coins(amount, note.currency)) for words, amount in rows]
        return papers.Table((head, _("Amount")), lines, (1, 0), (1,))

    taxed = vat_words(note)
    parts: list[papers.Part] = [
        papers.Pairs(subject_rows(note)),
        *(table(tariff_words(row), working_rows(row)) for row in facts.workings),
        table(_("What this note is for"), note_rows(facts)),
        *([papers.Text(" ".join(taxed), title=_("Value added tax"))] if taxed else []),
        papers.Note(reference_words(note), title=_("Payment")),
    ]
    return papers.sheet(parts, title=note_title(note), number=note.number, day=note.issued_at.date())
