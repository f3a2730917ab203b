"""What somebody types who objects to a claim; nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from claims.models import EvidenceDocument


class ObjectionForm(forms.Form):
    """For whom, why, and the document that shows it."""

    holder = forms.ModelChoiceField(label=_("Whose rights are they?"), queryset=RightsHolder.objects.none())
    text = forms.CharField(label=_("Why do you object?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    kind = forms.ChoiceField(label=_("What is it?"), choices=EvidenceDocument.Kind)
    file = forms.FileField(
        label=_("Document"),
        help_text=_(
            "PDF, PNG, JPEG, TXT, DOCX (no macros) or XLSX, at most 20 MB. Only we and your colleagues see it."
        ),
        max_length=200,
    )

    def __init__(self, *args: Any, holders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = holders  # type: ignore[attr-defined]
        only = list(holders[:2])
        if len(only) == 1:
            self.fields["holder"].initial = only[0]
