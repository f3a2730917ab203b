"""What a person types about an opt-out and about a notice, in plain words; nothing is written here."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog import territories
from catalog.faults import explain
from catalog.formats import CannotRead
from catalog.models import Authority, RightsHolder
from catalog.rights import Right
from claims.formats.list_file import BYTES_MAX, rows_of_file
from claims.formats.pasted_list import PastedRow, TooManyRows, read_list
from claims.legal import BASES, CONTACT_FIELDS
from claims.models import OptOut
from claims.reasons import OPT_OUT_DECISION
from claims.selectors import kind_choices
from core.periods import day_after
from core.widgets import DayInput
from sales.models import Licensee

ALL, SOME, WORLD = "all", "some", "world"
ROWS_MAX = 5000
STAYS = re.compile(r"(?P<row>\d{1,7})(?:-(?P<last>\d{1,7}))? +(?P<code>[a-z_]+)")
Basis = OptOut.Basis
Element = OptOut.Element


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes more than one file."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploaded files."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """This will check each file by itself."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


def show_as_needed(form: forms.Form, *names: str) -> None:
    """This will take "(optional)" from fields that a draft may lack: they are shown where they are needed."""
    for name in names:
        form.fields[name].required = True


class ListForm(forms.Form):
    """A list of tracks as a file."""

    list_file = forms.FileField(
        label=_("Or the list as a file"),
        required=False,
        max_length=200,
        help_text=_(
            "CSV or XLSX, up to 5,000 rows. Name the columns ISRC, Title, Artist in the first line, in any order; or"
            " one track a row. The rows are put into the list above, so that you see them before you sign."
        ),
    )

    def clean_list_file(self) -> list[str]:
        """This will read the rows of the file as if they had been pasted; none where there is no file."""
        file = self.cleaned_data["list_file"]
        return read_file(file) if file else []


def read_file(file: Any) -> list[str]:
    """This will read an uploaded list. Raises: ValidationError, in words."""
    if file.size > BYTES_MAX:
        raise forms.ValidationError(_("The file is larger than 5 MB. Please send it in parts."), code="too_large")
    try:
        return rows_of_file(file, rows_max=ROWS_MAX)
    except TooManyRows as error:
        raise too_many(error) from error
    except CannotRead as error:
        said = explain(error.code)
        raise forms.ValidationError(f"{said.problem} {said.remedy}", code=error.code) from error


def too_many(error: TooManyRows) -> forms.ValidationError:
    """This will say how many rows a list may have."""
    words = _("The list has more than %(limit)s rows. Please send it in parts.")
    return forms.ValidationError(words, params={"limit": error.limit}, code="list_too_long")


