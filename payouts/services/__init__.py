"""What the money office writes."""

from payouts.formats.pain001 import Debtor
from payouts.services.bank import Taken, bank_file, send_batch, take_bank_file
from payouts.services.bank_line import enter_bank_line, explain_bank_line, pass_bank_line, take_payments_table
from payouts.services.batch import approve_batch, discard_batch, draft_batch
from payouts.services.closing import decide_close, propose_close
from payouts.services.conversion import decide_conversion, propose_conversion
from payouts.services.erasure import erase_holder, erase_person
from payouts.services.erasure_request import (
    ask_erasure,
    confirm_erasure,
    propose_erasure,
    refuse_erasure,
    withdraw_erasure,
)
from payouts.services.errors import (
    BadBankAnswer,
    BadBooking,
    BadClose,
    BadConversion,
    BadCurrency,
    BadPlan,
    BadRefund,
    BadRemittance,
    BadResidence,
    BadSanctionsList,
    BankFileChanged,
    BookingKnown,
    BooksBusy,
    CannotErase,
    DecidedThemselves,
    EntryDiffers,
    FileNotTheSame,
    LineDone,
    MayNotChangePayee,
    MayNotKeep,
    MoreThanCredit,
    MoreThanDue,
    NoDebtor,
    NotFinance,
    NothingDue,
    NothingHeld,
    NothingMissed,
    NothingToPay,
    NotTheSecond,
    OrderDiffers,
    OwnHolder,
    OwnStore,
    PayeeWaits,
    ReasonMissing,
    RemittanceKnown,
)
from payouts.services.house import book_house
from payouts.services.instalment import decide_plan, end_plan, equal_parts, monthly, propose_plan
from payouts.services.note import issue_amounts_due, up_to_coin, vat_on
from payouts.services.payee import (
    confirm_payee,
    end_payee,
    is_name_of,
    lift_hold,
    look_at_payee,
    open_payee,
    order_hold,
    propose_payee,
)
from payouts.services.payee_notice import deliver_payee_notice, payee_notices_due
from payouts.services.payment_parts import Allocation
from payouts.services.refund import decide_refund, propose_refund
from payouts.services.retention import forget_old
from payouts.services.screening import (
    choose_sanctions_list,
    decide_screening,
    screen_everybody,
    screen_holders,
    screenings_due,
    take_sanctions_list,
)
from payouts.services.statement import keep_statement, open_statement
from payouts.services.store import (
    record_remittance,
    require_finance,
)
from payouts.services.tax import decide_tax_residence, show_tax_residence
from payouts.services.write_off import decide_write_off, propose_write_off
