"""Three tiers of tests, and the people in them.

`db`            one transaction, rolled back. Leaving the outermost `atomic` counts as the commit it would be: deferred
                constraints are checked and on-commit callbacks run, tasks too.
`committed_db`  a database of its own, copied from a template and dropped after: real commits, races, several threads.
`system`        real web, worker, beat and Redis as processes (tests/system.py).

The servers start with the first test that needs them, in a folder of this run, and end with the run. Under xdist the
controller starts them and every worker has its own database. All tests connect as roms_app, as the portal does.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path

import dj_database_url
import psycopg2
import pytest
from django.db import connection, connections, transaction
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as properties
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from roms_portal.embedded import Addresses, read_addresses, serve
from roms_portal.embedded.postgres import BOOTSTRAP, CREATE_DATABASE, Postgres

ROOT = Path(__file__).resolve().parent.parent
RUNS = ROOT / "var" / "test"
RUN_FOLDER = "ROMS_TEST_VAR"
TEMPLATE = "roms_template"

pytest_plugins = ["tests.system", "tests.browser"]
properties.register_profile("roms", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("roms")
"""What a property finds must not depend on how busy the machine is."""


# Servers ---------------------------------------------------------------------------------------------------------
@contextmanager
def started_servers() -> Iterator[None]:
    """This will run servers for the tests in a folder that is removed afterwards.

    Migrating takes seconds, copying a stopped server's data a tenth of one: the data is kept by the hash of what made
    it and the next run starts from there.
    """
    RUNS.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=RUNS))
    folder.chmod(0o755)
    made_of = migrations_hash()
    kept = RUNS / f"migrated-{made_of}"
    postgres = Postgres(folder / "postgres", folder)
    if kept.exists():
        copy_data(kept, postgres.data)
    try:
        with serve(folder, throw_away=True):
            os.environ[RUN_FOLDER] = str(folder)
            yield
        if (folder / "template.made").exists() and not kept.exists() and made_of == migrations_hash():
            for old in RUNS.glob("migrated-*"):
                shutil.rmtree(old, ignore_errors=True)
            copy_data(postgres.data, kept)
    finally:
        os.environ.pop(RUN_FOLDER, None)
        shutil.rmtree(postgres.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def migrations_hash() -> str:
    """This will fingerprint everything the template database is made of."""
    files = sorted(
        [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/sql/**/*.sql"), ROOT / "requirements/base.txt", BOOTSTRAP]
    )
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def copy_data(source: Path, target: Path) -> None:
    """This will copy a stopped server's data, owner and all, so that nobody ever sees half of it."""
    draft = Path(tempfile.mkdtemp(prefix="copy-", dir=target.parent)) / "data"
    subprocess.run(["cp", "-a", source, draft], check=True)
    with suppress(OSError):  # another run was first
        draft.rename(target)
    shutil.rmtree(draft.parent)


