"""Everything this app's pages and rules ask for; each read for a person starts from what that person may see."""

from claims.selectors.agents import (
    authorities_asked,
    authorities_for,
    collected_under,
    sides_of,
    tracks_under,
)
from claims.selectors.appeal import (
    appeals_for,
    claim_groups,
    claims_of_group,
    decisions_of,
    lines_of_claims,
    makers_of,
    may_be_appealed,
    sides,
)
from claims.selectors.challenge import (
    PayoutStop,
    objections_for,
    open_windows,
    payout_stops,
    similar_holders,
    was_paid,
    window_lines,
)
from claims.selectors.claim import (
    OPEN,
    Amount,
    ClaimAmounts,
    claim_amounts,
    claims_for,
    is_own_case,
    kin_lines,
    lines_by_terms,
    lines_of,
    page_of_lines,
    rival_lines,
    with_amounts,
)
from claims.selectors.claim_money import claim_money, line_counts, money_of_claim
from claims.selectors.clock import ClockNow, Clocks, clock_versions, clocks_in_use, clocks_of, holidays_shown
from claims.selectors.compliance import (
    Like,
    Listed,
    anything_out,
    asked_of,
    findings_left_behind,
    hits_in_report,
    imports_to_check,
    likes_in_report,
    listed_in_snapshot,
    offered_in_import,
    reports_to_check,
    snapshots_to_check,
)
from claims.selectors.conflict import (
    Conflict,
    LinePieces,
    Subject,
    conflicts_of,
    pieces_of,
    stakes_about,
    subject_of,
    works_of,
)
from claims.selectors.correction import (
    MoneyMove,
    Preview,
    United,
    conflicts_opened,
    corrections_for,
    holders_concerned,
    money_concerned,
    places_of,
    subject_ids,
    subject_names,
    tracks_concerned,
    tracks_of_holders,
    what_unites,
)
from claims.selectors.counter import (
    contestable,
    counter_notices_about,
    counter_notices_for,
    holds_in,
    is_own_counter,
    may_write_counter,
)
from claims.selectors.dispute import (
    LIVE,
    Group,
    OpenDisputes,
    dispute_amounts,
    disputes_for,
    disputes_in_group,
    disputes_of,
    documents_shown,
    group_acts_for,
    groups_of,
    judges_before,
    open_disputes_public,
    own_parties,
    own_parties_of,
    paper_of,
    rows_to_answer,
    shown_groups,
    verdicts_of,
)
from claims.selectors.distribution import (
    RIGHTS,
    facts_of,
    last_posting,
    late_keys,
    matched_keys_unmoved,
    merged_owners,
    parts_of,
    shown_of,
    superseded_unmoved,
    tracks_due,
    tracks_of_dispute,
    tracks_of_keys,
    tracks_of_run,
    unidentified_parts,
)
from claims.selectors.evidence import documents_of, evidence_for, letters_of
from claims.selectors.finding import (
    UNDECIDED,
    Desk,
    breach_rows,
    desk_of,
    finding_sums,
    findings_for,
    is_of_store,
    kept_apart_by,
    lines_of_finding,
    narrowed_findings,
    rows_of_finding,
)
from claims.selectors.forgetting import documents_to_forget, kept_for, kept_until, messages_to_forget
from claims.selectors.house_rule import RuleNow, Rules, fraud_marks, may_set_rules, rules_on, rules_shown
from claims.selectors.kin import kin_of, societies_of
from claims.selectors.merge import Apart, apart_of, merged_tracks
from claims.selectors.money_request import kept_apart, money_requests_of
from claims.selectors.opt_out import (
    Standing,
    last_row,
    open_rows,
    opt_out_lines,
    opt_outs_for,
    standings,
)
from claims.selectors.paid_before import (
    covered,
    paid_before_for,
    paid_before_in,
    paid_before_of,
    payable_in_scope,
)
from claims.selectors.people import (
    authorities_held,
    colleagues_of,
    holders_for,
    in_force,
    is_in_force,
    is_member,
    may_review,
    may_write,
    may_write_case,
    papers_held,
    role_in,
    writers_of,
)
from claims.selectors.planned_run import (
    RunTotal,
    automatic_runs,
    counting_runs,
    may_order_runs,
    planned_runs_for,
    posting_of,
    run_sums,
    run_totals,
)
from claims.selectors.queue import (
    KINDS,
    MINE,
    SORTS,
    QueuePage,
    Wanted,
    absences,
    colleagues,
    item_of,
    queue_for,
    queue_page,
    to_take,
)
from claims.selectors.queue_rows import OPEN_STATUSES
from claims.selectors.reentry import (
    Coming,
    among,
    ending,
    in_and_out,
    may_order_return,
    preview_return,
    reentries_of,
    returns_of_transfer,
    still_out,
    withdrawals_of,
)
from claims.selectors.repertoire import bad_rows, band_of, lists_for, progress, rows_of, with_tracks
from claims.selectors.search import Hit, claims_on, hits, names_meant, unclaimed_search, waiting_under
from claims.selectors.store import (
    current_stop,
    days_left,
    may_see_titles,
    owed_by,
    stops_of,
    stores,
    titles_of,
    unlicensed_findings,
    unlicensed_in_report,
)
from claims.selectors.suspension import suspensions_for, suspensions_in_force
from claims.selectors.takedown import (
    UntoldKey,
    acts_for_store,
    counted_notices,
    dead_deliveries,
    message_rows,
    notice_rows,
    notices_ending,
    notices_for,
    notices_of,
    observations_of,
    overdue_notices,
    own_stores,
    receipt_of,
    secrets_in_force,
    store_messages,
    store_messages_about,
    store_notices,
    untold_keys,
    webhook_of,
)
from claims.selectors.timing import UsualTime, usual_time
from claims.selectors.track_rows import FoundRow, ShownRow, find_rows, shown_rows
from claims.selectors.transfer import (
    disputes_of_transfer,
    passed_on,
    scope_of,
    sees_scope,
    shares_to_transfer,
    tracks_of_transfer,
    tracks_to_transfer,
    transfers_for,
)
from claims.selectors.unmatched import (
    Suggestion,
    Unmatched,
    may_match,
    open_key,
    proposals_for,
    rules_for,
    sold_under,
    suggestions_for,
    unmatched_ids,
    unmatched_named,
    unmatched_rows,
    waiting_currencies,
)
from claims.selectors.vault import (
    LOOKED,
    claim_lines_proved,
    documents_asked,
    documents_in_vault,
    documents_to_show,
    kind_choices,
    looks_of,
    opt_out_lines_proved,
    papers_wanted,
    title_kinds,
    valid_documents,
)
from claims.selectors.waiting import Band, Waiting, in_bands, waiting_for_tracks
