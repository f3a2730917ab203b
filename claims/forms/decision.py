"""What is typed about decisions that follow others: an appeal, an approval taken back; nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.models import EvidenceDocument
from claims.reasons import DECISION


class AppealForm(forms.Form):
    """Why a holder does not accept a refusal, and which of its documents show it."""

    text = forms.CharField(
        label=_("Why do you not accept it?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    documents = forms.ModelMultipleChoiceField(
        label=_("Documents that show it"),
        queryset=EvidenceDocument.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["documents"].queryset = documents  # type: ignore[attr-defined]
        if not documents:
            del self.fields["documents"]


class RevokeForm(forms.Form):
    """Why an approval is taken back."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[(code, words) for code, words in DECISION.items() if code != "proof_in_order"]
    )
    text = forms.CharField(label=_("In your words"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
