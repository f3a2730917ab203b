"""Everything that writes to this app: reports in, stages, corrections, matches."""

from sales.services.correct import (
    decide_report,
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
    NotATrackKey,
    ReportNotHeld,
    ReportNotInForce,
    SalesError,
    SupplementRefused,
    UploadTooLarge,
)
from sales.services.lease import Lease, take_lease
from sales.services.limits import DEFAULT, Limits
from sales.services.matching import match_store_key, match_store_release
from sales.services.mend import may_be_mended
from sales.services.process import due_reports, process_report, sweep_reports
from sales.services.receive import Receipt, receive_report
from sales.services.rematch import follow_merge, late_merged_sales, leave_merge, lock_stores, rematch_keys
from sales.services.stages import run_stage
from sales.services.tracklists import gather, keys_changed, keys_waiting, spread_again, spread_waiting

__all__ = [
    "DEFAULT",
    "KeyAlreadyMatched",
    "Lease",
    "LeaseLost",
    "Limits",
    "NotATrackKey",
    "Receipt",
    "ReportNotHeld",
    "ReportNotInForce",
    "SalesError",
    "SupplementRefused",
    "UploadTooLarge",
    "decide_report",
    "decisions_of",
    "due_reports",
    "follow_merge",
    "gather",
    "keep_both",
    "keys_changed",
    "keys_waiting",
    "late_merged_sales",
    "leave_merge",
    "lock_stores",
    "match_store_key",
    "match_store_release",
    "may_be_mended",
    "process_report",
    "receive_report",
    "reject_report",
    "rematch_keys",
    "reprocess_report",
    "resume_report",
    "run_stage",
    "spread_again",
    "spread_waiting",
    "supersede_report",
    "sweep_reports",
    "take_lease",
]
