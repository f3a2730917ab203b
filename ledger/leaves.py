"""The leaves of many entries at once, built by the database: the bytes of `ledger.canonical`, to the last one.

The sequencer needs nothing of an entry but its hash. To read whole entries and hash them here took longer than to post
them; the verifier still does, so what these statements would get wrong would not pass `verify`.

A posting's salt is an HMAC under its entry's salt: the salt, padded to a block of 64 bytes, is combined with 0x36 and
0x5c in every byte (RFC 2104), eight bytes at a time.
"""

from collections.abc import Sequence

from django.db import connection

from ledger import merkle

_SIZE = 32
"""Bytes of a hash, and of an entry's salt."""


def append_leaves(first: int, entries: Sequence[tuple[int, int]]) -> None:
    """Append the leaves of entries, given as (id, number of postings) in the order of their ids, from `first` on."""
    pairs = [entry_id for entry_id, postings in entries if postings == 2]
    others = [entry_id for entry_id, postings in entries if postings != 2]
    with connection.cursor() as cursor:
        cursor.execute(BY_INDEX)
        cursor.execute(OTHERS, [others])
        leaves = [(entry_id, _leaf(bytes(head), bytes(committed))) for entry_id, head, committed in cursor.fetchall()]
        cursor.execute(APPEND, [pairs, first, [entry_id for entry_id, _ in leaves], [leaf for _, leaf in leaves]])


def _leaf(head: bytes, committed: bytes) -> bytes:
    """The leaf of an entry of any number of postings from their commitments, one after the other."""
    root = merkle.root(committed[start : start + _SIZE] for start in range(0, len(committed), _SIZE))
    return merkle.leaf_hash(head + root)


def _key(byte: int) -> str:
    """The salt as the key of one of HMAC's two hashes: a block in which every byte is combined with this one."""
    word = int.from_bytes(bytes([byte]) * 8, "big")
    words = " || ".join(f"(substring(e.salt, {start}, 8)::bigint # {word})::bytea" for start in range(1, _SIZE, 8))
    return f"{words} || '\\x{bytes([byte]).hex() * _SIZE}'::bytea"


def _instant(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00'"""


BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
"""Entries that were just written are in no statistics: by them all postings were read again for every batch."""
WHOLE = rf"""
WITH headed AS MATERIALIZED (
    SELECT e.id, {_key(0x36)} AS inner_key, {_key(0x5C)} AS outer_key,
        convert_to(concat_ws(E'\n', 'roms-entry-1', e.id, e.kind, e.idempotency_key, e.batch,
            {_instant("e.event_at")}, {_instant("e.created_at")}, encode(e.content_hash, 'hex'), ''), 'UTF8') AS head
    FROM ledger_entry e WHERE e.id = ANY(%s)
), whole AS (
    SELECT h.id, h.head || convert_to(c.postings || E'\n', 'UTF8') AS head, c.commitments
    FROM headed h CROSS JOIN LATERAL (
        SELECT count(*) AS postings, string_agg(sha256(
            '\x00'::bytea
            || sha256(h.outer_key || sha256(h.inner_key || convert_to(E'roms-posting-1\n' || p.id, 'UTF8')))
            || convert_to(concat_ws(E'\n', 'roms-posting-1', p.id, a.address, a.currency, coalesce(p.lot::text, ''),
                round(p.debit, 8), round(p.credit, 8), ''), 'UTF8')
        ), ''::bytea ORDER BY p.id) AS commitments
        FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id WHERE p.entry_id = h.id
    ) c
)
"""
OTHERS = f"{WHOLE} SELECT id, head, commitments FROM whole"
APPEND = rf"""
{WHOLE}, leaves AS (
    SELECT id, sha256('\x00'::bytea || head || sha256('\x01'::bytea || commitments)) AS leaf FROM whole
)
INSERT INTO ledger_logleaf (position, entry_id, leaf_hash)
SELECT %s + row_number() OVER (ORDER BY id) - 1, id, leaf
FROM (SELECT * FROM leaves UNION ALL SELECT * FROM unnest(%s::bigint[], %s::bytea[])) l
ORDER BY id
"""
"""Of an entry with two postings, which most have, the tree is one node over their commitments."""
