"""Child processes that never outlive us, and what to do about those that did."""

import ctypes
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from os import geteuid
from pathlib import Path
from typing import Any

import psutil

PR_SET_PDEATHSIG = 1
UNPRIVILEGED = "nobody"


class ServerFailed(RuntimeError):
    """A server did not start or stop as it should; the message names its log."""


class Server:
    """What PostgreSQL and Redis have in common: a process of ours and its log."""

    log: Path
    process: subprocess.Popen[bytes] | None = None

    def died(self) -> bool:
        """This will say whether the server ended without being told to."""
        return self.process is not None and self.process.poll() is not None


def system_user() -> pwd.struct_passwd | None:
    """This will name the user PostgreSQL must run as: it refuses root. None means ourselves."""
    return pwd.getpwnam(UNPRIVILEGED) if geteuid() == 0 else None


def identity(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """This will give the arguments that make `subprocess` run a command as `user`."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _end_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """This will have the kernel end the child when we are killed (Linux only; elsewhere `end_orphan` does it)."""
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(sign))


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    stop: signal.Signals,
    user: pwd.struct_passwd | None = None,
    cwd: Path = Path("/"),
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """This will start a server in its own session, so that Ctrl-C reaches only us, with its output in `log`."""
    with log.open("ab") as output:
        server: subprocess.Popen[bytes] = subprocess.Popen(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env=env,
            start_new_session=True,
            preexec_fn=_end_with_parent(stop) if sys.platform == "linux" else None,
            **identity(user),
        )
    return server


def end(server: subprocess.Popen[bytes], sign: signal.Signals, *, seconds: float = 60) -> None:
    """This will stop a server and wait for it; one that does not listen is killed."""
    if server.poll() is None:
        server.send_signal(sign)
    try:
        server.wait(seconds)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def end_orphan(pid_file: Path, folder: Path, sign: signal.Signals) -> None:
    """This will stop a server left by a killed run and remove its pid file.

    The number in the file may belong to a stranger by now: only a process whose command line names our `folder` is
    ours. The caller holds the lock, so no living supervisor owns it.
    """
    if not pid_file.exists():
        return
    words = pid_file.read_text().split()
    try:
        orphan = psutil.Process(int(words[0]))
        if str(folder) in orphan.cmdline():
            orphan.send_signal(sign)
            orphan.wait(60)
    except (psutil.NoSuchProcess, psutil.AccessDenied, IndexError, ValueError):
        pass
    pid_file.unlink(missing_ok=True)


def tail(log: Path, lines: int = 15) -> str:
    """This will give the end of a log, for the message about a server that failed."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-lines:])
