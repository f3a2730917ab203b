"""Files in the portal's storage, and their copies on this machine's disk while somebody works with them.

The storage may be a folder or an S3 bucket; nothing relies on a local disk beyond one piece of work. Names of originals
are made of their content, so storing one twice is storing it once.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard
from django.core.files import File
from django.core.files.storage import default_storage


@contextmanager
def scratch() -> Iterator[Path]:
    """This will lend an empty folder on the local disk, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="roms-intake-") as folder:
        yield Path(folder)


def keep(name: str, path: Path) -> str:
    """This will store a local file under a name made of its content; what is there already is left alone."""
    if not default_storage.exists(name):
        with path.open("rb") as file:
            return default_storage.save(name, File(file))
    return name


def replace(name: str, path: Path) -> str:
    """This will store a local file under a name that may be taken by an earlier try."""
    if default_storage.exists(name):
        default_storage.delete(name)
    with path.open("rb") as file:
        return default_storage.save(name, File(file))


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
