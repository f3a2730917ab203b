"""The shape of what a person types about reports."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sales.models import Licensee


class UploadForm(forms.Form):
    """A report to send: the file, and the store where a person acts for several."""

    licensee = forms.ModelChoiceField(label=_("Store"), queryset=Licensee.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("Report"),
        help_text=_(
            "DDEX DSR (Basic Audio) or our flat template: TSV, CSV, XLSX; packed with gzip or zstd if you like."
        ),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, licensees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licensee"].queryset = licensees  # type: ignore[attr-defined]


DECISIONS = {
    "supersede": _("It takes the place of the other report: post the difference"),
    "keep_both": _("It is one more report"),
    "resume": _("Try again"),
    "reject": _("It is a mistake: reject it"),
}


class DecisionForm(forms.Form):
    """What becomes of a held report, and why."""

    decision = forms.ChoiceField(
        label=_("What should happen"), choices=list(DECISIONS.items()), widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, offered: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, DECISIONS[code]) for code in offered]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
