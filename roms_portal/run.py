"""`make run`: the servers, the migrations, the demo world, then web, worker and beat until Ctrl-C.

The embedded servers are our own children; the Procfile's processes are honcho's. With DATABASE_URL and REDIS_URL set
no server is started, and the demo world is loaded only on ROMS_DEMO=1.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError

import psutil
from honcho.environ import parse_procfile
from honcho.manager import Manager

from .embedded import AlreadyRunning, Server, ServerFailed, hold_lock, serve

ROOT = Path(__file__).resolve().parent.parent
OURS = "ROMS_RUN"


class CannotRun(RuntimeError):
    """The portal can't start; the message says why and what to do."""


def main() -> int:
    """This will run the whole portal and return the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    var = Path(os.environ.get("ROMS_VAR") or ROOT / "var").resolve()
    var.mkdir(parents=True, exist_ok=True)
    try:
        with hold_lock(var / "run.lock"):
            environment = _environment(var)
            _end_leftovers(var)
            _check_port(environment)
            embedded = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
            with ExitStack() as stack:
                servers: tuple[Server, ...] = ()
                if embedded:
                    with _step("Starting PostgreSQL and Redis"):
                        servers = stack.enter_context(serve(var))
                logins = _prepare(environment, demo=os.environ.get("ROMS_DEMO", str(int(embedded))) == "1")
                return _loop(environment, servers, logins)
    except KeyboardInterrupt:
        return 0
    except (AlreadyRunning, CannotRun, ServerFailed) as problem:
        print(problem, file=sys.stderr)
        return 1


def _environment(var: Path) -> dict[str, str]:
    """This will give the environment of every child; OURS lets a later run find those a killed run left."""
    defaults = {"HOST": "127.0.0.1", "PORT": "8000", "DJANGO_SETTINGS_MODULE": "roms_portal.settings.dev"}
    ours = {"ROMS_VAR": str(var), OURS: str(var), "PYTHON": sys.executable, "PYTHONUNBUFFERED": "1"}
    return defaults | os.environ | ours


def _end_leftovers(var: Path) -> None:
    """This will end the processes of an earlier run of this folder that was killed. We hold the lock: none is alive."""
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(OURS) == str(var):
                process.kill()
                left.append(process)
    psutil.wait_procs(left, timeout=10)


def _check_port(environment: dict[str, str]) -> None:
    """This will refuse a port that somebody else listens on."""
    port = int(environment["PORT"])
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((environment["HOST"], port))
        except OSError as problem:
            raise CannotRun(f"Port {port} is busy. Take another: make run PORT={port + 1}") from problem


@contextmanager
def _step(text: str) -> Iterator[None]:
    """This will print what is being done and how long it took."""
    print(f"  {text} ...", flush=True)
    start = time.monotonic()
    yield
    print(f"  {text}: done in {time.monotonic() - start:.1f} s", flush=True)


def _manage(environment: dict[str, str], *words: str, **extra: str) -> str:
    """This will run a management command, its progress on our terminal, and return what it printed."""
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    done = subprocess.run(command, cwd=ROOT, env=environment | extra, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise CannotRun(f"{done.stdout}\n`manage.py {' '.join(words)}` failed: see above.")
    return done.stdout


def _prepare(environment: dict[str, str], *, demo: bool) -> str:
    """This will migrate as the owner, check the database and load the demo world. It returns the demo log-ins."""
    with _step("Bringing the database up to date"):
        _manage(environment, "migrate", "--verbosity=0", ROMS_DB_ROLE="owner")
        _manage(environment, "check", "--database", "default")
    if not demo or not list(ROOT.glob("*/management/commands/load_demo.py")):
        return ""
    with _step("Loading the demo world"):
        return _manage(environment, "load_demo")


def _loop(environment: dict[str, str], servers: tuple[Server, ...], logins: str) -> int:
    """This will run the Procfile until a signal comes or one process ends."""
    manager = Manager()
    for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
        manager.add_process(name, command, env=environment, cwd=ROOT)
    ended = threading.Event()
    threading.Thread(target=_watch, args=(environment, servers, logins, ended), daemon=True).start()
    manager.loop()
    ended.set()
    return 0 if manager.returncode in (130, 143) else 1


def _watch(environment: dict[str, str], servers: tuple[Server, ...], logins: str, ended: threading.Event) -> None:
    """This will say when everything is up, and stop everything when a server dies."""
    address = f"http://{environment['HOST']}:{environment['PORT']}"
    greeted = False
    while not ended.wait(0.5):
        if not greeted and _healthy(f"{address}/healthz"):
            greeted = True
            print(f"\n  The portal is at {address}/   (Ctrl-C stops it)\n{logins}", flush=True)
        for server in servers:
            if server.died() and not ended.is_set():
                print(f"{type(server).__name__} ended by itself, stopping; see {server.log}.", flush=True)
                os.kill(os.getpid(), signal.SIGTERM)
                return


def _healthy(url: str) -> bool:
    """This will say whether web, worker, beat, database and broker all answer."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (our own address)
            return json.load(answer)["status"] == "ok"
    except (HTTPError, URLError, OSError, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(main())
