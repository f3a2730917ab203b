"""The bank file of a batch: ISO 20022 pain.001, versions .03 and .09, checked against the schema before it leaves.

Written by hand because the libraries at hand write SEPA euro files only; the schemas are those that sepaxml ships. One
payment information block per currency, in a fixed order, so the same payments give the same bytes. Names go to the bank
in Latin letters, except inside Russia.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from xml.etree import ElementTree as ET

from anyascii import anyascii
from lxml import etree

from payouts.formats.account import BankAccount

VERSIONS = ("pain.001.001.03", "pain.001.001.09")
NAME_MAX = 70
_LATIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
_CLEARING = {"ru": "RUCBC", "us": "USABA", "gb": "GBDSC"}


class BadBankFile(ValueError):
    """What was written does not fit the schema: the program is at fault."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment: `number` is its end-to-end id, `amount` in whole coins of `currency`."""

    number: str
    amount: Decimal
    currency: str
    account: BankAccount
    text: str


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays and from which account."""

    name: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class Order:
    """A whole file."""

    message_id: str
    made_at: datetime
    execution_date: date
    debtor: Debtor
    transfers: Sequence[Transfer]


def write(order: Order, version: str) -> bytes:
    """Return the file, valid against its schema. Raises: BadBankFile."""
    if version not in VERSIONS:
        raise BadBankFile(version)
    document = ET.Element("Document", xmlns=f"urn:iso:std:iso:20022:tech:xsd:{version}")
    root = ET.SubElement(document, "CstmrCdtTrfInitn")
    _header(root, order)
    blocks = groupby(sorted(order.transfers, key=lambda one: (one.currency, one.number)), lambda one: one.currency)
    for currency, transfers in blocks:
        _block(root, order, currency, list(transfers), version)
    body: bytes = ET.tostring(document, encoding="utf-8", xml_declaration=True)
    check(body, version)
    return body


def check(content: bytes, version: str) -> None:
    """Compare a file with its schema. Raises: BadBankFile naming the first thing that does not fit."""
    try:
        _schema(version).assertValid(etree.fromstring(content))
    except (etree.DocumentInvalid, etree.XMLSyntaxError) as error:
        raise BadBankFile(str(error)) from error


@lru_cache
def _schema(version: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(files("sepaxml").joinpath(f"schemas/{version}.xsd").read_bytes()))


def control_sum(transfers: Iterable[Transfer]) -> Decimal:
    """Add up the amounts, whatever their currencies: what the field of that name is for."""
    return sum((transfer.amount for transfer in transfers), Decimal(0))


def latin(name: str) -> str:
    """Write a name in the letters every bank takes."""
    plain = "".join(letter if letter in _LATIN else " " for letter in anyascii(name))
    return " ".join(plain.split())[:NAME_MAX] or "-"


def _add(parent: ET.Element, path: str, text: str = "") -> ET.Element:
    """Make the elements of a path; return the last."""
    for tag in path.split("/"):
        parent = ET.SubElement(parent, tag)
    if text:
        parent.text = text
    return parent


def _header(root: ET.Element, order: Order) -> None:
    header = _add(root, "GrpHdr")
    _add(header, "MsgId", order.message_id)
    _add(header, "CreDtTm", order.made_at.strftime("%Y-%m-%dT%H:%M:%S"))
    _add(header, "NbOfTxs", str(len(order.transfers)))
    _add(header, "CtrlSum", f"{control_sum(order.transfers):f}")
    _add(header, "InitgPty/Nm", latin(order.debtor.name))


def _block(root: ET.Element, order: Order, currency: str, transfers: Sequence[Transfer], version: str) -> None:
    bic = "BICFI" if version.endswith(".09") else "BIC"
    block = _add(root, "PmtInf")
    _add(block, "PmtInfId", f"{order.message_id}-{currency}")
    _add(block, "PmtMtd", "TRF")
    _add(block, "NbOfTxs", str(len(transfers)))
    _add(block, "CtrlSum", f"{control_sum(transfers):f}")
    day = "ReqdExctnDt/Dt" if version.endswith(".09") else "ReqdExctnDt"
    _add(block, day, order.execution_date.isoformat())
    _add(block, "Dbtr/Nm", latin(order.debtor.name))
    _add(block, "DbtrAcct/Id/IBAN", order.debtor.iban)
    _add(block, f"DbtrAgt/FinInstnId/{bic}", order.debtor.bic)
    _add(block, "ChrgBr", "SLEV" if currency == "EUR" else "SHAR")
    for transfer in transfers:
        _transfer(block, transfer, bic)


def _transfer(block: ET.Element, transfer: Transfer, bic: str) -> None:
    account = transfer.account
    one = _add(block, "CdtTrfTxInf")
    _add(one, "PmtId/EndToEndId", transfer.number)
    amount = _add(one, "Amt/InstdAmt", f"{transfer.amount:f}")
    amount.set("Ccy", transfer.currency)
    if account.intermediary:
        _add(one, f"IntrmyAgt1/FinInstnId/{bic}", account.intermediary)
    bank = _add(one, "CdtrAgt/FinInstnId")
    if account.scheme in _CLEARING:
        member = _add(bank, "ClrSysMmbId")
        _add(member, "ClrSysId/Cd", _CLEARING[account.scheme])
        _add(member, "MmbId", account.bank)
    else:
        _add(bank, bic, account.bank)
    if account.correspondent:
        _add(one, "CdtrAgtAcct/Id/Othr/Id", account.correspondent)
    _add(one, "Cdtr/Nm", account.name[:NAME_MAX] if account.scheme == "ru" else latin(account.name))
    _add(one, "CdtrAcct/Id/IBAN" if account.scheme == "iban" else "CdtrAcct/Id/Othr/Id", account.account)
    _add(one, "RmtInf/Ustrd", latin(transfer.text))
