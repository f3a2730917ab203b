"""What finance and holders type about money."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.money import minor_places
from sales.models import Licensee, SalesReport


class PeriodForm(forms.Form):
    """The days a statement covers."""

    start = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=_("Before"), widget=forms.DateInput(attrs={"type": "date"}))

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
    received_date = forms.DateField(label=_("Value date"), widget=forms.DateInput(attrs={"type": "date"}))
    reference = forms.CharField(label=_("Bank reference"), max_length=140)
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
