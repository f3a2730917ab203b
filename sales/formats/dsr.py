"""DDEX Digital Sales Reports: what HEAD, the summaries and the footer say, in every profile that reports sales.

The lines between them (millions) are read set-based in `sales.pipeline`; which profile has which records, and which
cell of them holds what, is data in `records`.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sales.formats import records
from sales.formats.currencies import CURRENCIES
from sales.formats.errors import BadFile

_READ = {name.lower(): name for name in records.PROFILES} | {
    alias.lower(): name for alias, name in records.ALIASES.items()
}
_REFUSED = {name.lower(): name for name in records.REFUSED}
_DATE = re.compile(r"(\d{4})-?(\d{2})?-?(\d{2})?")
_AMOUNT = re.compile(r"-?\d{1,16}(\.\d+)?")
_COUNT = re.compile(r"(\d{1,15})(\.0+)?")


@dataclass(frozen=True, slots=True)
class Head:
    """The first record: who sends what about which period, and in how many files."""

    profile: str
    version: str
    message_id: str
    sender: str
    usage_start: date
    usage_end: date
    number: int
    files: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at one place of a file. `found` is cut to what a person needs to find it again."""

    line_no: int
    cell: str
    code: str
    found: str = ""


@dataclass(slots=True)
class Summary:
    """The sales context its lines refer to; `net_revenue` is None when the sender gave none that can be used."""

    key: str
    record_type: str
    line_no: int
    territory: str
    commercial_model: str
    use_type: str
    currency: str
    net_revenue: Decimal | None
    usages: int | None
    start: date | None = None
    end: date | None = None
    parent: str = ""
    """The summary this one is a part of; what it leaves empty is said there."""


@dataclass(slots=True)
class Structure:
    """What the records around the sales lines said."""

    summaries: dict[str, Summary] = field(default_factory=dict)
    footer: dict[str, int] = field(default_factory=dict)
    footer_line: int = 0
    faults: list[Fault] = field(default_factory=list)


def read_head(cells: list[str]) -> Head:
    """Read HEAD.

    Raises: BadFile naming the profile or the cell at fault.
    """
    cell = dict(zip(range(1, len(cells) + 1), (text.strip() for text in cells), strict=True))
    at = records.LAYOUTS["HEAD"]
    profile = cell.get(at["Profile"], "")
    name = _READ.get(profile.lower())
    if name is None:
        refused = _REFUSED.get(profile.lower())
        code = records.REFUSED[refused] if refused else "profile_unknown"
        raise BadFile(code, profile=refused or profile[:80], line=1, cell="Profile")
    version = cell.get(at["ProfileVersion"], "")
    if not records.VERSION.fullmatch(version):
        raise BadFile(
            "profile_version_not_supported", profile=name, version=version[:20], line=1, cell="ProfileVersion"
        )
    for required in ("MessageId", "SenderPartyId"):
        if not cell.get(at[required]):
            raise BadFile("head_cell_empty", cell=required, line=1)
    start, end = _head_date(cell, "UsageStartDate", last=False), _head_date(cell, "UsageEndDate", last=True)
    number, files = _head_count(cell, "FileNumber"), _head_count(cell, "NumberOfFiles")
    if end <= start or number > files:
        raise BadFile("head_cell_wrong", cell="UsageEndDate" if end <= start else "FileNumber", found="", line=1)
    return Head(name, version, cell[at["MessageId"]], cell[at["SenderPartyId"]], start, end, number, files)


def read_summary(line_no: int, cells: list[str], version: str, into: Structure) -> None:
    """Read one SY record into `into`, with a fault for every cell that cannot be used."""
    layout = records.layout(cells[0], version) or {}
    at = {name: cells[number - 1].strip() if number <= len(cells) else "" for name, number in layout.items()}
    key, currency = at.get("SummaryRecordId", ""), at.get("Currency", "").upper()
    if not key:
        into.faults.append(Fault(line_no, "SummaryRecordId", "cell_empty"))
        return
    if currency and currency not in CURRENCIES:
        into.faults.append(Fault(line_no, "Currency", "currency_unknown", currency[:200]))
        currency = ""
    start, end = at.get("SubPeriodStartDate", ""), at.get("SubPeriodEndDate", "")
    summary = Summary(
        key=key,
        record_type=records.base_code(cells[0]),
        line_no=line_no,
        territory=at.get("Territory", "").upper(),
        commercial_model=at.get("CommercialModel", "")[:60],
        use_type=at.get("UseType", "")[:60],
        currency=currency,
        net_revenue=_amount(line_no, at.get("NetRevenue", ""), into),
        usages=_count(at.get("Usages", "")),
        start=parse_day(start, last=False) if start and end else None,
        end=parse_day(end, last=True) if start and end else None,
        parent=at.get("ParentSummaryRecordId", ""),
    )
    known = into.summaries.setdefault(key, summary)
    if known is not summary:
        into.faults.append(Fault(line_no, "SummaryRecordId", "summary_twice", key[:200]))
        agree(known, summary)


