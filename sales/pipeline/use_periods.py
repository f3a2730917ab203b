"""Sales cut finer where a right changes hands inside their use period: by the lines' own dates, out of the archive.

A Sale is as fine as the report's period. A share, a withdrawal or a work of its track may begin or end inside it, and
often becomes known only after the money was posted. Then the Sale becomes several, one per stretch. What its lines say
about their dates decides, provided that they give the Sale exactly: same lines, same units. Else (no dates, a period
in the line, returns that outweigh the sales of a stretch) the days of the stretches decide, marked as an estimate.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.db import connection

from sales.formats import flat, records
from sales.models import ReportFile, Sale, SalesReport, Tariff
from sales.pipeline import files, reading, tariffs
from sales.pipeline.engine import open_engine
from sales.pipeline.lines import CHECKS, FINE, fault_case, make_lines
from sales.pipeline.lookup import key_list, narrowed

_OF_TRACKS = """(track_id = ANY(%(tracks)s)
    OR work_id IN (SELECT work_id FROM catalog_trackwork WHERE track_id = ANY(%(tracks)s)))"""

_DAYS = " UNION ALL ".join(
    f'SELECT track_id, work_id, {day} AS day FROM {table} WHERE start IS DISTINCT FROM "end" AND {{of}}'
    for table in ("catalog_rightsshare", "catalog_withdrawal")
    for day in ("start", '"end"')
)
_DAYS += "".join(
    f""" UNION ALL SELECT s.track_id, s.work_id, a.{day} FROM catalog_authority a
    JOIN catalog_rightsshare s ON s.holder_id = a.principal_id AND (s.authority_id = a.id OR a.is_exclusive)
    WHERE a.status = 'granted' AND 'collect' = ANY(a.purposes) AND s.start IS DISTINCT FROM s."end" AND {{of}}"""
    for day in ("start", '"end"')
)
"""Days on which a share, a withdrawal or an agent's authority to collect begins or ends."""

_WITHIN = f"""
WITH facts AS MATERIALIZED ({_DAYS}), parts AS MATERIALIZED (
    SELECT * FROM catalog_trackwork WHERE {{parts}}
), bounds AS (
    SELECT track_id, day FROM facts WHERE track_id IS NOT NULL
    UNION SELECT p.track_id, f.day FROM facts f JOIN parts p ON p.work_id = f.work_id
    UNION SELECT track_id, start FROM parts
    UNION SELECT track_id, "end" FROM parts
)
SELECT s.id, array_agg(DISTINCT b.day ORDER BY b.day)
FROM bounds b JOIN sales_sale s ON s.track_id = b.track_id AND b.day > s.use_start AND b.day < s.use_end
JOIN sales_salesreport r ON r.id = s.report_id
WHERE {{which}} GROUP BY s.id
"""

OF_TRACKS = _WITHIN.format(
    of=_OF_TRACKS,
    parts="track_id = ANY(%(tracks)s)",
    which="s.track_id = ANY(%(tracks)s) AND r.status = 'posted'",
)
OF_REPORT = _WITHIN.format(
    of="TRUE", parts="TRUE", which="s.report_id = %(report)s AND b.day > r.usage_start AND b.day < r.usage_end"
)

DATED = """
SELECT kind, key, coalesce(territory, ''), channel_code, currency, CASE WHEN is_period THEN NULL ELSE when_text END,
    price IS NOT NULL, revenue IS NOT NULL, count(*), sum(usages - returns)::BIGINT,
    coalesce(sum(price * (usages - returns)::DECIMAL(18, 0)), 0)::DECIMAL(38, 8), coalesce(sum(revenue), 0)
FROM lines WHERE kind || '/' || key IN ({wanted}) AND {fault} = 0 GROUP BY ALL
"""

Told = tuple[str, str, str, str, str]
"""(kind, key, territory, channel, currency): what lines and Sales of one thing share."""


class Dated(NamedTuple):
    """Lines of one thing, day and kind of quantity; `day` None where they carry no date."""

    day: date | None
    has_price: bool
    has_revenue: bool
    lines: int
    units: int
    consumer: Decimal
    revenue: Decimal


