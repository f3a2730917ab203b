"""What is typed in a dispute: a party's answer, a reviewer's verdict, a file of answers; nothing is written here."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder
from claims.models import DisputeParty, EvidenceDocument
from claims.selectors import kind_choices
from claims.services import DisputeSaid
from core.periods import day_after
from core.widgets import DayInput

FILE_BYTES_MAX = 20_000_000
PART = "percent_"


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = DayInput()
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


def _part(party: DisputeParty, *, required: bool) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("%(holder)s, in percent") % {"holder": party.holder.name},
        required=required,
        min_value=0,
        max_value=Decimal(100),
        max_digits=9,
        decimal_places=6,
    )


class AnswerForm(forms.Form):
    """What a party answers: one of a few things, each with the fields it needs."""

    kind = forms.ChoiceField(
        label=_("Your answer"),
        choices=DisputeParty.Answer,
        initial=DisputeParty.Answer.SAY,
        required=False,
        widget=forms.RadioSelect,
    )
    percent = forms.DecimalField(
        label=_("Smaller part, in percent"),
        required=False,
        min_value=0,
        max_value=Decimal(100),
        max_digits=9,
        decimal_places=6,
    )
    start = _day(_("Ours from"))
    last = _day(_("Ours until"), _("The last day. Empty: until further notice."))
    text = forms.CharField(
        label=_("In your words"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, parties: Sequence[DisputeParty], own: Sequence[DisputeParty], documents: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {party.holder_id: party for party in parties}
        if documents is not None and documents.exists():
            self.fields["documents"] = forms.ModelMultipleChoiceField(
                label=_("Documents that prove it"),
                queryset=documents,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Only reviewers read them; the other parties see that there are some."),
            )
        self.fields["document_kind"] = forms.ChoiceField(
            label=_("What is it?"), choices=kind_choices, required=False, initial="contract"
        )
        self.fields["file"] = forms.FileField(
            label=_("Another document"),
            required=False,
            max_length=200,
            help_text=_(
                "PDF, PNG, JPEG, TXT, DOCX (no macros) or XLSX, at most 20 MB. Only we and your colleagues see it."
            ),
        )
        for party in parties:
            self.fields[f"{PART}{party.holder_id}"] = _part(party, required=False)
        self.own = {party.holder_id: party.holder for party in own}
        if len(own) > 1:
            choices = [(party.holder_id, party.holder.name) for party in own]
            self.fields["holder"] = forms.TypedChoiceField(label=_("For"), choices=choices, coerce=int)

    def parts(self) -> list[Any]:
        """This will give the fields of a split, for the page."""
        return [self[f"{PART}{holder}"] for holder in self.parties]

    def speaks_for(self) -> RightsHolder | None:
        """This will give the party the person answers for; None: for none of them."""
        chosen = self.cleaned_data.get("holder") or next(iter(self.own), None)
        return self.own.get(chosen) if chosen is not None else None

    def said(self, shown: Sequence[EvidenceDocument] = ()) -> DisputeSaid:
        """This will give the answer as the service takes it, with documents that were sent along."""
        data = self.cleaned_data
        kind = data["kind"] or DisputeParty.Answer.SAY
        last = data["last"]
        split = {holder: data[f"{PART}{holder}"] for holder in self.parties}
        is_split = kind == DisputeParty.Answer.SPLIT
        return DisputeSaid(
            kind=kind,
            percent=data["percent"],
            start=data["start"],
            end=day_after(last),
            split={holder: part for holder, part in split.items() if part is not None} if is_split else {},
            words=data["text"],
            documents=(*data.get("documents", ()), *shown),
        )


class VerdictForm(forms.Form):
    """What a reviewer of the panel finds: a percent for each party, and why."""

    reason = forms.CharField(label=_("Reasons"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, parties: Sequence[DisputeParty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for party in parties:
            self.fields[f"{PART}{party.holder_id}"] = _part(party, required=True)

    def percents(self) -> dict[int, Decimal]:
        """This will give each party's percent by holder id."""
        return {
            int(name.removeprefix(PART)): value for name, value in self.cleaned_data.items() if name.startswith(PART)
        }


class AnswersFileForm(forms.Form):
    """The table of a party's disputes with the answers filled in."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("The table you downloaded, with the column “answer” filled in. CSV or XLSX."),
    )

    def clean_file(self) -> Any:
        """This will refuse a file no table of disputes can be."""
        upload = self.cleaned_data["file"]
        if upload.size > FILE_BYTES_MAX:
            raise forms.ValidationError(_("The file is larger than 20 MB. Please send it in parts."))
        return upload
