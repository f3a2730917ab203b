"""What a bank sends back, in any version: pain.002 (what became of an order), camt.053 and camt.054 (what was booked).

Only the elements we use are read, by their local names, so a new version of a message needs no new program. Amounts are
Decimals from the text; a booking to our account is above zero, one from it below.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

SIZE_MAX = 64 << 20
KINDS = {"CstmrPmtStsRpt": "pain.002", "BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054"}
_PAID = {"ACSC", "ACCC"}
_REFUSED = {"RJCT", "CANC"}


class NotABankFile(ValueError):
    """The file is none of the messages we read, or contradicts itself; the text says where."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the bank says: `what` is paid, refused, noted (an answer) or booked (money moved).

    `amount` is in the currency of our account; `instructed` is what was ordered, where the bank tells it.
    """

    what: str
    end_to_end_id: str = ""
    amount: Decimal | None = None
    currency: str = ""
    value_date: date | None = None
    reference: str = ""
    reason: str = ""
    payer: str = ""
    text: str = ""
    is_return: bool = False
    instructed: Decimal | None = None
    instructed_currency: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """What stood on the account at the end of a day."""

    currency: str
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole file. `order_id`, `order_count` and `order_sum` name the order a pain.002 answers; `rest` is what became
    of every payment it does not list."""

    kind: str
    message_id: str
    lines: list[Line] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    order_id: str = ""
    order_count: int | None = None
    order_sum: Decimal | None = None
    rest: str = ""


def read(content: bytes) -> Answer:
    """Read a bank file. Raises: NotABankFile."""
    if len(content) > SIZE_MAX:
        raise NotABankFile("the file is larger than 64 MB")
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotABankFile(f"not XML: {error}") from error
    body = next((child for child in root if _name(child) in KINDS), None)
    if body is None:
        raise NotABankFile("neither pain.002 nor camt.053 nor camt.054")
    kind = KINDS[_name(body)]
    message_id = _text(body, "GrpHdr/MsgId")
    if not message_id:
        raise NotABankFile("the message has no number (GrpHdr/MsgId)")
    return _status(body, message_id) if kind == "pain.002" else _booked(body, kind, message_id)


def _status(body: Element, message_id: str) -> Answer:
    group = _first(body, "OrgnlGrpInfAndSts")
    if group is None or not _text(group, "OrgnlMsgId"):
        raise NotABankFile("the answer names no order (OrgnlMsgId)")
    lines = []
    for block in _all(body, "OrgnlPmtInfAndSts"):
        for one in _all(block, "TxInfAndSts"):
            status = _text(one, "TxSts")
            lines.append(
                Line(
                    what="paid" if status in _PAID else "refused" if status in _REFUSED else "noted",
                    end_to_end_id=_text(one, "OrgnlEndToEndId"),
                    reason=_text(one, "StsRsnInf/Rsn/Cd") or _text(one, "StsRsnInf/Rsn/Prtry") or status,
                    amount=_amount(_first(one, "OrgnlTxRef/Amt/InstdAmt")),
                    currency=_currency(_first(one, "OrgnlTxRef/Amt/InstdAmt")),
                )
            )
    status = _text(group, "GrpSts")
    count, total = _text(group, "OrgnlNbOfTxs"), _text(group, "OrgnlCtrlSum")
    return Answer(
        kind="pain.002",
        message_id=message_id,
        lines=lines,
        order_id=_text(group, "OrgnlMsgId"),
        order_count=_whole(count) if count else None,
        order_sum=_decimal(total) if total else None,
        rest="paid" if status in _PAID else "refused" if status in _REFUSED else "",
    )


