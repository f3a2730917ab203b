"""The nouns of the money office.

The ledger has the amounts; these rows are the documents people refer to by number. None of them is summed to find a
balance: balances come from postings only.
"""

from payouts.models.bank import BankBalance, BankFile, BankLine
from payouts.models.batch import Payment, PaymentFile, PayoutBatch
from payouts.models.conversion import Conversion, ConversionPart
from payouts.models.erasure import ErasureRequest
from payouts.models.house import HouseBooking
from payouts.models.instalment import InstalmentNote, InstalmentPart, InstalmentPlan
from payouts.models.payee import Payee, PayeeNotice, PayoutHold
from payouts.models.refund import StoreRefund
from payouts.models.screening import SanctionsChoice, SanctionsEntry, SanctionsList, ScreeningCase
from payouts.models.statement import Statement
from payouts.models.store import AmountDue, LateFeeRule, Remittance, RemittanceAllocation, WriteOff
from payouts.models.tax import TaxCorrection, TaxResidence, TaxYearKept
from payouts.models.terms import PayoutMinimum, PayoutTerms, WithholdingRate
from payouts.models.vat import VatRule
