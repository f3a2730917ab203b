"""A wrong database or a half-configured production refuses to start, in plain words."""

import os
import subprocess
import sys

import dj_database_url
import pytest
from django.core.checks import run_checks
from django.db import connections

from tests.system import ROOT

PRODUCTION = {
    "DATABASE_URL": "postgres://roms_app:secret@db/roms",
    "REDIS_URL": "redis://redis/0",
    "SECRET_KEY": "k" * 50,
    "ROMS_FIELD_KEYS": "ab" * 32,
    "ROMS_LOG_KEY": "cd" * 32,
    "ROMS_CHECKPOINTS": "s3://checkpoints",
    "ROMS_HOSTS": "portal.example.org",
    "ROMS_STORAGE": "s3://evidence",
    "EMAIL_HOST": "mail.example.org",
}


@pytest.fixture
def database_with_ctype_c(databases, django_db_blocker):
    """A database as a careless `createdb` on a C machine makes it."""
    name = "careless"
    databases.execute(
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'",
    )
    databases.execute("CREATE EXTENSION pg_trgm", database=name)
    settings = connections.settings["default"]
    before = dict(settings)
    with django_db_blocker.unblock():
        connections.close_all()
        settings.update(dj_database_url.parse(databases.url(name)))
        yield
        connections.close_all()
    settings.update(before)
    databases.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_database_that_loses_cyrillic_is_refused(database_with_ctype_c):
    problems = run_checks(tags=["database"], databases=["default"])

    assert [problem.msg for problem in problems] == ["The database does not know Cyrillic letters (its LC_CTYPE is C)."]


def test_our_database_reads_cyrillic(db):
    assert not [problem for problem in run_checks(tags=["database"], databases=["default"]) if problem.is_serious()]


def start(settings, environment, *words):
    """This will load settings in a new process, or run a command with them, and return what came of it."""
    command = [sys.executable, *(words or ("-c", "from django.conf import settings; print(settings.ALLOWED_HOSTS)"))]
    keep = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": f"roms_portal.settings.{settings}"}
    return subprocess.run(command, cwd=ROOT, env=keep | environment, capture_output=True, text=True)


def test_production_starts_when_all_is_said():
    done = start("prod", PRODUCTION)

    assert done.returncode == 0, done.stderr


def test_production_refuses_and_names_all_that_is_missing():
    done = start("prod", {})

    assert done.returncode != 0
    for name in PRODUCTION:
        assert f"  {name}: " in done.stderr


@pytest.mark.slow
def test_production_refuses_a_short_key():
    done = start("prod", PRODUCTION | {"ROMS_FIELD_KEYS": "abc"})

    assert "64 hexadecimal digits" in done.stderr


def test_settings_start_no_process_and_need_no_server(tmp_path):
    done = start("dev", {"ROMS_VAR": str(tmp_path / "var")})

    assert done.returncode == 0, done.stderr
    kept = sorted((tmp_path / "var").iterdir())
    assert [path.name for path in kept] == ["log-key.json", "secrets.json"]
    assert {oct(path.stat().st_mode)[-3:] for path in kept} == {"600"}
