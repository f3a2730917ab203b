from sales.models.calendar import ReportingRule, ReportReminder
from sales.models.licensee import License, Licensee, LicenseeMember, Tariff, TariffSplit
from sales.models.mapping import MappingTemplate, MappingVersion
from sales.models.match import MatchProposal, MatchRejection, SameAsRule
from sales.models.month import BookMonth
from sales.models.report import LineFault, ReportFile, ReportTotal, SalesReport, SummaryRecord
from sales.models.sale import Sale, StoreKey
from sales.models.snapshot import CatalogueSnapshot
from sales.models.stop import LicenceStop, StoppedKey
from sales.models.upload import Upload
