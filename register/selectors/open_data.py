"""Everything of the register, row by row, in memory that does not grow with it; and the files of each day."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from django.db.models import Max, Prefetch

from claims.models import OptOut, OptOutLine
from register.formats.rows import FigureRow, RegisterRow, TrackRow
from register.models import Entry, Figure, OpenFile
from sales.models import Licensee

CHUNK: Final = 2000


def all_entries() -> Iterator[list[Entry]]:
    """This will give every entry, oldest first, in parts of at most CHUNK."""
    rows = Entry.objects.select_related("opt_out__holder", "opt_out__territories", "licensee").order_by("at", "pk")
    after: Entry | None = None
    while True:
        part = rows if after is None else rows.filter(at__gte=after.at).exclude(at=after.at, pk__lte=after.pk)
        chunk = list(part[:CHUNK])
        if chunk:
            yield chunk
        if len(chunk) < CHUNK:
            return
        after = chunk[-1]


def register_rows() -> Iterator[RegisterRow]:
    """This will give every entry of the register, oldest first."""
    names = dict(Licensee.objects.values_list("pk", "name"))
    for chunk in all_entries():
        for entry in chunk:
            case = entry.opt_out
            about = [entry.licensee_id] if entry.licensee_id else entry.store_ids
            yield RegisterRow(
                entry=entry.public_id,
                kind=entry.kind,
                number=entry.number,
                opt_out=case.public_id,
                at=entry.at.isoformat(),
                state=entry.state,
                stores="; ".join(names[store] for store in about),
                ground=case.basis,
                territories=case.territories.label,
                tracks=str(entry.track_count),
                holder=case.holder.name if case.is_name_public else "",
                changed_at=entry.changed_at.isoformat(),
            )


def track_rows() -> Iterator[TrackRow]:
    """This will give every right of every track that a granted opt-out took out, by opt-out and row."""
    granted = OptOut.objects.filter(status=OptOut.Status.GRANTED).select_related("holder", "territories")
    cases = Prefetch("opt_out", granted.prefetch_related("licensees"))
    lines = OptOutLine.objects.filter(outcome=OptOutLine.Outcome.ACCEPTED, opt_out__status=OptOut.Status.GRANTED)
    lines = lines.select_related("track").prefetch_related(cases, "track__isrcs", "withdrawals")
    for line in lines.order_by("opt_out", "row_no").iterator(chunk_size=CHUNK):
        case, track = line.opt_out, line.track
        assert track is not None
        for fact in line.withdrawals.all():
            yield TrackRow(
                opt_out=case.public_id,
                granted=case.decided_at.date().isoformat() if case.decided_at else "",
                track=track.public_id,
                artist=track.artist,
                title=track.title,
                isrcs=" ".join(code.isrc for code in track.isrcs.all()),
                right=fact.right,
                start=fact.start.isoformat(),
                end=fact.end.isoformat() if fact.end else "",
                territories=case.territories.label,
                stores="; ".join(store.name for store in case.licensees.all()),
                basis=fact.basis,
                holder=case.holder.name if case.is_name_public else "",
            )


def figure_values() -> Iterator[FigureRow]:
    """This will give every value of a figure ever published, in the order of publishing."""
    for row in Figure.objects.order_by("pk").iterator(chunk_size=CHUNK):
        yield FigureRow(
            figure=row.code,
            part=row.part,
            day=row.day.isoformat(),
            value="" if row.value is None else f"{row.value.normalize():f}",
            counted_at=row.recorded_at.isoformat(),
        )


def open_days(before: date | None = None, *, limit: int) -> list[tuple[date, list[OpenFile]]]:
    """This will list days with their files, newest first; with `before` only earlier days."""
    rows = OpenFile.objects.filter(day__lt=before) if before else OpenFile.objects.all()
    days = list(rows.order_by("-day").values_list("day", flat=True).distinct()[:limit])
    files: dict[date, list[OpenFile]] = {day: [] for day in days}
    for file in OpenFile.objects.filter(day__in=days).order_by("-day", "name"):
        files[file.day].append(file)
    return list(files.items())


def last_made_at() -> datetime | None:
    """This will say when the last file was made."""
    newest: datetime | None = OpenFile.objects.aggregate(newest=Max("made_at"))["newest"]
    return newest


def open_file(day: date | None, name: str) -> OpenFile | None:
    """This will find a file of a day, or of the latest day it was made."""
    files = OpenFile.objects.filter(name=name)
    return (files.filter(day=day) if day else files.order_by("-day")).first()
