"""What a store types about many rows of a notice, and what a holder saw in a store."""

from datetime import UTC
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.faults import explain
from catalog.formats import CannotRead
from claims.formats.answer_file import RowAnswer, read_answers
from claims.models import Observation

ANSWER_BYTES_MAX = 100 << 20


class AnswerFileForm(forms.Form):
    """A store's answer as a table."""

    answers = forms.FileField(
        label=_("Your answer as a file"),
        max_length=200,
        help_text=_(
            "CSV or XLSX with the columns track or store_keys, answer (acknowledged, removed, objected), and, if you"
            " like, reference (your own number) and reason."
        ),
    )

    def clean_answers(self) -> list[RowAnswer]:
        """This will read the rows."""
        file = self.cleaned_data["answers"]
        if file.size > ANSWER_BYTES_MAX:
            raise forms.ValidationError(_("The file is larger than 100 MB. Please send it in parts."), code="too_large")
        try:
            return read_answers(file)
        except CannotRead as error:
            said = explain(error.code)
            raise forms.ValidationError(f"{said.problem} {said.remedy}", code=error.code) from error


class FindingAnswerForm(forms.Form):
    """A store's word on when it sold what."""

    units_after = forms.IntegerField(label=_("Sold on that day or later"), min_value=0)
    text = forms.CharField(
        label=_("In your words"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ObservationForm(forms.Form):
    """What somebody saw of a track in a store."""

    seen = forms.ChoiceField(label=_("What did you see?"), choices=Observation.Seen, widget=forms.RadioSelect)
    seen_at = forms.DateTimeField(
        label=_("When did you look? (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    url = forms.CharField(label=_("Address you looked at"), max_length=500, required=False)
    purchase = forms.CharField(
        label=_("Receipt number of a test purchase"),
        max_length=100,
        required=False,
        help_text=_("Only if you bought it to be sure."),
    )
    screenshot = forms.FileField(
        label=_("Screenshot"),
        max_length=200,
        required=False,
        help_text=_("PNG, JPEG or PDF. Sealed; the store does not see it."),
    )
    text = forms.CharField(
        label=_("Anything else"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_seen_at(self) -> Any:
        """This will read the time as UTC, as the page says."""
        return self.cleaned_data["seen_at"].replace(tzinfo=UTC)
