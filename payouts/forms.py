"""What finance and holders type about money."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import RightsHolder, Track
from core.money import Money, minor_places
from core.widgets import DayInput
from payouts.formats.account import OWN_CURRENCY, BadAccount, BankAccount, read_account
from payouts.models import AmountDue, HouseBooking, Payee, PaymentFile, Remittance
from payouts.reasons import words
from sales.models import Licensee, SalesReport


class PeriodForm(forms.Form):
    """The days a statement covers."""

    start = forms.DateField(label=_("From"), widget=DayInput())
    end = forms.DateField(label=_("Before"), widget=DayInput())

    def clean(self) -> dict[str, object]:
        """This will refuse a period without a day."""
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and start >= end:
            raise ValidationError(_("The period has no day: it must end after it starts."), code="no_day")
        return self.cleaned_data


class RemittanceForm(forms.Form):
    """A payment as it stands on the bank statement, and the reports it pays."""

    licensee = forms.ModelChoiceField(Licensee.objects.order_by("name"), label=_("For the store"))
    payer = forms.CharField(
        label=_("Payer"), max_length=200, help_text=_("Name on the transfer: the store, or who pays for it.")
    )
    amount = forms.DecimalField(label=_("Amount"), max_digits=18, decimal_places=3, min_value=0)
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), initial="USD")
    received_date = forms.DateField(label=_("Value date"), widget=DayInput())
    reference = forms.CharField(label=_("Bank reference"), max_length=140)
    paid_in = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency of the reports"),
        required=False,
        help_text=_("Only if it is another: the payment counts at the central bank's rate of its value date."),
    )
    reports = forms.ModelMultipleChoiceField(
        SalesReport.objects.filter(status=SalesReport.Status.POSTED),
        to_field_name="public_id",
        required=False,
        label=_("Pays the reports"),
        help_text=_("Oldest first, each in full as far as the money reaches. What is left stays the store's credit."),
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """This will offer these reports to tick."""
        self.fields["reports"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """This will refuse fractions of a coin and reports of another store."""
        amount, currency = self.cleaned_data.get("amount"), self.cleaned_data.get("currency", "")
        if amount is not None and amount != round(amount, minor_places(currency)):
            self.add_error("amount", ValidationError(_("A payment comes in whole coins."), code="coins"))
        licensee, reports = self.cleaned_data.get("licensee"), self.cleaned_data.get("reports") or []
        if any(licensee and report.licensee_id != licensee.pk for report in reports):
            self.add_error("reports", ValidationError(_("A report of another store is named."), code="other_store"))
        return self.cleaned_data


class PayeeForm(forms.Form):
    """A bank account as its owner reads it from the bank's papers; `account` is filled once it is checked."""

    scheme = forms.ChoiceField(label=_("Kind of account"), choices=Payee.Scheme.choices)
    name = forms.CharField(
        label=_("Name on the account"), max_length=140, help_text=_("Exactly as the bank has it; it is compared.")
    )
    account = forms.CharField(label=_("IBAN or account number"), max_length=60)
    bank = forms.CharField(label=_("BIC, BIK, routing number or sort code"), max_length=20)
    correspondent = forms.CharField(
        label=_("Correspondent account"), max_length=30, required=False, help_text=_("Russian accounts only.")
    )
    intermediary = forms.CharField(
        label=_("BIC of the intermediary bank"),
        max_length=20,
        required=False,
        help_text=_("Only where the bank asks for one, outside IBAN countries."),
    )
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$",
        label=_("Paid in"),
        initial="EUR",
        help_text=_("Three letters. Money in other currencies is changed at the central bank's rate of the day."),
    )

    def clean(self) -> dict[str, object]:
        """This will check the account as far as it can be checked without asking the bank."""
        data = self.cleaned_data
        data["currency"] = str(data.get("currency", "")).upper()
        if self.errors:
            return data
        try:
            data["read"] = read_account(
                **{key: data[key] for key in ("scheme", "name", "account", "bank", "correspondent", "intermediary")}
            )
        except BadAccount as bad:
            self.add_error(bad.field, ValidationError(words(bad.code), code=bad.code))
        if OWN_CURRENCY.get(data["scheme"], data["currency"]) != data["currency"]:
            self.add_error("currency", ValidationError(words("currency_wrong"), code="currency_wrong"))
        return data

    @property
    def read(self) -> BankAccount:
        """The account, checked, in its one spelling."""
        found = self.cleaned_data["read"]
        assert isinstance(found, BankAccount)
        return found


