"""Which address opens which door of `sales`."""

from django.urls import URLPattern, URLResolver, path, re_path

from sales import views

app_name = "sales"
urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/", views.reports, name="reports"),
    path("reports/<str:report_id>/", views.report, name="report"),
    path("reports/<str:report_id>/progress/", views.report_progress, name="report_progress"),
    path("reports/<str:report_id>/decide/", views.decide_report, name="decide_report"),
    path("reports/<str:report_id>/reprocess/", views.reprocess_report, name="reprocess_report"),
    path("reports/<str:report_id>/rejected-lines/", views.correction_file, name="correction_file"),
    path("reports/<str:report_id>/mapping/", views.mapping, name="mapping"),
    path("reports/<str:report_id>/files/<int:number>/lines/<int:line_no>/", views.report_line, name="report_line"),
    path("mapping-templates/", views.mapping_templates, name="mapping_templates"),
    path("mapping-templates/<str:template_id>/", views.mapping_template, name="mapping_template"),
    path("mapping-templates/<str:template_id>/retire/", views.retire_template, name="retire_template"),
    path("calendar/", views.calendar, name="calendar"),
    path("catalogue-lists/", views.snapshots, name="snapshots"),
    path("finance/months/", views.months, name="months"),
    re_path("^finance/months/(?P<month>[0-9]{4}-(0[1-9]|1[0-2]))/reopen/$", views.reopen_month, name="reopen_month"),
]
