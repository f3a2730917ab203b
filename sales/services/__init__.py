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
    AlreadyProposed,
    BadPattern,
    DayToCome,
    KeyAlreadyMatched,
    LeaseLost,
    MonthNotOver,
    NoSpace,
    NotATrackKey,
    NotOnesProposal,
    ReportNotHeld,
    ReportNotInForce,
    RuleExists,
    SalesError,
    SupplementRefused,
    UploadMisplaced,
    UploadNotOpen,
    UploadTooLarge,
)
from sales.services.late import forget_moved_keys, rematch_changes
from sales.services.lease import Lease, take_lease
from sales.services.limits import DEFAULT, Limits
from sales.services.mapping import (
    Draft,
    MappingRefused,
    NotToBeMapped,
    create_template,
    draft_mapping,
    retire_template,
    save_mapping,
    waits_for_mapping,
)
from sales.services.matching import match_store_key, match_store_release
from sales.services.mend import may_be_mended
from sales.services.months import close_month, reopen_month
from sales.services.process import due_reports, process_report, sweep_reports
from sales.services.proposals import (
    apply_rules,
    close_proposals,
    keys_like,
    make_rule,
    propose_match,
    reject_match,
    remove_rule,
    retract_proposal,
)
from sales.services.receive import Receipt, receive_report
from sales.services.rematch import (
    follow_merge,
    join_use_periods,
    late_merged_sales,
    leave_merge,
    lock_stores,
    rematch_keys,
)
from sales.services.remind import plan_reminders, send_reminder
from sales.services.renew import renew_names
from sales.services.snapshot import read_snapshot, receive_snapshot, snapshots_waiting
from sales.services.stages import run_stage
from sales.services.terms import reread_for_terms
from sales.services.tracklists import keys_changed, keys_waiting, spread_again, spread_waiting
from sales.services.upload import add_part, complete_upload, open_upload, receive_upload, sweep_uploads
from sales.services.use_periods import CutMeanwhile, cut_use_periods

__all__ = [
    "DEFAULT",
    "AlreadyProposed",
    "BadPattern",
    "CutMeanwhile",
    "DayToCome",
    "Draft",
    "KeyAlreadyMatched",
    "Lease",
    "LeaseLost",
    "Limits",
    "MappingRefused",
    "MonthNotOver",
    "NoSpace",
    "NotATrackKey",
    "NotOnesProposal",
    "NotToBeMapped",
    "Receipt",
    "ReportNotHeld",
    "ReportNotInForce",
    "RuleExists",
    "SalesError",
    "SupplementRefused",
    "UploadMisplaced",
    "UploadNotOpen",
    "UploadTooLarge",
    "add_part",
    "apply_rules",
    "close_month",
    "close_proposals",
    "complete_upload",
    "create_template",
    "cut_use_periods",
    "decide_report",
    "decisions_of",
    "draft_mapping",
    "due_reports",
    "follow_merge",
    "forget_moved_keys",
    "join_use_periods",
    "keep_both",
    "keys_changed",
    "keys_like",
    "keys_waiting",
    "late_merged_sales",
    "leave_merge",
    "lock_stores",
    "make_rule",
    "match_store_key",
    "match_store_release",
    "may_be_mended",
    "open_upload",
    "plan_reminders",
    "process_report",
    "propose_match",
    "read_snapshot",
    "receive_report",
    "receive_snapshot",
    "receive_upload",
    "reject_match",
    "reject_report",
    "rematch_changes",
    "rematch_keys",
    "remove_rule",
    "renew_names",
    "reopen_month",
    "reprocess_report",
    "reread_for_terms",
    "resume_report",
    "retire_template",
    "retract_proposal",
    "run_stage",
    "save_mapping",
    "send_reminder",
    "snapshots_waiting",
    "spread_again",
    "spread_waiting",
    "supersede_report",
    "sweep_reports",
    "sweep_uploads",
    "take_lease",
    "waits_for_mapping",
]