class ReasonForm(forms.Form):
    """Why somebody decides what is not done without words."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("It is kept.")
    )


class ForgetForm(forms.Form):
    """Somebody asks to be forgotten, or a holder it owns."""

    holder = forms.ModelChoiceField(
        RightsHolder.objects.none(), label=_("Who shall be forgotten?"), required=False, empty_label=_("I: my account")
    )
    understood = forms.BooleanField(label=_("I have read what goes and what stays, and that it cannot be undone."))

    def __init__(self, *args: Any, holders: QuerySet[RightsHolder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["holder"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = holders


class ForgetWhomForm(forms.Form):
    """Who wrote by letter or mail and asks to be forgotten."""

    who = forms.CharField(
        label=_("Mail address of the person, or number of the holder"), max_length=254, help_text=_("As HLD-...")
    )


class CloseForm(forms.Form):
    """Up to when the books shall be closed, or from when opened again, and why."""

    first_open = forms.DateField(
        label=_("First open month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        help_text=_("All before it is closed. A month before the one in force opens what was closed."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("It is kept.")
    )


class RefundForm(forms.Form):
    """How much of a store's credit is sent back, and why."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=18, decimal_places=3, min_value=0)
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"))
    reason = forms.CharField(label=_("Reason"), max_length=1000, help_text=_("It is kept."))


class PlanForm(forms.Form):
    """Which notes a store pays in equal parts, one a month."""

    notes = forms.ModelMultipleChoiceField(
        AmountDue.objects.none(),
        to_field_name="number",
        label=_("Notes"),
        widget=forms.CheckboxSelectMultiple,
    )
    first = forms.DateField(label=_("First part due by"), widget=forms.DateInput(attrs={"type": "date"}))
    count = forms.IntegerField(label=_("Number of parts"), min_value=2, max_value=60, initial=6)


class HouseForm(forms.Form):
    """A fee, interest, tax paid on, or what the account held at first, as the bank booked it."""

    kind = forms.ChoiceField(label=_("What"), choices=HouseBooking.Kind.choices)
    amount = forms.DecimalField(label=_("Amount"), max_digits=18, decimal_places=3, min_value=0)
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), initial="USD")
    day = forms.DateField(label=_("Value date"), widget=DayInput())
    reference = forms.CharField(label=_("Bank reference"), max_length=140)


class ConversionForm(forms.Form):
    """What the bank took and gave for payments that count in another currency, as its statement says."""

    remittances = forms.ModelMultipleChoiceField(
        Remittance.objects.none(),
        to_field_name="public_id",
        label=_("Payments"),
        help_text=_("Of one currency, counted in one other."),
        widget=forms.CheckboxSelectMultiple,
    )
    sold = forms.DecimalField(label=_("The bank took"), max_digits=18, decimal_places=3, min_value=0)
    bought = forms.DecimalField(label=_("The bank gave"), max_digits=18, decimal_places=3, min_value=0)
    day = forms.DateField(label=_("Value date"), widget=DayInput())
    reference = forms.CharField(label=_("Bank reference"), max_length=140)

    def offer(self, waiting: QuerySet[Remittance]) -> None:
        """This will offer these payments to tick, each with what is to be changed of it and what that counts for."""
        field = self.fields["remittances"]
        field.queryset = waiting  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: (  # type: ignore[attr-defined]
            f"{one.public_id}, {one.licensee}, {one.received_date}:"
            f" {Money(one.changed, one.currency)} = {Money(one.worth, one.changed_to)}"
        )


