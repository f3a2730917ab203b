"""A statement as a paper and as a spreadsheet, both drawn from its canonical file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.rights import Right
from core import papers
from core.templatetags.roms import day_text, number, percent, period
from payouts.formats import statement_rows as rows
from payouts.formats.statement_csv import Movement, PaidOut, Standing
from payouts.formats.xlsx import Book, Cell
from payouts.papers.words import ALWAYS_WORDS, WORDING_WORDS, coins, figure, proof_parts
from payouts.places import PLACE_WORDS
from payouts.selectors.account import store_names
from payouts.templatetags.payouts import kind_words

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
SPOOLED_MAX = 4 << 20
PRINTED_MAX = 2_000
"""Movements a paper prints; of more it says sums per report, and the data file has them all."""
ZERO = Decimal(0)


def statement_in(form: str, file: IO[bytes], *, sha256: str, number: str, day: date) -> IO[bytes]:
    """This will give a canonical file in one of FORMS, from its start; whoever asked closes what is given.

    Raises: core.papers.PaperFailed, NoStatement.
    """
    if form == "csv":
        return file
    out: IO[bytes] = SpooledTemporaryFile(max_size=SPOOLED_MAX)  # noqa: SIM115  whoever asked closes it
    with file:
        if form == "xlsx":
            statement_book(file, out, sha256=sha256)
        else:
            out.write(statement_pdf(file, sha256=sha256, number=number, day=day))
    out.seek(0)
    return out


def statement_pdf(file: IO[bytes], *, sha256: str, number: str, day: date) -> bytes:
    """This will set the paper of a statement. Raises: core.papers.PaperFailed, NoStatement."""
    head = rows.read_head(file)
    subject = [
        (_("Holder"), f"{head.holder_name}, {head.holder}"),
        (_("Period"), f"{period(head.start, head.end)} ({_('days in UTC')})"),
        (_("Made on"), day_text(day)),
    ]
    parts: list[papers.Part] = [papers.Pairs(subject)]
    if WORDING_WORDS[head.wording]:
        parts.append(papers.Note(WORDING_WORDS[head.wording]))
    parts.append(_standings(list(rows.standings_of(file, "opening")), list(rows.standings_of(file, "closing"))))
    parts.extend(_payments(list(rows.payments_of(file))))
    parts.extend(_movements(_with_names(rows.movements_of(file))))
    parts.extend(proof_parts(head.checkpoint, sha256, day))
    parts.append(papers.Text(ALWAYS_WORDS))
    return papers.sheet(parts, title=_("Statement"), number=number, day=day)


def _standings(opening: list[Standing], closing: list[Standing]) -> papers.Part:
    """Put opening and closing side by side, place by place."""
    title = _("What rests with ROMS")
    before = {(row.place, row.currency): row.amount for row in opening}
    after = {(row.place, row.currency): row for row in closing}
    keys = sorted({*before, *after}, key=lambda key: ([*PLACE_WORDS].index(key[0]), key[1]))
    if not keys:
        return papers.Text(_("Nothing."), title=title)
    nothing = Standing("", "", ZERO, ZERO, ZERO)
    lines = [
        (
            PLACE_WORDS[place].name,
            figure(before.get((place, currency), ZERO), currency),
            figure((row := after.get((place, currency), nothing)).amount, currency),
            figure(row.received, currency),
            figure(row.waiting, currency),
        )
        for place, currency in keys
    ]
    head = (
        _("Where it rests"),
        _("Opening"),
        _("Closing"),
        _("of it received by ROMS"),
        _("not yet paid by the store"),
    )
    return papers.Table(head, lines, widths=(1, 0, 0, 0, 0), right=(1, 2, 3, 4), title=title, tenths=80)


def _payments(payments: list[PaidOut]) -> Iterator[papers.Part]:
    """List what was paid: gross, kept back, net, and what the bank got; then the sums of what did not come back."""
    title = _("Paid in this period")
    if not payments:
        yield papers.Text(_("Nothing was paid in this period."), title=title)
        return
    lines: list[tuple[object, ...]] = [
        (
            (day_text(row.day), row.payment, *([_("came back")] if row.status == "returned" else [])),
            coins(row.gross, row.currency),
            (coins(row.tax, row.currency), percent(row.tax_percent)),
            coins(row.administration, row.currency),
            (
                coins(row.net, row.currency),
                *([_("tax given back %s") % figure(row.tax_back, row.currency)] if row.tax_back else []),
            ),
            (coins(row.paid, row.paid_currency), *_rate(row)),
        )
        for row in payments
    ]
    for currency in sorted({row.currency for row in payments if row.status != "returned"}):
        kept = [row for row in payments if row.currency == currency and row.status != "returned"]
        sums = [sum((getattr(row, name) for row in kept), ZERO) for name in ("gross", "tax", "administration", "net")]
        lines.append((_("Together"), *(coins(amount, currency) for amount in sums), ""))
    head = (_("Payment"), _("Gross"), _("Tax"), _("Administration"), _("Net"), _("To your account"))
    yield papers.Table(head, lines, widths=(1, 0, 0, 0, 0, 0), right=(1, 2, 3, 4, 5), title=title, tenths=80)
    for currency in sorted({row.currency for row in payments if row.set_off}):
        amount = sum((row.set_off for row in payments if row.currency == currency), ZERO)
        yield papers.Text(
            _("Set off against an overpayment before paying: %(amount)s.") % {"amount": figure(amount, currency)}
        )


def _rate(row: PaidOut) -> list[str]:
    if row.rate is None:
        return []
    return [f"× {row.rate:f}".rstrip("0").rstrip("."), f"{row.rate_source}, {day_text(row.rate_date)}"]


def _movements(movements: Iterator[Movement]) -> Iterator[papers.Part]:
    """Sum what moved per report and place, then list it where there are not too many."""
    first = list(islice(movements, PRINTED_MAX + 1))
    title = _("Movements")
    if not first:
        yield papers.Text(_("Nothing moved in this period."), title=title)
        return
    count = 0
    sums: dict[tuple[str, str, str, str, str], list[Decimal]] = {}
    for movement in _both(first, movements):
        count += 1
        key = (movement.store, movement.report, _use(movement), movement.place, movement.currency)
        found = sums.setdefault(key, [ZERO, ZERO, ZERO])
        for index, amount in enumerate((movement.amount, movement.received, movement.waiting)):
            found[index] += amount
    lines = [
        ((store or "–", use), PLACE_WORDS[place].name, *(figure(amount, currency) for amount in amounts))
        for (store, _report, use, place, currency), amounts in sums.items()
        if any(amounts)
    ]
    head = (
        _("Store, use"),
        _("Place"),
        _("Amount"),
        _("of it received by ROMS"),
        _("not yet paid by the store"),
    )
    by_report = _("What moved, by report")
    yield papers.Table(head, lines, widths=(1, 0, 0, 0, 0), right=(2, 3, 4), title=by_report, tenths=80)
    if count > PRINTED_MAX:
        said = ngettext(
            "The data file lists all %(count)s movement; it is too long to print.",
            "The data file lists all %(count)s movements; they are too many to print.",
            count,
        )
        yield papers.Text(said % {"count": number(count)}, title=title)
        return
    yield _printed(first, title)


def _both(first: list[Movement], rest: Iterator[Movement]) -> Iterator[Movement]:
    yield from first
    yield from rest


def _printed(movements: list[Movement], title: str) -> papers.Part:
    head = (_("Date"), _("Track"), _("Report"), _("Place"), _("Amount"), _("of it received"), _("Place in the log"))
    lines = [
        (
            (day_text(row.day), f"{kind_words(row.event)} {row.posting}"),
            (row.title, f"{row.artist} · {Right(row.right).label}" + (f" · {row.isrc}" if row.isrc else "")),
            (row.store, _use(row)) if row.report else "–",
            PLACE_WORDS[row.place].name,
            figure(row.amount, row.currency),
            figure(row.received, row.currency),
            "–" if row.leaf is None else str(row.leaf),
        )
        for row in movements
    ]
    return papers.Table(head, lines, widths=(0, 1, 0, 0, 0, 0, 0), right=(4, 5, 6), title=title, tenths=70)


def _with_names(movements: Iterator[Movement]) -> Iterator[Movement]:
    """Say a store's name where the data file has its short name for programs."""
    names = store_names()
    return (replace(row, store=names.get(row.store, row.store)) for row in movements)


