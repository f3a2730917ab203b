"""Corrections, to be read only."""

from django.contrib import admin

from claims.models import Correction
from core.admin import ReadOnlyAdmin


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "kind", "status", "asked_by", "done_by", "done_at")
    list_filter = ("kind", "status")
    show_full_result_count = False
    list_select_related = ("asked_by", "done_by")