class PaidBeforeForm(forms.Form):
    """A payment to a holder that no batch of ours made."""

    holder = forms.CharField(label=_("Holder"), max_length=16, help_text=_("The number: HLD-..."))
    amount = forms.DecimalField(label=_("Amount before tax"), max_digits=18, decimal_places=3, min_value=0)
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        initial="USD",
        help_text=_("Of the royalty it was for."),
    )
    paid_on = forms.DateField(label=_("Paid on"), widget=DayInput())
    start = forms.DateField(
        label=_("Sales from"), required=False, widget=DayInput(), help_text=_("Empty: from the first sale.")
    )
    end = forms.DateField(
        label=_("Sales before"),
        required=False,
        widget=DayInput(),
        help_text=_("The first day it was no longer for. Whole reports inside the period count. Empty: without end."),
    )
    track = forms.CharField(
        label=_("Track"), required=False, max_length=16, help_text=_("The number: TRK-... Empty: all tracks.")
    )
    from_bank = forms.BooleanField(label=_("It left the society's own bank account"), required=False)
    reference = forms.CharField(label=_("Reference"), max_length=140, help_text=_("What the payment is known by."))
    file = forms.FileField(label=_("Document"), help_text=_("What proves it: PDF, PNG or JPEG."))

    def clean_holder(self) -> RightsHolder:
        """This will find the holder."""
        found = RightsHolder.objects.filter(public_id=self.cleaned_data["holder"].strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("No holder has this number."))
        return found

    def clean_track(self) -> Track | None:
        """This will find the track, if one is named."""
        number = self.cleaned_data["track"].strip().upper()
        found = Track.objects.filter(public_id=number).first() if number else None
        if number and found is None:
            raise forms.ValidationError(_("No track has this number."))
        return found


class SanctionsListForm(forms.Form):
    """An edition of a sanctions list."""

    name = forms.CharField(label=_("Whose list"), max_length=100, help_text=_("The same words for every edition."))
    file = forms.FileField(
        label=_("List"), help_text=_("CSV with a column name and, if there is one, number; or one name a line. UTF-8.")
    )


class RunForm(forms.Form):
    """Whose money a run is over."""

    licensee = forms.ModelChoiceField(
        Licensee.objects.order_by("name"), label=_("Money of the store"), required=False, empty_label=_("every store")
    )


class DraftForm(forms.Form):
    """Which currency is paid out."""

    currency = forms.ChoiceField(label=_("Currency"))

    def offer(self, currencies: list[str]) -> None:
        """This will offer these currencies."""
        self.fields["currency"].choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]


class SendForm(forms.Form):
    """How the bank gets its file."""

    version = forms.ChoiceField(label=_("Version of the file"), choices=PaymentFile.Version.choices)
    execution_date = forms.DateField(label=_("Day of payment"), widget=DayInput())


class BankFileForm(forms.Form):
    """A file the bank sent, or a table."""

    file = forms.FileField(
        label=_("File of the bank"),
        help_text=_("pain.002, camt.053 or camt.054 in any version, or a table of payments received (CSV)."),
    )


class EnterLineForm(forms.Form):
    """For which store, and for which notes in this order, money is that came in."""

    licensee = forms.ModelChoiceField(Licensee.objects.order_by("name"), label=_("For the store"))
    paid_in = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency of the reports"),
        required=False,
        help_text=_("Only if it is another: the payment counts at the central bank's rate of its value date."),
    )
    notes = forms.CharField(
        label=_("Numbers of the notes"),
        required=False,
        help_text=_("By comma, paid in this order. What is left stays the store's credit."),
    )

    def clean_notes(self) -> list[AmountDue]:
        """This will find the notes by their numbers. Unknown numbers are refused."""
        numbers = [number.strip().upper() for number in self.cleaned_data["notes"].split(",") if number.strip()]
        found = {note.number: note for note in AmountDue.objects.filter(number__in=numbers).select_related("report")}
        if unknown := [number for number in numbers if number not in found]:
            raise ValidationError(_("No note has the number %s.") % unknown[0], code="unknown")
        return [found[number] for number in dict.fromkeys(numbers)]


class TaxResidenceForm(forms.Form):
    """A certificate that a holder is resident for tax in a country."""

    country = forms.RegexField(r"^[A-Za-z]{2}$", label=_("Country"), help_text=_("Two letters, as DE or RU."))
    start = forms.DateField(label=_("From"), widget=DayInput())
    end = forms.DateField(label=_("Before"), widget=DayInput())
    file = forms.FileField(label=_("Certificate"), help_text=_("PDF, PNG or JPEG. Only we and your colleagues see it."))
