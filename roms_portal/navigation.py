"""What stands in the head and foot of every page: by who you are, never more than you may open.

A context processor; everything is lazy, so a fragment, which shows neither, asks the database nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
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


@dataclass(frozen=True)
class Link:
    """One entry of the menu; `here` is the value of aria-current."""

    url: str
    label: str
    here: str = ""
    count: int = 0


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
    foot = FOOT + (FOOT_LOCAL if outbox.has_page() else [])
    return {
        "has_outbox": outbox.has_page(),
        "is_demo": SimpleLazyObject(Installation.is_demo),
        "navigation": SimpleLazyObject(lambda: _menu(request)),
        "foot_links": SimpleLazyObject(lambda: list(_links(foot, request.path))),
    }


def _menu(request: HttpRequest) -> list[Link]:
    user = getattr(request, "user", None)
    audience = audience_of(user) if user is not None else "visitor"
    chosen = len(request.session.get("basket", [])) if hasattr(request, "session") else 0
    entries = MENUS[audience]
    if audience == "visitor" and chosen:
        entries = [*entries, BASKET]
    return list(_links(entries, request.path, {BASKET[0]: chosen}))


def _links(entries: Iterable[Named], path: str, counts: Mapping[str, int] | None = None) -> Iterator[Link]:
    for name, label in entries:
        url = reverse(name)
        here = "page" if path == url else "true" if url != "/" and path.startswith(url) else ""
        said = f"?lang={get_language()}" if name.startswith(PUBLIC_PAGES) else ""
        yield Link(url + said, _(label), here, (counts or {}).get(name, 0))
