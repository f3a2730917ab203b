"""What stands in the head and foot of every page: by who you are, never more than you may open.

A context processor; everything is lazy, so a fragment, which shows neither, asks the database nothing.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from accounts import outbox
from catalog.models import HolderMember
from core.models import Installation
from sales.models import LicenseeMember

Named = tuple[str, str]

BASKET: Named = ("claims:basket", gettext_noop("Basket"))
PUBLIC: list[Named] = [
    ("claims:search", gettext_noop("Is there money for me?")),
    ("how", gettext_noop("How it works")),
    ("percent", gettext_noop("15% of what?")),
    ("openness", gettext_noop("Open figures")),
]
PERSON: list[Named] = [
    ("dashboard", gettext_noop("Home")),
    ("claims:search", gettext_noop("Find money")),
    BASKET,
    ("claims:claims", gettext_noop("Claims")),
    ("claims:opt_outs", gettext_noop("Opt-outs")),
    ("payouts:balance", gettext_noop("Balance")),
    ("claims:holders", gettext_noop("Holders")),
]
STORE: list[Named] = [
    ("dashboard", gettext_noop("Home")),
    ("sales:reports", gettext_noop("Sales reports")),
    ("claims:notices", gettext_noop("Takedown notices")),
    ("payouts:amounts_due", gettext_noop("Amounts due")),
]
REVIEWER: list[Named] = [
    ("dashboard", gettext_noop("Home")),
    ("claims:review_queue", gettext_noop("Review queue")),
    ("claims:unmatched", gettext_noop("Unmatched")),
    ("sales:reports", gettext_noop("Sales reports")),
    ("catalog:imports", gettext_noop("Catalogue")),
    ("register:passages", gettext_noop("Public texts")),
    ("claims:search", gettext_noop("Tracks")),
]
FINANCE: list[Named] = [
    ("dashboard", gettext_noop("Home")),
    ("sales:reports", gettext_noop("Sales reports")),
    ("payouts:amounts_due", gettext_noop("Amounts due")),
    ("payouts:remittances", gettext_noop("Remittances")),
    ("payouts:batches", gettext_noop("Payouts")),
]
SUPERVISOR: list[Named] = [*FINANCE[:1], *REVIEWER[1:3], *FINANCE[1:]]
FOOT: list[Named] = [
    ("how", gettext_noop("How it works")),
    ("percent", gettext_noop("15% of what?")),
    ("openness", gettext_noop("Open figures")),
    ("register:entries", gettext_noop("Register of opt-outs")),
    ("register:figures", gettext_noop("Dated figures")),
    ("register:open_data", gettext_noop("Open data")),
    ("claims:stores", gettext_noop("Stores under our licence")),
    ("ledger:check", gettext_noop("Check the ledger")),
    ("claims:challenges", gettext_noop("Open to objection")),
    ("api-docs", gettext_noop("API")),
]
PUBLIC_PAGES = ("register:entries", "register:figures", "register:open_data")
"""Pages that do not look at the language cookie (core.public): a link to them says the language."""
FOOT_LOCAL: list[Named] = [("accounts:outbox", gettext_noop("Outbox of this machine"))]


class Link(NamedTuple):
    """One entry of the menu; `here` is the value of aria-current."""

    url: str
    label: str
    here: str = ""
    number: int = 0


def audience_of(user: Any) -> str:
    """This will say whose home and menu a person gets: visitor, holder, store or the staff role."""
    if not user.is_authenticated:
        return "visitor"
    if user.role:
        return str(user.role)
    if LicenseeMember.objects.filter(user=user).exists() and not HolderMember.objects.filter(user=user).exists():
        return "store"
    return "holder"


MENUS = {
    "visitor": PUBLIC,
    "holder": PERSON,
    "store": STORE,
    "reviewer": REVIEWER,
    "finance": FINANCE,
    "supervisor": SUPERVISOR,
}


def portal(request: HttpRequest) -> dict[str, Any]:
    """This will give base.html its menu, its foot and whether the data are invented."""
    has_outbox = outbox.has_page()
    return {
        "has_outbox": has_outbox,
        "is_demo": Installation.is_demo,
        "navigation": lambda: _menu(request),
        "foot_links": lambda: _foot(has_outbox),
        "person_name": lambda: _name(request),
    }


def _name(request: HttpRequest) -> str:
    """Who is logged in, as the head of a page says it; nothing for a visitor."""
    user = getattr(request, "user", None)
    return str(user) if user is not None and user.is_authenticated else ""


def _menu(request: HttpRequest) -> tuple[Link, ...]:
    user = getattr(request, "user", None)
    audience = audience_of(user) if user is not None else "visitor"
    chosen = len(request.session.get("basket", [])) if hasattr(request, "session") else 0
    entries = MENUS[audience]
    if audience == "visitor" and chosen:
        entries = [*entries, BASKET]
    path, basket, links = request.path, reverse(BASKET[0]), []
    for link in _links(tuple(entries), get_language() or ""):
        here = "page" if path == link.url else "true" if link.url != "/" and path.startswith(link.url) else ""
        links.append(link._replace(here=here, number=chosen if link.url == basket else 0))
    return tuple(links)


def _foot(has_outbox: bool) -> tuple[Link, ...]:
    return _links(tuple(FOOT + (FOOT_LOCAL if has_outbox else [])), get_language() or "")


@lru_cache(maxsize=64)
def _links(entries: tuple[Named, ...], language: str) -> tuple[Link, ...]:
    """The addresses and words of a menu in the language that is switched on, which is `language`."""
    return tuple(
        Link(reverse(name) + (f"?lang={language}" if name.startswith(PUBLIC_PAGES) else ""), _(label))
        for name, label in entries
    )
