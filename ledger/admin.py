"""The ledger, read-only."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from ledger.models import Account, Entry, LogLeaf, Posting


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ("address", "currency", "place", "owner", "item")
    list_filter = ("place", "currency")
    search_fields = ("=address", "=item", "=owner")
    show_full_result_count = False


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "idempotency_key", "batch", "event_at", "created_at")
    list_filter = ("kind",)
    search_fields = ("=idempotency_key", "=batch")
    exclude = ("salt", "content_hash")
    show_full_result_count = False


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    list_display = ("id", "entry", "account", "lot", "debit", "credit")
    search_fields = ("=entry__id", "=account__address")
    list_select_related = ("entry", "account")
    show_full_result_count = False


@admin.register(LogLeaf)
class LogLeafAdmin(ReadOnlyAdmin):
    list_display = ("position", "entry", "leaf_hash")
    list_select_related = ("entry",)
    show_full_result_count = False
