"""Which cell of a DSR record holds what, per record type and version, as data.

Cell 1 is the record type. A layout is found by the full code a line carries (`SU02.02`, also written `SU0202`), else by
the version of the profile in HEAD. Of each record every cell that bears on identity, quantity or money is here; the
archive keeps all cells anyway. `docs/dsr.md` shows stores the same in words, with the sources.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

Layout = Mapping[str, int]
"""Cell number by name; names are ours where versions of the standard renamed a cell."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of the standard: which of its records are sales, and how many cells its widest record has."""

    name: str
    sales: tuple[str, ...]
    width: int
    has_days: bool = False
    """Lines can carry a day of their own."""


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("BasicAudioProfile", ("SU01", "SU02"), 26),
        Profile("BasicAudioProfileSRB", ("SR01", "SR02"), 43),
        Profile("UGCProfile", ("SU03", "SR03", "SR06"), 46, has_days=True),
        Profile("UGCProfileSRB", ("SR03", "SR06"), 46, has_days=True),
        Profile("RoyaltyReportingProfile", ("SU03",), 26, has_days=True),
        Profile("FinancialReportingToRecordCompaniesProfileSRB", ("SR08",), 48, has_days=True),
    )
}
"""The profiles whose lines carry sales of recordings."""

ALIASES: Mapping[str, str] = {
    "FinancialReportingToRecordCompaniesProfile": "FinancialReportingToRecordCompaniesProfileSRB",
}
"""Part 9 has a single-record variant only, so its name without the ending means the same."""

REFUSED: Mapping[str, str] = {
    "AudioVisualProfile": "profile_of_films",
    "AudioVisualProfileSRB": "profile_of_films",
    "RadioBroadcastProfile": "profile_of_broadcasts",
    "BroadcastProfile": "profile_of_broadcasts",
    "BroadcastReportingProfile": "profile_of_broadcasts",
    "MasterListProfile": "profile_of_lists",
    "MasterListProfileSRB": "profile_of_lists",
}
"""Profiles that are recognised and refused, with the code that says why: they report no sales of recordings."""

VERSION = re.compile(r"1\.[0-5](\.\d)?")
"""Versions of profiles there have been since `dsrf/30` of 2016."""

SUMMARIES = ("SY01", "SY02", "SY03", "SY04", "SY05", "SY06", "SY07", "SY09", "SY10")
RESOURCES = ("AS01", "AS02")
RELEASES = ("RE01", "RE02")
FOOTERS = ("FOOT", "SRFO")
PASSED_OVER = ("HEAD", "SRHE", "MW01", "MW02", "RU01", "RU02", "LI01", "DE01", "ST01", "ML01", "CU01", "CU02", "LC01")
"""Known records that say nothing about what was sold or for how much (LI01 only names the summary of its SU03)."""

