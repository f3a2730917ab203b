"""A payout from the bank account to the bank's answer, as the money office makes it: for demo and walkthrough."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings

from accounts.models import User
from catalog.models import RightsHolder
from payouts import services as payouts
from payouts.formats.account import read_account
from payouts.formats.pain001 import VERSIONS
from payouts.models import Payee, PaymentFile, PayoutBatch

ACCOUNT = {"account": "DE89 3704 0044 0532 0130 00", "bank": "COBADEFFXXX"}
"""The example account that the German bank prints on its papers."""

PAYER = payouts.Debtor(name="ROMS", iban="DE02120300000000202051", bic="BYLADEM1001")
WAIT = timedelta(days=31)


def give_account(holder: RightsHolder, currency: str, by: User, second: User, now: datetime) -> Payee:
    """This will give a holder a confirmed bank account, or find the one it has."""
    found = Payee.objects.filter(holder=holder, status=Payee.Status.CONFIRMED).first()
    if found is not None:
        return found
    account = read_account(scheme="iban", name=holder.name, **ACCOUNT)
    payee = payouts.propose_payee(holder=holder, account=account, currency=currency, by=by, now=now)
    return payouts.confirm_payee(payee=payee, by=second, now=now)


def pay_out(currency: str, cast: dict[str, User], now: datetime) -> PayoutBatch:
    """This will draft, approve and send what can be paid of a currency, and take in the bank's answer.

    Raises: NothingToPay when nobody can be paid.
    """
    batch = payouts.draft_batch(currency=currency, by=cast["frank"], now=now, rates=settings.ROMS_RATES_FILE)
    payouts.approve_batch(batch=batch, by=cast["fiona"], now=now)
    if not batch.payments.filter(status="approved").exists():
        return batch
    made = payouts.send_batch(
        batch=batch,
        version=VERSIONS[-1],
        execution_date=now.date(),
        debtor=PAYER,
        by=cast["frank"],
        now=now,
    )
    payouts.take_bank_file(content=all_paid(made), by=cast["frank"], now=now + timedelta(days=2))
    batch.refresh_from_db()
    return batch


def all_paid(made: PaymentFile) -> bytes:
    """This will write what a bank answers when it has paid a whole order."""
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{uuid4().hex}</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{made.batch.public_id}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>{made.version}</OrgnlMsgNmId><OrgnlNbOfTxs>{made.payment_count}</OrgnlNbOfTxs>"
        f"<OrgnlCtrlSum>{made.control_sum:f}</OrgnlCtrlSum><GrpSts>ACSC</GrpSts></OrgnlGrpInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()
