"""What a bank would send back: the smallest files that are whole."""

from decimal import Decimal

NS = "urn:iso:std:iso:20022:tech:xsd"


def pain002(batch, answers, *, status="", number="S-1"):
    """An answer to a batch: (payment, status, reason) each; `status` is that of the whole order."""
    made = batch.file
    lines = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{payment.public_id}</OrgnlEndToEndId><TxSts>{code}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else "")
        + "</TxInfAndSts>"
        for payment, code, reason in answers
    )
    return (
        f'<Document xmlns="{NS}:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>{number}</MsgId></GrpHdr>'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{batch.public_id}</OrgnlMsgId><OrgnlMsgNmId>{made.version}</OrgnlMsgNmId>"
        f"<OrgnlNbOfTxs>{made.payment_count}</OrgnlNbOfTxs><OrgnlCtrlSum>{made.control_sum:.2f}</OrgnlCtrlSum>"
        + (f"<GrpSts>{status}</GrpSts>" if status else "")
        + f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>{lines}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def camt(kind, bookings, *, number, one_booking=False, **told):
    """A statement (53) or notice (54): (payment, 1 in or -1 out) each, one booking for each or one for all."""
    body, part = ("BkToCstmrStmt", "Stmt") if kind == 53 else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    entries = [_entry(n, [one], side, **told) for n, (one, side) in enumerate(bookings, 1)]
    if one_booking:
        entries = [_entry(1, [one for one, _ in bookings], bookings[0][1], **told)]
    return (
        f'<Document xmlns="{NS}:camt.0{kind}.001.08"><{body}><GrpHdr><MsgId>{number}</MsgId></GrpHdr>'
        f"<{part}>{''.join(entries)}</{part}></{body}></Document>"
    ).encode()


def _entry(n, payments, side, *, returned="", amount=None, currency="", booked=None, end_to_end=""):
    def of(payment):
        return payment.paid if amount is None else amount

    total = sum((of(payment) for payment in payments), Decimal(0)) if booked is None else booked
    code = currency or (payments[0].paid_currency if booked is None else payments[0].currency)
    details = "".join(
        f"<TxDtls><Refs><EndToEndId>{end_to_end or payment.public_id}</EndToEndId></Refs>"
        + (
            f'<Amt Ccy="{code}">{of(payment):.2f}</Amt>'
            if booked is None
            else f'<AmtDtls><InstdAmt><Amt Ccy="{payment.paid_currency}">{of(payment):.2f}</Amt></InstdAmt></AmtDtls>'
        )
        + (f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else "")
        + "</TxDtls>"
        for payment in payments
    )
    return (
        f'<Ntry><NtryRef>{n}</NtryRef><Amt Ccy="{code}">{total:f}</Amt>'
        f"<CdtDbtInd>{'CRDT' if side > 0 else 'DBIT'}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        f"<ValDt><Dt>2007-09-05</Dt></ValDt><NtryDtls>{details}</NtryDtls></Ntry>"
    )
