"""Which address opens which door of `accounts`."""

from django.urls import URLPattern, URLResolver, path

from accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("profile/", views.profile, name="profile"),
    path("outbox/", views.outbox, name="outbox"),
    path("profile/keys/", views.api_tokens, name="api_tokens"),
    path("profile/keys/<str:token_id>/revoke/", views.revoke_api_token, name="revoke_api_token"),
]
