"""What a person says about a list: whose it is, what for, and where its tracks come from; nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Authority, RightsHolder
from catalog.rights import Right
from claims.models import RepertoireList, RepertoireRow

Source = RepertoireList.Source
NAMED = (Source.LABEL, Source.ARTIST, Source.RELEASE)


class RepertoireForm(forms.Form):
    """A new list: a file, a pasted list, the basket, or all tracks of somebody."""

    purpose = forms.ChoiceField(
        label=_("What shall happen?"),
        choices=RepertoireList.Purpose,
        initial=RepertoireList.Purpose.CLAIM,
        widget=forms.RadioSelect,
    )
    holder = forms.ModelChoiceField(label=_("Whose rights are they?"), queryset=RightsHolder.objects.none())
    authority = forms.ModelChoiceField(
        label=_("If you act for somebody else: on which authority?"),
        queryset=Authority.objects.none(),
        required=False,
        help_text=_("Only authorities already recorded with us are listed."),
    )
    rights = forms.MultipleChoiceField(
        label=_("What did you do?"),
        choices=[
            (Right.PHONOGRAM, _("I own the master recording")),
            (Right.PERFORMANCE, _("I performed it")),
            (Right.WORK, _("I wrote it")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick everything that is true for all these tracks."),
    )
    source = forms.ChoiceField(label=_("Which tracks?"), choices=Source, initial=Source.FILE, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("The file"),
        required=False,
        max_length=300,
        help_text=_(
            "CSV, XLSX, ERN or CWR, up to 1,000,000 rows and 256 MB. Each row has an ISRC, or title and artist (release"
            " and duration help), or a store's number or address of the track. Name the columns in the first line."
        ),
    )
    rows = forms.CharField(
        label=_("Tracks, one a row"),
        max_length=1_000_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "An ISRC, or artist - title, or two columns of a table (title, artist), or the store's number or address."
        ),
    )
    name = forms.CharField(
        label=_("Name of the label, artist or release"),
        max_length=500,
        required=False,
        help_text=_("As it is catalogued; for a release its number (REL-…) or ICPN is surest."),
    )

    def __init__(self, *args: Any, holders: Any, authorities: Any, has_basket: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = holders  # type: ignore[attr-defined]
        self.fields["authority"].queryset = authorities  # type: ignore[attr-defined]
        only = list(holders[:2])
        if len(only) == 1:
            self.fields["holder"].initial = only[0]
        if not authorities:
            del self.fields["authority"]
        if not has_basket:
            offered = [choice for choice in Source.choices if choice[0] != Source.BASKET]
            self.fields["source"].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """This will ask for what the chosen source needs."""
        data = super().clean() or {}
        source = data.get("source")
        if source == Source.FILE and not data.get("file") and "file" not in self.errors:
            self.add_error("file", _("Please choose a file."))
        if source == Source.PASTE and not (data.get("rows") or "").strip():
            self.add_error("rows", _("Please name at least one track."))
        if source in NAMED and not (data.get("name") or "").strip():
            self.add_error("name", _("Please give the name."))
        return data


class MendForm(forms.Form):
    """A correction file that was mended."""

    file = forms.FileField(label=_("The mended file"), max_length=300)


class GroupsForm(forms.Form):
    """Which groups of rows are meant."""

    group = forms.MultipleChoiceField(choices=RepertoireRow.Group, required=False)
