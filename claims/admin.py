"""The limits above which two persons correct can be set; corrections themselves are read-only here."""

from django.contrib import admin

from claims.models import Correction, SecondPersonLimit
from core.admin import ReadOnlyAdmin


@admin.register(SecondPersonLimit)
class SecondPersonLimitAdmin(admin.ModelAdmin):
    list_display = ("currency", "amount", "source")


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "kind", "status", "asked_by", "done_by", "done_at")
    list_filter = ("kind", "status")
    show_full_result_count = False
    list_select_related = ("asked_by", "done_by")
