"""The versioned API root /api/v1/: each app's own addresses, the document about them, and an answer for all others."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from roms_portal import api_docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("", api_docs.root, name="api-root"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", api_docs.docs, name="api-docs"),
    path("", include("catalog.api.urls")),
    path("", include("sales.api.urls")),
    path("", include("claims.api.urls")),
    path("", include("payouts.api.urls")),
    path("", include("register.api.urls")),
    re_path(r"^(?P<rest>.*)$", api_docs.nothing_here),
]
