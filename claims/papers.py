"""The breach report as a paper for the holder's lawyer: what was found, in words, and the data it can be held to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256

from django.utils.translation import gettext as _

from claims.formats.breach_report import BreachRow, as_csv
from claims.models import ComplianceFinding
from core import papers
from core.money import Money
from core.templatetags.roms import amount_text

ROWS_MAX = 1000
"""More do not make a paper anybody reads; the paper says how many there are, and the table has them all."""

CONFIRMED = ComplianceFinding.Status.CONFIRMED
KINDS, STATUSES = dict(ComplianceFinding.Kind.choices), dict(ComplianceFinding.Status.choices)


def breach_report_pdf(
    rows: Iterable[BreachRow], sums: Sequence[tuple[str, int, int, Money]], *, asked_by: str, day: date
) -> bytes:
    """This will set the report in the language of the moment; `sums` are of breaches that stand, per currency.

    The hash is that of the same list as a table, so that the paper can be held against the data. However many rows,
    they are read once and those shown are kept. Raises: PaperFailed.
    """
    shown: list[BreachRow] = []
    counts = Counter[str]()
    digest = sha256()
    for line in as_csv(_seen(rows, shown, counts)):
        digest.update(line.encode())
    count = counts.total()
    parts: list[papers.Part] = [
        papers.Pairs(
            [
                (_("Made for"), asked_by),
                (_("On"), day),
                (_("Findings"), str(count)),
                (_("Confirmed by a person"), str(counts[CONFIRMED])),
            ]
        ),
        papers.Note(
            _(
                "A finding is what ROMS found in a report or catalogue of the store itself. It is a breach only where"
                " the whole period of use lies after the first day out and the store's time to comply; a period that"
                " reaches over that day is unclear, and the store is asked. Nothing here says that a licence ever"
                " existed."
            )
        ),
    ]
    if sums:
        head = [_("Currency"), _("Breaches"), _("Units"), _("Royalty")]
        figures = [
            [currency, str(n), str(sold), amount_text(money.amount, currency)] for currency, n, sold, money in sums
        ]
        parts.append(papers.Table(head, figures, (1, 0, 0, 0), right=(1, 2, 3), title=_("Breaches in sum")))
    head = [_("Finding"), _("Track"), _("Store"), _("Out"), _("Used"), _("Units"), _("Royalty")]
    cells = [_cells(row) for row in shown]
    if cells:
        table = papers.Table(head, cells, (0, 1, 0, 0, 0, 0, 0), right=(5, 6), title=_("Findings"), tenths=70)
        parts.append(table)
    if count > len(shown):
        parts.append(papers.Text(_("The first %(count)s are shown; the table has all.") % {"count": len(shown)}))
    parts.append(
        papers.Code(
            [(_("SHA-256 of the same list as a table (CSV)"), digest.hexdigest())], title=_("How to check this")
        )
    )
    return papers.sheet(parts, title=_("Breach report"), number=f"BRP-{day.isoformat()}", day=day)


def _seen(rows: Iterable[BreachRow], shown: list[BreachRow], counts: Counter[str]) -> Iterator[BreachRow]:
    """Hand rows on, counted by status, the first ones kept to be shown."""
    for row in rows:
        counts[row.status] += 1
        if len(shown) < ROWS_MAX:
            shown.append(row)
        yield row


def _cells(row: BreachRow) -> list[object]:
    used = f"{row.used_from or '–'} – {row.used_until or '–'}"
    return [
        [row.finding, str(KINDS.get(row.kind, row.kind)), str(STATUSES.get(row.status, row.status))],
        [row.title or _("All tracks of the report"), row.artist, row.isrcs, row.rights],
        [row.store, row.source, row.withdrawal],
        [row.out_since.isoformat(), _("time over %(day)s") % {"day": row.allowed_until.isoformat()}],
        [used, row.territories],
        str(row.units),
        f"{amount_text(row.royalty, row.currency)} {row.currency}" if row.currency else "–",
    ]
