"""The catalogue's facts, read-only: they are written by services, which keep keys, limits and history right."""

from django.contrib import admin

from catalog.models import (
    Authority,
    CatalogueImport,
    HolderIdentifier,
    HolderMember,
    HolderName,
    Mandate,
    Release,
    RightsHolder,
    RightsShare,
    TerritorySet,
    Track,
    TrackIsrc,
    TrackName,
    TrackWork,
    Withdrawal,
    Work,
    WorkAuthor,
)
from core.admin import ReadOnlyAdmin


class _Rows(admin.TabularInline):
    """Rows that belong to the shown one."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False


class _Names(_Rows):
    model = TrackName


class _Isrcs(_Rows):
    model = TrackIsrc


class _Works(_Rows):
    model = TrackWork


@admin.register(Track)
class TrackAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "title", "artist", "duration_seconds", "label")
    search_fields = ("=public_id", "=isrcs__isrc", "=name_key")
    inlines = (_Names, _Isrcs, _Works)
    show_full_result_count = False


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "title", "artist", "label", "icpn", "released_date")
    search_fields = ("=public_id", "=icpn", "=title")
    show_full_result_count = False


class _Authors(_Rows):
    model = WorkAuthor


@admin.register(Work)
class WorkAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "title", "iswc")
    search_fields = ("=public_id", "=iswc", "=title")
    inlines = (_Authors,)
    show_full_result_count = False


class _HolderNames(_Rows):
    model = HolderName


class _HolderIdentifiers(_Rows):
    model = HolderIdentifier


class _HolderMembers(_Rows):
    model = HolderMember


@admin.register(RightsHolder)
class RightsHolderAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "name", "kind", "country", "status")
    list_filter = ("status", "kind")
    search_fields = ("=public_id", "name")
    inlines = (_HolderNames, _HolderIdentifiers, _HolderMembers)


@admin.register(Authority)
class AuthorityAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "principal", "agent", "purposes", "rights", "territories", "start", "end")
    list_select_related = ("principal", "agent", "territories")
    exclude = ("tracks",)


@admin.register(Mandate)
class MandateAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "holder", "rights", "territories", "start", "end")
    list_select_related = ("holder", "territories")


@admin.register(RightsShare)
class RightsShareAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "holder", "right", "track", "work", "percent", "territories", "start", "end", "source")
    list_filter = ("right", "choice")
    list_select_related = ("holder", "track", "work", "territories")
    search_fields = ("=public_id", "=source", "=holder__public_id", "=track__public_id", "=work__public_id")
    show_full_result_count = False


@admin.register(Withdrawal)
class WithdrawalAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "holder", "right", "track", "work", "territories", "start", "end", "basis", "source")
    list_filter = ("right", "basis")
    list_select_related = ("holder", "track", "work", "territories")
    search_fields = ("=public_id", "=source", "=holder__public_id", "=track__public_id", "=work__public_id")
    show_full_result_count = False


@admin.register(TerritorySet)
class TerritorySetAdmin(ReadOnlyAdmin):
    list_display = ("id", "label")
    search_fields = ("label",)


@admin.register(CatalogueImport)
class CatalogueImportAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "name", "status", "rows_read", "tracks_added", "rows_rejected", "received_at")
    list_filter = ("status",)
    search_fields = ("=public_id", "=sha256", "name")
