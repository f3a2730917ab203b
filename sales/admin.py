"""Stores and their terms can be entered; what they reported is read-only."""

from django.contrib import admin

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


class MemberInline(admin.TabularInline):
    model = LicenseeMember
    extra = 0
    raw_id_fields = ("user",)


@admin.register(Licensee)
class LicenseeAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "status", "dpid")
    readonly_fields = ("status",)
    inlines = (MemberInline,)


class TariffInline(admin.StackedInline):
    model = Tariff
    extra = 0


class RuleInline(admin.StackedInline):
    model = ReportingRule
    extra = 0


@admin.register(License)
class LicenseAdmin(admin.ModelAdmin):
    list_display = ("licensee", "territories", "start", "end")
    raw_id_fields = ("territories",)
    inlines = (TariffInline, RuleInline)


class SplitInline(admin.TabularInline):
    model = TariffSplit
    extra = 0


@admin.register(Tariff)
class TariffAdmin(admin.ModelAdmin):
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