class OptOutForm(forms.Form):
    """Which tracks shall leave which stores, from when and where, and who says so."""

    holder = forms.ModelChoiceField(label=_("Whose rights are they?"), queryset=RightsHolder.objects.none())
    standing = forms.ChoiceField(
        label=_("For whom do you write?"),
        choices=OptOut.Standing,
        initial=OptOut.Standing.SELF,
        widget=forms.RadioSelect,
    )
    authority = forms.ModelChoiceField(
        label=_("If you act for somebody else: on which authority?"),
        queryset=Authority.objects.none(),
        required=False,
        help_text=_("Only authorities already recorded with us are listed."),
    )
    rows = forms.CharField(
        label=_("Tracks, one a row"),
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "An ISRC, or artist - title, or two columns of a table (title, artist), or the store's number or address."
        ),
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
    stores = forms.ChoiceField(
        label=_("From which stores?"),
        choices=[(ALL, _("All stores")), (SOME, _("Only these"))],
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
        label=_("First day out"),
        widget=DayInput(),
        help_text=_("Never before the day your request is granted."),
    )
    last = forms.DateField(
        label=_("Last day out"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: until further notice."),
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
    is_name_public = forms.BooleanField(
        label=_("Name the holder in the public register"),
        required=False,
        help_text=_("Without this the register shows the tracks, not who asked."),
    )

    def __init__(
        self, *args: Any, holders: Any, authorities: Any, today: date, is_of_list: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_of_list:
            del self.fields["rows"]
        self.fields["holder"].queryset = holders  # type: ignore[attr-defined]
        self.fields["authority"].queryset = authorities  # type: ignore[attr-defined]
        stores = Licensee.objects.exclude(status=Licensee.Status.ENDED).order_by("name")
        self.fields["licensees"].queryset = stores  # type: ignore[attr-defined]
        self.fields["start"].initial = today + timedelta(days=1)
        only = list(holders[:2])
        if len(only) == 1:
            self.fields["holder"].initial = only[0]
        if not authorities:
            del self.fields["authority"]

    def clean_rows(self) -> list[PastedRow]:
        """This will read the list. The text itself stays in `data`."""
        try:
            rows = read_list(self.cleaned_data["rows"], rows_max=ROWS_MAX)
        except TooManyRows as error:
            raise too_many(error) from error
        if not rows:
            raise forms.ValidationError(_("Please name at least one track."))
        return rows

    def clean(self) -> dict[str, Any]:
        """This will check what several fields say together, and turn days and codes into what services take."""
        data = super().clean() or {}
        start, last = data.get("start"), data.get("last")
        if start and last and last < start:
            self.add_error("last", _("The last day comes before the first."))
        data["end"] = day_after(last)
        if data.get("stores") == SOME and not data.get("licensees"):
            self.add_error("licensees", _("Please choose at least one store."))
        if data.get("standing") == OptOut.Standing.AGENT and not data.get("authority"):
            self.add_error("standing", _("To act for somebody else, an authority of theirs must be recorded with us."))
        data["codes"] = []
        if data.get("where") == SOME:
            self._clean_countries(data)
        return data

    def _clean_countries(self, data: dict[str, Any]) -> None:
        typed = data.get("countries", "").replace(";", ",").split(",")
        data["codes"] = [code.strip().upper() for code in typed if code.strip()]
        try:
            territories.resolve_bits(data["codes"])
        except (territories.UnknownTerritory, territories.EmptyTerritorySet) as error:
            self.add_error("countries", _("Not a country code: %(code)s") % {"code": str(error) or "–"})


class ProofForm(forms.Form):
    """The documents that prove ownership."""

    kind = forms.ChoiceField(label=_("What are they?"), choices=kind_choices)
    documents = FilesField(
        label=_("Documents"),
        required=False,
        help_text=_(
            "PDF, PNG, JPEG, TXT, DOCX (no macros) or XLSX, at most 20 MB each. Only we and your colleagues see them."
        ),
    )


class SwornForm(forms.Form):
    """What the sender states and signs. Which fields the ground needs, services say."""

    basis = forms.ChoiceField(
        label=_("On which ground?"),
        choices=Basis,
        initial=Basis.OWNER_OPT_OUT,
        widget=forms.RadioSelect,
        help_text=_(
            "The house rule needs nothing but ownership. The laws are for those who want their clock to run as well."
        ),
    )
    contact_name = forms.CharField(label=_("Your name"), max_length=200, required=False)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    contact_address = forms.CharField(
        label=_("Postal address"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    contact_phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    explanation = forms.CharField(
        label=_("Why is the use not allowed?"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    authorised = forms.BooleanField(label=Element.AUTHORISED.label, required=False)
    good_faith = forms.BooleanField(label=Element.GOOD_FAITH.label, required=False)
    accurate = forms.BooleanField(label=Element.ACCURATE.label, required=False)
    perjury = forms.BooleanField(label=Element.PERJURY.label, required=False)
    signature = forms.CharField(label=_("Your full name, as your signature"), max_length=200, required=False)

    def contact(self) -> dict[str, str]:
        """This will give the contact by its plain names."""
        return {name: self.cleaned_data[f"contact_{name}"] for name in CONTACT_FIELDS}

    def confirmed(self) -> list[str]:
        """This will give the statements that were ticked and that the ground asks for."""
        asked = BASES[self.cleaned_data["basis"]].elements
        return [name for name in asked if self.cleaned_data[name]]

    def refuse(self, names: tuple[str, ...]) -> None:
        """This will mark the fields that the service found missing."""
        for name in names:
            self.add_error(name, _("The ground you chose needs this."))


class ReviewForm(forms.Form):
    """A reviewer's decision about an opt-out; the reasons of the rows that are seen come as `reason-<row>`."""

    text = forms.CharField(
        label=_("Remark for the holder"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    stays = forms.CharField(
        label=_("Rows of other pages that stay"),
        max_length=200_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "12 proof_missing\n400-420 owner_is_another"}),
        help_text=_("One on a line: the row, or the first and last row, and the reason."),
    )

    def __init__(self, *args: Any, last_row: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last_row = last_row

    def clean_stays(self) -> dict[int, str]:
        """This will read the lines as {row number: reason code}; a row that is not there is said, never passed over."""
        stays: dict[int, str] = {}
        for number, line in enumerate(self.cleaned_data["stays"].splitlines(), 1):
            if not line.strip():
                continue
            said = STAYS.fullmatch(line.strip())
            if said is None or said["code"] not in OPT_OUT_DECISION:
                codes = ", ".join(OPT_OUT_DECISION)
                raise forms.ValidationError(
                    _("Line %(number)s: write a row number and one of the reasons %(codes)s."),
                    params={"number": number, "codes": codes},
                )
            first, last = int(said["row"]), int(said["last"] or said["row"])
            if not 1 <= first <= last <= self.last_row:
                raise forms.ValidationError(
                    _("Line %(number)s: the rows are 1 to %(last)s, the smaller number first."),
                    params={"number": number, "last": self.last_row},
                )
            stays |= dict.fromkeys(range(first, last + 1), said["code"])
        return stays

    def refused(self) -> dict[int, str]:
        """This will give {row number: reason code} of all rows that stay."""
        seen = {
            int(name.removeprefix("reason-")): str(reason)
            for name, reason in self.data.items()
            if name.startswith("reason-") and name[7:].isdecimal() and reason in OPT_OUT_DECISION
        }
        return self.cleaned_data["stays"] | seen


class WebhookForm(forms.Form):
    """Where a store's server listens."""

    url = forms.CharField(
        label=_("Address of your server"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://store.example.com/roms", "autocomplete": "off"}),
        help_text=_("https, reachable from outside, without user name and password in it."),
    )


class AcknowledgeForm(forms.Form):
    """A store's receipt."""

    reference = forms.CharField(label=_("Your own number for it"), max_length=200, required=False)


class RowsForm(forms.Form):
    """Rows of a notice, chosen by their tracks."""

    track = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, tracks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].choices = [(track, track) for track in tracks]  # type: ignore[attr-defined]
