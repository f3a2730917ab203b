"""What the places of the ledger are called on a holder's pages, and what each means for the holder."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PlaceWords(NamedTuple):
    """Name and meaning of a place."""

    place: str
    name: Promise | str
    means: Promise | str


_WORDS = (
    PlaceWords("payable", _("Payable"), _("Yours, and paid out as soon as the store's money is here.")),
    PlaceWords("held", _("Held"), _("Yours, kept at ROMS because you chose so or a person ordered it.")),
    PlaceWords(
        "post_withdrawal",
        _("Sold after your opt-out"),
        _("Yours, kept apart: stores sold these tracks after you took them out. It is paid if you ask for it."),
    ),
    PlaceWords("disputed", _("Disputed"), _("Two holders say it is theirs; a person decides.")),
    PlaceWords("in_payout", _("On its way"), _("In a payment that the bank has not confirmed yet.")),
    PlaceWords("paid", _("Paid"), _("Left ROMS for you.")),
    PlaceWords("recoverable", _("Overpaid"), _("Set off against later amounts of yours only.")),
)
PLACE_WORDS = {words.place: words for words in _WORDS}
OWED_NAMES: dict[str, Promise | str] = {words.place: words.name for words in _WORDS} | {
    "unidentified": _("Unidentified"),
    "unclaimed": _("Unclaimed"),
}
"""Names of all places of the owed side, those that are nobody's too."""
