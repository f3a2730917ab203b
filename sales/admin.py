"""Stores and their terms can be entered and ended, never rewritten; what they reported is read-only."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin
from sales.models import (
    License,
    Licensee,
    LicenseeMember,
    ReportFile,
    ReportingRule,
    Sale,
    SalesReport,
    StoreKey,
    Tariff,
    TariffSplit,
)


class KeptAdmin(admin.ModelAdmin):
    """Rows are entered and stay; of one that stands only `open_fields` can be changed."""

    open_fields: tuple[str, ...] = ()

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        if obj is None:
            return list(self.readonly_fields)
        return [field.name for field in self.opts.fields if field.name not in self.open_fields]


class KeptInline(admin.StackedInline):
    """Rows are entered and stay as they are."""

    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


class MemberInline(admin.TabularInline):
    model = LicenseeMember
    extra = 0
    raw_id_fields = ("user",)


@admin.register(Licensee)
class LicenseeAdmin(KeptAdmin):
    list_display = ("code", "name", "status", "dpid")
    open_fields = ("name", "dpid", "notice_email", "compliance_days")
    readonly_fields = ("status",)
    inlines = (MemberInline,)


class TariffInline(KeptInline):
    model = Tariff


class RuleInline(KeptInline):
    model = ReportingRule


@admin.register(License)
class LicenseAdmin(KeptAdmin):
    open_fields = ("end",)
    list_display = ("licensee", "territories", "start", "end")
    raw_id_fields = ("territories",)
    inlines = (TariffInline, RuleInline)


class SplitInline(KeptInline):
    model = TariffSplit

    def has_add_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return obj is None


@admin.register(Tariff)
class TariffAdmin(KeptAdmin):
    open_fields = ("end",)
    list_display = ("license", "rate", "base", "start", "end")
    inlines = (SplitInline,)


@admin.register(SalesReport)
class SalesReportAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "licensee", "usage_start", "usage_end", "status", "lines_read", "lines_rejected")
    list_filter = ("status", "licensee")
    search_fields = ("=public_id", "=message_id")
    list_select_related = ("licensee",)


@admin.register(ReportFile)
class ReportFileAdmin(ReadOnlyAdmin):
    list_display = ("name", "report", "sha256", "size", "received_at", "error")
    search_fields = ("=sha256",)
    list_select_related = ("report",)


@admin.register(StoreKey)
class StoreKeyAdmin(ReadOnlyAdmin):
    list_display = ("key", "licensee", "kind", "isrc", "title", "artist", "match_method", "match_score")
    list_filter = ("licensee", "kind", "match_method")
    search_fields = ("=key", "=isrc")
    show_full_result_count = False
    list_select_related = ("licensee",)


@admin.register(Sale)
class SaleAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "report",
        "track",
        "territory",
        "use_start",
        "channel",
        "currency",
        "units",
        "base",
        "royalty",
    )
    search_fields = ("=report__public_id", "=track__public_id")
    show_full_result_count = False
    list_select_related = ("report", "track")
