"""DDEX Digital Sales Reports, Basic Audio profiles: what HEAD, the summaries and the footer say.

The lines between them (millions) are read set-based in `sales.pipeline`; their cell numbers come from `records`.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sales.formats import records
from sales.formats.currencies import CURRENCIES
from sales.formats.errors import BadFile

MULTI_BLOCK, SINGLE_BLOCK = "BasicAudioProfile", "BasicAudioProfileSRB"
_READ = {name.lower(): name for name in (MULTI_BLOCK, SINGLE_BLOCK)}
_OTHERS = {
    name.lower(): name
    for name in (
        "UGCProfile",
        "AudioVisualProfile",
        "AudioVisualProfileSRB",
        "RoyaltyReportingProfile",
        "RadioBroadcastProfile",
        "FinancialReportingToRecordCompaniesProfileSRB",
        "MasterListProfile",
        "MasterListProfileSRB",
    )
}
_DATE = re.compile(r"(\d{4})-?(\d{2})?-?(\d{2})?")
_AMOUNT = re.compile(r"-?\d{1,16}(\.\d+)?")


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


@dataclass(slots=True)
class Structure:
    """What the records around the sales lines said."""

    summaries: dict[str, Summary] = field(default_factory=dict)
    footer: dict[str, int] = field(default_factory=dict)
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
        code = "profile_not_supported" if profile.lower() in _OTHERS else "profile_unknown"
        raise BadFile(code, profile=_OTHERS.get(profile.lower(), profile), line=1, cell="Profile")
    version = cell.get(at["ProfileVersion"], "")
    if version not in records.PROFILE_VERSIONS:
        raise BadFile("profile_version_not_supported", profile=name, version=version, line=1, cell="ProfileVersion")
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
    if currency not in CURRENCIES:
        into.faults.append(Fault(line_no, "Currency", "currency_unknown", currency[:200]))
        currency = ""
    revenue = _amount(line_no, at.get("NetRevenue", ""), into)
    start, end = at.get("SubPeriodStartDate", ""), at.get("SubPeriodEndDate", "")
    summary = Summary(
        key=key,
        record_type=records.base_code(cells[0]),
        line_no=line_no,
        territory=at.get("Territory", "").upper(),
        commercial_model=at.get("CommercialModel", "")[:60],
        use_type=at.get("UseType", "")[:60],
        currency=currency,
        net_revenue=revenue,
        usages=int(at["Usages"]) if at.get("Usages", "").isdecimal() else None,
        start=parse_day(start, last=False) if start and end else None,
        end=parse_day(end, last=True) if start and end else None,
    )
    known = into.summaries.setdefault(key, summary)
    if known is not summary:
        into.faults.append(Fault(line_no, "SummaryRecordId", "summary_twice", key[:200]))
        if known.net_revenue != revenue:
            known.net_revenue = None  # two totals for one context: neither is taken, the money waits as base missing


def read_footer(line_no: int, cells: list[str], into: Structure) -> None:
    """Read FOOT or SRFO into `into.footer`: the counts the sender states, by name."""
    for name, number in records.LAYOUTS[records.base_code(cells[0])].items():
        text = cells[number - 1].strip() if number <= len(cells) else ""
        if text.isdecimal():
            into.footer[name] = int(text)
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
    if not text.isdecimal() or not 1 <= int(text) <= 999:
        raise BadFile("head_cell_wrong", cell=name, found=text[:200], line=1)
    return int(text)
