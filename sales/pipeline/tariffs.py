"""Which tariff holds for a use period, and what it says as numbers; how territories of reports are understood."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple

from catalog import territories
from sales import selectors
from sales.formats.flat import month_of
from sales.models import Tariff
from sales.pipeline.accrue import DEDUCTED, MILLION, RIGHTS, Cut, Terms, Use, millionths

HUNDRED = 100
DAY = timedelta(days=1)


class NoTariff(Exception):
    """No tariff of this store began before a period it reports about."""

    def __init__(self, start: date) -> None:
        super().__init__(str(start))
        self.start = start


class BadTariff(ValueError):
    """A tariff's split does not sum to 100, or its deductions leave nothing."""

    def __init__(self, tariff: Tariff, why: str) -> None:
        super().__init__(f"tariff {tariff.pk}: {why}")
        self.start = tariff.start


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed for the periods of one report."""

    terms: list[Terms]
    uses: list[Use]
    cuts: list[Cut]
    """The stretches of each period within which the terms change."""
    territories: dict[int, int]
    """Bits of the licence's territories by tariff."""
    release_keys: dict[int, str]

    def inside(self, codes: Iterable[str]) -> dict[tuple[int, str], bool]:
        """This will say for each tariff and territory whether the licence reaches it."""
        wanted = [code for code in codes if code]
        return {
            (tariff_id, code): territories.covers(bits, code)
            for tariff_id, bits in self.territories.items()
            for code in wanted
        }


def territory(text: str) -> str | None:
    """Return the code under which a reported territory is kept: '' for the whole world, None when it is none."""
    code = text.strip().upper()
    if code in ("WORLD", "MULTI", "WW"):
        return ""
    try:
        return "" if territories.bits_of(code) == territories.WORLD else code
    except territories.UnknownTerritory:
        return None


class Known(NamedTuple):
    """What was agreed with a store, the earliest first, and from when to when its licence was stopped all the same."""

    tariffs: list[Tariff]
    """Each with its licence and split."""
    stops: list[tuple[date, date]]


def terms_known(licensee_id: int) -> Known:
    """This will read all tariffs of a store, and the confirmed stops of its licence."""
    agreed = (
        Tariff.objects.filter(license__licensee_id=licensee_id)
        .select_related("license__territories")
        .prefetch_related("splits")
        .order_by("start", "pk")
    )
    stops = selectors.stops_in_force(licensee_id).order_by("start", "pk").values_list("start", "end")
    return Known(list(agreed), [(start, end or date.max) for start, end in stops])


def agreement(licensee_id: int, periods: Iterable[tuple[date, date]]) -> Agreement:
    """This will find the tariff of each period: the one in force, else the last that was before.

    A period within which the tariff or the licence changes, or is stopped, is cut there. One after the end of tariff or
    licence still owes by the last terms, one in a stop by those agreed for it; both are flagged as outside.

    Raises: NoTariff, BadTariff.
    """
    known = terms_known(licensee_id)
    uses: set[Use] = set()
    cuts = []
    for start, end in sorted(set(periods)):
        stretches = _stretches(known, start, end)
        uses |= set(stretches)
        if len(stretches) > 1:
            cuts += [Cut(start, end, use.start, use.end) for use in stretches]
    needed = {use.tariff_id for use in uses}
    used = [tariff for tariff in known.tariffs if tariff.pk in needed]
    return Agreement(
        terms=[_terms(tariff) for tariff in used],
        uses=sorted(uses, key=lambda use: (use.start, use.end)),
        cuts=cuts,
        territories={tariff.pk: tariff.license.territories.bits for tariff in used},
        release_keys={tariff.pk: tariff.release_key for tariff in used},
    )


def bounds(known: Known, start: date, end: date) -> list[date]:
    """This will find the days inside a period on which a tariff, a licence or a stop begins or ends to hold."""
    days = {day for one in known.tariffs for day in (one.start, one.end, one.license.start, one.license.end) if day}
    days |= {day for stop in known.stops for day in stop}
    inner = sorted(day for day in days if start < day < end)
    return [day for day in inner if _on(known, day) != _on(known, day - DAY)]


def dated(
    licensee_id: int, periods: Collection[tuple[date, date]], whole: Collection[tuple[date, date]]
) -> set[tuple[date, date]]:
    """This will tell which of these periods are parts of a `whole` one (or of a month), cut where the terms change."""
    if not periods:
        return set()
    known = terms_known(licensee_id)
    days = set(bounds(known, min(start for start, _ in periods), max(end for _, end in periods)))
    parts = {period for period in periods if days & set(period)} - set(whole)
    return {(start, end) for start, end in parts if (start, end) != month_of(start)}


def digest(known: Known, start: date, end: date) -> str:
    """This will name the terms of a period by what they say, so that another digest means other Sales."""
    said = []
    for day in (start, *bounds(known, start, end)):
        tariff, is_outside = _on(known, day)
        said.append([day.isoformat(), is_outside, _spelled(tariff) if tariff else None])
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def are_complete(known: Known) -> bool:
    """This will say whether each of the tariffs can be reckoned with as it is."""
    try:
        for tariff in known.tariffs:
            _terms(tariff)
    except BadTariff:
        return False
    return True


def _spelled(tariff: Tariff) -> list[Any]:
    splits = sorted((split.right, f"{split.percent.normalize():f}") for split in tariff.splits.all())
    terms = [f"{tariff.rate.normalize():f}", tariff.base, tariff.fallbacks, tariff.deductions, tariff.release_key]
    return [tariff.pk, *terms, splits, f"{tariff.license.territories.bits:x}"]


def _stretches(known: Known, start: date, end: date) -> list[Use]:
    """This will cut a period at the bounds of tariff and licence. Raises: NoTariff."""
    found = []
    for since, until in pairwise([start, *bounds(known, start, end), end]):
        tariff, is_outside = _on(known, since)
        if tariff is None:
            raise NoTariff(since)
        found.append(Use(since, until, tariff.pk, is_outside))
    return found


def _on(known: Known, day: date) -> tuple[Tariff | None, bool]:
    """Return the tariff that holds on a day, and whether none runs any more or a stop holds; None before the first."""
    begun = [tariff for tariff in known.tariffs if max(tariff.start, tariff.license.start) <= day]
    running = [tariff for tariff in begun if day < _end(tariff)]
    known_then = running or begun
    is_stopped = any(start <= day < end for start, end in known.stops)
    return (known_then[-1] if known_then else None), not running or is_stopped


def _end(tariff: Tariff) -> date:
    return min(tariff.end or date.max, tariff.license.end or date.max)


def _terms(tariff: Tariff) -> Terms:
    split = {row.right: millionths(row.percent) for row in tariff.splits.all()}
    if sum(split.values()) != HUNDRED * MILLION or set(split) - set(RIGHTS):
        raise BadTariff(tariff, "the split does not sum to 100")
    off = sum((Decimal(str(row["percent"])) for row in tariff.deductions), Decimal(0))
    kept = MILLION - millionths(off / HUNDRED)
    if kept <= 0:
        raise BadTariff(tariff, "deductions leave nothing")
    bases = tuple(dict.fromkeys([tariff.base, *tariff.fallbacks]))
    return Terms(tariff.pk, millionths(tariff.rate), bases, kept if set(bases) & set(DEDUCTED) else MILLION, split)
