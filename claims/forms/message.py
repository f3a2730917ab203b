"""What is written in the thread of a case; nothing is kept here."""

from django import forms
from django.utils.translation import gettext_lazy as _


class QuestionForm(forms.Form):
    """A reviewer's question, and by when it should be answered."""

    text = forms.CharField(label=_("Your question"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    days = forms.IntegerField(
        label=_("Days to answer"),
        required=False,
        min_value=1,
        max_value=365,
        help_text=_("Empty: as many as the clock says. The clock of the decision stands still meanwhile."),
    )


class MessageForm(forms.Form):
    """A message to the other side of a case."""

    text = forms.CharField(label=_("Message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
