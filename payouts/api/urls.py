"""Addresses of the money office below /api/v1/."""

from django.urls import URLPattern, path

from payouts.api import bank_lines, house, kept, payout, run, screening, store_steps, views

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
    path("instalment-plans/", store_steps.plans, name="api-instalment-plans"),
    path("instalment-plans/<str:plan_id>/", store_steps.plan, name="api-instalment-plan"),
    path("instalment-plans/<str:plan_id>/decide/", store_steps.decide_plan, name="api-decide-plan"),
    path("instalment-plans/<str:plan_id>/end/", store_steps.end_plan, name="api-end-plan"),
    path("refunds/", store_steps.refunds, name="api-refunds"),
    path("refunds/<str:refund_id>/", store_steps.refund, name="api-refund"),
    path("refunds/<str:refund_id>/decide/", store_steps.decide_refund, name="api-decide-refund"),
    path("bank-lines/", bank_lines.bank_lines, name="api-bank-lines"),
    path("open-entries/", bank_lines.open_entries, name="api-open-entries"),
    path("bank-files/<str:file_id>/lines/<int:number>/", bank_lines.bank_line, name="api-bank-line"),
    path(
        "bank-files/<str:file_id>/lines/<int:number>/explain/",
        bank_lines.explain_bank_line,
        name="api-explain-bank-line",
    ),
    path("bank-files/<str:file_id>/lines/<int:number>/enter/", bank_lines.enter_bank_line, name="api-enter-bank-line"),
    path("bank-files/<str:file_id>/lines/<int:number>/pass/", bank_lines.pass_bank_line, name="api-pass-bank-line"),
    path("sanctions-lists/", screening.sanctions_lists, name="api-sanctions-lists"),
    path("sanctions-lists/<str:edition_id>/", screening.sanctions_list, name="api-sanctions-list"),
    path("sanctions-lists/<str:edition_id>/choose/", screening.choose_sanctions_list, name="api-choose-sanctions-list"),
    path("screening-cases/", screening.screening_cases, name="api-screening-cases"),
    path("screening-cases/<str:case_id>/", screening.screening_case, name="api-screening-case"),
    path("screening-cases/<str:case_id>/decide/", screening.decide_screening, name="api-decide-screening"),
    path("house-bookings/", house.house_bookings, name="api-house-bookings"),
    path("house-bookings/<str:booking_id>/", house.house_booking, name="api-house-booking"),
]
