"""The nouns of the money office.

The ledger has the amounts; these rows are the documents people refer to by number. None of them is summed to find a
balance: balances come from postings only.
"""

from payouts.models.statement import Statement
from payouts.models.store import AmountDue, Remittance, RemittanceAllocation

__all__ = ["AmountDue", "Remittance", "RemittanceAllocation", "Statement"]
