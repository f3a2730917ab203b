"""Territory codes, and the sets of them, as bits.

Every current ISO 3166-1 code has a bit, every withdrawn one its own (data/territories.csv), for ever: bit numbers are
in the database, new codes get new numbers. A numeric code (CISAC's TIS: ISO's number, or 21xx for a group) means the
same as the letters. Where ISO used letters twice, the older use has the four letters of ISO 3166-3 (CSHH).

Worldwide is all 512 bits, also those without a code yet: a right for the whole world holds in a country founded later.
A group means its members of today (data/territory_groups.csv); groups are resolved before anything is written.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from catalog.models.territory import TERRITORY_BITS, TerritorySet

WORLD: Final = (1 << TERRITORY_BITS) - 1
_DATA = Path(__file__).parent / "data"
_ALIASES: Final = {"UK": "GB", "WORLDWIDE": "2136", "ES-CE": "ES", "ES-CN": "ES", "ES-ML": "ES"}
_LABEL_LENGTH_MAX = 200
_CODES_IN_LABEL_MAX = 12


class UnknownTerritory(ValueError):
    """The text is no territory code we know."""


class EmptyTerritorySet(ValueError):
    """The includes minus the excludes leave no territory."""


class _Table(NamedTuple):
    bits: Mapping[str, int]
    names: Mapping[str, str]
    russian: Mapping[str, str]
    singles: tuple[str, ...]
    groups: Mapping[int, str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    bits: dict[str, int] = {}
    names: dict[str, str] = {}
    russian: dict[str, str] = {}
    singles = []
    for row in _rows("territories.csv"):
        bits[row["code"]] = 1 << int(row["bit"])
        names[row["code"]] = row["name"]
        russian[row["code"]] = row["russian"]
        singles.append(row["code"])
        if row["numeric"]:
            bits[str(int(row["numeric"]))] = bits[row["code"]]
    groups = {}
    for row in _rows("territory_groups.csv"):
        members = row["members"].split()
        bits[row["code"]] = WORLD if members == ["*"] else sum(bits[member] for member in members)
        names[row["code"]] = row["name"]
        groups[bits[row["code"]]] = row["name"]
    bits |= {alias: bits[code] for alias, code in _ALIASES.items()}
    return _Table(bits, names, russian, tuple(singles), groups)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def bits_of(code: str) -> int:
    """This will return the bits of one code: ISO letters, a TIS number or group, "Worldwide"; of no code, no bits.

    Raises: UnknownTerritory.
    """
    wanted = code.strip().upper()
    if not wanted:
        return 0
    if wanted.isdecimal():
        wanted = str(int(wanted))
    try:
        return _table().bits[wanted]
    except KeyError:
        raise UnknownTerritory(code) from None


def is_single(code: str) -> bool:
    """This will tell whether a code is one territory, not a group. Raises: UnknownTerritory."""
    return bits_of(code).bit_count() == 1


def resolve_bits(include: Iterable[str], exclude: Iterable[str] = ()) -> int:
    """This will return the bits of the included codes without the excluded.

    Raises: UnknownTerritory, EmptyTerritorySet.
    """
    bits = 0
    for code in include:
        bits |= bits_of(code)
    for code in exclude:
        bits &= ~bits_of(code)
    if not bits:
        raise EmptyTerritorySet
    return bits


def codes_of(bits: int) -> list[str]:
    """This will return the single codes of a set, current ones first, in alphabetical order."""
    table = _table()
    return [code for code in table.singles if table.bits[code] & bits]


def name_of(code: str, language: str = "en") -> str:
    """This will return the name of a territory or group, in English where there is no Russian, or else the code."""
    code, table = code.strip().upper(), _table()
    return (language == "ru" and table.russian.get(code)) or table.names.get(code, code)


def names(language: str = "en") -> dict[str, str]:
    """This will return every single code with its name in English or Russian, for a list to choose from."""
    table = _table()
    spoken = table.russian if language == "ru" else table.names
    return {code: spoken[code] for code in table.singles}


def label_of(bits: int) -> str:
    """This will say a set as a person would: Worldwide; Europe; Worldwide except RU, UA; RU, UA, BY and 31 others."""
    if bits in _table().groups:
        return _table().groups[bits]
    missing = codes_of(WORLD & ~bits)
    if len(missing) <= _CODES_IN_LABEL_MAX:
        return f"Worldwide except {', '.join(missing)}"
    codes = codes_of(bits)
    shown = ", ".join(codes[:_CODES_IN_LABEL_MAX])
    more = len(codes) - _CODES_IN_LABEL_MAX
    return (f"{shown} and {more} others" if more > 0 else shown)[:_LABEL_LENGTH_MAX]


def words_of(label: str) -> str:
    """This will say a set's label (see `label_of`) in the language of the reader; country codes stay codes."""
    world, excepted, codes = label.partition(" except ")
    if excepted:
        return _("%(all)s except %(codes)s") % {"all": _(world), "codes": codes}
    shown, more, count = label.removesuffix(" others").rpartition(" and ")
    if more and count.isdecimal():
        return _("%(codes)s and %(count)s others") % {"codes": shown, "count": count}
    return _(label)


def covers(territories: TerritorySet | int, code: str) -> bool:
    """This will tell whether a set holds a territory, or the whole of a group. Raises: UnknownTerritory."""
    bits = territories if isinstance(territories, int) else territories.bits
    wanted = bits_of(code)
    return bits & wanted == wanted


def overlap(one: TerritorySet, other: TerritorySet) -> int:
    """This will return the bits two sets have in common; 0 when they have none."""
    return one.bits & other.bits


def interned(bits: int) -> TerritorySet:
    """This will return the one row of this set, writing it when it is new."""
    found = TerritorySet.objects.filter(bits=bits).first()
    if found is None:
        row = TerritorySet(bits=bits, label=label_of(bits))
        TerritorySet.objects.bulk_create([row], ignore_conflicts=True)
        found = TerritorySet.objects.get(bits=bits)
    return found


def resolve(include: Iterable[str], exclude: Iterable[str] = ()) -> TerritorySet:
    """This will return the row of a set given by codes. Raises: UnknownTerritory, EmptyTerritorySet."""
    return interned(resolve_bits(include, exclude))


def worldwide() -> TerritorySet:
    """This will return the row of the whole world."""
    return interned(WORLD)
