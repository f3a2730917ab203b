"""The certificate of a claim made under reservation of rights, or to prove and leave the money."""

from datetime import date
from itertools import islice

from django.utils.translation import gettext as _

from catalog.models import RightsShare
from catalog.rights import Right
from catalog.territories import words_of
from claims import selectors as claims
from claims.models import Claim, ClaimLine
from core import papers
from core.templatetags.roms import day_text, number, percent, period
from ledger.models import LogCheckpoint
from payouts.papers.words import WORDING_WORDS, checkpoint_rows, figure

PRINTED_MAX = 2_000
"""Lines a certificate prints; of more it says how many there are."""


def reservation_pdf(claim: Claim, *, checkpoint: LogCheckpoint | None, day: date) -> bytes:
    """This will set the certificate of a claim that reserves: what was signed when, for what, and the exact money.

    Raises: core.papers.PaperFailed.
    """
    reserves = claim.choice == RightsShare.Choice.RESERVE
    title = _("Certificate of reservation") if reserves else _("Certificate of rights proved and money left")
    assert claim.filed_at is not None, "a draft is no claim yet"
    rows = [
        (_("Claim"), claim.public_id),
        (_("Owner"), f"{claim.holder.name}, {claim.holder.public_id}"),
        *([(_("Claimed by"), claim.authority.agent.name)] if claim.authority else []),
        (_("Filed"), f"{day_text(claim.filed_at.date())}, {claim.filed_at:%H:%M} UTC"),
        (_("State"), claim.get_status_display()),
        *([(_("Decided"), day_text(claim.decided_at.date()))] if claim.decided_at else []),
        (_("As of"), day_text(day)),
    ]
    parts: list[papers.Part] = [papers.Pairs(rows), papers.Note(WORDING_WORDS[claim.choice])]
    signed = claim.attestation.text
    parts += [papers.Text(line, _("What was signed") if first else "") for first, line in _numbered(signed.text)]
    parts.append(papers.Code([(_("SHA-256 of these words"), signed.sha256)]))
    parts.extend(_money(claim))
    parts.extend(_lines(claim))
    if checkpoint is not None:
        parts.append(papers.Pairs(checkpoint_rows(checkpoint.note), title=_("The ledger at this time")))
    parts.append(papers.Text(_("Nothing here is a licence, mandate, release or approval of any store.")))
    return papers.sheet(parts, title=title, number=claim.public_id, day=day)


def _numbered(text: str) -> list[tuple[bool, str]]:
    return [(place == 0, line) for place, line in enumerate(text.splitlines())]


def _money(claim: Claim) -> list[papers.Part]:
    amounts = claims.claim_amounts(claim)
    title = _("The money on this day")
    rows = [
        (words, figure(amount.total.amount, amount.currency), *(figure(part, amount.currency) for part in parts))
        for words, found in ((_("Moved to the owner"), amounts.yours), (_("Waiting for these lines"), amounts.waiting))
        for amount in found
        for parts in [(amount.received, amount.unpaid)]
    ]
    if not rows:
        return [papers.Text(_("Nothing."), title)]
    head = ("", _("Amount"), _("of it received by ROMS"), _("not yet paid by the store"))
    return [papers.Table(head, rows, widths=(1, 0, 0, 0), right=(1, 2, 3), title=title)]


def _lines(claim: Claim) -> list[papers.Part]:
    lines = claims.lines_of(claim)
    count = lines.count()
    head = (_("Track"), _("Right"), _("Part"), _("Where and when"), _("Outcome"))
    rows = [_line(line) for line in islice(lines, PRINTED_MAX)]
    parts: list[papers.Part] = [papers.Table(head, rows, widths=(2, 1, 0, 1, 0), right=(2,), title=_("Lines"))]
    if count > PRINTED_MAX:
        said = _("The claim has %(count)s lines; the first %(printed)s are printed.")
        parts.append(papers.Text(said % {"count": number(count), "printed": number(PRINTED_MAX)}))
    return parts


def _line(line: ClaimLine) -> tuple[object, ...]:
    granted = [f"{percent(line.granted_percent)}"] if line.granted_percent is not None else []
    isrcs = ", ".join(isrc.isrc for isrc in line.track.isrcs.all())
    return (
        (line.track.title, " · ".join(filter(None, (line.track.artist, isrcs)))),
        Right(line.right).label,
        percent(line.percent),
        (words_of(line.territories.label), period(line.start, line.end)),
        (line.get_outcome_display(), *granted),
    )