_CONTEXT = {
    "SummaryRecordId": 2,
    "DistributionChannel": 3,
    "CommercialModel": 5,
    "UseType": 6,
    "Territory": 7,
    "ServiceDescription": 8,
}
_TOTALS = {"Usages": 9, "Currency": 11, "NetRevenue": 12}
_SY05 = {"Usages": 12, "Currency": 18, "SubPeriodStartDate": 22, "SubPeriodEndDate": 23}
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
}
_WIDE_RELEASE = {"DspReleaseId": 21, "ICPN": 24, "ReleaseTitle": 27}
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
    "SY01": _CONTEXT | _TOTALS,
    "SY02": _CONTEXT | _TOTALS | {"RightsController": 13},
    "SY03": _CONTEXT | _TOTALS | {"RightsController": 13},
    "SY04": _CONTEXT
    | {"SubPeriodStartDate": 11, "SubPeriodEndDate": 12, "Usages": 14, "Currency": 15, "NetRevenue": 19},
    "SY05": _CONTEXT | {"Usages": 12, "NetRevenue": 16, "RightsController": 9},
    "SY05.02": _CONTEXT | _SY05 | {"NetRevenue": 15, "RightsController": 9},
    "SY05.03": _CONTEXT | _SY05 | {"NetRevenue": 15, "RightsController": 9, "ParentSummaryRecordId": 26},
    "SY06": _CONTEXT | {"Usages": 9, "Currency": 11, "NetRevenue": 13},
    "SY07": _CONTEXT
    | {
        "RightsType": 8,
        "ServiceDescription": 9,
        "Usages": 10,
        "Currency": 12,
        "NetRevenue": 13,
        "RightsController": 14,
    },
    "SY09": {
        "SummaryRecordId": 2,
        "CommercialModel": 3,
        "UseType": 4,
        "Territory": 5,
        "ServiceDescription": 6,
        "RightsController": 8,
        "Usages": 11,
        "NetRevenue": 13,
        "Currency": 16,
        "SubPeriodStartDate": 20,
        "SubPeriodEndDate": 21,
        "ParentSummaryRecordId": 22,
    },
    "SY10": {
        "SummaryRecordId": 2,
        "DistributionChannel": 3,
        "CommercialModel": 5,
        "UseType": 6,
        "SubPeriodStartDate": 7,
        "SubPeriodEndDate": 8,
        "Territory": 13,
        "ServiceDescription": 14,
        "Usages": 17,
        "Returns": 19,
        "CurrencyOfTransaction": 21,
        "Currency": 22,
        "NetRevenue": 38,
    },
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
    "SU03": {
        "BlockId": 2,
        "SalesTransactionId": 3,
        "SummaryRecordId": 4,
        "TransactedResource": 5,
        "Usages": 6,
        "NetRevenue": 7,
        "ValidityPeriodStart": 8,
        "ValidityPeriodEnd": 9,
        "IsRoyaltyBearing": 11,
    },
    "LI01": {"BlockId": 2, "SummaryRecordId": 3, "RightsController": 4},
    "SR01": _WIDE
    | _WIDE_RELEASE
    | {
        "NumberOfTransactedResources": 33,
        "SalesTransactionId": 34,
        "IsRoyaltyBearing": 35,
        "Usages": 37,
        "Returns": 38,
        "PriceConsumerPaidExcSalesTax": 39,
        "CalculatedPriceConsumerPaidForResourceExcSalesTax": 40,
        "UseType": 43,
    },
    "SR02": _WIDE
    | _WIDE_RELEASE
    | {"SalesTransactionId": 33, "IsRoyaltyBearing": 34, "Usages": 35, "PriceConsumerPaidExcSalesTax": 39},
    "SR03": _WIDE
    | {
        "DspReleaseId": 22,
        "ICPN": 25,
        "ReleaseTitle": 28,
        "SalesTransactionId": 32,
        "Usages": 33,
        "NetRevenue": 34,
        "ValidityPeriodStart": 35,
        "ValidityPeriodEnd": 36,
        "RightsController": 38,
    },
    "SR06": _WIDE | {"Usages": 14, "ValidityPeriodStart": 15, "ValidityPeriodEnd": 16, "RightsController": 18},
    "SR08": {
        "SalesTransactionId": 2,
        "ICPN": 4,
        "DspReleaseId": 5,
        "ReleaseTitle": 10,
        "ReleaseDisplayArtistName": 12,
        "ISRC": 14,
        "DspResourceId": 16,
        "Title": 21,
        "SubTitle": 22,
        "DisplayArtistName": 23,
        "SummaryRecordId": 25,
        "SalesTransactionDate": 26,
        "Usages": 27,
        "Returns": 28,
        "PriceConsumerPaidExcSalesTax": 37,
        "NetRevenue": 47,
    },
}
"""Layouts by base code, and by full code where a version moved a cell.

SY05 states what was allocated, SY10 and SR08 state amounts in two currencies: of SY05 and SY10 the allocated net
revenue is taken, of SY10 and SR08 the currency of accounting, as other profiles take the currency of reporting.
"""

_SY05_MOVED = "1.2"
"""From this profile version on a bare SY05 has the cells of SY05.02 (and, further right, of SY05.03)."""

_CODE = re.compile(r"([A-Z]{2}\d\d|HEAD|FOOT|SRFO|SRHE)(?:\.?(\d\d))?")


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
    if base == "SY05":
        if not version:
            version = "03" if profile_version >= _SY05_MOVED else "01"
        return LAYOUTS["SY05" if version == "01" else "SY05.02" if version == "02" else "SY05.03"]
    return LAYOUTS.get(base)
