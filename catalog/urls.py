"""Which address opens which door of `catalog`."""

from django.urls import URLPattern, URLResolver, path

from catalog import views

app_name = "catalog"
urlpatterns: list[URLPattern | URLResolver] = [
    path("catalogue/imports/", views.imports, name="imports"),
    path("catalogue/imports/<str:batch_id>/", views.import_detail, name="import"),
    path("catalogue/imports/<str:batch_id>/decide/", views.decide_import, name="decide_import"),
    path("catalogue/template.csv", views.template, name="template"),
]
