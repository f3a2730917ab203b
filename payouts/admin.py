"""The money office's documents, read-only: they are made by services and never edited."""

from django.contrib import admin
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin
from payouts.models import (
    AmountDue,
    LateFeeRule,
    Payee,
    Payment,
    PayoutBatch,
    PayoutMinimum,
    PayoutTerms,
    Remittance,
    RemittanceAllocation,
    Statement,
    TaxResidence,
    VatRule,
    WithholdingRate,
    WriteOff,
)


class RuleAdmin(ReadOnlyAdmin):
    """Dated rules: a new one is added, none is changed, so what was decided by it can always be explained."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)


@admin.register(PayoutTerms)
class PayoutTermsAdmin(RuleAdmin):
    list_display = ("start", "cooling_off_days", "administration_percent", "set_off_percent")


@admin.register(PayoutMinimum)
class PayoutMinimumAdmin(RuleAdmin):
    list_display = ("currency", "start", "amount")


@admin.register(WithholdingRate)
class WithholdingRateAdmin(RuleAdmin):
    list_display = ("country", "start", "percent")


@admin.register(LateFeeRule)
class LateFeeRuleAdmin(RuleAdmin):
    list_display = ("licensee", "start", "percent_per_year", "grace_days")
    list_select_related = ("licensee",)


@admin.register(VatRule)
class VatRuleAdmin(RuleAdmin):
    list_display = ("licensee", "start", "end", "treatment", "percent", "country")
    list_select_related = ("licensee",)


@admin.register(WriteOff)
class WriteOffAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "report", "currency", "amount", "status", "proposed_by", "decided_by")
    list_select_related = ("report", "proposed_by", "decided_by")


@admin.register(PayoutBatch)
class PayoutBatchAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "currency", "status", "drafted_by", "approved_by", "drafted_at")
    list_filter = ("status", "currency")
    list_select_related = ("drafted_by", "approved_by")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "batch", "holder", "currency", "gross", "net", "status", "reason")
    list_filter = ("status", "currency")
    search_fields = ("=public_id",)
    list_select_related = ("batch", "holder")


@admin.register(AmountDue)
class AmountDueAdmin(ReadOnlyAdmin):
    list_display = ("number", "licensee", "currency", "amount", "payable", "due_date")
    list_filter = ("licensee", "currency")
    search_fields = ("=number",)
    list_select_related = ("licensee",)


@admin.register(Remittance)
class RemittanceAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "licensee", "payer", "amount", "currency", "received_date", "reference")
    list_filter = ("licensee", "currency")
    search_fields = ("=public_id", "=reference")
    list_select_related = ("licensee",)


@admin.register(RemittanceAllocation)
class RemittanceAllocationAdmin(ReadOnlyAdmin):
    list_display = ("remittance", "report", "amount")
    list_select_related = ("remittance", "report")


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "holder", "start", "end", "sha256", "made_at")
    search_fields = ("=public_id", "=sha256")
    list_select_related = ("holder",)


@admin.register(Payee)
class PayeeAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "holder", "scheme", "country", "currency", "status", "payable_from")
    list_filter = ("status", "scheme")
    search_fields = ("=public_id",)
    list_select_related = ("holder",)
    exclude = ("sealed", "fingerprint")


@admin.register(TaxResidence)
class TaxResidenceAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "holder", "country", "start", "end", "status", "decided_by")
    list_select_related = ("holder", "decided_by")
