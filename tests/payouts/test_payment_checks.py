"""verify_ledger holds every payment against the ledger and names the first that differs."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from payouts import selectors
from payouts.models import Payment
from payouts.selectors import checks
from tests.payouts.bank_files import camt, pain002
from tests.payouts.paying import DAY, NOW, approve, draft, send, sent, take

pytestmark = pytest.mark.django_db


def agrees():
    return selectors.payments_against_ledger()


def test_every_state_of_a_payment_agrees_with_the_ledger(paid_world):
    assert agrees() == ""
    batch = draft(paid_world)
    assert agrees() == ""
    approve(paid_world, batch)
    assert agrees() == ""
    send(paid_world, batch)
    payment = batch.payments.get()
    take(paid_world, pain002(batch, [(payment, "ACSC", "")]))
    assert agrees() == ""
    take(paid_world, camt(54, [(payment, 1)], number="N-2", returned="AC04"), NOW + DAY)
    assert agrees() == ""


def test_payment_that_says_other_than_the_ledger_is_named(paid_world):
    _batch, payment = sent(paid_world)
    Payment.objects.filter(pk=payment.pk).update(status="settled", settled_at=NOW)

    assert agrees() == f"payment {payment.public_id} is settled: in_payout shows {payment.gross:f}, not 0"
    with pytest.raises(CommandError, match=f"payments: payment {payment.public_id}"):
        call_command("verify_ledger", stdout=StringIO())


def test_payment_the_ledger_has_and_nobody_knows_is_named(paid_world, monkeypatch):
    _batch, payment = sent(paid_world)
    monkeypatch.setattr("payouts.selectors.checks.MOVED", checks.MOVED.replace("payouts_payment p", "nobody p"))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE nobody ON COMMIT DROP AS SELECT * FROM payouts_payment WHERE false")

    assert agrees() == f"the ledger has a payment {payment.public_id} that nobody knows"
