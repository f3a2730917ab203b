"""When what a public page or its JSON shows last changed, for caches."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from register import selectors


def this_hour(changed: datetime | None) -> datetime:
    """This will give a moment for caches: names in the catalogue change without the register, so an hour is enough."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    return max(changed, hour) if changed else hour


def of_list(request: HttpRequest) -> datetime:
    """This will say when the list last changed, the figures above it included."""
    return max(this_hour(selectors.changed_at()), this_hour(selectors.figures_changed_at()))


def of_entry(request: HttpRequest, entry_id: str) -> datetime | None:
    """This will say when anything about the case of an entry last changed; None: there is no such entry."""
    found = selectors.entry_by_number(entry_id)
    return this_hour(selectors.entry_changed_at(found)) if found else None
