"""The `system` tier: the Procfile's real processes on a free port, with a Redis and a database of their own.

One set of processes serves all tests of a run; stories keep apart by using fresh holders.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen
from typing import TypeVar

import dj_database_url
import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings
from honcho.environ import parse_procfile

from roms_portal.embedded.process import end, spawn, tail
from roms_portal.embedded.redis import Redis

ROOT = Path(__file__).resolve().parent.parent
Answer = TypeVar("Answer")


def free_port() -> int:
    """This will find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class System:
    """The running portal: `url` to call it, `run` for the ORM, `manage` for commands, `kill` and `start` for faults."""

    def __init__(self, folder: Path, database_url: str, owner_url: str, redis: Redis) -> None:
        self.folder, self.redis, self.database_url = folder, redis, database_url
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "roms_portal.settings.dev",
            "DATABASE_URL": database_url,
            "DATABASE_OWNER_URL": owner_url,
            "REDIS_URL": redis.url,
            "ROMS_VAR": str(folder),
            "ROMS_FIELD_KEYS": ",".join(settings.ROMS_FIELD_KEYS),
            "ROMS_LOG_KEY": settings.ROMS_LOG_KEY,
            "ROMS_SECOND_FACTOR": "0",
            "ROMS_DEMO": "1",  # lets the worker call a receiver on this machine
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "PYTHON": sys.executable,
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT),
        }
        self.commands = parse_procfile((ROOT / "Procfile").read_text()).processes
        self.processes: dict[str, Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """This will start the named processes, or all."""
        for name in names or self.commands:
            command = ["sh", "-c", self.commands[name]]
            self.processes[name] = spawn(
                command, log=self.log(name), stop=signal.SIGTERM, cwd=ROOT, env=self.environment
            )

    def stop(self) -> None:
        """This will stop everything that runs."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            end(process, signal.SIGTERM, seconds=10)

    def kill(self, name: str) -> None:
        """This will kill a process and its children without warning."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def log(self, name: str) -> Path:
        """This will name the file a process writes to."""
        return self.folder / f"{name}.log"

    def wait(self, seconds: float = 40) -> None:
        """This will wait until every part is up."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).read()
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise AssertionError("\n".join(f"{name}:\n{tail(self.log(name))}" for name in self.processes))

    def manage(self, *words: str) -> str:
        """This will run a management command on this system and return what it printed."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, work: Callable[[], Answer]) -> Answer:
        """This will do ORM work on this system's database, in a thread of its own: Playwright's has a loop."""
        answers: list[Answer] = []
        problems: list[BaseException] = []

        def target() -> None:
            try:
                answers.append(work())
            except BaseException as problem:
                problems.append(problem)
            finally:
                connections.close_all()

        database = connections.settings["default"]
        before = dict(database)
        database.update(dj_database_url.parse(self.database_url))
        try:
            with override_settings(MEDIA_ROOT=self.folder / "files", VAR_DIR=self.folder):
                thread = threading.Thread(target=target)
                thread.start()
                thread.join()
        finally:
            database.update(before)
        if problems:
            raise problems[0]
        return answers[0]


@pytest.fixture(scope="session")
def system(databases, worker: str, django_db_blocker) -> Iterator[System]:
    """Real web, worker, beat and Redis. Never in one test with `db`: this is another database."""
    folder = Path(os.environ["ROMS_TEST_VAR"]) / f"system-{worker}"
    sockets = Path(databases.addresses.sockets) / worker
    sockets.mkdir()
    redis = Redis(folder / "redis", sockets)
    name = f"roms_system_{worker}"
    with databases.copy(name) as url:
        redis.start(durable=False)
        running = System(folder, url, databases.url(name, "roms_owner"), redis)
        try:
            running.start()
            running.wait()
            with django_db_blocker.unblock():
                yield running
        finally:
            running.stop()
            redis.stop()
            shutil.rmtree(sockets)
