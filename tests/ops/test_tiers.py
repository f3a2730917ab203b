"""The test tiers keep what tests/conftest.py promises."""

import threading

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import User


def test_db_runs_callbacks_after_the_outermost_atomic(db):
    seen = []

    with transaction.atomic():
        with transaction.atomic():
            transaction.on_commit(lambda: seen.append("inner"))
        assert seen == []
    transaction.on_commit(lambda: seen.append("outside"))

    assert seen == ["inner", "outside"]


def test_db_forgets_callbacks_of_a_block_rolled_back(db):
    seen = []

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        transaction.on_commit(lambda: seen.append("never"))
        _ = 1 / 0

    assert seen == []


def test_db_checks_deferred_constraints_where_a_commit_would(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE twice (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)")

    with pytest.raises(Exception, match="duplicate key"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO twice VALUES (1), (1)")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM twice")
        assert cursor.fetchone() == (0,)


@pytest.mark.slow
def test_committed_db_shows_a_commit_to_another_thread(committed_db, alice):
    found = []

    def look():
        found.append(User.objects.filter(email="alice@example.org").exists())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()

    assert found == [True]


def test_tests_connect_as_the_application_role(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("roms_app", False)


def test_application_role_may_make_temporary_tables_only(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE staging (line text)")

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE mine (line text)")


def test_the_cast_brings_the_db_tier_with_it(alice):
    seen = []

    with transaction.atomic():
        transaction.on_commit(lambda: seen.append(alice.email))

    assert seen == ["alice@example.org"]
