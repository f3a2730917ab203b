"""What a reviewer types who stops a sender, and the sender who appeals; nothing is written here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.models import SenderSuspension
from core.widgets import DayInput


class SuspendForm(forms.Form):
    """A holder shall send no opt-outs for a time."""

    reason = forms.ChoiceField(label=_("Reason"), choices=SenderSuspension.Reason)
    words = forms.CharField(
        label=_("What happened, for the holder to read"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    until = forms.DateField(
        label=_("Until (first day it may send again)"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: until somebody lifts it."),
    )
