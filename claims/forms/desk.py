"""What reviewers type about who has which case; nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.widgets import DayInput


class HandOverForm(forms.Form):
    """To whom a case goes, and what that person should know."""

    to = forms.ModelChoiceField(label=_("To"), queryset=User.objects.none())
    why = forms.CharField(label=_("What your colleague should know"), max_length=500, required=False)

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    """When somebody is away and who covers."""

    start = forms.DateField(label=_("First day away"), widget=DayInput())
    last = forms.DateField(label=_("Last day away"), widget=DayInput())
    cover = forms.ModelChoiceField(
        label=_("Who covers"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Anybody"),
        help_text=_("What was handed to you goes to this person meanwhile."),
    )

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cover"].queryset = colleagues  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("start") and data.get("last") and data["last"] < data["start"]:
            self.add_error("last", _("The last day comes before the first."))
        return data
