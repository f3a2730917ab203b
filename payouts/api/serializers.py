"""Shapes of money in JSON: amounts are strings with all their decimals, beside their currency."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from payouts import selectors
from payouts.api.shapes import PageShape
from payouts.models import PayoutBatch, VatRule
from payouts.papers.note import reference_words
from sales.models import Licensee, SalesReport


def exact(**options: Any) -> serializers.DecimalField:
    """This will make a field for an exact amount."""
    return serializers.DecimalField(max_digits=24, decimal_places=8, **options)


class PeriodSerializer(serializers.Serializer[Any]):
    """The days a statement covers."""

    start = serializers.DateField()
    end = serializers.DateField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """This will refuse a period without a day."""
        if attrs["start"] >= attrs["end"]:
            raise serializers.ValidationError(
                {"end": _("The period has no day: it must end after it starts.")}, code="no_day"
            )
        return attrs


class BandSerializer(serializers.Serializer[Any]):
    """What rests in one place."""

    place = serializers.CharField()
    currency = serializers.CharField()
    amount = exact()
    received = exact(help_text="Received by ROMS from the stores.")
    waiting = exact(help_text="Reported, not yet paid by the store.")


class NewMoneyRequestSerializer(serializers.Serializer[Any]):
    """Whose money of sales after its opt-outs is asked for."""

    holder = serializers.CharField(help_text="Public id of a holder you act for, HLD-...")


class MoneyRequestSerializer(serializers.Serializer[Any]):
    """What was sold before this day, inside the holder's opt-outs, is payable."""

    holder = serializers.CharField(source="holder.public_id")
    before = serializers.DateField()
    asked_at = serializers.DateTimeField()


class MovementSerializer(serializers.Serializer[Any]):
    """One posting to an account of the holder."""

    day = serializers.DateField()
    event = serializers.CharField()
    place = serializers.CharField()
    currency = serializers.CharField()
    amount = exact()
    received = exact()
    waiting = exact()
    store = serializers.CharField()
    report = serializers.CharField()
    usage_start = serializers.DateField(allow_null=True)
    usage_end = serializers.DateField(allow_null=True)
    track = serializers.CharField()
    isrc = serializers.CharField()
    artist = serializers.CharField()
    title = serializers.CharField()
    right = serializers.CharField()
    choice = serializers.CharField()


class StatementSerializer(serializers.Serializer[Any]):
    """A statement; movements come in pages."""

    holder = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField()
    sha256 = serializers.CharField(allow_null=True)
    wording = serializers.ListField(child=serializers.CharField())
    opening = BandSerializer(many=True)
    closing = BandSerializer(many=True)
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    movements = MovementSerializer(many=True)


class NewKeptStatementSerializer(PeriodSerializer):
    """The period of a statement to be kept."""

    holder = serializers.CharField(help_text="Public id of a holder you act for, HLD-...")


class KeptStatementSerializer(serializers.Serializer[Any]):
    """A statement kept byte for byte under its hash."""

    id = serializers.CharField(source="public_id")
    holder = serializers.CharField(source="holder.public_id")
    start = serializers.DateField()
    end = serializers.DateField()
    wording = serializers.CharField()
    rows = serializers.IntegerField(source="row_count")
    sha256 = serializers.CharField()
    made_at = serializers.DateTimeField()


class DueSerializer(serializers.Serializer[Any]):
    """An amount-due note and what was paid on it."""

    number = serializers.CharField(source="note.number")
    licensee = serializers.CharField(source="note.licensee.code")
    report = serializers.CharField(source="note.report.public_id")
    currency = serializers.CharField(source="note.currency")
    base = exact(source="note.base")
    amount = exact(source="note.amount", help_text="Royalty; below zero it is given back.")
    vat = exact(source="note.vat", help_text="Tax on it, in whole coins.")
    payable = exact(source="note.payable", help_text="Royalty and tax, rounded up to whole coins.")
    received = exact()
    outstanding = exact()
    due_date = serializers.DateField(source="note.due_date")


class VatSerializer(serializers.Serializer[Any]):
    """By which dated rule a note is taxed."""

    treatment = serializers.ChoiceField(VatRule.Treatment.choices)
    percent = serializers.DecimalField(max_digits=9, decimal_places=6)
    country = serializers.CharField()
    law = serializers.CharField()
    words = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="First day on which it no longer holds.")


class DeductionSerializer(serializers.Serializer[Any]):
    """What a tariff takes off a base."""

    code = serializers.CharField()
    percent = serializers.CharField()
    amount = serializers.CharField()


class WorkingSerializer(serializers.Serializer[Any]):
    """How the royalty under one tariff was reached."""

    version = serializers.IntegerField(help_text="Number of the tariff within its licence, by first days.")
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    base_name = serializers.CharField()
    gross = serializers.CharField(help_text="Base before the deductions.")
    deductions = DeductionSerializer(many=True)
    base = serializers.CharField()
    rate = serializers.CharField()
    royalty = serializers.CharField()


class NoteSerializer(DueSerializer):
    """A note as a document: what `DueSerializer` says, and how it was reached."""

    kind = serializers.SerializerMethodField()
    usage_start = serializers.DateField(source="note.report.usage_start", allow_null=True)
    usage_end = serializers.DateField(source="note.report.usage_end", allow_null=True)
    issued_at = serializers.DateTimeField(source="note.issued_at")
    corrects = serializers.CharField(source="note.corrects.number", default=None, allow_null=True)
    vat_rule = VatSerializer(source="note.vat_rule", allow_null=True)
    workings = WorkingSerializer(source="note.workings", many=True)
    payment_reference = serializers.CharField(source="note.number")
    payment_words = serializers.SerializerMethodField()

    def get_kind(self, row: selectors.DueRow) -> str:
        """This will say whether it asks for more or gives back."""
        return "credit_note" if row.note.is_credit else "amount_due"

    def get_payment_words(self, row: selectors.DueRow) -> str:
        """This will say what to write on the transfer."""
        return reference_words(row.note)


