"""Everything that writes to the ledger."""

from ledger.services.bulk import Posted, StagedPosting, open_stage, post_entries, staged
from ledger.services.checkpoint import prove_day, sign_checkpoint
from ledger.services.entry import post_entry, reverse_entry
from ledger.services.errors import AccountMismatch, BadEntry, IdempotencyConflict, LedgerError, LogChanged
from ledger.services.log import sequence_log
