"""What is typed to hand a catalogue over; nothing is written here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder, RightsShare
from catalog.rights import Right
from claims.formats.pasted_list import PastedRow, TooManyRows, read_list
from claims.forms.authority import holder_named
from claims.forms.reach import DATE, ROWS_MAX

GIVE, TAKE = "give", "take"


class TransferForm(forms.Form):
    """Which rights, from which day, between this holder and which other."""

    side = forms.ChoiceField(
        label=_("What happens?"),
        choices=[(GIVE, _("This holder hands over to the other")), (TAKE, _("The other hands over to this holder"))],
        initial=GIVE,
        widget=forms.RadioSelect,
    )
    other = forms.CharField(label=_("Number of the other holder"), max_length=20, help_text="HLD-...")
    rights = forms.MultipleChoiceField(
        label=_("For which rights?"), choices=Right, initial=Right.values, widget=forms.CheckboxSelectMultiple
    )
    start = forms.DateField(
        label=_("First day that is the new holder's"),
        help_text=_("By the day of use. What was used before stays with the one who hands over."),
        **DATE,
    )
    rows = forms.CharField(
        label=_("Only for these tracks"),
        required=False,
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One a row: ISRC, our number, or artist - title. Empty: for everything."),
    )
    choice = forms.ChoiceField(
        label=_("What the new holder wants"), choices=RightsShare.Choice, initial=RightsShare.Choice.PAY
    )
    agreed = forms.BooleanField(label=_("I may say this for the holder, and it is true."))

    def clean_other(self) -> RightsHolder:
        return holder_named(self.cleaned_data["other"])

    def clean_rows(self) -> list[PastedRow]:
        try:
            return read_list(self.cleaned_data["rows"], rows_max=ROWS_MAX)
        except TooManyRows as error:
            raise forms.ValidationError(
                _("At most %(limit)s rows."), params={"limit": error.limit}, code="too_many_rows"
            ) from error


class AgreeForm(forms.Form):
    """The other side's yes."""

    agreed = forms.BooleanField(label=_("I may say this for the holder, and it is true."))
