"""What a person types to bring tracks back; nothing is written here."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.rights import Right
from claims.formats.pasted_list import PastedRow, TooManyRows, read_list
from claims.forms.opt_out import ALL, ROWS_MAX, SOME, too_many
from claims.models import Reentry
from core.widgets import DayInput
from sales.models import Licensee

Ground = Reentry.Ground


class ReturnForm(forms.Form):
    """Which tracks may be sold again, for which rights, where and from when, and why."""

    ground = forms.ChoiceField(
        label=_("What do you want to say?"),
        choices=[
            (Ground.RETURN, _("These tracks may be sold again")),
            (Ground.RETRACTION, _("My notice was a mistake: I take it back")),
        ],
        initial=Ground.RETURN,
        widget=forms.RadioSelect,
    )
    which = forms.ChoiceField(
        label=_("Which tracks?"),
        choices=[(ALL, _("All that this request took out")), (SOME, _("Only these tracks"))],
        initial=ALL,
        widget=forms.RadioSelect,
    )
    rows = forms.CharField(
        label=_("Tracks, one a row"),
        required=False,
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("As in the request: an ISRC, artist - title, or the number of the track."),
    )
    rights = forms.MultipleChoiceField(label=_("Which rights?"), widget=forms.CheckboxSelectMultiple)
    stores = forms.ChoiceField(
        label=_("To which stores?"),
        choices=[(ALL, _("To all they left")), (SOME, _("Only to these"))],
        initial=ALL,
        widget=forms.RadioSelect,
    )
    licensees = forms.ModelMultipleChoiceField(
        label=_("Stores"),
        queryset=Licensee.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        to_field_name="public_id",
    )
    start = forms.DateField(
        label=_("First day back"),
        widget=DayInput(),
        help_text=_("Today or later. What was sold before stays as it was."),
    )
    text = forms.CharField(
        label=_("Why, in words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, rights: Collection[str], is_order: bool = False, by_sender: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = [(right, Right(right).label) for right in rights]  # type: ignore[attr-defined]
        self.fields["licensees"].queryset = Licensee.objects.order_by("name")  # type: ignore[attr-defined]
        if not by_sender:
            del self.fields["ground"]
            self.fields["text"].required = is_order
        if not by_sender and not is_order:
            every = (ALL, _("All of the catalogue that is out"))
            self.fields["which"].choices = [every, (SOME, _("Only these tracks"))]  # type: ignore[attr-defined]
            self.fields["rows"].help_text = _("An ISRC, artist - title, or the number of the track.")

    def clean_rows(self) -> list[PastedRow]:
        """This will read the list."""
        try:
            return read_list(self.cleaned_data["rows"].replace("\x00", ""), rows_max=ROWS_MAX)
        except TooManyRows as error:
            raise too_many(error) from error

    def clean(self) -> dict[str, Any]:
        """This will ask for tracks and stores where only some are meant."""
        data = super().clean() or {}
        if data.get("which") == SOME and not data.get("rows") and "rows" not in self.errors:
            self.add_error("rows", _("Please name at least one track."))
        if data.get("stores") == SOME and not data.get("licensees"):
            self.add_error("licensees", _("Please choose at least one store."))
        return data
