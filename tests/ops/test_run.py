"""`make run` on odd machines: each test runs the whole portal from a copy of this checkout."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from roms_portal.embedded.postgres import Postgres, reachable
from roms_portal.embedded.process import spawn
from roms_portal.embedded.redis import executable
from tests.conftest import copy_data
from tests.system import ROOT, free_port

pytestmark = pytest.mark.slow

OURS = ("ROMS_", "DATABASE_", "REDIS_", "DJANGO_", "PYTEST_")


class Clone:
    """A copy of the checkout, and the portal run from it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        files = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        for name in filter(None, files.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, folder / name)
        (folder / ".venv").symlink_to(Path(sys.prefix))
        self.folder, self.port, self.log = folder, free_port(), folder / "run.log"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.environment = clean | {"PORT": str(self.port), "ROMS_DEMO": "0"} | environment
        self.python = folder / ".venv" / "bin" / "python"
        self.command: list[str | Path] = []
        self.user: str | None = None
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """This will start `make run` without its set-up part and return at once."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command or [self.python, "-m", "roms_portal.run"],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self.user,
                start_new_session=True,
            )

    def wait(self, seconds: float = 180) -> None:
        """This will wait for the line that says everything is up."""
        until = time.monotonic() + seconds
        while "The portal is at" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.2)

    def health(self) -> dict[str, str]:
        """This will ask /healthz."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            return json.load(answer)

    def interrupt(self) -> int:
        """This will press Ctrl-C and return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(40)

    def manage(self, *words: str) -> str:
        """This will run a management command beside the running portal."""
        command = [self.python, "manage.py", *words]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, user=self.user
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def left(self) -> list[str]:
        """This will list the processes of this clone that still live."""
        found = []
        for process in psutil.process_iter():
            try:
                mine = str(self.folder) in " ".join(process.cmdline())
                mine = mine or process.environ().get("ROMS_RUN", "").startswith(str(self.folder))
            except psutil.Error:
                continue
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        return found


@contextmanager
def clone_in(base: Path, name: str = "portal", **environment: str):
    """This will lend a clone and see to it that nothing of it stays."""
    folder = base / name
    folder.mkdir(parents=True)
    clone = Clone(folder, **environment)
    try:
        yield clone
    finally:
        if clone.process and clone.process.poll() is None:
            clone.interrupt()
        home = folder / "var" / "postgres"
        if home.is_symlink():
            shutil.rmtree(home.resolve())
        shutil.rmtree(folder)


@pytest.fixture
def base():
    """A folder any user may enter; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="roms-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def first_run() -> Iterator[Path]:
    """The data of a first run, in a folder with an awkward name, so that the other tests need not migrate again."""
    with tempfile.TemporaryDirectory(prefix="roms-test-") as folder:
        Path(folder).chmod(0o755)
        with clone_in(Path(folder), "with blanks, ünïcode & 'quotes'") as clone:
            assert_runs_and_stops(clone)
            copy_data(clone.folder / "var" / "postgres" / "data", Path(folder) / "data")
        yield Path(folder) / "data"


@contextmanager
def later_clone(base: Path, first_run: Path, name: str = "portal"):
    """This will lend a clone that has run before."""
    with clone_in(base, name) as clone:
        home = clone.folder / "var" / "postgres"
        home.mkdir(parents=True)
        copy_data(first_run, home / "data")
        yield clone


@pytest.fixture
def clone(base, first_run):
    with later_clone(base, first_run) as made:
        yield made


def assert_runs_and_stops(clone: Clone) -> None:
    """This will run a portal, look at it, stop it and look for what is left."""
    clone.start()
    clone.wait()
    assert set(clone.health().values()) == {"ok"}
    sockets = json.loads((clone.folder / "var" / "servers.json").read_text())["sockets"]

    assert clone.interrupt() == 0
    assert clone.left() == []
    assert not Path(sockets).exists()
    assert not (clone.folder / "var" / "servers.json").exists()