class AllocationSerializer(serializers.Serializer[Any]):
    """The part of a payment for one report."""

    report = serializers.SlugRelatedField(slug_field="public_id", queryset=SalesReport.objects.all())
    amount = exact(required=False, help_text="Without it all that is still due, as far as the money reaches.")
    vat = exact(read_only=True, help_text="How much of the amount is tax.")


class RemittanceSerializer(serializers.Serializer[Any]):
    """A payment received."""

    id = serializers.CharField(source="public_id")
    licensee = serializers.CharField(source="licensee.code")
    payer = serializers.CharField()
    amount = exact()
    currency = serializers.CharField()
    received_date = serializers.DateField()
    reference = serializers.CharField()
    paid_in = serializers.CharField(help_text="Currency of the allocations.")
    changed = exact(allow_null=True, help_text="How much of the amount was changed to pay them.")
    worth = exact(allow_null=True, help_text="What that came to.")
    rate = serializers.DecimalField(max_digits=20, decimal_places=10, allow_null=True)
    rate_date = serializers.DateField(allow_null=True)
    rate_source = serializers.CharField()
    allocations = AllocationSerializer(many=True)


class NewRemittanceSerializer(serializers.Serializer[Any]):
    """A payment as it stands on the bank statement."""

    licensee = serializers.SlugRelatedField(slug_field="code", queryset=Licensee.objects.all())
    payer = serializers.CharField(max_length=200)
    amount = exact()
    currency = serializers.RegexField(r"^[A-Z]{3}$")
    received_date = serializers.DateField()
    reference = serializers.CharField(max_length=140)
    paid_in = serializers.RegexField(
        r"^[A-Z]{3}$", required=False, default="", help_text="Currency of the reports, if it is another."
    )
    allocations = AllocationSerializer(many=True, required=False, default=list)


class KeptStatementPageSerializer(PageShape):
    """A page of kept statements."""

    results = KeptStatementSerializer(many=True)


class DuePageSerializer(PageShape):
    """One page of notes."""

    results = DueSerializer(many=True)


class RemittancePageSerializer(PageShape):
    """One page of payments."""

    results = RemittanceSerializer(many=True)


class PayeeSerializer(serializers.Serializer[Any]):
    """A bank account, without its number."""

    id = serializers.CharField(source="public_id")
    scheme = serializers.CharField()
    country = serializers.CharField()
    currency = serializers.CharField()
    status = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    payable_from = serializers.DateTimeField(allow_null=True)


class PaymentSerializer(serializers.Serializer[Any]):
    """One payment to a holder: gross + tax_back = net + tax + administration."""

    id = serializers.CharField(source="public_id")
    batch = serializers.CharField(source="batch.public_id")
    status = serializers.CharField()
    currency = serializers.CharField()
    gross = exact()
    set_off = exact(help_text="Counted as paid against an overpayment.")
    tax = exact()
    tax_percent = serializers.DecimalField(max_digits=9, decimal_places=6)
    tax_back = exact(help_text="Tax of an earlier payment, given back with this one.")
    administration = exact()
    net = exact()
    paid = exact(help_text="What the holder's bank gets.")
    paid_currency = serializers.CharField()
    rate = serializers.DecimalField(max_digits=20, decimal_places=10, allow_null=True)
    rate_date = serializers.DateField(allow_null=True)
    rate_source = serializers.CharField()
    settled_at = serializers.DateTimeField(allow_null=True)


class PaymentPageSerializer(PageShape):
    """One page of payments."""

    results = PaymentSerializer(many=True)


class NewBatchSerializer(serializers.Serializer[Any]):
    """Which currency is paid out."""

    currency = serializers.RegexField(r"^[A-Z]{3}$")


class BatchSumSerializer(serializers.Serializer[Any]):
    """The payments of one state."""

    status = serializers.CharField()
    payments = serializers.IntegerField()
    gross = exact()
    net = exact()


class BatchSerializer(serializers.Serializer[Any]):
    """A payout batch."""

    id = serializers.CharField(source="public_id")
    currency = serializers.CharField()
    status = serializers.CharField()
    drafted_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)
    sums = serializers.SerializerMethodField()

    @extend_schema_field(BatchSumSerializer(many=True))
    def get_sums(self, batch: PayoutBatch) -> Any:
        """This will add up the batch by the state of its payments."""
        return BatchSumSerializer(selectors.batch_sums(batch), many=True).data


class BatchPageSerializer(PageShape):
    """One page of batches."""

    results = BatchSerializer(many=True)


class NewBankFileSerializer(serializers.Serializer[Any]):
    """A file of the bank."""

    file = serializers.FileField()


class BankLineSerializer(serializers.Serializer[Any]):
    """What one line says and what came of it."""

    number = serializers.IntegerField()
    end_to_end_id = serializers.CharField()
    amount = exact(allow_null=True)
    currency = serializers.CharField()
    outcome = serializers.CharField()
    reason = serializers.CharField()


class BankFileSerializer(serializers.Serializer[Any]):
    """A bank file that was taken in."""

    id = serializers.CharField(source="public_id")
    kind = serializers.CharField()
    message_id = serializers.CharField()
    lines = BankLineSerializer(many=True)
