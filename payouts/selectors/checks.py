"""What must be true between the payments and the ledger; `manage.py verify_ledger` asks."""

import json
from decimal import Decimal

from django.db import connection

from payouts.models import Payment

ZERO = Decimal(0)
Status = Payment.Status
MOVED = """
SELECT coalesce(m.payment, p.public_id), p.status, p.gross, p.net, p.tax, p.administration, m.places
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


def payments_against_ledger() -> str:
    """This will say which payment the ledger does not show as its row does; '' when all agree.

    On its way (approved, sent): its gross is in payout. Settled: its gross is paid, and left as net, tax and deduction.
    Every other payment has moved nothing in the end. Nothing in the ledger is of a payment nobody knows.
    """
    with connection.cursor() as cursor:
        cursor.execute(MOVED)
        for payment, status, gross, net, tax, administration, places in cursor.fetchall():
            if status is None:
                return f"the ledger has a payment {payment} that nobody knows"
            told = {place: Decimal(amount) for place, amount in (json.loads(places) if places else {}).items()}
            wanted = {"in_payout": ZERO, "paid": ZERO, "paid_out": ZERO, "bank": ZERO}
            wanted |= {"tax_owed": ZERO, "administration": ZERO}
            if status in (Status.APPROVED, Status.SENT):
                wanted["in_payout"] = gross
            elif status == Status.SETTLED:
                wanted |= {"paid": gross, "paid_out": -gross, "bank": net}
                wanted |= {"tax_owed": tax, "administration": administration}
            for place, amount in wanted.items():
                if told.get(place, ZERO) != amount:
                    return f"payment {payment} is {status}: {place} shows {told.get(place, ZERO):f}, not {amount:f}"
    return ""
