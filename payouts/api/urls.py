"""Addresses of the money office below /api/v1/."""

from django.urls import URLPattern, path

from payouts.api import kept, payout, run, views

urlpatterns: list[URLPattern] = [
    path("statements/", views.statement, name="api-statements"),
    path("statements/kept/", kept.kept_statements, name="api-kept-statements"),
    path("statements/kept/<str:statement_id>/<str:form>/", kept.kept_statement, name="api-kept-statement"),
    path("balances/", views.balances, name="api-balances"),
    path("money-requests/", views.money_requests, name="api-money-requests"),
    path("amounts-due/", views.amounts_due, name="api-amounts-due"),
    path("amounts-due/<str:number>/", views.amount_due, name="api-amount-due"),
    path("payees/", payout.payees, name="api-payees"),
    path("payments/", payout.payments, name="api-payments"),
    path("payout-batches/", payout.batches, name="api-payout-batches"),
    path("payout-batches/<str:batch_id>/approve/", payout.approve_batch, name="api-approve-batch"),
    path("distribution-runs/", run.runs, name="api-distribution-runs"),
    path("distribution-runs/<str:run_id>/", run.run, name="api-distribution-run"),
    path("distribution-runs/<str:run_id>/approve/", run.approve_run, name="api-approve-run"),
    path("bank-files/", payout.bank_files, name="api-bank-files"),
    path("remittances/", views.remittances, name="api-remittances"),
]
