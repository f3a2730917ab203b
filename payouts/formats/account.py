"""Bank accounts as people write them, checked and in one spelling. Pure: knows no database.

What can be checked without asking a bank is checked: IBAN (length, check digits, national format), BIC, the key of a
Russian account with its BIK, the check digit of a US routing number. A British account number has a check that needs
tables we do not have; there only the shape is tested.
"""

import json
import re
from dataclasses import asdict, dataclass

from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.exceptions import ValidationError
from stdnum.us import rtn

NAME_MAX = 140
OWN_CURRENCY = {"ru": "RUB", "us": "USD", "gb": "GBP"}
_SAME_BANKING_AREA = {
    "FR": {"GF", "GP", "MQ", "RE", "PM", "YT", "BL", "MF", "NC", "PF", "WF", "MC", "TF"},
    "GB": {"GG", "JE", "IM"},
    "FI": {"AX"},
}
"""Banks of these places use the IBAN of the country."""


class BadAccount(ValueError):
    """A part of the account is wrong: `field` names it, `code` says why."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account in its one spelling: `account` and `bank` are without blanks, in capitals."""

    scheme: str
    name: str
    country: str
    account: str
    bank: str
    correspondent: str = ""
    intermediary: str = ""

    def as_json(self) -> bytes:
        """Write it down, the same account always with the same bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "BankAccount":
        """Read what `as_json` wrote."""
        return cls(**json.loads(content))

    @property
    def hint(self) -> str:
        """The last four characters: enough for its owner to know it by."""
        return self.account[-4:]

    @property
    def key(self) -> str:
        """What tells this account from all others, whoever's name is on it."""
        return f"{self.scheme}:{self.bank if self.scheme != 'iban' else ''}:{self.account}"


def read_account(
    *, scheme: str, name: str, account: str, bank: str, correspondent: str = "", intermediary: str = ""
) -> BankAccount:
    """Check an account as typed and return it in its one spelling.

    Raises: BadAccount.
    """
    name = " ".join(name.split())
    if len(name) < 2 or not any(letter.isalpha() for letter in name):
        raise BadAccount("name", "name_missing")
    if len(name) > NAME_MAX:
        raise BadAccount("name", "name_long")
    squeezed = {"account": _squeeze(account), "bank": _squeeze(bank), "correspondent": _squeeze(correspondent)}
    country, found = _READERS[scheme](**squeezed)
    if intermediary.strip() and scheme != "other":
        raise BadAccount("intermediary", "intermediary_needless")
    through = _bic(intermediary, "intermediary").compact if intermediary.strip() else ""
    return BankAccount(scheme=scheme, name=name, country=country, intermediary=through, **found)


def _squeeze(text: str) -> str:
    return re.sub(r"[\s\-.]", "", text).upper()


def _iban(account: str, bank: str, correspondent: str) -> tuple[str, dict[str, str]]:
    try:
        iban = IBAN(account, validate_bban=True)
    except SchwiftyException as error:
        raise BadAccount("account", "iban_wrong") from error
    bic = _bic(bank, "bank")
    country = str(iban.country_code)
    if str(bic.country_code) not in {country} | _SAME_BANKING_AREA.get(country, set()):
        raise BadAccount("bank", "bank_in_another_country")
    return country, {"account": iban.compact, "bank": bic.compact}


def _bic(text: str, field: str) -> BIC:
    try:
        return BIC(_squeeze(text))
    except SchwiftyException as error:
        raise BadAccount(field, "bic_wrong") from error


def _russian(account: str, bank: str, correspondent: str) -> tuple[str, dict[str, str]]:
    if not re.fullmatch(r"04\d{7}|01\d{7}", bank):
        raise BadAccount("bank", "bik_wrong")
    if not re.fullmatch(r"\d{20}", account) or not russian_key_holds(bank, account):
        raise BadAccount("account", "russian_account_wrong")
    if correspondent and not (
        re.fullmatch(r"301\d{17}", correspondent) and russian_key_holds(bank, correspondent, of_bank=True)
    ):
        raise BadAccount("correspondent", "correspondent_wrong")
    return "RU", {"account": account, "bank": bank, "correspondent": correspondent}


def russian_key_holds(bik: str, account: str, *, of_bank: bool = False) -> bool:
    """Tell whether the ninth digit, the key, fits: weights 7, 1, 3 over bank and account come to a multiple of ten.

    The bank is the last three digits of its BIK; for an account at the central bank 0 and the fifth and sixth.
    """
    at_central_bank = of_bank or bik[6:] in {"000", "001", "002"}
    digits = ("0" + bik[4:6] if at_central_bank else bik[6:]) + account
    return sum(int(digit) * weight for digit, weight in zip(digits, (7, 1, 3) * 8, strict=False)) % 10 == 0


def _american(account: str, bank: str, correspondent: str) -> tuple[str, dict[str, str]]:
    try:
        routing = rtn.validate(bank)
    except ValidationError as error:
        raise BadAccount("bank", "routing_number_wrong") from error
    if not re.fullmatch(r"\d{4,17}", account):
        raise BadAccount("account", "account_wrong")
    return "US", {"account": account, "bank": routing}


def _british(account: str, bank: str, correspondent: str) -> tuple[str, dict[str, str]]:
    if not re.fullmatch(r"\d{6}", bank):
        raise BadAccount("bank", "sort_code_wrong")
    if not re.fullmatch(r"\d{8}", account):
        raise BadAccount("account", "account_wrong")
    return "GB", {"account": account, "bank": bank}


def _elsewhere(account: str, bank: str, correspondent: str) -> tuple[str, dict[str, str]]:
    bic = _bic(bank, "bank")
    if not re.fullmatch(r"[0-9A-Z]{3,34}", account):
        raise BadAccount("account", "account_wrong")
    return str(bic.country_code), {"account": account, "bank": bic.compact}


_READERS = {"iban": _iban, "ru": _russian, "us": _american, "gb": _british, "other": _elsewhere}
