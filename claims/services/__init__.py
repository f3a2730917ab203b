"""Everything that writes in this app; callers say `services.file_claim(...)`."""

from claims.formats.pdf_pages import CannotDraw
from claims.services.amendment import amend_claim
from claims.services.appeal import appeal_words, decide_appeal, file_appeal, retract_appeal, revoke_claim
from claims.services.authority import (
    AuthorityTerms,
    Letter,
    ask_authority,
    decide_authority,
    end_authority,
    give_authority,
)
from claims.services.batch import approve_batch, dissolve_batch, draft_batch, draw, judge_sample, sample_size
from claims.services.case_mail import deliver_mail, mails_due
from claims.services.challenge import (
    decide_objection,
    file_objection,
    objection_words,
    open_window,
    retract_objection,
    tell_similar,
    windows_untold,
)
from claims.services.checks import checks_waiting, run_check, start_checks
from claims.services.claim import (
    RIGHT_OF,
    Terms,
    amend_draft,
    answer_claim,
    ask_for_verification,
    create_draft,
    file_claim,
    look_again,
    request_evidence,
    retract_claim,
    start_review,
)
from claims.services.clock import NoClock, clock_for, end_clock, pause_clock, resume_clock, start_clock, sweep_clocks
from claims.services.clock_rule import add_holiday, remove_holiday, set_clock, set_clock_set
from claims.services.compliance import (
    Checked,
    check_import,
    check_report,
    check_snapshot,
    follow_superseded,
    sweep_lists,
)
from claims.services.compliance_decision import answer_finding, clear_finding, confirm_finding
from claims.services.correction import (
    ask_correction,
    confirm_correction,
    follow_late_merges,
    follow_tracklists,
    merge_of,
    preview_correction,
    refuse_correction,
    rematch_of,
    rematch_release_of,
    undoing_of,
)
from claims.services.counter import (
    Countered,
    contest_withdrawals,
    decide_counter_notice,
    file_counter_notice,
    may_decide_counter,
    note_suit,
    object_to_notice,
    open_paper,
    retract_counter_notice,
    sworn_of,
)
from claims.services.decision import (
    LineDecision,
    approve_claim,
    award_claim,
    claims_unawarded,
    confirm_decision,
    decide_claim,
    reject_claim,
)
from claims.services.dispute import Said as DisputeSaid
from claims.services.dispute import agreement_of, answer_dispute, order_hold
from claims.services.dispute_digest import write_digest
from claims.services.dispute_file import DOES as DISPUTE_ROW_DOES
from claims.services.dispute_file import RowOutcome, answer_many
from claims.services.dispute_opening import Fight, open_disputes
from claims.services.dispute_panel import decide_dispute
from claims.services.distribution import Distributed, continue_run, distribute, plan_due_runs, plan_run, preview
from claims.services.errors import (
    AboveRunningTotal,
    AuthorityNeeded,
    BadAnswer,
    BadClock,
    BadNumber,
    BadPaidBefore,
    BadPercent,
    BadPeriod,
    BadReduction,
    BadSettlement,
    BadUnits,
    BeingDecided,
    CaseClosed,
    ChecksRunning,
    ClaimEmpty,
    DecidedBefore,
    DecidesOwnCase,
    DisputeFirst,
    FactsChanged,
    FileTooLarge,
    HolderNotVerified,
    KinHasIt,
    KnownAlready,
    LeasedByAnother,
    LinesUndecided,
    ListBusy,
    ListTooLong,
    NeedsAnother,
    NoRole,
    NoRows,
    NoRowsChosen,
    NoSuchName,
    NoSuchRelease,
    NoSuchTrack,
    NotAParty,
    NotAReviewer,
    NotASupervisor,
    NotByName,
    NothingAccepted,
    NothingAmended,
    NothingAsked,
    NothingChosen,
    NothingForBatch,
    NothingProposed,
    NothingRefused,
    NothingToCorrect,
    NothingToReturn,
    NothingToTransfer,
    NotMoneyOffice,
    NoTrackFound,
    NotStaff,
    NotYourLease,
    NotYourNotice,
    NotYourSide,
    ObservedWrongly,
    OrderedThemselves,
    OtherRegime,
    PeriodIsOver,
    ProofNeeded,
    ProofTooThin,
    ReasonNeeded,
    Refused,
    SampleNotGood,
    SampleNotSeen,
    SenderSuspended,
    SeveralTracks,
    SuitFiled,
    SwornIncomplete,
    TooEarly,
    TooManyOptOuts,
    TransferToSelf,
    WordsNeeded,
)
from claims.services.evidence import (
    EVIDENCE_SIZE_MAX,
    EvidenceRefused,
    MayNotWrite,
    SignatureMissing,
    add_evidence,
    attestation_text,
    document_name,
    open_evidence,
    sign,
)
from claims.services.forgetting import forget_documents, forget_threads
from claims.services.group import Decided, decide_group
from claims.services.group_act import answer_group, continue_group_act, decide_dispute_group, group_acts_due
from claims.services.holder_review import OUTCOMES as HOLDER_OUTCOMES
from claims.services.holder_review import answer_holder, decide_society, review_holder
from claims.services.house_rule import add_fraud_mark, end_fraud_mark, set_rule
from claims.services.invitation import deliver_invitation, invitations_due, invite
from claims.services.licence_stop import (
    ask_licence_stop,
    confirm_licence_stop,
    lift_licence_stop,
    refuse_licence_stop,
)
from claims.services.list_choice import TAKEABLE, choose_groups, choose_rows, reopen_list, use_list
from claims.services.list_follow import NAMED, follow_list, propose_later_tracks
from claims.services.mandate import sign_mandate
from claims.services.match_file import FileOutcome, apply_match_file
from claims.services.message import Said, keep_message, thread_of, write_message
from claims.services.money_request import ask_for_money
from claims.services.notice_answers import Answered, AnswerFault, answer_rows
from claims.services.notice_clock import escalate_overdue, mark_overdue, remind_stores
from claims.services.notice_delivery import deliver_notice, deliveries_due, message_of, retry_delivery, sender_of
from claims.services.observation import Look, add_observation
from claims.services.opt_out import (
    ROWS_MAX as OPT_OUT_ROWS_MAX,
)
from claims.services.opt_out import (
    OptOutIncomplete,
    OptOutTerms,
    Sworn,
    answer_opt_out,
    change_opt_out,
    contact_of,
    draft_opt_out,
    explanation_of,
    missing_elements,
    request_opt_out,
    retract_opt_out,
    withdraw_name,
)
from claims.services.opt_out_review import (
    grant_opt_out,
    may_decide_opt_out,
    refuse_opt_out,
    request_opt_out_evidence,
    start_opt_out_review,
)
from claims.services.paid_before import cover_paid_before, decide_paid_before, record_paid_before
from claims.services.planned_run import approve_run, count_run, counting_runs, discard_run, order_run
from claims.services.proposal import open_proposal
from claims.services.queue import (
    end_absence,
    give_back,
    hand_over,
    read_note,
    save_note,
    set_absence,
    sweep_queue,
    take_case,
    take_next,
)
from claims.services.reentry import Back, close_returned_rows, return_succeeded, return_tracks
from claims.services.relay import Taken, take_mail
from claims.services.relay_address import Relay, reply_address
from claims.services.repertoire import (
    ListTerms,
    drop_list,
    lists_due,
    match_list_part,
    mend_list,
    paste_list,
    pick_list,
    read_list,
    receive_list,
    settle_list,
)
from claims.services.repertoire import file_name as list_file_name
from claims.services.repertoire import original as list_original
from claims.services.review import take_and_start
from claims.services.second import proposed_lines, send_back, send_back_opt_out
from claims.services.store_message import deliver_store_message, store_messages_due, tell_store
from claims.services.store_webhook import (
    OVERLAP as WEBHOOK_OVERLAP,
)
from claims.services.store_webhook import (
    BadWebhookAddress,
    NoWebhook,
    close_webhook,
    renew_webhook_secret,
    set_webhook,
    try_webhook,
)
from claims.services.suspension import appeal_suspension, decide_suspension, suspend_sender
from claims.services.takedown import (
    acknowledge_notice,
    grade_by_snapshots,
    mark_rows_removed,
    tell_further_keys,
)
from claims.services.together import Leaving, file_together, leave_with, retract_together
from claims.services.transfer import confirm_transfer, propose_transfer, refuse_transfer
from claims.services.unmatched import (
    Act,
    Choice,
    Outcome,
    apply_rules,
    decide_keys,
    decide_proposal,
    find_release,
    find_track,
    make_rule,
    remove_rule,
)
from claims.services.vault import Scope, ask_check, check_document, refuse_document, show_document
from claims.services.viewing import Looked, look_at, picture_of
from claims.services.watch import (
    ask_watch,
    confirm_watch,
    deliver_watch_mail,
    forget_unconfirmed,
    forget_watches,
    look_for_news,
    stop_watch,
    watch_by_token,
    watch_mails_due,
    watch_token,
)
from claims.services.webhook import CallFailed, CallRules
