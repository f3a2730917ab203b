"""The embedded servers alone, on odd machines; tests/ops/test_run.py runs the whole portal on some of them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest
import redis

from roms_portal.embedded import postgres, read_addresses, serve, shelter
from tests.system import ROOT

pytestmark = pytest.mark.slow

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder that others may not enter")
CYRILLIC = "SELECT lower('ПРИВЕТ') = 'привет' AND cardinality(show_trgm('Привет')) > 0"


@pytest.fixture
def base():
    """A folder any user may enter; pytest's own is closed to others."""
    with tempfile.TemporaryDirectory(prefix="roms-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def assert_serves(var: Path) -> None:
    """This will start both servers, use them and stop them."""
    with serve(var, throw_away=True) as (database, queue):
        assert database.execute(CYRILLIC, database="roms") == [(True,)]
        assert redis.Redis.from_url(queue.url).ping()
        assert read_addresses(var).database_url == database.url("roms_app")
    assert read_addresses(var) is None
    assert not database.sockets.exists()


@pytest.mark.parametrize("name", ["with blanks, ünïcode & 'quotes'", "/".join(["deep" * 12] * 6)], ids=["odd", "deep"])
def test_serves_from_a_folder(base, name):
    assert_serves(base / name)


def test_sockets_avoid_a_temporary_folder_with_a_long_path(base, monkeypatch):
    deep = base.joinpath(*["deep" * 12] * 3)
    deep.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)

    assert_serves(base / "var")


@AS_ROOT
def test_serves_from_a_folder_only_root_may_enter(base, monkeypatch):
    monkeypatch.setattr(shelter, "SHELTER", base / "shelter")
    monkeypatch.setattr(postgres, "reachable", lambda folder: False)  # the data folder and the installed programs

    assert_serves(base / "var")
    assert_serves(base / "var")

    home = base / "var" / "postgres"
    assert home.is_symlink()
    assert home.resolve().is_relative_to(base / "shelter")
    assert (home / "programs").is_dir()


@AS_ROOT
def test_a_shelter_goes_once_the_clone_it_served_is_gone(base, monkeypatch):
    monkeypatch.setattr(shelter, "SHELTER", base / "shelter")
    monkeypatch.setattr(postgres, "reachable", lambda folder: False)
    monkeypatch.setattr(postgres.Postgres, "_binaries", lambda server: None)
    for clone in ("deleted", "deleted while it serves", "kept"):
        (base / clone).mkdir()
        (postgres.Postgres(base / clone / "postgres", base).home / "data").mkdir()
    gone, serving, kept = (
        (base / clone / "postgres").resolve() for clone in ("deleted", "deleted while it serves", "kept")
    )
    (serving / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    for clone in ("deleted", "deleted while it serves"):
        shutil.rmtree(base / clone)

    (base / "next").mkdir()
    postgres.Postgres(base / "next" / "postgres", base)

    assert not gone.exists()
    assert serving.exists()
    assert kept.exists()


@AS_ROOT
def test_a_folder_below_a_closed_one_is_not_reachable(base):
    closed = base / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0o700)

    assert shelter.reachable(base)
    assert not shelter.reachable(closed / "inner")


def test_second_start_at_once_is_refused(base):
    command = [sys.executable, "-m", "roms_portal.embedded"]
    with serve(base / "var", throw_away=True):
        second = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"ROMS_VAR": str(base / "var")}, capture_output=True, text=True
        )

    assert second.returncode == 1
    assert second.stderr.startswith(f"Already running (process {os.getpid()})")


def test_two_folders_serve_side_by_side(base):
    with serve(base / "one", throw_away=True) as (one, _), serve(base / "two", throw_away=True) as (two, _):
        one.execute("CREATE TABLE only_here ()", database="roms")

        assert two.execute("SELECT to_regclass('only_here')", database="roms") == [(None,)]


@pytest.fixture
def supervisor(base):
    """`make servers` as a process of its own, up."""
    server = subprocess.Popen(
        [sys.executable, "-m", "roms_portal.embedded"],
        cwd=ROOT,
        env=os.environ | {"ROMS_VAR": str(base / "var")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert "are up" in server.stdout.readline()
    yield server
    if server.poll() is None:
        server.terminate()
    server.wait(30)
    server.stdout.close()


def processes_of(folder: Path) -> list[psutil.Process]:
    """This will list the servers whose command line names the folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if process.info["status"] != psutil.STATUS_ZOMBIE and str(folder) in " ".join(process.info["cmdline"] or ()):
            found.append(process)
    return found


def test_servers_end_with_a_killed_supervisor_and_start_again(base, supervisor):
    var = base / "var"
    sockets = Path(json.loads((var / "servers.json").read_text())["sockets"])

    supervisor.kill()
    supervisor.wait()
    _, alive = psutil.wait_procs(processes_of(var), timeout=20)

    assert alive == []
    assert sockets.exists()
    assert_serves(var)
    assert not sockets.exists()


def test_orphans_are_ended_before_a_new_start(base):
    """Where the kernel does not end children with their parent, or not yet."""
    var = base / "var"
    with serve(var, throw_away=True) as servers:
        orphans = [psutil.Process(server.process.pid) for server in servers]
        for server in servers:
            server.process = None  # forgotten, as after a kill

    assert all(orphan.is_running() for orphan in orphans)
    (var / "redis/redis.pid").write_text(str(orphans[1].pid))
    assert_serves(var)
    assert not any(orphan.is_running() and orphan.status() != psutil.STATUS_ZOMBIE for orphan in orphans)


def test_stale_pid_files_with_a_strangers_number_do_no_harm(base):
    var = base / "var"
    assert_serves(var)
    stranger = subprocess.Popen(["sleep", "60"])
    (var / "postgres/data/postmaster.pid").write_text(f"{stranger.pid}\n{var}/postgres/data\n")
    (var / "redis/redis.pid").write_text(str(stranger.pid))

    assert_serves(var)

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_half_made_data_folder_is_made_again(base):
    var = base / "var"
    (var / "postgres/data.new/base").mkdir(parents=True)

    assert_serves(var)


def test_a_server_that_cannot_start_names_its_log(base, monkeypatch):
    monkeypatch.setitem(postgres.SETTINGS, "shared_buffers", "nonsense")

    with pytest.raises(Exception, match=r"(?s)did not start; end of .*postgres\.log.*nonsense"), serve(base / "var"):
        pass


def test_make_servers_ends_when_told(base, supervisor):
    supervisor.send_signal(signal.SIGTERM)

    assert supervisor.wait(20) == 0
    assert processes_of(base / "var") == []
