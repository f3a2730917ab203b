"""Events, read-only; notes and keys are not for browsing."""

from django.contrib import admin
from django.http import HttpRequest

from core.models import Event


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Show rows, change none."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("noun", "object_id", "from_status", "to_status", "by", "at", "reason_code")
    list_filter = ("noun", "to_status")
    search_fields = ("=object_id",)
    show_full_result_count = False
    list_select_related = ("by",)
