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
    NotAReleaseKey,
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
    rematch_release_keys,
)
from sales.services.remind import plan_reminders, send_reminder
from sales.services.renew import renew_names
from sales.services.snapshot import read_snapshot, receive_snapshot, snapshots_waiting
from sales.services.stages import run_stage
from sales.services.stop import (
    SecondPersonNeeded,
    StoppedAlready,
    StopWaits,
    ask_stop,
    confirm_stop,
    follow_stops,
    lift_stop,
    refuse_stop,
    stops_on,
)
from sales.services.terms import reread_for_terms
from sales.services.tracklists import keys_changed, keys_waiting, spread_again, spread_waiting
from sales.services.upload import add_part, complete_upload, open_upload, receive_upload, sweep_uploads
from sales.services.use_periods import CutMeanwhile, Since, cut_use_periods, sold_since
