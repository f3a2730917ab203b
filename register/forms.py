"""What somebody looks for in the register, and what a reviewer makes public of a text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.widgets import DayInput
from register import selectors
from register.models import Entry


class FilterForm(forms.Form):
    """Words and filters of the register; all may be empty."""

    q = forms.CharField(label=_("Artist, title, ISRC, store or number"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    store = forms.ChoiceField(label=_("Store"), required=False)
    start = forms.DateField(label=_("From"), required=False, widget=DayInput())
    end = forms.DateField(label=_("Until"), required=False, widget=DayInput())

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.stores = {store.code: store for store in selectors.stores()}
        every = ("", _("All"))
        for name, choices in (
            ("kind", Entry.Kind.choices),
            ("state", selectors.state_choices()),
            ("store", [(code, store.name) for code, store in self.stores.items()]),
        ):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = [every, *choices]

    def asked(self, after: Entry | None = None) -> selectors.Asked:
        """This will give what is looked for, of a form that is valid."""
        said = self.cleaned_data
        return selectors.Asked(
            words=said["q"],
            kind=said["kind"],
            state=said["state"],
            store=self.stores.get(said["store"]),
            first_day=said["start"],
            last_day=said["end"],
            after=after,
        )


class PassageForm(forms.Form):
    """The text as the public will read it."""

    text = forms.CharField(
        label=_("What the public will read"), widget=forms.Textarea(attrs={"rows": 12}), max_length=50_000
    )
