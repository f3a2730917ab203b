"""What a person types about a claim, in plain words; nothing is written here."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog import territories
from catalog.models import Authority, RightsHolder, RightsShare
from claims.models import Claim, ClaimLine
from claims.reasons import DECISION
from claims.selectors import kind_choices
from core.widgets import DayInput

HUNDRED = Decimal(100)
ALWAYS, PAST, BETWEEN = "always", "past", "between"
WORLD, SOME = "world", "some"


class ClaimForm(forms.Form):
    """What you did, how much of it is yours, where and when, and what shall happen with the money."""

    holder = forms.ModelChoiceField(label=_("Whose rights are they?"), queryset=RightsHolder.objects.none())
    standing = forms.ChoiceField(
        label=_("For whom do you claim?"), choices=Claim.Standing, initial=Claim.Standing.SELF, widget=forms.RadioSelect
    )
    authority = forms.ModelChoiceField(
        label=_("If you act for somebody else: on which authority?"),
        queryset=Authority.objects.none(),
        required=False,
        help_text=_("Only authorities already recorded with us are listed."),
    )
    roles = forms.MultipleChoiceField(
        label=_("What did you do?"),
        choices=Claim.Role,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick everything that is true for all these tracks."),
    )
    percent_owns_master = forms.DecimalField(
        label=_("My part of the master recording, in percent"),
        initial=HUNDRED,
        max_digits=9,
        decimal_places=6,
        required=False,
    )
    percent_performed = forms.DecimalField(
        label=_("My part of the performers' share, in percent"),
        initial=HUNDRED,
        max_digits=9,
        decimal_places=6,
        required=False,
    )
    percent_wrote = forms.DecimalField(
        label=_("My part of the song, in percent"), initial=HUNDRED, max_digits=9, decimal_places=6, required=False
    )
    when = forms.ChoiceField(
        label=_("Since when?"),
        choices=[
            (ALWAYS, _("From the first sale, and from now on")),
            (PAST, _("Only what was used up to today")),
            (BETWEEN, _("Only between these days")),
        ],
        initial=ALWAYS,
        widget=forms.RadioSelect,
    )
    follow = forms.BooleanField(
        label=_("And propose to me what comes under this name later"),
        required=False,
        help_text=_("You are told by mail and look at it. Nothing is claimed for you before you sign."),
    )
    start = forms.DateField(label=_("First day"), required=False, widget=DayInput())
    last = forms.DateField(label=_("Last day"), required=False, widget=DayInput())
    where = forms.ChoiceField(
        label=_("Where?"),
        choices=[(WORLD, _("Everywhere")), (SOME, _("Only in these countries"))],
        initial=WORLD,
        widget=forms.RadioSelect,
    )
    countries = forms.CharField(
        label=_("Countries"), required=False, help_text=_("Two-letter codes with commas between them: RU, UA, KZ.")
    )
    choice = forms.ChoiceField(
        label=_("What shall happen with the money?"),
        choices=[
            (RightsShare.Choice.PAY, _("Pay me: the money is paid out once the claim is approved.")),
            (
                RightsShare.Choice.RESERVE,
                _("Pay me under reservation of rights: paid out too, and every paper says that it accepts no use."),
            ),
            (
                RightsShare.Choice.LEAVE,
                _("Prove and leave: ownership is recorded, you see every amount, and take nothing now."),
            ),
        ],
        initial=RightsShare.Choice.PAY,
        widget=forms.RadioSelect,
    )

    leave = forms.BooleanField(
        label=_("And take these tracks out of all stores"),
        required=False,
        help_text=_("Pay me to date, remove me from then on: one form and one signature, two cases."),
    )
    leave_from = forms.DateField(
        label=_("First day out"),
        required=False,
        widget=DayInput(),
        help_text=_("Never before the day your request is granted."),
    )

    def __init__(
        self, *args: Any, holders: Any, authorities: Any, tomorrow: date, is_by_name: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_by_name:
            del self.fields["follow"]
        self.fields["holder"].queryset = holders  # type: ignore[attr-defined]
        self.fields["authority"].queryset = authorities  # type: ignore[attr-defined]
        self.fields["leave_from"].initial = tomorrow
        only = list(holders[:2])
        if len(only) == 1:
            self.fields["holder"].initial = only[0]
        if not authorities:
            del self.fields["authority"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clean_percents(data)
        if data.get("when") == BETWEEN:
            start, last = data.get("start"), data.get("last")
            if not start and not last:
                self.add_error("start", _("Please give the first day, the last day, or both."))
            elif start and last and last < start:
                self.add_error("last", _("The last day comes before the first."))
        if data.get("where") == SOME:
            self._clean_countries(data)
        if data.get("standing") == Claim.Standing.AGENT and not data.get("authority"):
            self.add_error("standing", _("To act for somebody else, an authority of theirs must be recorded with us."))
        if data.get("leave") and not data.get("leave_from") and "leave_from" not in self.errors:
            self.add_error("leave_from", _("Please say from which day."))
        return data

    def _clean_percents(self, data: dict[str, Any]) -> None:
        for role in data.get("roles", ()):
            percent = data.get(f"percent_{role}")
            if percent is None or not 0 < percent <= HUNDRED:
                self.add_error(f"percent_{role}", _("Please give a part above 0 and at most 100 percent."))

    def _clean_countries(self, data: dict[str, Any]) -> None:
        codes = [code for code in data.get("countries", "").replace(";", ",").split(",") if code.strip()]
        try:
            data["codes"] = [code.strip().upper() for code in codes]
            territories.resolve_bits(data["codes"])
        except (territories.UnknownTerritory, territories.EmptyTerritorySet) as error:
            self.add_error("countries", _("Not a country code: %(code)s") % {"code": str(error) or "–"})


class AmendForm(ClaimForm):
    """The terms of a filed claim once more, with a new signature; whose it is stays."""

    agreed = forms.BooleanField(label=_("I have read this and it is true."))
    signature = forms.CharField(label=_("Your full name, as your signature"), max_length=200, min_length=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("holder", "standing", "authority", "leave", "leave_from"):
            self.fields.pop(name, None)


class EvidenceForm(forms.Form):
    """A document that proves something."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=kind_choices)
    file = forms.FileField(
        label=_("Document"),
        help_text=_(
            "PDF, PNG, JPEG, TXT, DOCX (no macros) or XLSX, at most 20 MB. Only we and your colleagues see it."
        ),
        max_length=200,
    )


