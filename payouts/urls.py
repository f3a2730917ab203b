"""Which address opens which door of `payouts`."""

from django.urls import URLPattern, URLResolver, path

from payouts import views

app_name = "payouts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("money/", views.holders, name="balance"),
    path("money/<str:holder_id>/", views.balance, name="holder_balance"),
    path("money/<str:holder_id>/ask/", views.ask_for_money, name="ask_for_money"),
    path("money/<str:holder_id>/in/<str:place>/<str:currency>/", views.balance_tracks, name="balance_tracks"),
    path("money/<str:holder_id>/tracks/<str:track_id>/<str:right>/", views.entries, name="entries"),
    path("money/<str:holder_id>/tracks/<str:track_id>/<str:right>/<str:report_id>/", views.accrual, name="accrual"),
    path("money/<str:holder_id>/postings/<int:posting_id>/proof.json", views.proof, name="proof"),
    path("money/<str:holder_id>/statement/", views.statement, name="statement"),
    path("money/<str:holder_id>/statement.<slug:form>", views.statement_file, name="statement_file"),
    path("money/<str:holder_id>/statement/keep/", views.keep_statement, name="keep_statement"),
    path(
        "money/<str:holder_id>/statements/<slug:statement_id>.<slug:form>", views.kept_statement, name="kept_statement"
    ),
    path("money/claims/<str:claim_id>/certificate.pdf", views.reservation, name="reservation"),
    path("money/<str:holder_id>/payees/", views.payees, name="payees"),
    path("money/<str:holder_id>/payees/new/", views.new_payee, name="new_payee"),
    path("money/<str:holder_id>/payees/<str:payee_id>/confirm/", views.confirm_payee, name="confirm_payee"),
    path("money/<str:holder_id>/payees/<str:payee_id>/end/", views.end_payee, name="end_payee"),
    path("money/<str:holder_id>/hold/", views.hold, name="hold"),
    path("finance/closes/", views.closes, name="closes"),
    path("finance/closes/<int:close_id>/decide/", views.decide_close, name="decide_close"),
    path("finance/payees/", views.payees_waiting, name="payees_waiting"),
    path("finance/payees/<str:payee_id>/", views.payee, name="payee"),
    path("money/<str:holder_id>/tax/", views.tax, name="tax"),
    path("money/<str:holder_id>/tax/<int:year>.pdf", views.tax_year, name="tax_year"),
    path("money/<str:holder_id>/tax/<str:residence_id>/document/", views.tax_document, name="tax_document"),
    path("money/<str:holder_id>/tax/<str:residence_id>/decide/", views.decide_tax, name="decide_tax"),
    path("money/<str:holder_id>/payments/", views.payments, name="payments"),
    path("finance/payouts/", views.batches, name="batches"),
    path("finance/payouts/<str:batch_id>/", views.batch, name="batch"),
    path("finance/payouts/<str:batch_id>/approve/", views.approve_batch, name="approve_batch"),
    path("finance/payouts/<str:batch_id>/discard/", views.discard_batch, name="discard_batch"),
    path("finance/payouts/<str:batch_id>/send/", views.send_batch, name="send_batch"),
    path("finance/payouts/<str:batch_id>/file/", views.bank_file, name="batch_file"),
    path("finance/runs/", views.runs, name="runs"),
    path("finance/runs/<str:run_id>/", views.run, name="run"),
    path("finance/runs/<str:run_id>/decide/", views.decide_run, name="decide_run"),
    path("finance/bank-files/", views.bank_files, name="bank_files"),
    path("finance/bank-files/<str:file_id>/", views.bank_file_taken, name="bank_file_taken"),
    path("finance/bank-lines/<int:line_id>/enter/", views.enter_bank_line, name="enter_bank_line"),
    path("finance/stores/<slug:code>/", views.store_account, name="store_account"),
    path("finance/stores/<slug:code>/unpaid.csv", views.unpaid_csv, name="unpaid_csv"),
    path("finance/stores/<slug:code>/<str:note_number>/write-off/", views.propose_write_off, name="propose_write_off"),
    path("finance/write-offs/<str:write_off_id>/decide/", views.decide_write_off, name="decide_write_off"),
    path("finance/screening/", views.screening, name="screening"),
    path("finance/screening/<str:case_id>/decide/", views.decide_screening, name="decide_screening"),
    path("finance/house/", views.house, name="house"),
    path("finance/amounts-due/", views.amounts_due, name="amounts_due"),
    path("finance/remittances/", views.remittances, name="remittances"),
]
