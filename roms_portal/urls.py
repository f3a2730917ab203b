"""Which address belongs to which app. Addresses inside an app are in its own urls.py."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path

from . import views

# Whoever may write an address or take a second factor away may be anybody, and be two persons where two must agree.
for model in (EmailAddress, Authenticator, Group):
    admin.site.unregister(model)

# One log-in for all, with its limits and its second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

urlpatterns = [
    path("", views.home, name="home"),
    path("home/", views.dashboard, name="dashboard"),
    path("how/", views.how, name="how"),
    path("15-percent/", views.percent, name="percent"),
    path("before-you-sign-up/", views.before, name="before"),
    path("figures/", views.openness, name="openness"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("healthz", views.healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("roms_portal.api_urls")),
    path("", include("register.urls")),
    path("", include("accounts.urls")),
    path("", include("catalog.urls")),
    path("", include("sales.urls")),
    path("", include("claims.urls")),
    path("", include("payouts.urls")),
    path("", include("ledger.urls")),
]
