"""One signed call to a store's address (Standard Webhooks), made so that the address can't be turned against us.

A store names the address, so it is foreign input: https only, no private, local or otherwise special network (the name
is resolved once and the connection goes to exactly the address that was checked, so a second answer of the name server
changes nothing), no redirect is followed, no credentials, the answer is read no further than its status, and the whole
call ends after `seconds_max`, however slowly the other side drips.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from standardwebhooks import Webhook

USER_AGENT = "ROMS-takedown-notices/1"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class CallRules:
    """What the installation allows; only tests and the demo relax it."""

    allows_http: bool = False
    allows_private: bool = False
    seconds_max: float = 10.0


class CallFailed(Exception):
    """The store did not take the message; `code` says why: `http_500`, `timeout`, `private_address` ..."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_address(url: str, rules: CallRules) -> None:
    """This will refuse an address that could never be called; what its name resolves to is checked at each call.

    Raises: CallFailed.
    """
    host = _checked(url, rules).hostname or ""
    with suppress(ValueError):
        if not rules.allows_private and not is_public(ipaddress.ip_address(host)):
            raise CallFailed("private_address")


def post_signed(
    *, url: str, secrets: Sequence[str], message_id: str, body: str, now: datetime, rules: CallRules
) -> int:
    """This will post `body` once, signed with each secret, and return the status of the answer, 200 to 299.

    Raises: CallFailed.
    """
    place = _checked(url, rules)
    address = _resolved(place, rules)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, now, body) for secret in secrets),
    }
    try:
        status = _call(place, address, body.encode(), headers, rules)
    except ssl.SSLError as error:
        raise CallFailed("tls") from error
    except TimeoutError as error:
        raise CallFailed("timeout") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CallFailed("connection") from error
    if 300 <= status < 400:
        raise CallFailed("redirect")
    if not 200 <= status < 300:
        raise CallFailed(f"http_{status}")
    return status


def _checked(url: str, rules: CallRules) -> SplitResult:
    try:
        place = urlsplit(url)
        sound = place.port != 0
    except ValueError as error:
        raise CallFailed("bad_address") from error
    if not sound or not place.hostname or place.username is not None or place.password is not None:
        raise CallFailed("bad_address")
    if place.scheme != "https" and not (rules.allows_http and place.scheme == "http"):
        raise CallFailed("not_https")
    return place


def _resolved(place: SplitResult, rules: CallRules) -> str:
    """Resolve once; one inside address among several is reason enough to refuse."""
    try:
        found = socket.getaddrinfo(place.hostname, _port(place), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CallFailed("unknown_host") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise CallFailed("unknown_host")
    if not rules.allows_private and not all(is_public(ipaddress.ip_address(text)) for text in addresses):
        raise CallFailed("private_address")
    return addresses[0]


def is_public(address: _Address) -> bool:
    """This will tell whether an address belongs to somebody on the open internet, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.sixtofour is not None or address.teredo is not None or address in _NAT64:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _port(place: SplitResult) -> int:
    return place.port or (443 if place.scheme == "https" else 80)


def _call(place: SplitResult, address: str, body: bytes, headers: dict[str, str], rules: CallRules) -> int:
    """Connect to `address`, post, and read the head of the answer; the body of it is nobody's business."""
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    connection = http.client.HTTPConnection(place.hostname or "", _port(place), timeout=rules.seconds_max)
    limit = _TimeLimit(rules.seconds_max)
    try:
        plain = socket.create_connection((address, _port(place)), timeout=rules.seconds_max)
        connection.sock = limit.watch(plain)
        if place.scheme == "https":
            secured = ssl.create_default_context().wrap_socket(
                plain, server_hostname=place.hostname, do_handshake_on_connect=False
            )
            connection.sock = limit.watch(secured)
            secured.do_handshake()
        connection.request("POST", path, body=body, headers=headers | {"Host": place.netloc})
        return connection.getresponse().status
    except (http.client.HTTPException, OSError) as error:
        if limit.is_over:
            raise TimeoutError from error
        raise
    finally:
        limit.cancel()
        connection.close()


class _TimeLimit:
    """Ends a connection for good when the time is over; a socket's own timeout begins anew with every byte."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._sock: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, sock: socket.socket) -> socket.socket:
        self._sock = sock
        return sock

    def cancel(self) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        if self._sock is not None:
            with suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)
