"""The money office's documents, read-only: they are made by services and never edited."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from payouts.models import (
    AmountDue,
    Payee,
    Remittance,
    RemittanceAllocation,
    Statement,
)


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
