"""What staff types about a store's licence; nothing is written here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import DayInput
from sales.models import LicenceStop


class StopForm(forms.Form):
    """A licence is to stop."""

    kind = forms.ChoiceField(
        label=_("What happens to the licence?"), choices=LicenceStop.Kind, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=LicenceStop.Reason)
    source = forms.CharField(
        label=_("Who ordered it, by which act and number"),
        max_length=500,
        help_text=_("Everybody reads it on the page of the store."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    start = forms.DateField(label=_("First day without a licence"), widget=DayInput())


class LiftForm(forms.Form):
    """A suspension ends."""

    start = forms.DateField(label=_("First day licensed again"), widget=DayInput())
    text = forms.CharField(label=_("Why, in words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
