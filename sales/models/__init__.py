from sales.models.licensee import License, Licensee, LicenseeMember, Tariff, TariffSplit
from sales.models.report import LineFault, ReportFile, ReportTotal, SalesReport, SummaryRecord
from sales.models.sale import Sale, StoreKey

__all__ = [
    "License",
    "Licensee",
    "LicenseeMember",
    "LineFault",
    "ReportFile",
    "ReportTotal",
    "Sale",
    "SalesReport",
    "StoreKey",
    "SummaryRecord",
    "Tariff",
    "TariffSplit",
]
