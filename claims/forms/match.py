"""What staff and holders type about unmatched names and corrections; nothing is written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from sales.models import Licensee

FILE_BYTES_MAX = 5_000_000


class RuleForm(forms.Form):
    """What one store calls a track."""

    store = forms.ModelChoiceField(label=_("Store"), queryset=Licensee.objects.order_by("name"))
    pattern = forms.CharField(
        label=_("What the store writes"),
        max_length=500,
        help_text=_("Its key, or artist - title. * stands for any text; capital letters do not matter."),
    )
    track = forms.CharField(label=_("Track"), max_length=40, help_text=_("Its number (TRK-...) or ISRC."))


class MatchFileForm(forms.Form):
    """A file of matches."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Two columns: the store's key, and the track's number or ISRC. An empty second cell withdraws."),
    )
    store = forms.ModelChoiceField(
        label=_("Store"),
        queryset=Licensee.objects.order_by("name"),
        required=False,
        help_text=_("Whose keys they are; not needed for our own numbers (KEY-...)."),
    )

    def clean_file(self) -> Any:
        """This will refuse a file no list of keys can be."""
        upload = self.cleaned_data["file"]
        if upload.size > FILE_BYTES_MAX:
            raise forms.ValidationError(_("The file is larger than 5 MB. Please send it in parts."))
        return upload


class ProposalForm(forms.Form):
    """A holder's word that names of stores are its track."""

    holder = forms.ModelChoiceField(label=_("For whom?"), queryset=RightsHolder.objects.none())
    keys = forms.MultipleChoiceField(label=_("Sold under these names"), widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(
        label=_("Why is it the same?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For instance: our title in the other script, the title of the single."),
    )

    def __init__(self, *args: Any, holders: Any, keys: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = holders  # type: ignore[attr-defined]
        self.fields["keys"].choices = keys  # type: ignore[attr-defined]
        if holders.count() == 1:
            self.fields["holder"].initial = holders[0]


class CorrectionForm(forms.Form):
    """Why something is corrected."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MergeForm(forms.Form):
    """Which two are one."""

    source = forms.CharField(
        label=_("This one"), max_length=40, help_text=_("The number of a track, a song or a holder.")
    )
    target = forms.CharField(label=_("becomes part of this one"), max_length=40)


class NewTrackForm(forms.Form):
    """A track that was not in the catalogue."""

    title = forms.CharField(label=_("Title"), max_length=500)
    artist = forms.CharField(label=_("Artist"), max_length=500)