def agree(known: Summary, other: Summary) -> bool:
    """Leave in `known` only what two records of one summary both say; False when they differ.

    Of two totals neither is taken, the money waits as base missing; two territories are none, two currencies too.
    """
    before = (known.net_revenue, known.usages, known.territory, known.currency, known.start, known.end)
    if known.net_revenue != other.net_revenue:
        known.net_revenue = None
    if known.usages != other.usages:
        known.usages = None
    if known.territory != other.territory:
        known.territory = ""
    if known.currency != other.currency:
        known.currency = ""
    if (known.start, known.end) != (other.start, other.end):
        known.start = known.end = None
    return before == (other.net_revenue, other.usages, other.territory, other.currency, other.start, other.end)


def complete(structure: Structure) -> None:
    """Fill what summaries leave empty: from the summary they are a part of, and where all others agree, from those.

    Older records of allocations (SY05) have no currency of their own; the summary beside them (SY04) has.
    """
    summaries = structure.summaries
    currencies = {summary.currency for summary in summaries.values() if summary.currency}
    for summary in summaries.values():
        above = summaries.get(summary.parent) if summary.parent else None
        if above is not None and above is not summary:
            summary.currency = summary.currency or above.currency
            summary.territory = summary.territory or above.territory
            if summary.start is None:
                summary.start, summary.end = above.start, above.end
        if not summary.currency and summary.record_type == "SY05" and len(currencies) == 1:
            (summary.currency,) = currencies
        if not summary.currency:
            structure.faults.append(Fault(summary.line_no, "Currency", "cell_empty"))


def read_footer(line_no: int, cells: list[str], into: Structure) -> None:
    """Read FOOT or SRFO into `into.footer`: the counts the sender states, by name."""
    into.footer_line = line_no
    for name, number in records.LAYOUTS[records.base_code(cells[0])].items():
        text = cells[number - 1].strip() if number <= len(cells) else ""
        count = _count(text)
        if count is not None:
            into.footer[name] = count
        elif text:
            into.faults.append(Fault(line_no, name, "not_a_count", text[:200]))


def footer_differences(footer: dict[str, int], counted: dict[str, int]) -> list[dict[str, str | int]]:
    """Compare what the footer states with what was counted, as `[{code, cell, stated, counted}]`."""
    if not footer:
        return [{"code": "footer_missing"}]
    return [
        {"code": "footer_differs", "cell": name, "stated": stated, "counted": counted[name]}
        for name, stated in footer.items()
        if name in counted and counted[name] != stated
    ]


def parse_day(text: str, *, last: bool) -> date | None:
    """Read `YYYY[-MM[-DD]]` or `YYYYMMDD` as its first day, or with `last` as the first day after it (half-open)."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    try:
        start = date(year, month or 1, day or 1)
        if not last:
            return start
        if day:
            return start + timedelta(days=1)
        return date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
    except (ValueError, OverflowError):
        return None


def _count(text: str) -> int | None:
    match = _COUNT.fullmatch(text)
    return int(match[1]) if match else None


def _amount(line_no: int, text: str, into: Structure) -> Decimal | None:
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        into.faults.append(Fault(line_no, "NetRevenue", "not_a_number", text[:200]))
        return None
    amount = Decimal(text)
    if amount != amount.quantize(Decimal("1e-8")):
        into.faults.append(Fault(line_no, "NetRevenue", "too_many_decimals", text[:200]))
        return None
    return amount


def _head_date(cell: dict[int, str], name: str, *, last: bool) -> date:
    text = cell.get(records.LAYOUTS["HEAD"][name], "")
    day = parse_day(text, last=last)
    if day is None:
        raise BadFile("head_cell_wrong", cell=name, found=text[:200], line=1)
    return day


def _head_count(cell: dict[int, str], name: str) -> int:
    text = cell.get(records.LAYOUTS["HEAD"][name], "")
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= 999:
        raise BadFile("head_cell_wrong", cell=name, found=text[:200], line=1)
    return int(text)
