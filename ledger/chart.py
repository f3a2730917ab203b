"""Every account of the ledger in one place: which places exist, what their balances mean, how an address is spelled.

An account is one *place* where money rests, of one currency, kept apart per item (what the money is for) and owner
(whose it is). The address says all of it: `track:17:phonogram:payable:holder:4` is what holder 4 can be paid for the
phonogram right in track 17. Nothing outside this module spells an address. `docs/ledger.md` explains every place.
"""

from enum import StrEnum
from typing import NamedTuple


class Place(StrEnum):
    """A place where money rests."""

    UNIDENTIFIED = "unidentified"
    UNCLAIMED = "unclaimed"
    DISPUTED = "disputed"
    HELD = "held"
    POST_WITHDRAWAL = "post_withdrawal"
    PAYABLE = "payable"
    IN_PAYOUT = "in_payout"
    PAID = "paid"
    RECOVERABLE = "recoverable"
    RECEIVABLE = "receivable"
    UNALLOCATED = "unallocated"
    BANK = "bank"
    PAID_OUT = "paid_out"
    TAX_OWED = "tax_owed"
    TAX_BACK = "tax_back"
    ADMINISTRATION = "administration"
    BANK_CHARGES = "bank_charges"
    INTEREST = "interest"
    FX_DIFFERENCE = "fx_difference"
    EXCHANGE_RESULT = "exchange_result"
    ROUNDING = "rounding"
    WRITTEN_OFF = "written_off"
    OPENING = "opening"


OWED = frozenset(
    {
        Place.UNIDENTIFIED,
        Place.UNCLAIMED,
        Place.DISPUTED,
        Place.HELD,
        Place.POST_WITHDRAWAL,
        Place.PAYABLE,
        Place.IN_PAYOUT,
        Place.PAID,
        Place.RECOVERABLE,
    }
)
"""The owed side: for whom accrued money is; kept per item, and per holder from `held` on."""

OF_A_HOLDER = frozenset(
    {Place.HELD, Place.POST_WITHDRAWAL, Place.PAYABLE, Place.IN_PAYOUT, Place.PAID, Place.RECOVERABLE}
)

DEBIT_NORMAL = frozenset(
    {
        Place.RECOVERABLE,
        Place.RECEIVABLE,
        Place.BANK,
        Place.PAID_OUT,
        Place.BANK_CHARGES,
        Place.FX_DIFFERENCE,
        Place.EXCHANGE_RESULT,
        Place.ROUNDING,
        Place.WRITTEN_OFF,
    }
)
"""Places whose balance is debit minus credit; the others' is credit minus debit."""

PLACES = tuple(place.value for place in Place)


class AccountRef(NamedTuple):
    """What identifies and describes an account; an account that does not exist yet is made at its first posting."""

    address: str
    currency: str
    place: str
    owner: str = ""
    item: str = ""


def track_item(track_id: int, right: str) -> str:
    """Name the money for one right in a track; the work right too rests under the track."""
    return f"track:{track_id}:{right}"


def key_item(store_key_id: int, right: str) -> str:
    """Name the money for one right in what a store sells under a key not yet matched to a track."""
    return f"key:{store_key_id}:{right}"


def holder(holder_id: int) -> str:
    """Name a holder as the owner of money."""
    return f"holder:{holder_id}"


def licensee(licensee_id: int) -> str:
    """Name a licensee as the owner of a debt or of money not yet allocated."""
    return f"licensee:{licensee_id}"


def owed(item: str, place: Place, currency: str, owner: str = "") -> AccountRef:
    """Return the account of a place on the owed side, e.g. `track:17:work:unclaimed`.

    Raises: ValueError when the place needs a holder and none is given, or the other way round.
    """
    if place not in OWED or (place in OF_A_HOLDER) != bool(owner):
        raise ValueError(f"no account {place} for item {item!r} and owner {owner!r}")
    return AccountRef(owed_address(item, place, owner), currency, place.value, owner, item)


def owed_address(item: str, place: Place, owner: str = "") -> str:
    """Spell the address of a place on the owed side."""
    return f"{item}:{place.value}:{owner}" if owner else f"{item}:{place.value}"


def owed_address_sql(item: str, place: Place, owner: str = "") -> str:
    """Return the SQL expression (PostgreSQL, DuckDB) that spells the same address from SQL expressions of its parts."""
    return f"({item}) || ':{place.value}:' || ({owner})" if owner else f"({item}) || ':{place.value}'"


def resting(item: str, currency: str) -> AccountRef:
    """Return the account that new money goes to: unclaimed for a track, unidentified for a store's own key."""
    place = Place.UNCLAIMED if item.startswith("track:") else Place.UNIDENTIFIED
    return owed(item, place, currency)


def of_licensee(place: Place, licensee_id: int, currency: str) -> AccountRef:
    """Return a licensee's account: receivable, unallocated, written_off or rounding."""
    if place not in {Place.RECEIVABLE, Place.UNALLOCATED, Place.WRITTEN_OFF, Place.ROUNDING}:
        raise ValueError(f"a licensee has no account {place}")
    owner = licensee(licensee_id)
    return AccountRef(f"{owner}:{place.value}", currency, place.value, owner)


def receivable(licensee_id: int, currency: str) -> AccountRef:
    """Return the account of what a licensee owes ROMS."""
    return of_licensee(Place.RECEIVABLE, licensee_id, currency)


def paid_out(owner: str, currency: str) -> AccountRef:
    """Return the account of what left the house for a holder, before tax and deductions."""
    return AccountRef(f"{owner}:{Place.PAID_OUT.value}", currency, Place.PAID_OUT.value, owner)


def tax_back(owner: str, currency: str) -> AccountRef:
    """Return the account of tax that was kept back of a holder too much and goes with the next payment."""
    return AccountRef(f"{owner}:{Place.TAX_BACK.value}", currency, Place.TAX_BACK.value, owner)


def house(place: Place, currency: str) -> AccountRef:
    """Return an account of ROMS itself, one per currency: bank, tax_owed, administration, interest ..."""
    if place in OWED or place in {
        Place.RECEIVABLE,
        Place.UNALLOCATED,
        Place.WRITTEN_OFF,
        Place.PAID_OUT,
        Place.TAX_BACK,
        Place.ROUNDING,
    }:
        raise ValueError(f"{place} is no account of the house")
    return AccountRef(place.value, currency, place.value)
