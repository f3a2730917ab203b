"""What the database refuses, whoever asks and whatever our code does: raw SQL of a session of its own.

Nothing here ever commits, because every commit is refused; so the tests share the `db` tier's database.
"""

import psycopg2
import pytest
from django.db import connection

from ledger import services
from tests.ledger.lines import NOW, sale

TABLES = ("core_event", "ledger_account", "ledger_entry", "ledger_posting", "ledger_logleaf")
PUBLISHED = ("ledger_lognode", "ledger_logcheckpoint", "ledger_dailyproof")

ENTRY = (
    "INSERT INTO ledger_entry (kind, idempotency_key, content_hash, batch, event_at) VALUES ('x', %s, '', '', now())"
)
POSTING = "INSERT INTO ledger_posting (entry_id, account_id, debit, credit) VALUES (%s, %s, %s, %s)"


class Session:
    """A plain connection of one role to the test's database."""

    def __init__(self, role="roms_app"):
        same = connection.get_connection_params()
        keys = ("dbname", "host", "port", "password")
        self.connection = psycopg2.connect(user=role, **{key: same[key] for key in keys if same.get(key)})
        self.cursor = self.connection.cursor()

    def run(self, sql, *params):
        self.cursor.execute(sql, params or None)
        return self.cursor

    def entry(self, key):
        return self.run(ENTRY + " RETURNING id", key).fetchone()[0]

    def account(self, address="bank"):
        made = "INSERT INTO ledger_account (address, currency, place, owner, item) VALUES (%s, 'USD', 'bank', '', '')"
        return self.run(made + " RETURNING id", address).fetchone()[0]


@pytest.fixture
def app(database):
    session = Session()
    yield session
    session.connection.close()


@pytest.fixture
def owner(database):
    session = Session("roms_owner")
    yield session
    session.connection.close()


@pytest.fixture
def posted(committed_db):
    return services.post_entry(kind="accrual", idempotency_key="a", event_at=NOW, postings=sale())


