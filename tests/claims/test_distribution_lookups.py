"""What a batch of a distribution looks up goes through an index, however many accounts and entries there are."""

import pytest
from django.db import connection

from claims import selectors
from claims.selectors import distribution
from ledger import services
from ledger.services import bulk

pytestmark = pytest.mark.django_db

ITEMS = [f"track:{number}:phonogram" for number in range(500)]


def plan_of(cursor, statement, facts=None):
    for way in ("seqscan", "hashjoin", "mergejoin"):
        cursor.execute(f"SET LOCAL enable_{way} = off")
    cursor.execute(f"EXPLAIN {statement}", facts)
    return "\n".join(line for (line,) in cursor.fetchall())


def test_accounts_and_entries_that_are_posted_to_are_found_by_their_index():
    with connection.cursor() as cursor:
        stage = f"pg_temp.{services.open_stage()}"
        cursor.execute(bulk.SUMMARISE.format(stage=stage))
        cursor.execute(bulk.NAMED_ACCOUNTS.format(stage=stage))
        cursor.execute('CREATE TEMP TABLE ledger_posted (id bigint, entry_key text COLLATE "C") ON COMMIT DROP')

        assert "using ledger_account_address on ledger_account" in plan_of(cursor, bulk.ACCOUNTS)
        assert "using ledger_entry_idempotency_key on ledger_entry" in plan_of(cursor, bulk.KNOWN_ENTRIES)


def test_what_the_ledger_says_of_many_items_is_found_by_their_index(django_assert_num_queries):
    with connection.cursor() as cursor:
        assert "ledger_account_item" in plan_of(cursor, distribution.LATE_KEYS, [[1, 2], ["phonogram"]])
        assert "ledger_account_item" in plan_of(cursor, distribution.UNMOVED_KEYS, [["phonogram"], 10])

    with django_assert_num_queries(1) as asked:
        selectors.last_posting(ITEMS)
    with connection.cursor() as cursor:
        assert "ledger_account_item" in plan_of(cursor, asked.captured_queries[0]["sql"])
