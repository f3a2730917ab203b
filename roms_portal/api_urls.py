"""The versioned API root /api/v1/: each app's own addresses, the document about them, and an answer for all others."""

from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from roms_portal import api_docs

APPS = ("accounts", "catalog", "sales", "claims", "payouts")


def mounted() -> list[URLResolver]:
    """This will mount `<app>/api/urls.py` of every app that has one."""
    return [
        path("", include(f"{app}.api.urls")) for app in APPS if Path(settings.BASE_DIR, app, "api/urls.py").exists()
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", api_docs.root, name="api-root"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", api_docs.docs, name="api-docs"),
    *mounted(),
    re_path(r"^(?P<rest>.*)$", api_docs.nothing_here),
]
