"""What staff type about the numbers of the review and about frauds; nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.house_rules import RULES
from claims.models import FraudMark
from core.widgets import DayInput


class HouseRuleForm(forms.Form):
    """A number that shall hold from a day on."""

    code = forms.ChoiceField(label=_("Number"), choices=[(code, rule.means) for code, rule in RULES.items()])
    currency = forms.CharField(
        label=_("Currency"), max_length=3, required=False, help_text=_("Only for sums of money: USD, EUR, RUB.")
    )
    value = forms.DecimalField(label=_("New value"), min_value=0, max_digits=20, decimal_places=8)
    start = forms.DateField(label=_("Holds from"), widget=DayInput())
    why = forms.CharField(label=_("Why"), max_length=500)


class FraudForm(forms.Form):
    """Something known from a fraud."""

    kind = forms.ChoiceField(label=_("What is known"), choices=FraudMark.Kind)
    value = forms.CharField(
        label=_("The value"), max_length=300, help_text=_("Only a digest of it is kept; it can never be read again.")
    )
    hint = forms.CharField(label=_("How colleagues recognise it"), max_length=100)
    why = forms.CharField(label=_("Why"), max_length=500)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("hint") and data.get("hint") == data.get("value"):
            self.add_error("hint", _("This would keep the value itself. Please describe it."))
        return data