class SignForm(forms.Form):
    """The signature under the attestation."""

    agreed = forms.BooleanField(label=_("I have read this and it is true."))
    signature = forms.CharField(
        label=_("Your full name, as your signature"), max_length=200, min_length=2, widget=forms.TextInput
    )


class WordsForm(forms.Form):
    """Words from one person to another about a case: a question, an answer, a reason."""

    text = forms.CharField(label=_("In your words"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class LineForm(forms.Form):
    """A reviewer's decision: about all lines, or, as an exception from it, about one (left empty: none)."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (ClaimLine.Outcome.ACCEPTED, _("Accept")),
            (ClaimLine.Outcome.REDUCED, _("Reduce to")),
            (ClaimLine.Outcome.REJECTED, _("Reject")),
        ],
        initial=ClaimLine.Outcome.ACCEPTED,
    )
    percent = forms.DecimalField(label=_("Percent"), required=False, max_digits=9, decimal_places=6)
    reason = forms.ChoiceField(label=_("Reason"), choices=list(DECISION.items()), initial="proof_in_order")

    def __init__(self, *args: Any, is_exception: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_exception:
            outcome = self.fields["outcome"]
            outcome.choices = [("", _("As decided for all lines")), *outcome.choices]  # type: ignore[attr-defined]
            outcome.initial, outcome.required = "", False
