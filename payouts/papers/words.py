"""Sentences and figures that several papers share."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core import papers
from core.templatetags.roms import MINUS, amount_text
from payouts.formats.statement_csv import Checkpoint

ALWAYS_WORDS = _("Nothing in this statement is a licence, mandate, release or approval of any store.")
WORDING_WORDS = {
    "plain": "",
    "reserve": _(
        "The holder takes, or will take, these amounts under reservation of all rights: taking them neither admits"
        " that a licence exists nor waives any claim against anybody."
    ),
    "leave": _(
        "The holder has proved its rights and left the money with ROMS; nothing was taken and no right is waived."
    ),
}
"""The same sentences as in the canonical file, which is in English; a test holds them together."""


def figure(amount: Decimal, currency: str) -> str:
    """This will write an amount with all its decimals and its currency, never broken over two lines."""
    return f"{amount_text(amount, currency)}\u00a0{currency}"


def coins(amount: Decimal, currency: str) -> str:
    """This will write an amount that has no more decimals than the currency has coins, else all of them."""
    short = amount_text(amount, currency, exact=False)
    whole = short.replace(MINUS, "-").replace("\u202f", "").replace(",", ".")
    return f"{short}\u00a0{currency}" if Decimal(whole) == amount else figure(amount, currency)


def proof_parts(checkpoint: Checkpoint | None, sha256: str, day: date) -> list[papers.Part]:
    """This will say how the figures can be checked from outside."""
    hashes = papers.Code([(_("SHA-256 of the data file"), sha256)], title=_("How to check this"))
    if checkpoint is None:
        return [
            hashes,
            papers.Text(
                _(
                    "Something in this statement is younger than the last signed checkpoint of the ledger; the next"
                    " one is signed within the hour."
                )
            ),
        ]
    rows = _log_rows(checkpoint.log, str(checkpoint.size), checkpoint.root)
    return [
        hashes,
        papers.Text(
            _(
                "Every movement is one posting of the ledger. Its entry has the place in the log that stands beside"
                " it, and the signed checkpoint below covers all of them. The portal gives a proof of each posting,"
                ' which anybody can check without the portal: the page "Check a proof" says how.'
            )
        ),
        papers.Pairs(rows),
    ]


def checkpoint_rows(note: str) -> list[tuple[object, object]]:
    """This will say what a signed checkpoint says: the log, how many entries, the root over them."""
    return _log_rows(*note.split("\n")[:3])


def _log_rows(log: str, size: str, root: str) -> list[tuple[object, object]]:
    return [(_("Log"), log), (_("Entries"), size), (_("Root"), root)]
