"""Holders whose names are on a sanctions list."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.db import connection
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from payouts.models import SanctionsChoice, SanctionsEntry, SanctionsList, ScreeningCase
from payouts.selectors.access import Person, is_finance

FOUND = """
SELECT DISTINCT ON (h.id, e.number, e.name_key) h.id, e.id, e.number, e.name_key, s.name
FROM payouts_sanctionsentry e JOIN payouts_sanctionslist s ON s.id = e.edition_id
JOIN (
    SELECT id, name_key FROM catalog_rightsholder WHERE name_key <> ''
    UNION SELECT holder_id, name_key FROM catalog_holdername WHERE name_key <> ''
) h ON h.name_key = e.name_key
WHERE e.edition_id = ANY(%s) AND (%s::bigint[] IS NULL OR h.id = ANY(%s))
ORDER BY h.id, e.number, e.name_key, e.id
"""


class Hit(NamedTuple):
    """A holder has a name of a list."""

    holder_id: int
    entry_id: int
    number: str
    name_key: str
    list_name: str


def hits(editions: Collection[int], holder_ids: Collection[int] | None = None) -> list[Hit]:
    """This will find the holders (all, or these) that have a name of one of these editions, in any script."""
    wanted = None if holder_ids is None else list(holder_ids)
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [list(editions), wanted, wanted])
        return [Hit(*row) for row in cursor.fetchall()]


def editions_in_force() -> list[int]:
    """This will name of every list the edition a person put in force last; the newest where nobody chose."""
    newest = dict(SanctionsList.objects.order_by("pk").values_list("name", "pk"))
    chosen = SanctionsChoice.objects.order_by("pk").values_list("edition__name", "edition")
    return sorted({**newest, **dict(chosen)}.values())


def account_names_hit(editions: Collection[int], named: Mapping[int, Collection[str]]) -> list[Hit]:
    """This will find the holders one of whose bank accounts (name keys by holder) has a name of these editions."""
    keys = {key for found in named.values() for key in found if key}
    entries = SanctionsEntry.objects.filter(edition__in=editions, name_key__in=keys).select_related("edition")
    return [
        Hit(holder_id, entry.pk, entry.number, entry.name_key, entry.edition.name)
        for entry in entries.order_by("pk")
        for holder_id, found in named.items()
        if entry.name_key in found
    ]


def sanctions_lists_for(user: Person) -> QuerySet[SanctionsList]:
    """This will list the editions taken in, newest first, each with its `edition` number within its list.

    For the money office; nobody else sees one.
    """
    found = SanctionsList.objects.select_related("uploaded_by").order_by("-id")
    place = Window(RowNumber(), partition_by=F("name"), order_by=F("id").asc())
    return found.annotate(edition=place) if is_finance(user) else found.none()


def edition_number(edition: SanctionsList) -> int:
    """This will number an edition within its list, the first 1."""
    return SanctionsList.objects.filter(name=edition.name, pk__lte=edition.pk).count()


def screening_cases_for(user: Person) -> QuerySet[ScreeningCase]:
    """This will list the cases, open ones first, for the money office; nobody else sees one."""
    found = ScreeningCase.objects.select_related("holder", "entry", "decided_by").order_by("-status", "id")
    return found if is_finance(user) else found.none()


def screened_open(holder_ids: Collection[int] | QuerySet[ScreeningCase, int]) -> QuerySet[ScreeningCase]:
    """This will find the open cases of some holders."""
    return ScreeningCase.objects.filter(holder__in=holder_ids, status=ScreeningCase.Status.OPEN).select_related(
        "holder"
    )
