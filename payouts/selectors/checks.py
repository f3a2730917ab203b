"""What must be true between the payments and the ledger; `manage.py verify_ledger` asks."""

import json
from decimal import Decimal

from django.db import connection

from payouts.models import Payment

ZERO = Decimal(0)
Status = Payment.Status
MOVED = """
SELECT coalesce(m.payment, p.public_id), p.status, p.gross, p.net, p.tax, p.administration, p.tax_back,
    coalesce((SELECT sum(c.given_back) FROM payouts_taxcorrection c WHERE c.payment_id = p.id), 0), m.places
FROM payouts_payment p
FULL JOIN (
    SELECT s.payment, jsonb_object_agg(s.place, s.amount::text)::text AS places FROM (
        SELECT split_part(e.idempotency_key, ':', CASE WHEN e.idempotency_key LIKE 'undo:%%' THEN 3 ELSE 2 END)
            AS payment, a.place, sum(l.credit - l.debit) AS amount
        FROM ledger_entry e JOIN ledger_posting l ON l.entry_id = e.id JOIN ledger_account a ON a.id = l.account_id
        WHERE e.batch <> '' AND e.batch LIKE 'payout:%%' AND e.kind <> 'conversion'
        GROUP BY 1, a.place
    ) s GROUP BY 1
) m ON m.payment = p.public_id
ORDER BY 1
"""


VAT = """
SELECT coalesce(paid.lot, told.lot), coalesce(paid.currency, told.currency), coalesce(paid.amount, 0),
    coalesce(told.amount, 0)
FROM (
    SELECT a.report_id AS lot, coalesce(r.changed_to, r.currency) AS currency, sum(a.vat) AS amount
    FROM payouts_remittanceallocation a JOIN payouts_remittance r ON r.id = a.remittance_id
    WHERE a.vat > 0 GROUP BY 1, 2
) paid
FULL JOIN (
    SELECT p.lot, a.currency, sum(p.credit - p.debit) AS amount
    FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id JOIN ledger_account a ON a.id = p.account_id
    WHERE e.kind = 'vat' AND a.place = 'tax_owed' GROUP BY 1, 2
) told ON told.lot = paid.lot AND told.currency = paid.currency
WHERE paid.amount IS DISTINCT FROM told.amount
ORDER BY 1, 2 LIMIT 1
"""


def tax_against_ledger() -> str:
    """This will say of which report the tax that its store paid is not what the ledger owes the tax office for it."""
    with connection.cursor() as cursor:
        cursor.execute(VAT)
        row = cursor.fetchone()
    return "report {} {}: payments have {:f} of tax, the ledger {:f}".format(*row) if row else ""


def payments_against_ledger() -> str:
    """This will say which payment the ledger does not show as its row does; '' when all agree.

    On its way (approved, sent): its gross is in payout. Settled: its gross is paid, and left as net, tax and deduction;
    what of the tax was given back, with it or later, stands as that.
    Every other payment has moved nothing in the end. Nothing in the ledger is of a payment nobody knows.
    """
    with connection.cursor() as cursor:
        cursor.execute(MOVED)
        for payment, status, gross, net, tax, administration, back, given, places in cursor.fetchall():
            if status is None:
                return f"the ledger has a payment {payment} that nobody knows"
            told = {place: Decimal(amount) for place, amount in (json.loads(places) if places else {}).items()}
            wanted = {"in_payout": ZERO, "paid": ZERO, "paid_out": ZERO, "bank": ZERO}
            wanted |= {"tax_owed": ZERO, "tax_back": ZERO, "administration": ZERO}
            if status in (Status.APPROVED, Status.SENT):
                wanted["in_payout"] = gross
            elif status == Status.SETTLED:
                wanted |= {"paid": gross, "paid_out": -gross, "bank": net}
                wanted |= {"tax_owed": tax - given, "tax_back": given - back, "administration": administration}
            for place, amount in wanted.items():
                if told.get(place, ZERO) != amount:
                    return f"payment {payment} is {status}: {place} shows {told.get(place, ZERO):f}, not {amount:f}"
    return ""
