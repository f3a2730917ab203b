"""The deals of an ERN message: per release, where and when its sender lets it be sold, and where not any more.

A takedown is expressed in four ways: a deal with `TakeDown` true (to 3.8.3), a deal whose time is over, no deal for a
release or territory that had one ("no deal = no deal": a message replaces all earlier deals of its releases), and a
PurgeReleaseMessage. The first two are read here; the third shows by what is missing (catalog.services.intake).
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from xml.etree.ElementTree import Element

from catalog.formats.rows import Offer
from catalog.formats.xml import text_of, texts_of


def read_deals(root: Element) -> dict[str, tuple[Offer, ...]]:
    """This will give the deals by the reference of the release they are about."""
    found: dict[str, list[Offer]] = defaultdict(list)
    for group in root.iterfind("DealList/ReleaseDeal"):
        references = texts_of(group, "DealReleaseReference")
        offers = [_offer(terms) for terms in group.iterfind("Deal/DealTerms")]
        for reference in references:
            found[reference] += [offer for offer in offers if offer not in found[reference]]
    return {reference: tuple(offers) for reference, offers in found.items()}


def _offer(terms: Element) -> Offer:
    exclude = texts_of(terms, "ExcludedTerritoryCode")
    return Offer(
        include=tuple(texts_of(terms, "TerritoryCode")) or ("Worldwide",),
        exclude=tuple(exclude),
        start=_day(text_of(terms, "ValidityPeriod/StartDate", "ValidityPeriod/StartDateTime")),
        end=_day_after(text_of(terms, "ValidityPeriod/EndDate"), text_of(terms, "ValidityPeriod/EndDateTime")),
        is_takedown=text_of(terms, "TakeDown").lower() in ("true", "1"),
    )


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        return None


def _day_after(day: str, moment: str) -> date | None:
    """A last day is in; a moment ends the day it falls on, unless it is its first instant."""
    if last := _day(day):
        return last + timedelta(days=1)
    if (last := _day(moment)) is None:
        return None
    return last if moment[10:19] in ("", "T00:00:00") else last + timedelta(days=1)
