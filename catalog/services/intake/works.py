"""Which work the tracks of some rows play.

A work is known by its ISWC, else by its title with its authors; a title alone ("Intro") says too little, so it makes a
work of its own. A track that plays a work already keeps it.
"""

from collections.abc import Sequence

from catalog.formats import CatalogueRow
from catalog.models import TrackWork, Work, WorkAuthor
from catalog.selectors import numbers, texts
from catalog.services.copying import copy_rows, new_ids
from catalog.services.work import work_key
from core.ids import new_public_id


class WorkShelf:
    """The works some rows name, known and new, and the tracks that play them."""

    def __init__(self, rows: Sequence[CatalogueRow], track_ids: Sequence[int], source: str) -> None:
        named = [row for row in rows if _names_work(row)]
        self._ids = iter(new_ids(Work, len(named)))
        self._source = source
        self._new: list[tuple[int, str, str, str, str]] = []
        self._authors: list[tuple[int, str, str, str]] = []
        self._links: list[tuple[int, int, int, str]] = []
        iswcs, keys = {row.iswc for row in named if row.iswc}, {_key(row) for row in named if row.authors}
        works = Work.objects.filter(merged_into=None).order_by("-pk")
        self._by_iswc = dict(works.filter(iswc__in=texts(iswcs)).exclude(iswc="").values_list("iswc", "pk"))
        self._by_key = dict(works.filter(name_key__in=texts(keys)).values_list("name_key", "pk"))
        self._iswcs = dict(works.filter(pk__in=numbers(self._by_key.values())).values_list("pk", "iswc"))
        links = TrackWork.objects.filter(track_id__in=numbers(track_ids)) if named else TrackWork.objects.none()
        self._played: dict[int, set[int]] = {}
        for track, work in links.values_list("track_id", "work_id"):
            self._played.setdefault(track, set()).add(work)

    def link(self, row: CatalogueRow, track_id: int) -> tuple[bool, list[str]]:
        """This will note which work a row's track plays; tells whether that is new, and codes of remarks."""
        if not _names_work(row):
            return False, []
        known = self._find(row)
        played = self._played.get(track_id)
        if played:
            return False, [] if known in played or known is None else ["works_full"]
        work = known or self._add(row)
        self._played[track_id] = {work}
        self._links.append((track_id, work, 100, self._source))
        return True, []

    def _find(self, row: CatalogueRow) -> int | None:
        if row.iswc and row.iswc in self._by_iswc:
            return self._by_iswc[row.iswc]
        found = self._by_key.get(_key(row)) if row.authors else None
        return found if found and self._iswcs.get(found, "") in ("", row.iswc) else None

    def _add(self, row: CatalogueRow) -> int:
        work = next(self._ids)
        key = _key(row)
        self._new.append((work, new_public_id("WRK"), row.work_title or row.title, row.iswc, key))
        self._authors.extend((work, name, "", "") for name in row.authors)
        if row.iswc:
            self._by_iswc[row.iswc] = work
        if row.authors:
            self._by_key[key] = work
            self._iswcs[work] = row.iswc
        return work

    def write(self) -> None:
        """This will write new works, their authors and the links; the tracks must be there."""
        copy_rows(Work, ("id", "public_id", "title", "iswc", "name_key"), self._new)
        copy_rows(WorkAuthor, ("work_id", "name", "role", "ipi"), self._authors)
        copy_rows(TrackWork, ("track_id", "work_id", "percent", "source"), self._links)


def _names_work(row: CatalogueRow) -> bool:
    return bool(row.iswc or row.work_title or row.authors)


def _key(row: CatalogueRow) -> str:
    return work_key(row.work_title or row.title, row.authors)
