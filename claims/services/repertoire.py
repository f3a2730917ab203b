"""A list of repertoire: received, read, looked up, chosen from. Nothing of it is signed; a case is made of it.

Every step is a row and a task, safe to be killed and done again: a file is kept before anything else happens, rows are
written in batches that say how far they came, each part is looked up in one transaction, the last one settles the list.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from catalog.models import Authority, RightsHolder, Track
from catalog.names import artist_key, title_key
from catalog.rights import Right
from claims import tasks
from claims.formats.repertoire_file import ROWS_MAX, CannotRead, Listed, ListedRow, read_pasted, read_repertoire
from claims.models import RepertoireFile, RepertoireList, RepertoirePart, RepertoireRow
from claims.pipeline import list_match, list_rows, list_settle
from claims.services.errors import AuthorityNeeded, FileTooLarge, NoRole, NoRows
from claims.services.evidence import party, require_writer
from claims.services.list_choice import count_list, lock_list
from core import vault
from core.workflow import move, record_event

FILE_BYTES_MAX = 256 << 20
ROWS_PER_BATCH = 50_000
PART_ROWS = 50_000
_PIECE = 1 << 20
Status = RepertoireList.Status
Source = RepertoireList.Source
Group = RepertoireRow.Group
Outcome = RepertoireRow.Outcome


@dataclass(frozen=True, slots=True)
class ListTerms:
    """Whose list it is, what it is for, and what the holder says is its own."""

    holder: RightsHolder
    purpose: str
    rights: Collection[str]
    authority: Authority | None = None


# Receiving -----------------------------------------------------------------------------------------------------------
def receive_list(*, terms: ListTerms, file: BinaryIO, name: str, by: User, now: datetime) -> RepertoireList:
    """This will keep a file as it came, note the list it makes, and queue its reading.

    The same bytes sent again for the same purpose make a new list, of the one stored file: lists are drafts.

    Raises: MayNotWrite, NoRole, AuthorityNeeded, FileTooLarge.
    """
    _require_sound(terms, by, now)
    kept = _keep(file)
    with transaction.atomic():
        found = _new(terms, Source.FILE, "", by, now)
        _note_file(found, kept, name, now)
        tasks.hurry(tasks.read_list, list_id=found.pk)
    return found


def paste_list(*, terms: ListTerms, text: str, by: User, now: datetime) -> RepertoireList:
    """This will keep a typed or pasted list, as a file of the same text. Raises: as `receive_list`, NoRows."""
    from io import BytesIO

    if not text.strip():
        raise NoRows
    _require_sound(terms, by, now)
    kept = _keep(BytesIO(text.encode()))
    with transaction.atomic():
        found = _new(terms, Source.PASTE, "", by, now)
        _note_file(found, kept, "", now)
        tasks.hurry(tasks.read_list, list_id=found.pk)
    return found


def pick_list(
    *, terms: ListTerms, source: str, name: str = "", ids: Sequence[int] = (), by: User, now: datetime
) -> RepertoireList:
    """This will make a list of a choice: the basket (`ids`), a label, an artist, a release, or what is recorded.

    Raises: MayNotWrite, NoRole, AuthorityNeeded, NoRows.
    """
    _require_sound(terms, by, now)
    with transaction.atomic():
        found = _new(terms, source, name.strip()[:500], by, now)
        found.seen_track = last_track()
        found.save(update_fields=["seen_track"])
        if not fill_list(found, ids=ids, now=now):
            raise NoRows
    return found


def fill_list(found: RepertoireList, *, ids: Sequence[int] = (), after: int = 0, now: datetime) -> int:
    """This will write a row for every track of a choice that came after one, and queue them; returns how many."""
    count = list_rows.pick_rows(found, key=_key(found), ids=ids, after=after, most=ROWS_MAX)
    if count:
        RepertoireList.objects.filter(pk=found.pk).update(row_count=count)
        for first in range(1, count + 1, PART_ROWS):
            _add_part(found, first, min(first + PART_ROWS - 1, count))
        move(found, Status.READ, by=None, now=now)
        found.row_count = count
    return count


def picking(found: RepertoireList, *, after: int) -> bool:
    """This will tell whether there is a track of a choice that came after one."""
    return list_rows.has_rows(found, key=_key(found), after=after)


def last_track() -> int:
    """This will give the number of the newest track: what comes later has a higher one."""
    return Track.objects.aggregate(last=Max("pk"))["last"] or 0


def _key(found: RepertoireList) -> str:
    name = found.selection
    keys = {
        Source.LABEL: artist_key(name),
        Source.ARTIST: f"%|{_escaped(artist_key(name))}",
        Source.RELEASE: title_key(name),
    }
    return keys.get(Source(found.source), "")


def mend_list(*, found: RepertoireList, file: BinaryIO, name: str, by: User, now: datetime) -> RepertoireList:
    """This will take a mended correction file: its rows go in the place of those with their numbers.

    Raises: MayNotWrite, FileTooLarge, ListBusy.
    """
    require_writer(by, found.holder, found.authority, now=now)
    kept = _keep(file)
    with transaction.atomic():
        found = lock_list(found, Status.READY)
        if not found.files.filter(sha256=kept.sha256).exists():
            _note_file(found, kept, name, now, is_mended=True)
            move(found, Status.RECEIVED, by=by, now=now, reason_code="mended")
            tasks.hurry(tasks.read_list, list_id=found.pk)
    return found


def drop_list(*, found: RepertoireList, by: User, now: datetime) -> RepertoireList:
    """This will throw a list away; what was received is kept, and of what was proposed, that it was.

    Raises: MayNotWrite, MoveNotAllowed, MovedMeanwhile.
    """
    require_writer(by, found.holder, found.authority, now=now)
    with transaction.atomic():
        move(found, Status.DROPPED, by=by, now=now)
        RepertoireRow.objects.filter(list=found, list__follows=None).delete()
    return found


@dataclass(frozen=True, slots=True)
class _Kept:
    stored: str
    size: int
    sha256: str


def _keep(file: BinaryIO) -> _Kept:
    """Keep bytes under their content's name, before anything is noted: what was received is never lost."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        if size > FILE_BYTES_MAX:
            raise FileTooLarge
    name = f"repertoire/{digest.hexdigest()[:2]}/{digest.hexdigest()}"
    if not default_storage.exists(name):
        file.seek(0)
        name = default_storage.save(name, File(file))
    return _Kept(name, size, digest.hexdigest())


