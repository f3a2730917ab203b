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

from tests import factories


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


def money(*names: str) -> Callable[[], dict[str, Any]]:
    """This will make a holder with money and give those arguments of a money address that it takes."""

    def make() -> dict[str, Any]:
        from datetime import date

        from payouts import services
        from tests.conftest import person
        from tests.payouts.world import NOW, a_money_world

        alice = person("alice")
        world = a_money_world(alice, person("bob"), person("store"))
        period = {"start": date(2007, 1, 1), "end": date(2008, 1, 1)}
        kept = services.keep_statement(holder=world.label, by=alice, now=NOW, **period)
        arguments = {
            "holder_id": world.label.public_id,
            "track_id": world.kino.public_id,
            "right": "phonogram",
            "report_id": world.may.public_id,
            "place": "payable",
            "currency": "USD",
            "statement_id": kept.public_id,
        }
        return {name: arguments[name] for name in ("holder_id", *names)}

    return make


def a_sales_report(**more: int) -> Callable[[], dict[str, Any]]:
    """This will make a report of a store the stranger does not act for, when asked."""

    def make() -> dict[str, Any]:
        from tests.factories import a_report

        return {"report_id": a_report().public_id, **more}

    return make


def a_key() -> dict[str, Any]:
    """This will make a key of Alice."""
    from datetime import UTC, datetime, timedelta

    from accounts import services
    from tests.conftest import person

    now = datetime(2007, 7, 1, tzinfo=UTC)
    token, _key = services.create_token(
        user=person("alice"), name="till", scopes=["read"], expires_at=now + timedelta(days=1), now=now
    )
    return {"token_id": token.public_id}


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
    Address("accounts:revoke_api_token", "private", POST, make=a_key),
    Address("accounts:profile", "login", GET_POST),
    Address("accounts:outbox", "hidden"),
    # catalog
    # sales
    Address("sales:reports", "private", GET_POST),
    Address("sales:report", "private", make=a_sales_report()),
    Address("sales:report_progress", "private", make=a_sales_report()),
    Address("sales:decide_report", "private", POST, a_sales_report()),
    Address("sales:report_line", "private", make=a_sales_report(number=1, line_no=1)),
    Address("api-reports", "api_login", GET_POST),
    Address("api-report", "api_private", make=a_sales_report()),
    Address("api-report-faults", "api_private", make=a_sales_report()),
    # claims
    Address("claims:search", "public"),
    Address("claims:track", "public", make=lambda: {"track_id": factories.a_track().public_id}),
    # payouts
    Address("payouts:balance", "login"),
    Address("payouts:holder_balance", "private", make=money()),
    Address("payouts:balance_tracks", "private", make=money("place", "currency")),
    Address("payouts:entries", "private", make=money("track_id", "right")),
    Address("payouts:accrual", "private", make=money("track_id", "right", "report_id")),
    Address("payouts:statement", "private", make=money()),
    Address("payouts:statement_csv", "private", make=money()),
    Address("payouts:keep_statement", "private", POST, make=money()),
    Address("payouts:kept_statement", "private", make=money("statement_id")),
    Address("payouts:amounts_due", "staff"),
    Address("payouts:remittances", "staff", GET_POST),
    Address("api-statements", "api_private"),
    Address("api-balances", "api_private"),
    Address("api-amounts-due", "api_private"),
    Address("api-remittances", "api_private", GET_POST),
    # ledger
]
