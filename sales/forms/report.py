"""The shape of what a person types about reports."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import DayInput
from sales.models import BookMonth, Licensee


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One or several files; its value is a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """This will check every file as a file field does."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(one, initial) for one in given or [None]]


class UploadForm(forms.Form):
    """Reports to send: the files, and the store where a person acts for several."""

    licensee = forms.ModelChoiceField(label=_("Store"), queryset=Licensee.objects.none(), empty_label=None)
    file = SeveralFilesField(
        label=_("Report"),
        help_text=_("DDEX DSR or our flat template: TSV, CSV, XLSX; packed with gzip or zstd if you like."),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, licensees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licensee"].queryset = licensees  # type: ignore[attr-defined]


DECISIONS = {
    "supersede": _("It takes the place of the other report: post the difference"),
    "keep_both": _("It is one more report"),
    "resume": _("Try again"),
    "take_late": _("Take it into the open month, as late"),
    "reopen_month": _("Open its month again"),
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


class CloseMonthForm(forms.Form):
    """A month whose books are closed, and what happens to what comes in late."""

    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m"], widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    )
    late_rule = forms.ChoiceField(
        label=_("Late reports"), choices=BookMonth.LateRule.choices, initial=BookMonth.LateRule.HOLD
    )
    reason = forms.CharField(label=_("Remark"), max_length=500, required=False)


class SnapshotForm(forms.Form):
    """The list of a store's catalogue, and the day it is about."""

    licensee = forms.ModelChoiceField(label=_("Store"), queryset=Licensee.objects.none(), empty_label=None)
    taken_date = forms.DateField(label=_("Day the list is about"), widget=DayInput())
    file = forms.FileField(
        label=_("List of the catalogue"),
        help_text=_(
            "A table (CSV, TSV or XLSX, packed if you like) with your own number, ISRC, title, artist, address."
        ),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, licensees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licensee"].queryset = licensees  # type: ignore[attr-defined]
