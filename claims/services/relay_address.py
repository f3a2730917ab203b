"""The address at which one mail about a case is answered: its own number and a keyed digest, at the relay's domain."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from claims.models import CaseMail

RELAYED = ("CLM", "OPT", "DIS")
"""Kinds of cases with a thread that a mail can be posted into."""
_SIGNED = 12


@dataclass(frozen=True, slots=True)
class Relay:
    """Where answers are taken: the domain, the secret that signs the addresses. No domain: answers are not taken."""

    domain: str = ""
    secret: str = ""


NO_RELAY = Relay()


def reply_address(mail: CaseMail, relay: Relay) -> str:
    """This will give the address to answer one mail at; empty where answers to it are not taken."""
    if not relay.domain or mail.case[:3] not in RELAYED:
        return ""
    return f"{mail.message_id.lower()}-{signature(mail.message_id, relay)}@{relay.domain}"


def signature(number: str, relay: Relay) -> str:
    """This will sign the number of a mail with the relay's secret."""
    return hmac.new(relay.secret.encode(), number.encode(), sha256).hexdigest()[:_SIGNED]