def test_runs_in_an_awkward_folder_and_leaves_nothing_running(first_run):
    assert first_run.is_dir()


def python_for_anybody(base: Path) -> Path:
    """This will name a Python any user may start: ours, or a copy when ours lies in a closed folder."""
    if reachable(Path(sys.base_prefix)):
        return Path(sys.executable)
    library = f"lib/python{sys.version_info.major}.{sys.version_info.minor}"
    skip = shutil.ignore_patterns("site-packages", "test", "__pycache__", "config-*")
    shutil.copytree(Path(sys.base_prefix, library), base / "python" / library, ignore=skip)
    for shared in Path(sys.base_prefix, "lib").glob("libpython3*.so*"):
        shutil.copy(shared, base / "python" / "lib")
    (base / "python" / "bin").mkdir()
    return Path(shutil.copy(Path(sys.executable).resolve(), base / "python" / "bin"))


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
def test_runs_as_an_ordinary_user(base):
    daemon = pwd.getpwnam("daemon")
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    with clone_in(base, PYTHONPATH=packages, LD_LIBRARY_PATH=str(base / "python" / "lib")) as clone:
        clone.user, clone.python = daemon.pw_name, python_for_anybody(base)
        for path in (clone.folder, *clone.folder.rglob("*")):
            os.chown(path, daemon.pw_uid, daemon.pw_gid, follow_symlinks=False)
        assert_runs_and_stops(clone)


def test_continues_with_its_data(clone):
    clone.start()
    clone.wait()
    clone.manage("shell", "-c", "from accounts.models import User; User.objects.create_user('alice@example.org')")
    clone.interrupt()

    clone.start()
    clone.wait()

    assert "alice@example.org" in clone.manage(
        "shell", "-c", "from accounts.models import User; print(User.objects.get().email)"
    )


def test_recovers_after_a_kill(clone):
    clone.start()
    clone.wait()
    os.kill(clone.process.pid, signal.SIGKILL)
    clone.process.wait()

    clone.start()
    clone.wait()

    assert set(clone.health().values()) == {"ok"}
    assert clone.interrupt() == 0
    assert clone.left() == []


def test_second_start_of_one_folder_is_refused(clone):
    clone.start()
    clone.wait()

    second = subprocess.run(
        [clone.python, "-m", "roms_portal.run"], cwd=clone.folder, env=clone.environment, capture_output=True, text=True
    )

    assert second.returncode == 1
    assert second.stderr.startswith(f"Already running (process {clone.process.pid})")
    assert set(clone.health().values()) == {"ok"}


def test_two_clones_run_side_by_side(base, first_run):
    with later_clone(base, first_run, "one") as one, later_clone(base, first_run, "two") as two:
        one.start()
        two.start()
        one.wait()
        two.wait()

        assert set(one.health().values()) == set(two.health().values()) == {"ok"}
        assert one.interrupt() == 0
        assert set(two.health().values()) == {"ok"}


def test_busy_port_is_said_with_the_remedy(clone):
    with socket.create_server(("127.0.0.1", clone.port)):
        clone.start()

        assert clone.process.wait(30) == 1

    assert clone.log.read_text() == f"Port {clone.port} is busy. Take another: make run PORT={clone.port + 1}\n"


def test_a_server_that_dies_ends_the_run(clone):
    clone.start()
    clone.wait()
    postmaster = int((clone.folder / "var/postgres/data/postmaster.pid").read_text().split()[0])

    os.kill(postmaster, signal.SIGKILL)

    assert clone.process.wait(40) == 0 or "ended by itself" in clone.log.read_text()
    assert "Postgres ended by itself" in clone.log.read_text()
    assert clone.left() == []


