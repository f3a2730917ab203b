"""How far something reaches: rights, countries, tracks and days, as people type them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog import territories
from catalog.rights import Right
from claims.formats.pasted_list import PastedRow, TooManyRows, read_list
from claims.forms.claim import SOME, WORLD
from core.periods import day_after
from core.widgets import DayInput

ROWS_MAX = 5000
DATE: dict[str, Any] = {"widget": DayInput()}


class ReachForm(forms.Form):
    """Rights, countries, tracks and days: how far something reaches."""

    rights = forms.MultipleChoiceField(
        label=_("For which rights?"), choices=Right, initial=Right.values, widget=forms.CheckboxSelectMultiple
    )
    where = forms.ChoiceField(
        label=_("Where?"),
        choices=[(WORLD, _("Everywhere")), (SOME, _("Only in these countries"))],
        initial=WORLD,
        widget=forms.RadioSelect,
    )
    countries = forms.CharField(
        label=_("Countries"), required=False, help_text=_("Two-letter codes with commas between them: RU, UA, KZ.")
    )
    rows = forms.CharField(
        label=_("Only for these tracks"),
        required=False,
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One a row: ISRC, our number, or artist - title. Empty: for everything."),
    )
    start = forms.DateField(
        label=_("First day"),
        required=False,
        help_text=_("Empty: the whole past too."),
        **DATE,
    )
    last = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: until somebody ends it."),
        **DATE,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("where") == SOME:
            codes = [code.strip().upper() for code in data.get("countries", "").replace(";", ",").split(",")]
            data["codes"] = [code for code in codes if code]
            try:
                territories.resolve_bits(data["codes"])
            except (territories.UnknownTerritory, territories.EmptyTerritorySet) as error:
                self.add_error("countries", _("Not a country code: %(code)s") % {"code": str(error) or "–"})
        start, last = data.get("start"), data.get("last")
        if start and last and last < start:
            self.add_error("last", _("The last day comes before the first."))
        data["end"] = day_after(last)
        return data

    def clean_rows(self) -> list[PastedRow]:
        try:
            return read_list(self.cleaned_data["rows"], rows_max=ROWS_MAX)
        except TooManyRows as error:
            raise forms.ValidationError(
                _("At most %(limit)s rows."), params={"limit": error.limit}, code="too_many_rows"
            ) from error


class ScopeOfProofForm(ReachForm):
    """What a reviewer found that a document proves."""

    field_order = ("rights", "where")


class MandateForm(ReachForm):
    """What a holder lets the society manage, signed."""

    rows = None  # type: ignore[assignment]  # a mandate is for everything of the holder
    last = None  # type: ignore[assignment]  # until the holder ends it
    start = forms.DateField(label=_("From"), **DATE)
    agreed = forms.BooleanField(label=_("I have read this and want it."))
    signature = forms.CharField(label=_("Your full name, as your signature"), max_length=200, min_length=2)