@dataclass(slots=True)
class Stretch:
    """One part of a use period, with what was sold in it."""

    start: date
    end: date
    lines: int = 0
    units: int = 0
    gross: Decimal = field(default_factory=Decimal)


def within(*, track_ids: Collection[int] = (), report_id: int | None = None) -> dict[int, list[date]]:
    """Return the days inside the use periods of Sales on which a right in their track begins or ends."""
    with connection.cursor() as cursor:
        if report_id is None:
            cursor.execute(OF_TRACKS, {"tracks": list(track_ids)})
        else:
            cursor.execute(OF_REPORT, {"report": report_id})
        return dict(cursor.fetchall())


def dated_lines(report: SalesReport, sales: Sequence[Sale]) -> dict[Told, list[Dated]]:
    """Return the lines these Sales of one report were made of, by the day each carries; read from the archive."""
    received = list(report.files.exclude(archive=[]).order_by("number"))
    if not received or not _have_days(received[0]):
        return {}
    keys = sorted({(sale.store_key.kind, sale.store_key.key, sale.store_key.isrc) for sale in sales})
    found: dict[Told, list[Dated]] = defaultdict(list)
    with files.scratch() as folder, open_engine(folder) as engine:
        sources = [reading.source_of(file, folder) for file in received]
        sources, only = narrowed(engine, sources, keys, folder)
        make_lines(engine, sources, reading.contexts_of(report.pk), territory=tariffs.territory, only=only)
        query = DATED.format(wanted=key_list(keys), fault=fault_case(CHECKS, FINE))
        for *told, text, has_price, has_revenue, lines, units, consumer, revenue in engine.execute(query).fetchall():
            day = flat.parse_day(text) if text else None
            found[tuple(told)].append(Dated(day, has_price, has_revenue, lines, units, consumer, revenue))
    return found


def _have_days(file: ReportFile) -> bool:
    """Tell whether lines of this kind of file can carry a day of their own."""
    head = file.reading.get("head")
    return head is None or records.PROFILES[head["profile"]].has_days


def stretches(sale: Sale, days: Sequence[date], lines: Sequence[Dated], tariff: Tariff) -> tuple[list[Stretch], bool]:
    """Return the stretches of a Sale between these days, and whether the lines decide what belongs to each."""
    cut = [Stretch(start, end) for start, end in pairwise([sale.use_start, *days, sale.use_end])]
    for line in lines:
        if line.day is None and _base_of(line, tariff) == sale.base_name:
            return cut, False
        there = next((one for one in cut if line.day and one.start <= line.day < one.end), None)
        if there is None or _base_of(line, tariff) != sale.base_name:
            continue
        there.lines += line.lines
        there.units += line.units
        there.gross += line.consumer if sale.base_name == Tariff.Base.CONSUMER_PRICE_EX_TAX else line.revenue
    same = sum(one.lines for one in cut) == sale.line_count and sum(one.units for one in cut) == sale.units
    signs = {one.gross > 0 for one in cut if one.gross}
    return cut, same and len(signs) <= 1 and (bool(signs) or not sale.base)


def _base_of(line: Dated, tariff: Tariff) -> str:
    """Name the base that counts for a line: the first of the tariff's whose quantity it has."""
    for base in dict.fromkeys([tariff.base, *tariff.fallbacks]):
        if line.has_price if base == Tariff.Base.CONSUMER_PRICE_EX_TAX else line.has_revenue:
            return str(base)
    return ""


def told(sale: Sale) -> Told:
    """Return what a Sale shares with its lines."""
    return sale.store_key.kind, sale.store_key.key, sale.territory, sale.channel, sale.currency


def by_days(cut: Sequence[Stretch]) -> list[tuple[int, Decimal]]:
    """Return the number of each stretch with its days."""
    return [(number, Decimal((one.end - one.start).days)) for number, one in enumerate(cut)]


def by_gross(cut: Sequence[Stretch]) -> list[tuple[int, Decimal]]:
    """Return the number of each stretch with what it sold for; by its units where nothing was worth anything."""
    weights = [abs(one.gross) for one in cut]
    if not any(weights):
        weights = [Decimal(abs(one.units)) for one in cut]
    if not any(weights):
        return by_days(cut)
    return list(enumerate(weights))