def _note_file(found: RepertoireList, kept: _Kept, name: str, now: datetime, *, is_mended: bool = False) -> None:
    RepertoireFile.objects.create(
        list=found,
        sha256=kept.sha256,
        size=kept.size,
        stored=kept.stored,
        name_sealed=vault.encrypt(party(found.holder), name[-300:].encode()),
        is_mended=is_mended,
        received_at=now,
    )


def _new(terms: ListTerms, source: str, selection: str, by: User, now: datetime) -> RepertoireList:
    found = RepertoireList.objects.create(
        holder=terms.holder,
        authority=terms.authority,
        purpose=terms.purpose,
        source=source,
        selection=selection,
        rights=sorted(set(terms.rights)),
        created_by=by,
        created_at=now,
    )
    record_event(found, "", Status.RECEIVED, by=by, now=now)
    return found


def _require_sound(terms: ListTerms, by: User, now: datetime) -> None:
    require_writer(by, terms.holder, terms.authority, now=now)
    if not terms.rights or not set(terms.rights) <= set(Right.values):
        raise NoRole
    if terms.authority is not None and terms.authority.principal_id != terms.holder.pk:
        raise AuthorityNeeded


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


# Reading -------------------------------------------------------------------------------------------------------------
def read_list(*, list_id: int, now: datetime) -> bool:
    """This will read the next batch of a received list and queue it to be looked up; True while more is left.

    Each batch is one transaction that writes down how far the file was read; a worker that finds another at work leaves
    the list to it. A file that cannot be read rejects the list, with the reason; one that mends leaves it as it was.
    """
    found = RepertoireList.objects.select_related("holder").filter(pk=list_id, status=Status.RECEIVED).first()
    file = found.files.filter(read_at=None).order_by("pk").first() if found else None
    if found is None:
        return False
    if file is None:
        _all_read(found, now)
        return False
    try:
        with default_storage.open(file.stored, "rb") as stored:
            listed = (
                read_pasted(stored.read().decode())
                if found.source == Source.PASTE
                else read_repertoire(cast(BinaryIO, stored), leaves=found.purpose == RepertoireList.Purpose.OPT_OUT)
            )
            return _read_batches(found, file, listed, now)
    except CannotRead as error:
        _cannot_read(found, file, error.code, now)
    return False


def _read_batches(found: RepertoireList, file: RepertoireFile, listed: Listed, now: datetime) -> bool:
    rows = iter(listed.rows)
    for _ in islice(rows, file.rows_read):
        pass
    while True:
        batch = list(islice(rows, ROWS_PER_BATCH))
        with transaction.atomic():
            locked = RepertoireFile.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            mine = locked.filter(pk=file.pk, rows_read=file.rows_read, read_at=None).first()
            if mine is None:
                return False  # another worker is reading it
            if found.row_count + len(batch) > ROWS_MAX and not file.is_mended:
                raise CannotRead("list_rows_max")
            if batch:
                _write(found, batch, file.is_mended)
            file.rows_read, file.kind = file.rows_read + len(batch), listed.kind[:40]
            file.read_at = now if len(batch) < ROWS_PER_BATCH else None
            file.save(update_fields=["rows_read", "kind", "read_at"])
            if file.read_at:
                break
    if not RepertoireRow.objects.filter(list=found).exists():
        raise CannotRead("list_empty")
    _all_read(found, now)
    return False


