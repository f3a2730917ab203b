"""Addresses of this app below /api/v1/."""

from django.urls import path

from sales.api import reports

urlpatterns = [
    path("reports/", reports.reports, name="api-reports"),
    path("reports/<str:report_id>/", reports.report, name="api-report"),
    path("reports/<str:report_id>/faults/", reports.report_faults, name="api-report-faults"),
]
