"""Addresses of the money office below /api/v1/."""

from django.urls import URLPattern, path

from payouts.api import views

urlpatterns: list[URLPattern] = [
    path("statements/", views.statement, name="api-statements"),
    path("balances/", views.balances, name="api-balances"),
    path("money-requests/", views.money_requests, name="api-money-requests"),
    path("amounts-due/", views.amounts_due, name="api-amounts-due"),
    path("remittances/", views.remittances, name="api-remittances"),
]
