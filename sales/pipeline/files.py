"""Files in the portal's storage, and their copies on this machine's disk while somebody works with them.

The storage may be a folder or an S3 bucket; nothing relies on a local disk beyond one piece of work. Names of originals
are made of their content, so storing one twice is storing it once.
"""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

import zstandard
from django.core.files import File
from django.core.files.storage import default_storage

SCRATCH = "roms-intake-"
YOUNG = 60.0
"""Seconds in which a scratch folder may not have its lock yet."""


@contextmanager
def scratch() -> Iterator[Path]:
    """This will lend an empty folder on the local disk, removed afterwards; what dead workers left there goes first.

    The folder is locked while it is lent. The system lets go of the lock when the process dies, however it dies.
    """
    sweep_scratch()
    with tempfile.TemporaryDirectory(prefix=SCRATCH) as folder, _lock_of(Path(folder)).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Path(folder)


def sweep_scratch() -> int:
    """This will remove the scratch folders whose process is gone, and count them."""
    swept = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > YOUNG and _is_left(folder):
                shutil.rmtree(folder)
                swept += 1
    return swept


def _lock_of(folder: Path) -> Path:
    return folder / ".lent"


def _is_left(folder: Path) -> bool:
    """Say whether nobody holds the folder's lock; a folder without one was left before it was locked."""
    try:
        with _lock_of(folder).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False


def keep(name: str, path: Path) -> str:
    """This will store a local file under a name made of its content; what is there already whole is left alone."""
    if default_storage.exists(name) and default_storage.size(name) == path.stat().st_size:
        return name
    return replace(name, path)


def replace(name: str, path: Path) -> str:
    """This will store a local file under a name that may be taken by an earlier try, whole or not.

    What could only be stored in part is taken away again.
    """
    if default_storage.exists(name):
        default_storage.delete(name)
    try:
        with path.open("rb") as file:
            return default_storage.save(name, File(file))
    except OSError:
        default_storage.delete(name)
        raise


def local(name: str, folder: Path) -> Path:
    """This will give a stored file as a local one: itself where the storage is a folder, else a copy in `folder`."""
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:
        pass
    copy = folder / name.replace("/", "_")
    if not copy.exists():
        with default_storage.open(name, "rb") as source, copy.open("wb") as target:
            for piece in source.chunks():
                target.write(piece)
    return copy


@contextmanager
def original(name: str) -> Iterator[BinaryIO]:
    """This will open an original as it was received, whether the storage holds it compressed or not.

    What we compressed can only be read forwards; XLSX, which is read in several places, is stored as it came.
    """
    with default_storage.open(name, "rb") as stored:
        if name.endswith(".stored-zst"):
            with zstandard.ZstdDecompressor().stream_reader(stored) as unpacked:
                yield cast(BinaryIO, unpacked)
        else:
            yield cast(BinaryIO, stored)
