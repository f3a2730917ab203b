"""Everything that writes to the ledger."""

from ledger.services.bulk import Posted, StagedPosting, open_stage, post_entries, staged
from ledger.services.entry import post_entry, reverse_entry
from ledger.services.errors import AccountMismatch, BadEntry, IdempotencyConflict, LedgerError
from ledger.services.log import sequence_log

__all__ = [
    "AccountMismatch",
    "BadEntry",
    "IdempotencyConflict",
    "LedgerError",
    "Posted",
    "StagedPosting",
    "open_stage",
    "post_entries",
    "post_entry",
    "reverse_entry",
    "sequence_log",
    "staged",
]
