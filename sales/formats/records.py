"""Which cell of a DSR record holds what, per record type and version, as data.

Cell 1 is the record type. A layout is found by the full code a line carries (`SU02.02`, also written `SU0202`), else by
the version of the profile in HEAD. Only records of the Basic Audio profiles (multi- and single-record block, 1.0 to
1.4) are here, of these every cell that bears on identity, quantity or money; the archive keeps all cells anyway.
"""

import re
from collections.abc import Mapping

Layout = Mapping[str, int]
"""Cell number by name; names are ours where versions of the standard renamed a cell."""

PROFILE_VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4")
SUMMARIES = ("SY01", "SY02", "SY03", "SY04", "SY05", "SY06")
SALES = ("SU01", "SU02", "SR01", "SR02")
RESOURCES = ("AS01", "AS02")
RELEASES = ("RE01", "RE02")
IGNORED = ("MW01",)
FOOTERS = ("FOOT", "SRFO")

_CONTEXT = {
    "SummaryRecordId": 2,
    "DistributionChannel": 3,
    "CommercialModel": 5,
    "UseType": 6,
    "Territory": 7,
    "ServiceDescription": 8,
}
_RESOURCE = {
    "BlockId": 2,
    "Reference": 3,
    "DspResourceId": 4,
    "ISRC": 5,
    "Title": 6,
    "SubTitle": 7,
    "DisplayArtistName": 8,
    "Duration": 10,
}
_WIDE = {
    "SummaryRecordId": 2,
    "DspResourceId": 3,
    "ISRC": 4,
    "Title": 5,
    "SubTitle": 6,
    "DisplayArtistName": 7,
    "DspReleaseId": 21,
    "ICPN": 24,
    "ReleaseTitle": 27,
}
_USE = {"BlockId": 2, "SummaryRecordId": 3, "SalesTransactionId": 4, "TransactedRelease": 5, "TransactedResource": 6}

LAYOUTS: Mapping[str, Layout] = {
    "HEAD": {
        "MessageVersion": 2,
        "Profile": 3,
        "ProfileVersion": 4,
        "MessageId": 5,
        "MessageCreatedDateTime": 6,
        "FileNumber": 7,
        "NumberOfFiles": 8,
        "UsageStartDate": 9,
        "UsageEndDate": 10,
        "SenderPartyId": 11,
        "SenderName": 12,
    },
    "FOOT": {
        "NumberOfLinesInFile": 2,
        "NumberOfLinesInReport": 3,
        "NumberOfSummaryRecords": 4,
        "NumberOfBlocksInFile": 5,
        "NumberOfBlocksInReport": 6,
    },
    "SRFO": {"NumberOfLinesInReport": 2, "NumberOfSummaryRecords": 3},
    "SY01": _CONTEXT | {"Usages": 9, "Currency": 11, "NetRevenue": 12},
    "SY02": _CONTEXT | {"Usages": 9, "Currency": 11, "NetRevenue": 12},
    "SY03": _CONTEXT | {"Usages": 9, "Currency": 11, "NetRevenue": 12},
    "SY04": _CONTEXT
    | {"SubPeriodStartDate": 11, "SubPeriodEndDate": 12, "Usages": 14, "Currency": 15, "NetRevenue": 19},
    "SY05": _CONTEXT | {"Usages": 12},
    "SY05.02": _CONTEXT | {"Usages": 12, "Currency": 18, "SubPeriodStartDate": 22, "SubPeriodEndDate": 23},
    "SY05.03": _CONTEXT | {"Usages": 12, "Currency": 18, "SubPeriodStartDate": 22, "SubPeriodEndDate": 23},
    "SY06": _CONTEXT | {"Usages": 9, "Currency": 11, "NetRevenue": 13},
    "RE01": {
        "BlockId": 2,
        "Reference": 3,
        "DspReleaseId": 4,
        "ICPN": 7,
        "DisplayArtistName": 8,
        "Title": 10,
        "SubTitle": 11,
    },
    "RE02": {"BlockId": 2, "Reference": 3, "DspReleaseId": 4, "UsedResources": 6},
    "AS01": _RESOURCE,
    "AS02": _RESOURCE,
    "MW01": {"BlockId": 2},
    "SU01": _USE
    | {"IsRoyaltyBearing": 7, "Usages": 9, "Returns": 10, "PriceConsumerPaidExcSalesTax": 11, "UseType": 13},
    "SU02": _USE | {"IsRoyaltyBearing": 7, "Usages": 8, "PriceConsumerPaidExcSalesTax": 9, "UseType": 11},
    "SR01": _WIDE
    | {
        "NumberOfTransactedResources": 33,
        "SalesTransactionId": 34,
        "IsRoyaltyBearing": 35,
        "Usages": 37,
        "Returns": 38,
        "PriceConsumerPaidExcSalesTax": 39,
        "CalculatedPriceConsumerPaidForResourceExcSalesTax": 40,
    },
    "SR02": _WIDE | {"SalesTransactionId": 33, "IsRoyaltyBearing": 34, "Usages": 35},
    "SR02.01": _WIDE
    | {"SalesTransactionId": 33, "IsRoyaltyBearing": 34, "Usages": 35, "PriceConsumerPaidExcSalesTax": 39},
}
"""Layouts by base code, and by full code where a version moved a cell."""

BY_PROFILE: Mapping[tuple[str, str], str] = {
    ("SY05", "1.2"): "SY05.02",
    ("SY05", "1.3"): "SY05.03",
    ("SY05", "1.4"): "SY05.03",
    ("SR02", "1.3"): "SR02.01",
    ("SR02", "1.4"): "SR02.01",
}
"""The version meant by a bare code, where it matters, by profile version."""

WIDTH_MRB, WIDTH_SRB = 26, 43
"""Cells of the widest record in each variant."""

_CODE = re.compile(r"([A-Z]{2}\d\d|HEAD|FOOT|SRFO)(?:\.?(\d\d))?")


def base_code(record_type: str) -> str:
    """Return `SU02` for `SU02`, `SU02.02`, `SU0202`; the text itself in capitals when it has no such shape."""
    text = record_type.strip().upper()
    match = _CODE.fullmatch(text)
    return match[1] if match else text


def layout(record_type: str, profile_version: str) -> Layout | None:
    """Return the layout of a record by its full code, else by the version of the profile; None for unknown records."""
    match = _CODE.fullmatch(record_type.strip().upper())
    if not match:
        return None
    base, version = match[1], match[2]
    full = f"{base}.{version}" if version else BY_PROFILE.get((base, profile_version), base)
    return LAYOUTS.get(full) or LAYOUTS.get(base)
