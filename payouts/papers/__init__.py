"""Papers of the money office: what each says, in the language of the moment (docs/papers.md)."""

from payouts.papers.note import note_pdf
from payouts.papers.reservation import reservation_pdf
from payouts.papers.statement import FORMS, statement_book, statement_in, statement_pdf
from payouts.papers.store_account import store_account_csv, store_account_pdf
from payouts.papers.tax_year import tax_year_pdf
