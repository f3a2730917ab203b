"""Which address opens which door of `payouts`."""

from django.urls import URLPattern, URLResolver

app_name = "payouts"
urlpatterns: list[URLPattern | URLResolver] = []
