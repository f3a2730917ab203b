"""Addresses of this app below /api/v1/."""

from django.urls import path

from sales.api import mapping, reports, uploads, workspace

urlpatterns = [
    path("stores/<str:store>/calendar/", workspace.calendar, name="api-store-calendar"),
    path("catalogue-lists/", workspace.snapshots, name="api-snapshots"),
    path("uploads/", uploads.uploads, name="api-uploads"),
    path("uploads/<str:upload_id>/", uploads.upload, name="api-upload"),
    path("uploads/<str:upload_id>/complete/", uploads.complete_upload, name="api-upload-complete"),
    path("reports/", reports.reports, name="api-reports"),
    path("reports/<str:report_id>/", reports.report, name="api-report"),
    path("reports/<str:report_id>/faults/", reports.report_faults, name="api-report-faults"),
    path("reports/<str:report_id>/rejected-lines/", reports.correction_file, name="api-report-rejected-lines"),
    path("reports/<str:report_id>/decide/", reports.decide_report, name="api-report-decide"),
    path("reports/<str:report_id>/reprocess/", reports.reprocess_report, name="api-report-reprocess"),
    path("reports/<str:report_id>/mapping/preview/", mapping.preview, name="api-mapping-preview"),
    path("mapping-templates/", mapping.templates, name="api-mapping-templates"),
    path("mapping-templates/<str:template_id>/", mapping.template, name="api-mapping-template"),
]
