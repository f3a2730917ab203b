"""Files for everybody, once a day: made by the first who comes, streamed, kept by their hash.

A day is complete when it has a row for every name. Whoever is killed half-way leaves no row, and the next one makes the
file anew; two at once: one makes it, the other finds it made.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import BinaryIO, Final

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from claims import selectors as claims
from register import selectors
from register.formats.rows import FigureRow, RegisterRow, TrackRow, as_csv, as_json
from register.models import ForgottenFile, OpenFile
from register.services.copy import write_copy, zip_copy

SECONDS_MAX: Final = 120
"""A file is begun as long as so much time has not passed; the next sweep makes the others."""
FORGOTTEN_MAX: Final = 1000
"""So many files are forgotten in one run."""
BLOCK: Final = 1 << 20
Maker = Callable[[Path, date, datetime], None]


def publish_day(*, now: datetime) -> int:
    """This will make the files of today that are not there yet; returns how many it made."""
    day, until, made = now.date(), monotonic() + SECONDS_MAX, 0
    for name in MAKERS:
        if monotonic() < until:
            made += _make(day, name, now)
    return made


def forget_files(*, now: datetime) -> int:
    """This will delete the bytes of files that were kept long enough (`keep_open_data_days`, 0: for ever).

    A file's row, with its hash, stays, and a further row says since when its bytes are gone. Bytes that a younger day
    shares stay with it. Killed between the two: the next run finds nothing to delete and writes the row. Gives how many
    files it forgot, at most FORGOTTEN_MAX; the next run takes the rest.
    """
    days = claims.rules_on(now.date()).count("keep_open_data_days")
    if not days:
        return 0
    with transaction.atomic():
        if not _lock():
            return 0
        kept = OpenFile.objects.filter(forgotten=None)
        first = now.date() - timedelta(days=days)
        old = list(kept.filter(day__lt=first).order_by("day", "name")[:FORGOTTEN_MAX])
        needed = set(kept.exclude(pk__in=[file.pk for file in old]).values_list("stored", flat=True))
        for stored in {file.stored for file in old} - needed:
            default_storage.delete(stored)
        ForgottenFile.objects.bulk_create([ForgottenFile(file=file, at=now) for file in old])
    return len(old)


def _lock() -> bool:
    """Be the only one at the files until the end of the transaction; False: somebody else is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('register.open_data'))")
        return bool(cursor.fetchone()[0])


def _make(day: date, name: str, now: datetime) -> int:
    if OpenFile.objects.filter(day=day, name=name).exists():
        return 0
    with transaction.atomic():
        if not _lock() or OpenFile.objects.filter(day=day, name=name).exists():
            return 0
        with TemporaryDirectory(prefix="roms-open-data-") as folder:
            path = Path(folder) / name
            MAKERS[name](path, day, now)
            with path.open("rb") as source:
                digest, size = _hash(source)
                source.seek(0)
                stored = f"open-data/{digest[:2]}/{digest}"
                _store(stored, size, source)
        OpenFile.objects.create(day=day, name=name, sha256=digest, size=size, stored=stored, made_at=now)
    return 1


def _store(stored: str, size: int, source: BinaryIO) -> None:
    """Keep the bytes under their hash; what somebody left half-written there is written anew."""
    if default_storage.exists(stored):
        if default_storage.size(stored) == size:
            return
        default_storage.delete(stored)
    default_storage.save(stored, File(source))


def _hash(source: BinaryIO) -> tuple[str, int]:
    digest, size = sha256(), 0
    while block := source.read(BLOCK):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def _written(path: Path, texts: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(texts)


def _about(what: str, day: date) -> dict[str, str]:
    return {"source": "ROMS", "what": what, "day": day.isoformat()}


def _copy(path: Path, day: date, now: datetime) -> None:
    folder = path.parent / "copy"
    write_copy(folder=folder, now=now)
    zip_copy(folder=folder, target=path, now=now)


MAKERS: Final[dict[str, Maker]] = {
    "register.csv": lambda path, day, now: _written(path, as_csv(RegisterRow, selectors.register_rows())),
    "register.json": lambda path, day, now: _written(path, as_json(_about("register", day), selectors.register_rows())),
    "tracks.csv": lambda path, day, now: _written(path, as_csv(TrackRow, selectors.track_rows())),
    "tracks.json": lambda path, day, now: _written(path, as_json(_about("tracks", day), selectors.track_rows())),
    "figures.csv": lambda path, day, now: _written(path, as_csv(FigureRow, selectors.figure_values())),
    "figures.json": lambda path, day, now: _written(path, as_json(_about("figures", day), selectors.figure_values())),
    "register-copy.zip": _copy,
}
"""Every file of a day by its name."""
