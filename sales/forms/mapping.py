"""A mapping template as a form: one choice per column of the file, and how its numbers, dates and signs are written."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sales.formats import encodings, rules, values
from sales.formats.rules import Computed, Rules

Choices = Sequence[tuple[str, str | Promise]]

FIELD_WORDS: dict[str, Promise] = {
    "SaleDate": _("day of the sale"),
    "UsagePeriod": _("month or period"),
    "DspResourceId": _("the store's own number of the track"),
    "ISRC": _("code of the recording"),
    "Title": _("title of the track"),
    "SubTitle": _("version: remix, live ..."),
    "DisplayArtistName": _("artist"),
    "DspReleaseId": _("the store's own number of the release"),
    "ReleaseTitle": _("title of the release"),
    "ReleaseDisplayArtistName": _("artist of the release"),
    "ICPN": _("barcode: UPC, EAN"),
    "Territory": _("country of the buyer"),
    "Channel": _("how it was paid: visa, xrost ..."),
    "Usages": _("units sold"),
    "Returns": _("units given back"),
    "PriceConsumerPaidExcSalesTax": _("what the buyer paid for one unit, without tax"),
    "NetRevenue": _("what the line brought in all, without tax"),
    "Currency": _("currency"),
    "Url": _("address of the track in the store"),
    "SaleOf": _("track or release"),
}
DELIMITER_WORDS: Choices = [
    ("tab", _("tabulator")),
    (";", _("semicolon ;")),
    (",", _("comma ,")),
    ("|", _("bar |")),
]
QUOTE_WORDS: Choices = [('"', _('double quotes "')), ("none", _("no quotes"))]
DECIMAL_WORDS: Choices = [("", _("please choose")), (".", _("point: 1.50")), (",", _("comma: 1,50"))]
THOUSANDS_WORDS: Choices = [
    ("none", _("none: 1234")),
    ("space", _("blank: 1 234")),
    (".", _("point: 1.234")),
    (",", _("comma: 1,234")),
    ("'", _("apostrophe: 1'234")),
]
DATE_WORDS: Choices = [
    ("", _("please choose")),
    ("dmy", _("day, month, year: 31.10.2006")),
    ("mdy", _("month, day, year: 10/31/2006")),
    ("ymd", _("year, month, day: 2006-10-31")),
]
RETURN_WORDS: Choices = [
    ("none", _("There are none, or a column of their own counts them")),
    ("negative_column", _("A column of their own counts them below zero")),
    ("negative_units", _("Lines with units below zero")),
    ("negative_amounts", _("Lines with an amount below zero and units above")),
    ("marked", _("Lines that a column marks with a word")),
]
OPERATION_WORDS: Choices = [
    ("times", _("times")),
    ("per", _("divided by (only if it comes out exactly)")),
    ("plus", _("plus")),
    ("minus", _("minus")),
    ("hundredth", _("divided by one hundred")),
]
_SPELLED = {"tab": "\t", "none": "", "space": " "}
_SPOKEN = {"\t": "tab", "": "none", " ": "space"}
COMPUTED_MAX = 2
UNUSED = "-"


class CutForm(forms.Form):
    """How the bytes become cells, and where the names of columns stand."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=list(encodings.CHOICES.items()))
    delimiter = forms.ChoiceField(label=_("Columns are separated by"), choices=DELIMITER_WORDS)
    quote = forms.ChoiceField(label=_("Cells may stand in"), choices=QUOTE_WORDS)
    sheet = forms.ChoiceField(label=_("Sheet"))
    skip = forms.IntegerField(
        label=_("Lines before the names of columns"), min_value=0, max_value=rules.HEADER_WITHIN - 1
    )
    has_header = forms.BooleanField(label=_("A line names the columns"), required=False)

    def __init__(self, *args: Any, sheets: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        for name in ("encoding", "delimiter", "quote") if sheets else ("sheet",):
            del self.fields[name]

    def said(self) -> Rules:
        """Return what was said, the rest as usual."""
        given = self.cleaned_data
        return Rules(
            encoding=given.get("encoding") or "utf-8",
            delimiter=spelled(given["delimiter"]) if given.get("delimiter") else "",
            quote=spelled(given["quote"]) if given.get("quote") else "",
            sheet=given.get("sheet", ""),
            skip=given.get("skip") or 0,
            has_header=given["has_header"],
        )


class MappingForm(forms.Form):
    """What the columns mean."""

    name = forms.CharField(label=_("Name of the template"), max_length=80)
    period = forms.CharField(
        label=_("Period of this file"),
        required=False,
        max_length=40,
        help_text=_("Only if no column says it, for example 2006-10. It is asked again for each file."),
    )
    currency = forms.CharField(
        label=_("Currency of all lines"),
        required=False,
        max_length=3,
        help_text=_("Only if no column says it: three letters, USD or RUB."),
    )
    by_sign = forms.BooleanField(label=_("The sign beside the amount says the currency: €, £, руб."), required=False)
    dollar = forms.CharField(
        label=_("The sign $ means"), required=False, max_length=3, help_text=_("Three letters: USD, CAD ...")
    )
    territory = forms.CharField(label=_("Country of all lines"), required=False, max_length=20)
    channel = forms.CharField(label=_("All lines were paid by"), required=False, max_length=30)
    decimal = forms.ChoiceField(label=_("Decimal sign"), choices=DECIMAL_WORDS)
    thousands = forms.ChoiceField(label=_("Separator of thousands"), choices=THOUSANDS_WORDS)
    dates = forms.ChoiceField(
        label=_("Order in dates"),
        choices=DATE_WORDS,
        required=False,
        help_text=_("3/4/2006 is in March or in April: only you can know."),
    )
    returns = forms.ChoiceField(label=_("Returned units are"), choices=RETURN_WORDS)
    returns_column = forms.ChoiceField(label=_("Column that marks returns"), required=False)
    returns_words = forms.CharField(
        label=_("Words that mark a return"), required=False, max_length=300, help_text=_("Separated by commas.")
    )
    totals = forms.CharField(
        label=_("Leave out lines that begin with"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Separated by commas. A line is a total only if its first filled cell begins with such a word and nothing"
            " else on it names what was sold; the lines left out are listed."
        ),
    )

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(names)
        ours = [(UNUSED, _("not used")), *((name, _labelled(name)) for name in rules.FIELDS)]
        for place, name in enumerate(self.names):
            self.fields[f"column-{place}"] = forms.ChoiceField(label=name, choices=ours)
        theirs = [("", "–"), *((name, name) for name in self.names)]
        self.fields["returns_column"].choices = theirs  # type: ignore[attr-defined]
        numbers = [("", _("nothing")), *((name, _labelled(name)) for name in rules.NUMBERS)]
        for number in range(COMPUTED_MAX):
            for part, label, choices in (
                ("field", _("Work out"), numbers),
                ("left", _("as"), theirs),
                ("operation", _("how"), OPERATION_WORDS),
                ("right", _("and"), theirs),
            ):
                self.fields[f"computed-{number}-{part}"] = forms.ChoiceField(
                    label=label, choices=choices, required=False
                )

    def clean(self) -> dict[str, Any]:
        """Refuse two columns for one of ours; the rest is judged where all doors share it."""
        given = super().clean() or self.cleaned_data
        seen: dict[str, str] = {}
        for place, name in enumerate(self.names):
            ours = given.get(f"column-{place}", UNUSED)
            if ours in seen:
                self.add_error(f"column-{place}", _("The column “%(other)s” is this already.") % {"other": seen[ours]})
            elif ours != UNUSED:
                seen[ours] = name
        return given

    @property
    def computed_is_used(self) -> bool:
        """Tell whether a column is worked out."""
        return any(self[f"computed-{number}-field"].value() for number in range(COMPUTED_MAX))

    @property
    def marks_returns(self) -> bool:
        """Tell whether a column marks returns."""
        return bool(self["returns"].value() == "marked" or self["returns_column"].errors)

    @property
    def reads_signs(self) -> bool:
        """Tell whether signs say the currency."""
        return bool(self["by_sign"].value() or self["dollar"].value())

    def said(self, cut: Rules) -> Rules:
        """Return the whole template: how the text is cut, and what was said here."""
        given = self.cleaned_data
        columns = {
            ours: name
            for place, name in enumerate(self.names)
            if (ours := given.get(f"column-{place}", UNUSED)) != UNUSED
        }
        constants = {"Currency": given.get("currency", "").upper(), "Territory": given.get("territory", "").upper()}
        constants["Channel"] = given.get("channel", "").lower()
        computed = [
            Computed(*(given.get(f"computed-{number}-{part}", "") for part in ("field", "operation", "left", "right")))
            for number in range(COMPUTED_MAX)
            if given.get(f"computed-{number}-field")
        ]
        is_marked = given.get("returns") == "marked"
        return Rules(
            cut.encoding,
            cut.delimiter,
            cut.quote,
            cut.sheet,
            cut.skip,
            cut.has_header,
            columns,
            {name: text for name, text in constants.items() if text},
            tuple(computed),
            given.get("decimal", ""),
            spelled(given.get("thousands", "none")),
            given.get("dates", ""),
            given.get("by_sign", False),
            given.get("dollar", "").upper(),
            given.get("returns", "none"),
            given.get("returns_column", "") if is_marked else "",
            _words(given.get("returns_words", "")) if is_marked else (),
            _words(given.get("totals", "")),
        )


def cut_initial(said: Rules) -> dict[str, Any]:
    """Return what the form of the cut begins with."""
    return {
        "encoding": said.encoding,
        "delimiter": spoken(said.delimiter),
        "quote": spoken(said.quote),
        "sheet": said.sheet,
        "skip": said.skip,
        "has_header": said.has_header,
    }


def initial(said: Rules, names: Sequence[str], *, name: str, period: str) -> dict[str, Any]:
    """Return what the form begins with."""
    ours_of = {theirs: ours for ours, theirs in said.columns.items()}
    found: dict[str, Any] = {f"column-{place}": ours_of.get(theirs, UNUSED) for place, theirs in enumerate(names)}
    for number, one in enumerate(said.computed[:COMPUTED_MAX]):
        for part in ("field", "operation", "left", "right"):
            found[f"computed-{number}-{part}"] = getattr(one, part)
    return found | {
        "name": name,
        "period": period,
        "currency": said.constants.get("Currency", ""),
        "territory": said.constants.get("Territory", ""),
        "channel": said.constants.get("Channel", ""),
        "by_sign": said.by_sign,
        "dollar": said.dollar,
        "decimal": said.decimal,
        "thousands": spoken(said.thousands),
        "dates": said.dates,
        "returns": said.returns,
        "returns_column": said.returns_column,
        "returns_words": ", ".join(said.returns_words or values.RETURN_WORDS),
        "totals": ", ".join(said.totals),
    }


def in_words(said: Rules) -> list[tuple[str, str]]:
    """Return what a template says, label by label, as the form words it."""
    found = [(ours, said.columns[ours]) for ours in rules.FIELDS if ours in said.columns]
    operations = {code: str(words) for code, words in OPERATION_WORDS}
    for one in said.computed:
        found.append((one.field, " ".join(filter(None, (one.left, operations.get(one.operation, ""), one.right)))))
    found += [(ours, _("“%(text)s” for all lines") % {"text": text}) for ours, text in said.constants.items()]
    fields = MappingForm.base_fields
    for name, choices, value in (
        ("decimal", DECIMAL_WORDS, said.decimal),
        ("thousands", THOUSANDS_WORDS, spoken(said.thousands)),
        ("dates", DATE_WORDS, said.dates),
        ("returns", RETURN_WORDS, said.returns),
    ):
        if value:
            found.append((str(fields[name].label), str(dict(choices).get(value, value))))
    encoding = said.sheet or encodings.CHOICES.get(said.encoding, said.encoding)
    cut = CutForm.base_fields["sheet" if said.sheet else "encoding"]
    return [*found, (str(cut.label), encoding), (str(fields["totals"].label), ", ".join(said.totals) or "–")]


def spelled(word: str) -> str:
    """Return the character a choice stands for."""
    return _SPELLED.get(word, word)


def spoken(character: str) -> str:
    """Return the choice that stands for a character."""
    return _SPOKEN.get(character, character)


def _labelled(name: str) -> str:
    words = FIELD_WORDS.get(name)
    return f"{name}: {words}" if words else name


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", ",").split(",") if word.strip())
