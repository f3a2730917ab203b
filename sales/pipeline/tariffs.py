"""Which tariff holds for a use period, and what it says as numbers; how territories of reports are understood."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog import territories
from sales.models import Tariff
from sales.pipeline.accrue import DEDUCTED, MILLION, RIGHTS, Terms, Use, millionths

HUNDRED = 100


class NoTariff(Exception):
    """No tariff of this store began before a period it reports about."""

    def __init__(self, start: date) -> None:
        super().__init__(str(start))
        self.start = start


class BadTariff(ValueError):
    """A tariff's split does not sum to 100, or its deductions leave nothing."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed for the periods of one report."""

    terms: list[Terms]
    uses: list[Use]
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


def agreement(licensee_id: int, periods: Iterable[tuple[date, date]]) -> Agreement:
    """This will find the tariff of each period: the one in force on its first day, else the last that was before.

    A period after the end of tariff or licence still owes by the last terms, and is flagged as outside.

    Raises: NoTariff, BadTariff.
    """
    known = list(
        Tariff.objects.filter(license__licensee_id=licensee_id)
        .select_related("license__territories")
        .prefetch_related("splits")
        .order_by("start", "pk")
    )
    uses = [_use(known, start, end) for start, end in sorted(periods)]
    needed = {use.tariff_id for use in uses}
    used = [tariff for tariff in known if tariff.pk in needed]
    return Agreement(
        terms=[_terms(tariff) for tariff in used],
        uses=uses,
        territories={tariff.pk: tariff.license.territories.bits for tariff in used},
        release_keys={tariff.pk: tariff.release_key for tariff in used},
    )


def _use(known: Sequence[Tariff], start: date, end: date) -> Use:
    begun = [tariff for tariff in known if max(tariff.start, tariff.license.start) <= start]
    if not begun:
        raise NoTariff(start)
    running = [tariff for tariff in begun if start < _end(tariff)]
    return Use(start, end, (running or begun)[-1].pk, is_outside=not running)


def _end(tariff: Tariff) -> date:
    return min(tariff.end or date.max, tariff.license.end or date.max)


def _terms(tariff: Tariff) -> Terms:
    split = {row.right: millionths(row.percent) for row in tariff.splits.all()}
    if sum(split.values()) != HUNDRED * MILLION or set(split) - set(RIGHTS):
        raise BadTariff(f"tariff {tariff.pk}: the split does not sum to 100")
    off = sum((Decimal(str(row["percent"])) for row in tariff.deductions), Decimal(0))
    kept = MILLION - millionths(off / HUNDRED)
    if kept <= 0:
        raise BadTariff(f"tariff {tariff.pk}: deductions leave nothing")
    bases = tuple(dict.fromkeys([tariff.base, *tariff.fallbacks]))
    return Terms(tariff.pk, millionths(tariff.rate), bases, kept if set(bases) & set(DEDUCTED) else MILLION, split)