def test_set_up_does_nothing_and_needs_no_network_when_all_is_installed():
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0"}

    done = subprocess.run(["make", "setup"], cwd=ROOT, env=os.environ | nowhere, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def cut_off() -> list[str]:
    """The command that runs another one in a network namespace of its own: nothing but an unconnected loopback."""
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    inner = 'ip link set lo up 2>/dev/null || ifconfig lo up; exec "$@"'
    return ["unshare", *own, "--net", "sh", "-c", inner, "sh"]


def can_cut_off() -> bool:
    """Say whether this machine lets us make such a namespace."""
    with suppress(OSError):
        probe = "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname())"
        return subprocess.run([*cut_off(), sys.executable, "-c", probe], capture_output=True).returncode == 0
    return False


@pytest.mark.skipif(not can_cut_off(), reason="this machine lends no network namespace (unshare --net)")
def test_first_start_of_an_installed_clone_needs_no_network(base):
    with clone_in(base) as clone:
        (clone.folder / ".venv" / ".installed").touch()
        os.utime(clone.folder / "requirements" / "dev.txt", (0, 0))
        clone.environment["ROMS_DEMO"] = "1"
        clone.command = [*cut_off(), "make", "run"]
        clone.start()
        clone.wait()

        inside = ["nsenter", "--net", "--target", str(clone.process.pid), "--"]
        ask = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{clone.port}/').status)"
        answer = subprocess.run([*inside, sys.executable, "-c", ask], capture_output=True, text=True)
        away = "import socket; socket.create_connection(('192.0.2.1', 80), 3)"
        assert subprocess.run([*inside, sys.executable, "-c", away], capture_output=True).returncode != 0
        assert answer.stdout.strip() == "200", answer.stderr
        assert "alice@example.org" in clone.log.read_text()
        clone.interrupt()
        assert clone.left() == []


@pytest.fixture
def external(base):
    """PostgreSQL and Redis on TCP with passwords, as another machine would offer them."""
    postgres_port, redis_port = free_port(), free_port()
    sockets = Path(tempfile.mkdtemp(prefix="roms-"))
    postgres = Postgres(base / "elsewhere", sockets, {"listen_addresses": "127.0.0.1", "port": str(postgres_port)})
    if postgres.user:
        os.chown(sockets, postgres.user.pw_uid, postgres.user.pw_gid)
    postgres.hba += "host all all 127.0.0.1/32 scram-sha-256\n"
    postgres.start()
    postgres.execute("ALTER ROLE roms_app PASSWORD 'app-secret'", "ALTER ROLE roms_owner PASSWORD 'owner-secret'")
    redis = spawn(
        [executable(), "--port", str(redis_port), "--requirepass", "redis-secret", "--dir", base, "--save", ""],
        log=base / "redis.log",
        stop=signal.SIGTERM,
    )
    yield {
        "DATABASE_URL": f"postgres://roms_app:app-secret@127.0.0.1:{postgres_port}/roms",
        "DATABASE_OWNER_URL": f"postgres://roms_owner:owner-secret@127.0.0.1:{postgres_port}/roms",
        "REDIS_URL": f"redis://:redis-secret@127.0.0.1:{redis_port}/0",
    }
    redis.terminate()
    redis.wait()
    postgres.stop()
    shutil.rmtree(sockets)


def test_runs_on_external_servers(base, external):
    with clone_in(base, **external) as clone:
        clone.start()
        clone.wait()

        assert set(clone.health().values()) == {"ok"}
        assert not (clone.folder / "var" / "postgres").exists()
        ask = "from django.db import connection as c; k = c.cursor(); k.execute('select user'); print(k.fetchone())"
        assert "roms_app" in clone.manage("shell", "-c", ask)
        clone.environment["ROMS_DEMO"] = "1"
        sample = clone.folder / "tests" / "data" / "flat_2007-06.csv"
        walked = json.loads(clone.manage("walkthrough", "--report", str(sample), "--licensee", "smoke", "--json"))
        assert walked["ok"]
        assert walked["steps"][-1]["step"] == "verify"
        assert clone.interrupt() == 0
        assert clone.left() == []
