"""A name to watch and where to write to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import NameKind


class WatchForm(forms.Form):
    """Which name, and whose mailbox."""

    kind = forms.ChoiceField(label=_("It is the name of"), choices=NameKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=300, help_text=_("In any script."))
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("Used for this only, kept encrypted, forgotten when you stop."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
