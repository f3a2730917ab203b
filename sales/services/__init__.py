"""Everything that writes to this app: reports in, stages, corrections, matches."""

from sales.services.correct import (
    decisions_of,
    keep_both,
    reject_report,
    reprocess_report,
    resume_report,
    supersede_report,
)
from sales.services.errors import (
    KeyAlreadyMatched,
    LeaseLost,
    ReportNotHeld,
    ReportNotInForce,
    SalesError,
    UploadTooLarge,
)
from sales.services.lease import Lease, take_lease
from sales.services.limits import DEFAULT, Limits
from sales.services.matching import match_store_key, match_store_release
from sales.services.process import due_reports, process_report, sweep_reports
from sales.services.receive import Receipt, receive_report
from sales.services.stages import run_stage

__all__ = [
    "DEFAULT",
    "KeyAlreadyMatched",
    "Lease",
    "LeaseLost",
    "Limits",
    "Receipt",
    "ReportNotHeld",
    "ReportNotInForce",
    "SalesError",
    "UploadTooLarge",
    "decisions_of",
    "due_reports",
    "keep_both",
    "match_store_key",
    "match_store_release",
    "process_report",
    "receive_report",
    "reject_report",
    "reprocess_report",
    "resume_report",
    "run_stage",
    "supersede_report",
    "sweep_reports",
    "take_lease",
]
