"""What the money office may show: a holder's money down to the sales lines, what stores owe, what they paid.

Everything a holder's page shows starts from `holders_for(user)`; everything of finance from `is_finance(user)`.
"""

from payouts.selectors.access import acts_for_store, holders_for, is_finance, may_keep_statement, sees_store_money
from payouts.selectors.account import (
    Ageing,
    Booking,
    Unpaid,
    account_of,
    ageing,
    late_fee,
    refunds_for,
    store_names,
    stores_for,
    unpaid_by_owner,
    write_offs_for,
)
from payouts.selectors.balance import (
    PLACES,
    AccrualRow,
    Band,
    MoveRow,
    TrackBand,
    TrackBands,
    accrual_rows,
    accrual_total,
    bands,
    is_posting_of,
    moves_of,
    sums_of,
    totals_of,
)
from payouts.selectors.bank import bank_files_for, bank_lines_waiting
from payouts.selectors.bank_entries import OpenEntries, account_lines_for, age_of, bank_lines_for, explained_by
from payouts.selectors.batch import (
    BatchSum,
    acts_for_any,
    batch_sums,
    batches_for,
    decided_for_any,
    holders_paid,
    left_out_reasons,
    lines_of_payments,
    paid_sums,
    payees_that_failed,
    payments_for,
    unfit,
)
from payouts.selectors.checks import payments_against_ledger, tax_against_ledger
from payouts.selectors.closing import StillOpen, closed_until, closes_for, still_open
from payouts.selectors.conversion import (
    conversions_against_ledger,
    conversions_for,
    noted_of,
    open_exchanges_for,
)
from payouts.selectors.desk import Duty, duties_of
from payouts.selectors.erasure import (
    Goes,
    erasures_for,
    erasures_of,
    holders_to_forget,
    is_forgotten,
    is_paid_just_now,
    left_alone,
    may_erase,
    own_erasures,
    subject_called,
    what_goes,
)
from payouts.selectors.instalment import PlanPart, due_pieces, parts_of_plan, plans_for, plans_waiting_for
from payouts.selectors.note import NoteFacts, note_facts, workings_of
from payouts.selectors.payable import free_parts, overpaid_parts, payable_currencies, tax_back_of
from payouts.selectors.payee import (
    hold_of,
    may_confirm_payee,
    may_end_payee,
    may_propose_payee,
    payees_for,
    payees_in_force,
    payees_of,
    payees_waiting,
    same_account,
)
from payouts.selectors.reconcile import Reconciled, house_bookings_for, reconciliation
from payouts.selectors.screening import (
    Hit,
    account_names_hit,
    edition_number,
    editions_in_force,
    hits,
    sanctions_lists_for,
    screened_open,
    screening_cases_for,
)
from payouts.selectors.statement import (
    StatementFile,
    StatementPeriod,
    statement_facts,
    statement_file,
    statement_period,
    statements_of,
)
from payouts.selectors.store import (
    DueRow,
    Open,
    amounts_due_for,
    credits_for,
    due_rows,
    noted,
    notes_named,
    open_amounts,
    open_report_choices,
    outstanding,
    remittances_for,
    reports_without_note,
    unallocated,
)
from payouts.selectors.tax import (
    TaxYear,
    YearFacts,
    kept_facts,
    tax_percents,
    tax_residences_of,
    tax_residences_waiting,
    tax_still_kept,
    tax_year,
    tax_years,
    tax_years_kept,
    taxed_otherwise,
)
from payouts.selectors.terms import minimum_on, minimums_on, terms_on, withholding_rates
from payouts.selectors.vat import vat_by_lot, vat_rule_on
from payouts.selectors.waits import Wait, waits_of
