"""Which address belongs to which app. Addresses inside an app are in its own urls.py."""

from django.contrib import admin
from django.urls import include, path

from . import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("roms_portal.api_urls")),
    path("", include("accounts.urls")),
    path("", include("catalog.urls")),
    path("", include("sales.urls")),
    path("", include("claims.urls")),
    path("", include("payouts.urls")),
    path("", include("ledger.urls")),
]