def test_tests_connect_as_the_application(app):
    role = app.run("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()

    assert role == ("roms_app", False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("roms_app",)


@pytest.mark.parametrize("table", [*TABLES, *PUBLISHED, "ledger_accountbalance", "ledger_unchecked"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET {} = 9",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TABLE {}",
    ],
)
def test_application_is_refused(app, table, statement):
    columns = {"ledger_logleaf": "position", "ledger_accountbalance": "debit", "ledger_unchecked": "last_entry"}

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        app.run(statement.format(table, columns.get(table, "id")))


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET ROLE roms_owner",
        "CREATE TABLE mine (id int)",
        "INSERT INTO ledger_accountbalance VALUES (1, 1, 0)",
        "INSERT INTO ledger_unchecked (first_entry, last_entry) VALUES (1, 1)",
        "INSERT INTO ledger_entry (kind, idempotency_key, content_hash, batch, event_at, xid)"
        " VALUES ('x', 'k', '', '', now(), '99')",
        "INSERT INTO ledger_entry (kind, idempotency_key, content_hash, batch, event_at, created_at)"
        " VALUES ('x', 'k', '', '', now(), now())",
        "INSERT INTO ledger_posting (id, entry_id, account_id, debit, credit) VALUES (1, 1, 1, 1, 0)",
    ],
)
def test_application_may_not_go_round_the_guards(app, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        app.run(statement)


@pytest.mark.parametrize("table", [*TABLES, *PUBLISHED])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_even_the_owner_is_refused(owner, table, statement):
    column = {"ledger_logleaf": "position", "ledger_account": "item", "core_event": "noun"}.get(table, "id")

    with pytest.raises(psycopg2.errors.RestrictViolation, match="append-only"):
        owner.run(statement.format(table, column, column))


def test_unbalanced_entry_is_refused_at_commit(app):
    entry, account = app.entry("k"), app.account()
    app.run(POSTING, entry, account, "2", "0")
    app.run(POSTING, entry, account, "0", "1.99999999")

    with pytest.raises(psycopg2.errors.CheckViolation, match="not 2 to 50000 postings in balance"):
        app.connection.commit()

    assert app.run("SELECT count(*) FROM ledger_entry").fetchone() == (0,)


def test_balance_is_kept_in_every_currency(app):
    entry, dollars = app.entry("k"), app.account()
    roubles = app.run(
        "INSERT INTO ledger_account (address, currency, place, owner, item) VALUES ('bank', 'RUB', 'bank', '', '')"
        " RETURNING id"
    ).fetchone()[0]
    app.run(POSTING, entry, dollars, "1", "0")
    app.run(POSTING, entry, roubles, "0", "1")

    with pytest.raises(psycopg2.errors.CheckViolation):
        app.connection.commit()


@pytest.mark.parametrize("postings", [0, 1])
def test_entry_with_fewer_than_two_postings_is_refused(app, postings):
    entry, account = app.entry("k"), app.account()
    for _ in range(postings):
        app.run(POSTING, entry, account, "1", "0")

    with pytest.raises(psycopg2.errors.CheckViolation, match=f"with {postings} postings"):
        app.connection.commit()


def test_entry_with_too_many_postings_is_refused(app):
    entry, account = app.entry("k"), app.account()
    app.run(
        "INSERT INTO ledger_posting (entry_id, account_id, debit, credit)"
        " SELECT %s, %s, n %% 2, 1 - n %% 2 FROM generate_series(1, 50002) n",
        entry,
        account,
    )

    with pytest.raises(psycopg2.errors.CheckViolation, match="with 50002 postings"):
        app.connection.commit()


def test_a_broken_entry_among_many_is_found(app):
    account = app.account()
    app.run(
        "WITH e AS (INSERT INTO ledger_entry (kind, idempotency_key, content_hash, batch, event_at)"
        " SELECT 'x', 'k' || n, '', '', now() FROM generate_series(1, 50) n RETURNING id)"
        " INSERT INTO ledger_posting (entry_id, account_id, debit, credit)"
        " SELECT id, %s, side, 1 - side FROM e, (VALUES (0), (1)) v (side)"
        " WHERE id < (SELECT max(id) FROM e) OR side = 1",
        account,
    )

    with pytest.raises(psycopg2.errors.CheckViolation):
        app.connection.commit()


def test_entry_checked_early_is_checked_again_when_more_is_written(app):
    entry, account = app.entry("k"), app.account()
    app.run(POSTING, entry, account, "1", "0")
    app.run(POSTING, entry, account, "0", "1")
    app.run("SET CONSTRAINTS ALL IMMEDIATE")
    app.run("SET CONSTRAINTS ALL DEFERRED")
    app.entry("k2")

    with pytest.raises(psycopg2.errors.CheckViolation):
        app.connection.commit()


def test_entry_checked_early_stays_whole(app):
    entry, account = app.entry("k"), app.account()
    app.run(POSTING, entry, account, "1", "0")
    app.run(POSTING, entry, account, "0", "1")
    app.run("SET CONSTRAINTS ALL IMMEDIATE")
    app.run("SET CONSTRAINTS ALL DEFERRED")
    app.run(POSTING, entry, account, "7", "0")

    with pytest.raises(psycopg2.errors.CheckViolation):
        app.connection.commit()


@pytest.mark.slow
def test_posting_cannot_join_an_entry_of_an_earlier_transaction(app, posted):
    account = app.account()

    with pytest.raises(psycopg2.errors.CheckViolation, match="in the transaction of its entry"):
        app.run(
            "INSERT INTO ledger_posting (entry_id, account_id, debit, credit) VALUES (%s, %s, 1, 0), (%s, %s, 0, 1)",
            *(posted.pk, account) * 2,
        )


def test_posting_cannot_name_an_entry_or_account_that_is_not_there(app):
    with pytest.raises(psycopg2.errors.CheckViolation):
        app.run(POSTING, 99, app.account(), "1", "0")
    app.connection.rollback()
    with pytest.raises(psycopg2.errors.IntegrityError):
        app.run(POSTING, app.entry("k"), 99, "1", "0")


@pytest.mark.parametrize(
    ("debit", "credit"),
    [
        ("0.000000001", "0"),
        ("1.000000001", "0"),
        ("0", "1.123456789"),
        ("-1", "0"),
        ("0", "0"),
        ("1", "1"),
        ("10000000000000000", "0"),
        ("NaN", "0"),
        ("Infinity", "0"),
    ],
)
def test_posting_with_a_bad_amount_is_refused_and_not_rounded(app, debit, credit):
    entry, account = app.entry("k"), app.account()

    with pytest.raises(psycopg2.errors.CheckViolation):
        app.run(POSTING, entry, account, debit, credit)


@pytest.mark.parametrize("address", ["", "Alice", "track:1 ", "track:1:Привет", "a@example.org"])
def test_address_holds_opaque_ids_only(app, address):
    with pytest.raises(psycopg2.errors.CheckViolation):
        app.account(address)


@pytest.mark.slow
@pytest.mark.parametrize("positions", [[1], [0, 2], [-1], [0, 0]])
def test_log_positions_have_no_gap(committed_db, app, positions):
    entries = [
        services.post_entry(kind="accrual", idempotency_key=key, event_at=NOW, postings=sale()).pk for key in "ab"
    ]
    values = ", ".join(f"({position}, {entry}, '')" for position, entry in zip(positions, entries, strict=False))

    with pytest.raises(psycopg2.errors.IntegrityError):
        app.run(f"INSERT INTO ledger_logleaf (position, entry_id, leaf_hash) VALUES {values}")


def test_leaf_cannot_follow_anything_but_the_last(app, posted):
    services.sequence_log()
    other = services.post_entry(kind="accrual", idempotency_key="b", event_at=NOW, postings=sale())

    with pytest.raises(psycopg2.errors.CheckViolation, match="do not follow the last leaf"):
        app.run("INSERT INTO ledger_logleaf (position, entry_id, leaf_hash) VALUES (2, %s, '')", other.pk)


def test_leaf_is_of_an_entry_that_there_is(app, posted):
    with pytest.raises(psycopg2.errors.ForeignKeyViolation, match="of entry 999999"):
        app.run("INSERT INTO ledger_logleaf (position, entry_id, leaf_hash) VALUES (0, 999999, '')")
