"""The flat template: one line per sale under a line of column names, as CSV, TSV or XLSX.

Columns carry the names the field uses (those of DSR), in any order and any case; blanks and underscores do not matter,
a few other common names are understood. `docs/flat-template.md` shows it to stores. Unknown columns are kept in the
archive and otherwise ignored.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sales.formats.errors import BadFile

COLUMNS: dict[str, tuple[str, ...]] = {
    "SaleDate": ("saletime", "date", "transactiondate", "salestransactiondate"),
    "UsagePeriod": ("period", "month"),
    "DspResourceId": ("trackid", "resourceid", "storetrackid"),
    "ISRC": ("resourceisrc",),
    "Title": ("resourcetitle", "tracktitle", "track"),
    "SubTitle": ("version", "resourcesubtitle"),
    "DisplayArtistName": ("artist", "resourcedisplayartistname", "artistname"),
    "DspReleaseId": ("releaseid", "albumid"),
    "ReleaseTitle": ("album", "release"),
    "ReleaseDisplayArtistName": ("albumartist",),
    "ICPN": ("upc", "ean", "barcode", "releaseicpn"),
    "Territory": ("country", "territoryofuse", "territorycode"),
    "Channel": ("paymentchannel", "paymentmethod"),
    "Usages": ("quantity", "units", "sales", "downloads", "numberofstreams", "totalusages"),
    "Returns": ("refunds", "unitsreturned"),
    "PriceConsumerPaidExcSalesTax": ("price", "unitprice", "consumerprice"),
    "NetRevenue": ("revenue", "amount", "linerevenue"),
    "Currency": ("currencycode", "currencyofreporting"),
    "Url": ("link", "address"),
    "SaleOf": ("soldas",),
}
"""Our columns, with other names they are understood by. SaleOf says `track` or `release`; empty: by what is filled."""

_NAMES = {re.sub(r"[^a-z]", "", name.lower()): name for name in COLUMNS} | {
    alias: name for name, aliases in COLUMNS.items() for alias in aliases
}
DELIMITERS = ("\t", ";", ",", "|")
_PERIOD = re.compile(r"(\d{4})-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?(?:--?(\d{4})-(\d{2})-(\d{2}))?)|(\d{4})")
_DAYS = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d")


@dataclass(frozen=True, slots=True)
class Template:
    """A recognised header: which of our columns stands where (from 0), and what splits the cells."""

    delimiter: str
    columns: dict[str, int]
    width: int
    line_no: int


def read_header(cells: Sequence[str], delimiter: str, line_no: int) -> Template | None:
    """Understand a line of column names; None when it is not one of ours.

    Raises: BadFile when it clearly is one but lacks what no sale can do without, or names a column twice.
    """
    columns: dict[str, int] = {}
    for place, text in enumerate(cells):
        name = _NAMES.get(re.sub(r"[^a-z]", "", text.lower()))
        if name in columns:
            raise BadFile("column_twice", cell=name, line=line_no)
        if name:
            columns[name] = place
    if len(columns) < 3:
        return None
    identity = {"DspResourceId", "ISRC", "Title", "DspReleaseId", "ICPN", "ReleaseTitle"} & columns.keys()
    missing = [name for name in ("Usages", "Currency") if name not in columns]
    missing += ["SaleDate / UsagePeriod"] if not {"SaleDate", "UsagePeriod"} & columns.keys() else []
    missing += ["DspResourceId / ISRC / Title"] if not identity else []
    if missing:
        raise BadFile("columns_missing", columns=", ".join(missing), line=line_no)
    return Template(delimiter, columns, len(cells), line_no)


def find_delimiter(line: str) -> str:
    """Guess what splits the cells of a header line: the delimiter that occurs most."""
    return max(DELIMITERS, key=line.count)


def parse_day(text: str) -> date | None:
    """Read the day of a sale; a time of day after it is ignored."""
    cut = re.split(r"[T ]", text.strip(), maxsplit=1)[0]
    for pattern in _DAYS:
        try:
            day = datetime.strptime(cut, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        return day if 1990 <= day.year <= 2200 else None
    return None


def parse_period(text: str) -> tuple[date, date] | None:
    """Read a usage period, half-open: `2006`, `2006-10`, `2006-Q4`, `2006-10-01--2006-10-31` or a day."""
    match = _PERIOD.fullmatch(text.strip())
    if not match:
        return None
    year, quarter, month, day, *until = match.groups()[:7]
    try:
        if match[8]:
            return date(int(match[8]), 1, 1), date(int(match[8]) + 1, 1, 1)
        if quarter:
            first = 3 * int(quarter) - 2
            return date(int(year), first, 1), _month_end(int(year), first + 2)
        if until[0]:
            start = date(int(year), int(month), int(day or 1))
            end = date(int(until[0]), int(until[1]), int(until[2])) + timedelta(days=1)
            return (start, end) if end > start else None
        if day:
            start = date(int(year), int(month), int(day))
            return start, start + timedelta(days=1)
        return date(int(year), int(month), 1), _month_end(int(year), int(month))
    except (ValueError, OverflowError):
        return None


def month_of(day: date) -> tuple[date, date] | None:
    """Return the calendar month of a day, half-open; None for the last month there is, whose end is no day."""
    return None if (day.year, day.month) == (9999, 12) else (day.replace(day=1), _month_end(day.year, day.month))


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1]) + timedelta(days=1)
