"""What very many postings come to, kept until one more of them is made.

To add up the 200,000 postings behind a claim on 100,000 tracks takes long, and mostly nothing was posted to their
accounts since somebody asked last. So the answer is kept in the cache, beside the database's snapshot it was read in.
Who asks again looks at the entries that snapshot did not see: where none of them touches these accounts, the answer
stands to its last digit. Otherwise, or when too much was written since to be looked at, it is read anew. To lose the
cache loses time and nothing else; another server or another table of postings (a restored backup) is another cache.
"""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final, NamedTuple

from django.core.cache import cache
from django.db import connection
from redis.exceptions import RedisError

NEWER_MAX: Final = 5_000
"""So many entries are looked at; behind more of them an answer is read anew."""
KEPT_SECONDS: Final = 7 * 86_400
Rows = list[tuple[Any, ...]]


class _Held(NamedTuple):
    """Rows with the world they are of, the snapshot before they were read, and the one after."""

    world: str
    before: str
    after: str
    rows: Rows


def kept_rows(sql: str, params: Mapping[str, Any], *, accounts: str, also: object = "") -> Rows:
    """This will give the rows of a query over postings, as they were read before if nothing was posted since.

    `accounts` says on which accounts they depend: a condition on `ledger_account a` with the same parameters; `also`,
    what else they depend on, in a form that can be compared. Both SQL texts are trusted. Within a transaction that
    has written the rows are always read.
    """
    key = f"ledger:kept-rows:{sha256(repr((sql, sorted(params.items()), also)).encode()).hexdigest()}"
    found = None
    with suppress(RedisError):
        found = cache.get(key)
    held = _Held(*found) if found else None
    ((may_keep, is_moving, world, before, is_touched),) = read_rows(
        NOW.format(is_touched=TOUCHED.format(limit=NEWER_MAX + 1, accounts=accounts) if held else "true"),
        {**params, "seen": held.before if held else ""},
    )
    if not may_keep:
        return read_rows(sql, params)
    if held and held.world == world and not is_touched and (is_moving or _saw_all_of(before, held.after)):
        after, rows = held.after, held.rows
    else:
        rows = read_rows(sql, params)
        ((after,),) = read_rows("SELECT pg_current_snapshot()::text", {})
    with suppress(RedisError):
        cache.set(key, (world, before, after, rows), KEPT_SECONDS)
    return rows


def _saw_all_of(snapshot: str, earlier: str) -> bool:
    """Tell whether all that was committed for `earlier` is so for a transaction that stays with its first snapshot."""
    return int(earlier.split(":")[1]) <= int(snapshot.split(":")[0])


def read_rows(sql: str, params: Mapping[str, Any]) -> Rows:
    """This will give the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: Rows = cursor.fetchall()
        return rows


NOW = """
SELECT pg_current_xact_id_if_assigned() IS NULL, current_setting('transaction_isolation') = 'read committed',
    pg_postmaster_start_time() || ' ' || pg_relation_filenode('ledger_posting'), pg_current_snapshot()::text,
    {is_touched}
"""
TOUCHED = """(
    WITH newer AS MATERIALIZED (
        SELECT e.id FROM ledger_entry e
        WHERE e.xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
            AND NOT pg_visible_in_snapshot(e.xid, %(seen)s::pg_snapshot)
        ORDER BY e.xid LIMIT {limit}
    )
    SELECT (SELECT count(*) FROM newer) = {limit} OR EXISTS (
        SELECT FROM newer JOIN ledger_posting p ON p.entry_id = newer.id JOIN ledger_account a ON a.id = p.account_id
        WHERE {accounts}
    )
)"""
"""Whether an entry that a snapshot did not see is about these accounts, or whether there are too many to look at."""
