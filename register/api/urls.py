"""Addresses of this app below /api/v1/."""

from django.urls import path

from register.api import entry

urlpatterns = [
    path("register/", entry.entries, name="api-register"),
    path("register/<str:entry_id>/", entry.entry, name="api-register-entry"),
]
