"""Pages of the money office."""

from payouts.views.batch import (
    approve_batch,
    bank_file,
    bank_file_taken,
    bank_files,
    batch,
    batches,
    discard_batch,
    payments,
    send_batch,
)
from payouts.views.closing import closes, decide_close
from payouts.views.conversion import conversions, decide_conversion
from payouts.views.erasure import decide_erasure, erasure, erasure_status, erasures, forget_me, withdraw_erasure
from payouts.views.finance import amounts_due, remittances
from payouts.views.holder import accrual, ask_for_money, balance, balance_tracks, entries, holders, proof
from payouts.views.house import house
from payouts.views.note import note, note_pdf
from payouts.views.paid_before import decide_paid_before, paid_before, paid_before_document
from payouts.views.paper import reservation, tax_year
from payouts.views.payee import confirm_payee, end_payee, hold, new_payee, payee, payees, payees_waiting
from payouts.views.reconcile import explain_bank_line, reconciliation
from payouts.views.run import decide_run, run, runs
from payouts.views.screening import choose_sanctions_list, decide_screening, screening
from payouts.views.statement import keep_statement, kept_statement, statement, statement_file
from payouts.views.store import (
    decide_write_off,
    enter_bank_line,
    propose_write_off,
    store_account,
    store_account_file,
    unpaid_csv,
)
from payouts.views.store_steps import decide_plan, decide_refund, propose_plan, propose_refund
from payouts.views.tax import decide_tax, tax, tax_document
