"""Who may open which address: every named address of the portal is listed here, and test_url_access.py tries each.

    public        anybody
    login         anybody who is logged in; others are sent to the login page
    private       somebody's own: a logged-in stranger gets 404, like an address that does not exist
    staff         the society's staff; a stranger gets 404
    api_public, api_login, api_private    the same with 401 instead of the login page
    hidden        only where a setting opens it (development); 404 for everybody else
    library       pages of a package (allauth, the Django admin), which has tests of its own

`make` makes the object the address needs, owned by somebody who is not the stranger, and returns the URL's arguments.
It is run in the `db` tier. A private address with arguments must have one, else its 404 would prove nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Address:
    """One named address: who may open it, with which methods."""

    name: str
    kind: str
    methods: tuple[str, ...] = ("GET",)
    make: Callable[[], dict[str, Any]] | None = None


GET_POST = ("GET", "POST")
POST = ("POST",)

LIBRARY_PREFIXES = ("admin:", "account_", "mfa_", "set_language")

ADDRESSES = [
    # roms_portal
    Address("healthz", "public"),
    Address("home", "public"),
    Address("how", "public"),
    Address("percent", "public"),
    Address("openness", "public"),
    Address("dashboard", "login"),
    Address("styleguide", "hidden", GET_POST),
    Address("api-root", "api_public"),
    Address("api-schema", "api_public"),
    Address("api-docs", "public"),
    # accounts
    Address("accounts:api_tokens", "login", GET_POST),
    Address("accounts:profile", "login", GET_POST),
    Address("accounts:outbox", "hidden"),
    # catalog
    # sales
    # claims
    # payouts
    # ledger
]
