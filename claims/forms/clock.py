"""What supervisors type about deadlines; nothing is written here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.models import Clock, ClockSet
from core.widgets import DayInput

DAY = {"widget": DayInput()}


class ClockForm(forms.Form):
    """How long something takes from a day on."""

    of = forms.ModelChoiceField(label=_("By which law or rule"), queryset=ClockSet.objects.order_by("name"))
    purpose = forms.ChoiceField(label=_("For what"), choices=Clock.Purpose)
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=3660)
    is_business = forms.BooleanField(label=_("Only Monday to Friday count"), required=False)
    calendar = forms.CharField(
        label=_("Without the holidays of"),
        max_length=10,
        required=False,
        help_text=_("The code of a calendar below, for instance RU. Only with business days."),
    )
    remind_days = forms.IntegerField(
        label=_("Remind so many days before"), min_value=0, max_value=3660, initial=0, help_text=_("0: never.")
    )
    start = forms.DateField(label=_("Holds from"), **DAY)  # type: ignore[arg-type]
    why = forms.CharField(label=_("Why"), max_length=500)


class ClockSetForm(forms.Form):
    """A law or a rule of our own that clocks go by."""

    code = forms.SlugField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=200)
    basis = forms.ChoiceField(label=_("What is it?"), choices=ClockSet.Basis)
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Article and act, or who decided the rule. Shown on the case.")
    )


class HolidayForm(forms.Form):
    """A day on which nobody works."""

    calendar = forms.CharField(label=_("Calendar"), max_length=10, help_text=_("For instance RU."))
    day = forms.DateField(label=_("Day"), **DAY)  # type: ignore[arg-type]
    name = forms.CharField(label=_("Name"), max_length=100)