def _use(row: Movement) -> str:
    return period(row.usage_start, row.usage_end) if row.report else ""


def statement_book(file: IO[bytes], out: IO[bytes], *, sha256: str) -> None:
    """This will write the statement as a workbook: sums and proof, then movements. Raises: NoStatement."""
    head = rows.read_head(file)
    book = Book(out)
    book.add_sheet(
        _("Movements"), (rows.cells(row) for row in rows.movements_of(file)), place=2, head=rows.MOVEMENT_COLUMNS
    )
    lines: list[list[Cell]] = [
        [_("Statement")],
        [_("Holder"), head.holder_name, head.holder],
        [_("From"), head.start],
        [_("Before"), head.end],
        [str(WORDING_WORDS[head.wording])],
        [str(ALWAYS_WORDS)],
        [_("SHA-256 of the data file"), sha256],
    ]
    if head.checkpoint is not None:
        lines.append([_("Checkpoint"), head.checkpoint.log, head.checkpoint.size, head.checkpoint.root])
    for title, row in ((_("Opening"), "opening"), (_("Closing"), "closing")):
        lines += [[], [title, *rows.STANDING_COLUMNS]]
        lines += [["", *rows.cells(standing)] for standing in rows.standings_of(file, row)]
    lines += [[], [_("Paid in this period"), *rows.PAYMENT_COLUMNS]]
    lines += [["", *rows.cells(payment)] for payment in rows.payments_of(file)]
    book.add_sheet(_("Statement"), lines, place=1)
    book.close()