def _booked(body: Element, kind: str, message_id: str) -> Answer:
    lines: list[Line] = []
    balances: list[Balance] = []
    for part in _all(body, "Stmt" if kind == "camt.053" else "Ntfctn"):
        balances += _balances(part)
        for entry in _all(part, "Ntry"):
            if (_text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK") == "BOOK":
                lines += _lines(entry)
    return Answer(kind=kind, message_id=message_id, lines=lines, balances=balances)


def _balances(part: Element) -> Iterator[Balance]:
    for balance in _all(part, "Bal"):
        day, amount = _text(balance, "Dt/Dt") or _text(balance, "Dt/DtTm")[:10], _first(balance, "Amt")
        if _text(balance, "Tp/CdOrPrtry/Cd") == "CLBD" and day and amount is not None:
            yield Balance(_currency(amount), _day(day), _signed(balance, _amount(amount)))


def _lines(entry: Element) -> list[Line]:
    """Read one booking: one line for each transfer in it. Their amounts must come to the booking's.

    Raises: NotABankFile.
    """
    amount, currency = _amount(_first(entry, "Amt")), _currency(_first(entry, "Amt"))
    day = _text(entry, "ValDt/Dt") or _text(entry, "BookgDt/Dt")
    shared = {
        "value_date": _day(day) if day else None,
        "reference": _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef"),
    }
    details = [one for block in _all(entry, "NtryDtls") for one in _all(block, "TxDtls")]
    if len(details) < 2:
        return [_line(entry, details[0] if details else entry, amount, currency, shared)]
    lines = []
    for number, one in enumerate(details, 1):
        found = _first(one, "Amt")
        found = _first(one, "AmtDtls/TxAmt/Amt") if found is None else found
        mine = {**shared, "reference": _text(one, "Refs/AcctSvcrRef") or f"{shared['reference']}/{number}"}
        lines.append(_line(entry, one, _amount(found), _currency(found), mine))
    total = sum((line.amount or Decimal(0) for line in lines), Decimal(0))
    if {line.currency for line in lines} == {currency} and total != _signed(entry, amount):
        raise NotABankFile(f"booking {shared['reference']}: its transfers come to {total}, the booking is {amount}")
    return lines


def _line(entry: Element, one: Element, amount: Decimal | None, currency: str, shared: Mapping[str, object]) -> Line:
    name = _text(one, "RltdPties/Dbtr/Nm") or _text(one, "RltdPties/Dbtr/Pty/Nm")
    words = [part.text or "" for part in one.iter() if _name(part) == "Ustrd"]
    returned = _first(one, "RtrInf") is not None
    end_to_end_id = _text(one, "Refs/EndToEndId")
    return Line(
        what="booked",
        end_to_end_id="" if end_to_end_id == "NOTPROVIDED" else end_to_end_id,
        amount=_signed(entry, amount),
        currency=currency,
        reason=_text(one, "RtrInf/Rsn/Cd") or _text(one, "RtrInf/Rsn/Prtry"),
        payer=name[:200],
        text=" ".join(" ".join(words).split())[:500],
        is_return=returned,
        instructed=_amount(_first(one, "AmtDtls/InstdAmt/Amt")),
        instructed_currency=_currency(_first(one, "AmtDtls/InstdAmt/Amt")),
        **shared,  # type: ignore[arg-type]
    )


def _name(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _all(parent: Element, name: str) -> list[Element]:
    return [child for child in parent if _name(child) == name]


def _first(parent: Element, path: str) -> Element | None:
    found: Element | None = parent
    for name in path.split("/"):
        found = next((child for child in (found if found is not None else ()) if _name(child) == name), None)
    return found


def _text(parent: Element, path: str) -> str:
    found = _first(parent, path)
    return " ".join((found.text or "").split()) if found is not None else ""


def _amount(element: Element | None) -> Decimal | None:
    return None if element is None else _decimal((element.text or "").strip())


def _decimal(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise NotABankFile(f"not an amount: {text!r}") from error
    if not found.is_finite() or found < 0 or abs(found) >= Decimal(10) ** 16:
        raise NotABankFile(f"not an amount: {text!r}")
    return found


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise NotABankFile(f"not a number: {text!r}")
    return int(text)


def _currency(element: Element | None) -> str:
    return "" if element is None else element.get("Ccy", "")


def _signed(entry: Element, amount: Decimal | None) -> Decimal:
    """Give a booking's amount its sign. Raises: NotABankFile when it has none."""
    side = _text(entry, "CdtDbtInd")
    if amount is None or side not in {"CRDT", "DBIT"}:
        raise NotABankFile("a booking or balance lacks its amount or its side (CdtDbtInd)")
    return amount if side == "CRDT" else -amount


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise NotABankFile(f"not a day: {text!r}") from error
