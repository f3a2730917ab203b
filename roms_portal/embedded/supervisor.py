"""The one process that starts, records and stops the embedded servers.

It holds a lock on `var/` while they live, so two starts at once cannot meet. What a killed run left behind (servers,
pid files, sockets) is cleared by the next start, which holds the lock and so knows that nobody owns it.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from .postgres import THROW_AWAY, Postgres
from .process import system_user
from .redis import Redis

SOCKET_PATH_MAX = 107  # bytes, the kernel's limit on Linux; 103 on macOS
LONGEST_SOCKET = "/roms-12345678/.s.PGSQL.5432.lock"


class AlreadyRunning(RuntimeError):
    """Another process already runs the servers of this folder."""


@dataclass(frozen=True)
class Addresses:
    """Where the servers are; the content of `servers.json`."""

    database_url: str
    database_owner_url: str
    redis_url: str
    sockets: str
    pid: int


def read_addresses(var: Path) -> Addresses | None:
    """This will say where the servers of `var` are, or None when none run."""
    try:
        return Addresses(**json.loads((var / "servers.json").read_text()))
    except FileNotFoundError:
        return None


@contextmanager
def serve(var: Path, *, throw_away: bool = False) -> Iterator[tuple[Postgres, Redis]]:
    """This will run both servers for the length of the block; `throw_away` trades durability for speed (tests).

    Raises: AlreadyRunning, ServerFailed.
    """
    var = var.resolve()
    var.mkdir(parents=True, exist_ok=True)
    with hold_lock(var / "servers.lock"):
        _clear_leftovers(var)
        sockets = _socket_folder()
        postgres = Postgres(var / "postgres", sockets, THROW_AWAY if throw_away else None)
        redis = Redis(var / "redis", sockets)
        try:
            postgres.start()
            redis.start(durable=not throw_away)
            _write_addresses(var, postgres, redis)
            yield postgres, redis
        finally:
            (var / "servers.json").unlink(missing_ok=True)
            redis.stop()
            postgres.stop()
            shutil.rmtree(sockets, ignore_errors=True)


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """This will hold a lock file. The kernel frees it when we die, so it can't be stale; `lockf` (not `flock`) because
    children must not inherit it. Raises: AlreadyRunning."""
    with path.open("a+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise AlreadyRunning(f"Already running (process {file.read().strip() or '?'}) for {path.parent}.") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def _socket_folder() -> Path:
    """This will make a private folder whose path is short enough for a socket, however deep the clone lies."""
    for base in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108 (mkdtemp is private)
        if base and os.access(base, os.W_OK) and len(os.fsencode(base)) + len(LONGEST_SOCKET) <= SOCKET_PATH_MAX:
            folder = Path(tempfile.mkdtemp(prefix="roms-", dir=base))
            if user := system_user():
                os.chown(folder, user.pw_uid, user.pw_gid)
            return folder
    raise RuntimeError("No folder with a short path for sockets: set TMPDIR to one.")


def _write_addresses(var: Path, postgres: Postgres, redis: Redis) -> None:
    """This will publish the addresses in one step: a reader sees all of them or none."""
    addresses = Addresses(
        database_url=postgres.url("roms_app"),
        database_owner_url=postgres.url("roms_owner"),
        redis_url=redis.url,
        sockets=str(postgres.sockets),
        pid=os.getpid(),
    )
    draft = var / "servers.json.new"
    draft.write_text(json.dumps(asdict(addresses), indent=2) + "\n")
    draft.rename(var / "servers.json")


def _clear_leftovers(var: Path) -> None:
    """This will remove the record and the sockets of a killed run; each server clears its own processes."""
    if left := read_addresses(var):
        shutil.rmtree(left.sockets, ignore_errors=True)
        (var / "servers.json").unlink()
