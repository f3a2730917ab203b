"""The shape of what a person types; no database writes."""

from claims.forms.claim import ClaimForm, EvidenceForm, HolderForm, LineForm, SettleForm, SignForm, WordsForm
from claims.forms.opt_out import (
    AcknowledgeForm,
    OptOutForm,
    ProofForm,
    ReviewForm,
    RowsForm,
    SwornForm,
    WebhookForm,
    show_as_needed,
)

__all__ = [
    "AcknowledgeForm",
    "ClaimForm",
    "EvidenceForm",
    "HolderForm",
    "LineForm",
    "OptOutForm",
    "ProofForm",
    "ReviewForm",
    "RowsForm",
    "SettleForm",
    "SignForm",
    "SwornForm",
    "WebhookForm",
    "WordsForm",
    "show_as_needed",
]