@pytest.hookimpl(tryfirst=True)  # xdist reads the marks in its own hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """This will keep the tests of the `system` tier on one worker: they share one set of processes."""
    for item in items:
        if "system" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("system"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """This will keep the content of files out of test names: it may be large, and differ between xdist's workers."""
    return argname if isinstance(val, bytes) else None


def pytest_configure(config: pytest.Config) -> None:
    """This will start the servers once for all xdist workers, and have SIGTERM end a run as tidily as Ctrl-C does."""
    if not hasattr(config, "workerinput"):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        stack = ExitStack()
        stack.enter_context(started_servers())
        config.add_cleanup(stack.close)


@pytest.fixture(scope="session")
def servers() -> Iterator[Addresses]:
    """The embedded servers of this test run."""
    with ExitStack() as stack:
        if RUN_FOLDER not in os.environ:
            stack.enter_context(started_servers())
        addresses = read_addresses(Path(os.environ[RUN_FOLDER]))
        assert addresses
        yield addresses


# Databases -------------------------------------------------------------------------------------------------------
class Databases:
    """Makes, copies and drops databases on the servers of this run, as superuser."""

    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses

    def url(self, name: str, role: str = "roms_app") -> str:
        """This will give the address of a database for one role."""
        return self.addresses.database_url.replace("//roms_app@/roms?", f"//{role}@/{name}?")

    def execute(self, *statements: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """This will run statements outside a transaction and return the last one's rows."""
        server = psycopg2.connect(self.url(database, "postgres"))
        server.autocommit = True
        try:
            with server.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            server.close()

    def make_template(self) -> None:
        """This will make the migrated template unless it is there; other workers wait for it."""
        folder = Path(os.environ[RUN_FOLDER])
        with (folder / "template.lock").open("w") as lock:
            flock(lock, LOCK_EX)
            if self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"):
                return
            draft = f"{TEMPLATE}_draft"
            self.execute(f"DROP DATABASE IF EXISTS {draft}", CREATE_DATABASE.format(name=draft))
            self.execute(BOOTSTRAP.read_text(), database=draft)
            self.migrate(draft)
            self.execute(f"ALTER DATABASE {draft} RENAME TO {TEMPLATE}")
            (folder / "template.made").touch()

    def migrate(self, name: str) -> None:
        """This will run the migrations as the owner, as `make run` does."""
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "roms_portal.settings.dev",
            "ROMS_VAR": os.environ[RUN_FOLDER],
            "ROMS_DB_ROLE": "owner",
            "DATABASE_OWNER_URL": self.url(name, "roms_owner"),
        }
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode:
            pytest.exit(f"The migrations fail, so no test can run:\n{done.stderr}", returncode=1)

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """This will lend a copy of the template and give its address."""
        drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
        self.execute(drop, f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE} OWNER roms_owner')
        try:
            yield self.url(name)
        finally:
            self.execute(drop)

    @contextmanager
    def connected(self, name: str) -> Iterator[None]:
        """This will point Django's connections, in every thread, at a copy of the template."""
        settings = connections.settings["default"]
        before = dict(settings)
        with self.copy(name) as url:
            connections.close_all()
            settings.update(dj_database_url.parse(url))
            try:
                yield
            finally:
                connections.close_all()
                settings.update(before)


@pytest.fixture(scope="session")
def databases(servers: Addresses) -> Databases:
    """The databases of this run, template made."""
    made = Databases(servers)
    made.make_template()
    return made


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this xdist worker, or `main`."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases, worker: str, django_db_blocker: object) -> Iterator[None]:
    """This worker's database for the `db` tier, instead of the one pytest-django would make."""
    with django_db_blocker.unblock():
        stack = ExitStack()
        stack.enter_context(databases.connected(f"roms_{worker}"))
    yield
    with django_db_blocker.unblock():
        stack.close()


@pytest.fixture
def committed_db(databases: Databases, worker: str, django_db_blocker: object) -> Iterator[None]:
    """A database of this test's own, where commits are real and other threads and connections see them."""
    with django_db_blocker.unblock(), databases.connected(f"roms_{worker}_committed"):
        yield


@pytest.fixture(autouse=True)
def outermost_atomic_is_a_commit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the `db` tier: this will do at the end of an outermost `atomic` what a commit would do.

    Deferred constraints are checked (a violation raises there and undoes the block), then on-commit callbacks run.
    """
    asked = {"db", "database"} & set(request.fixturenames) or request.node.get_closest_marker("django_db")
    if not asked or "committed_db" in request.fixturenames:
        return
    request.getfixturevalue("db")
    depth = len(connection.atomic_blocks)
    leave, on_commit = transaction.Atomic.__exit__, connection.on_commit

    def run_callbacks() -> None:
        while connection.run_on_commit and len(connection.atomic_blocks) == depth:
            _, callback, robust = connection.run_on_commit.pop(0)
            try:
                callback()
            except Exception:
                if not robust:
                    raise

    def exit_as_commit(block: transaction.Atomic, kind: object, error: object, trace: object) -> None:
        outermost = block.using in (None, "default") and len(connection.atomic_blocks) == depth + 1
        if outermost and kind is None and not connection.needs_rollback:
            try:
                # the driver's own cursor: tests that count queries do not see it
                with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            except Exception as violation:
                leave(block, type(violation), violation, violation.__traceback__)
                raise
        leave(block, kind, error, trace)
        if outermost and kind is None:
            run_callbacks()

    def on_commit_soon(callback: Callable[[], object], robust: bool = False) -> None:
        on_commit(callback, robust=robust)
        run_callbacks()

    monkeypatch.setattr(transaction.Atomic, "__exit__", exit_as_commit)
    monkeypatch.setattr(connection, "on_commit", on_commit_soon)


@pytest.fixture(autouse=True)
def ledger_adds_up(request: pytest.FixtureRequest, outermost_atomic_is_a_commit: None) -> Iterator[None]:
    """After a `db` test that posted: this will let `verify_ledger` look at everything the test left."""
    yield
    in_db_tier = "db" in request.fixturenames or "_django_db_helper" in request.fixturenames
    if not in_db_tier or request.node.get_closest_marker("tampers"):
        return
    if connection.needs_rollback or connection.connection.info.transaction_status == TRANSACTION_STATUS_INERROR:
        return  # nothing of this test can be read any more
    from ledger.models import Entry
    from ledger.verify import verify

    if Entry.objects.exists():
        assert not [check for check in verify().checks if not check.ok]


@pytest.fixture(autouse=True)
def own_files(settings: object, tmp_path: Path) -> None:
    """Files of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.VAR_DIR = tmp_path


# The cast --------------------------------------------------------------------------------------------------------
ROLES = {"rita": "reviewer", "frank": "finance"}


def person(name: str) -> object:
    """This will make one of the cast: name@example.org, address confirmed, password `correct horse <name>`."""
    from allauth.account.models import EmailAddress

    from accounts.models import User

    fields = {"display_name": name.title(), "role": ROLES.get(name, "")}
    user = User.objects.create_user(f"{name}@example.org", f"correct horse {name}", **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def database(request: pytest.FixtureRequest) -> None:
    """The tier a test asked for: `committed_db` if it did, else `db`."""
    request.getfixturevalue("committed_db" if "committed_db" in request.fixturenames else "db")


@pytest.fixture
def alice(database: None) -> object:
    """A holder: artist and owner of a small label."""
    return person("alice")


@pytest.fixture
def bob(database: None) -> object:
    """Alice's colleague, who may only read."""
    return person("bob")


@pytest.fixture
def charlie(database: None) -> object:
    """The rival claimant."""
    return person("charlie")


@pytest.fixture
def rita(database: None) -> object:
    """A reviewer."""
    return person("rita")


@pytest.fixture
def frank(database: None) -> object:
    """Finance."""
    return person("frank")


@pytest.fixture
def store(database: None) -> object:
    """A person of the licensee."""
    return person("store")


@pytest.fixture
def stranger(database: None) -> object:
    """Somebody logged in who has nothing to do with anything."""
    return person("stranger")


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """A function that gives a test client logged in as a person: `client_of(alice).get("/")`.

    The person has just logged in by password, `seconds` ago.
    """

    def make(user: object, seconds: float = 0, method: str = "password") -> Client:
        client = Client()
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": method, "at": time.time() - seconds}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        return client

    return make
