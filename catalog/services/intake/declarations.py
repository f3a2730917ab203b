"""Registered works (CWR): which work of ours each is, and what its submitter declares about it.

A registration is the work its submitter gave this number before, else the one with its ISWC, else the one with its
title and writers, else a new one. Shares are kept as declared; nobody is paid by them. A track that carries one of the
registration's ISRCs and plays no work yet is linked; one that plays another already keeps it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog import selectors
from catalog.formats import RowFault, WorkRow
from catalog.models import CatalogueImport, DeclaredShare, TrackWork, Work, WorkAuthor, WorkDeclaration
from catalog.selectors import numbers, texts
from catalog.services.work import work_key


@dataclass(slots=True)
class TakenWorks:
    """What registrations came to; changes are (line, kind, words)."""

    added: int = 0
    faults: list[RowFault] = field(default_factory=list)
    changes: list[tuple[int, str, str]] = field(default_factory=list)


def take_works(*, rows: Sequence[WorkRow], batch: CatalogueImport) -> TakenWorks:
    """This will write the works that are new and every declaration, and link tracks by ISRC."""
    taken = TakenWorks()
    if not rows:
        return taken
    known = _Known(rows)
    played = _Played(rows)
    shares: list[DeclaredShare] = []
    for row in rows:
        work = known.find(row) or _add(row, known, taken)
        declaration = WorkDeclaration.objects.create(
            batch=batch,
            line_no=row.line_no,
            work_id=work,
            submitter=row.submitter,
            submitter_number=row.submitter_number,
            is_revision=row.is_revision,
        )
        known.by_number[row.submitter, row.submitter_number] = work
        shares += [_share(declaration, party) for party in row.parties]
        played.link(row, work, batch.public_id, taken)
    DeclaredShare.objects.bulk_create(shares, batch_size=5000)
    TrackWork.objects.bulk_create(played.new, batch_size=5000)
    return taken


class _Known:
    """The works the rows may be."""

    def __init__(self, rows: Sequence[WorkRow]) -> None:
        works = Work.objects.filter(merged_into=None).order_by("-pk")
        iswcs, keys = {row.iswc for row in rows if row.iswc}, {_key(row) for row in rows if row.authors}
        self.by_iswc = dict(works.filter(iswc__in=texts(iswcs)).exclude(iswc="").values_list("iswc", "pk"))
        self.by_key = dict(works.filter(name_key__in=texts(keys)).values_list("name_key", "pk"))
        self.iswcs = dict(works.filter(pk__in=numbers(self.by_key.values())).values_list("pk", "iswc"))
        said = WorkDeclaration.objects.filter(
            submitter__in={row.submitter for row in rows},
            submitter_number__in=texts({row.submitter_number for row in rows if row.submitter_number}),
            work__merged_into=None,
        )
        self.by_number = {
            (submitter, number): work
            for submitter, number, work in said.order_by("pk").values_list("submitter", "submitter_number", "work_id")
        }

    def find(self, row: WorkRow) -> int | None:
        """This will give the work of a row, if it is known."""
        if row.submitter_number and (row.submitter, row.submitter_number) in self.by_number:
            return self.by_number[row.submitter, row.submitter_number]
        if row.iswc and row.iswc in self.by_iswc:
            return self.by_iswc[row.iswc]
        found = self.by_key.get(_key(row)) if row.authors else None
        return found if found and (not row.iswc or self.iswcs.get(found, "") in ("", row.iswc)) else None

    def note(self, row: WorkRow, work: int) -> None:
        """This will let later rows find a new work."""
        if row.iswc:
            self.by_iswc[row.iswc] = work
        if row.authors:
            self.by_key[_key(row)] = work
            self.iswcs[work] = row.iswc


class _Played:
    """The tracks that carry the rows' ISRCs, and the works they play."""

    def __init__(self, rows: Sequence[WorkRow]) -> None:
        self._tracks = selectors.find_tracks_by_isrc({code for row in rows for code in row.isrcs})
        ids = {track for found in self._tracks.values() for track in found}
        self._works: dict[int, set[int]] = defaultdict(set)
        for track, work in TrackWork.objects.filter(track_id__in=numbers(ids)).values_list("track_id", "work_id"):
            self._works[track].add(work)
        self.new: list[TrackWork] = []

    def link(self, row: WorkRow, work: int, source: str, taken: TakenWorks) -> None:
        """This will note that the row's recordings play the work, where they play none yet."""
        for code in row.isrcs:
            for track in self._tracks.get(code, ()):
                if not self._works[track]:
                    self._works[track].add(work)
                    self.new.append(TrackWork(track_id=track, work_id=work, source=source))
                elif work not in self._works[track]:
                    taken.faults.append(RowFault(row.line_no, "ISRC", "works_full", code, is_fatal=False))


def _add(row: WorkRow, known: _Known, taken: TakenWorks) -> int:
    work = Work.objects.create(title=row.title, iswc=row.iswc, name_key=_key(row))
    writers = {party.name: party for party in row.parties if not party.is_publisher}
    WorkAuthor.objects.bulk_create(
        [WorkAuthor(work=work, name=name, role=party.role, ipi=party.ipi) for name, party in writers.items()]
    )
    known.note(row, work.pk)
    taken.added += 1
    taken.changes.append((row.line_no, "new_work", f"{row.title} ({', '.join(row.authors)})"))
    return work.pk


def _share(declaration: WorkDeclaration, party: object) -> DeclaredShare:
    columns = ("name", "role", "ipi", "is_publisher", "is_controlled", "performing", "mechanical")
    return DeclaredShare(declaration=declaration, **{name: getattr(party, name) for name in columns})


def _key(row: WorkRow) -> str:
    return work_key(row.title, row.authors)[:500]