def _write(found: RepertoireList, batch: Sequence[ListedRow], is_mended: bool) -> None:
    """Write rows and the parts in which they are looked up; mended rows open theirs again."""
    if is_mended:
        last = found.parts.aggregate(last=Max("last_row"))["last"] or 0
        batch = [
            row._replace(row_no=row.mends if 0 < row.mends <= last else last + place)
            for place, row in enumerate(batch, 1)
        ]
        list_rows.mend_rows(found, batch)
        beyond = [row.row_no for row in batch if row.row_no > last]
        if beyond:
            _add_part(found, min(beyond), max(beyond))
        parts = list(found.parts.filter(done_at=None).values_list("pk", flat=True))
        for part in parts:
            tasks.hurry(tasks.match_list_part, part_id=part)
    else:
        list_rows.write_rows(found, batch)
        _add_part(found, batch[0].row_no, batch[-1].row_no)
    count = RepertoireRow.objects.filter(list=found, place=0).count() if is_mended else found.row_count + len(batch)
    RepertoireList.objects.filter(pk=found.pk).update(row_count=count)
    found.row_count = count


def _add_part(found: RepertoireList, first: int, last: int) -> None:
    part, _created = RepertoirePart.objects.get_or_create(list=found, first_row=first, defaults={"last_row": last})
    tasks.hurry(tasks.match_list_part, part_id=part.pk)


def _all_read(found: RepertoireList, now: datetime) -> None:
    with transaction.atomic():
        locked = RepertoireList.objects.select_for_update(no_key=True).get(pk=found.pk)
        if locked.status == Status.RECEIVED and not locked.files.filter(read_at=None).exists():
            move(locked, Status.READ, by=None, now=now)
            tasks.hurry(tasks.settle_list, list_id=found.pk)


def _cannot_read(found: RepertoireList, file: RepertoireFile, code: str, now: datetime) -> None:
    """Say why; a mended file that cannot be read leaves the list as it stood before it came."""
    with transaction.atomic():
        locked = RepertoireList.objects.select_for_update(no_key=True).get(pk=found.pk)
        if locked.status != Status.RECEIVED:
            return
        RepertoireFile.objects.filter(pk=file.pk).update(read_at=now)
        RepertoireList.objects.filter(pk=found.pk).update(reason=code)
        if file.is_mended:
            move(locked, Status.READ, by=None, now=now, reason_code=code)
            tasks.hurry(tasks.settle_list, list_id=found.pk)
        else:
            move(locked, Status.REJECTED, by=None, now=now, reason_code=code)
            RepertoireRow.objects.filter(list=found).delete()
            found.parts.all().delete()


# Looking up ----------------------------------------------------------------------------------------------------------
def match_list_part(*, part_id: int, now: datetime) -> bool:
    """This will look up one part of a list, in one transaction; False when it is done, gone or in other hands."""
    with transaction.atomic():
        parts = RepertoirePart.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        part = parts.select_related("list").filter(pk=part_id, done_at=None).first()
        if part is None or part.list.status not in (Status.RECEIVED, Status.READ):
            return False
        waiting = list_match.match_rows(part.list, part.first_row, part.last_row, now.date())
        part.done_at, part.waiting = now, {currency: str(amount) for currency, amount in waiting.items()}
        part.save(update_fields=["done_at", "waiting"])
        tasks.hurry(tasks.settle_list, list_id=part.list_id)
    return True


def settle_list(*, list_id: int, now: datetime) -> bool:
    """This will make a list ready once all its parts are looked up: repeated rows told, everything counted."""
    with transaction.atomic():
        lists = RepertoireList.objects.select_for_update(no_key=True, of=("self",))
        found = lists.select_related("holder").filter(pk=list_id, status=Status.READ).first()
        if found is None or found.parts.filter(done_at=None).exists():
            return False
        list_settle.mark_repeated(found)
        count_list(found)
        found.ready_at = now
        found.save(update_fields=["ready_at"])
        move(found, Status.READY, by=None, now=now)
    return True


def lists_due(*, limit: int = 100) -> tuple[list[int], list[int], list[int]]:
    """This will name the lists to read, the parts to look up and the lists to settle that the queue forgot."""
    lists = RepertoireList.objects.order_by("pk")
    reading = lists.filter(status=Status.RECEIVED).values_list("pk", flat=True)[:limit]
    parts = RepertoirePart.objects.filter(done_at=None, list__status__in=(Status.RECEIVED, Status.READ))
    settling = lists.filter(status=Status.READ).exclude(parts__done_at=None).values_list("pk", flat=True)[:limit]
    return list(reading), list(parts.order_by("pk").values_list("pk", flat=True)[:limit]), list(settling)


def file_name(file: RepertoireFile) -> str:
    """This will unseal the name a file was sent under; nothing where the holder was erased."""
    try:
        return vault.decrypt(party(file.list.holder), bytes(file.name_sealed)).decode()
    except vault.VaultError:
        return ""


def original(file: RepertoireFile) -> Iterator[bytes]:
    """This will give a file as it was received, piece by piece."""
    with default_storage.open(file.stored, "rb") as stored:
        yield from stored.chunks()
