"""Many entries at once, set-based: the engine behind accruals and distributions of whole reports.

Rows are staged in a TEMP table, then a handful of statements does what `post_entry` does for one entry: check, make
the accounts that are missing, insert the entries whose key is new, refuse a known key with other content, insert the
postings. Everything happens in the caller's transaction; at its commit the database checks every entry once more.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from secrets import token_bytes
from typing import Any, NamedTuple

from django.db import connection, transaction

from ledger.recipes import PostingLine
from ledger.services.errors import AccountMismatch, BadEntry, IdempotencyConflict

STAGE = "ledger_stage"
STAGE_COLUMNS = "entry_key, kind, address, currency, place, owner, item, lot, debit, credit"
_COPY_CHUNK = 1 << 16


class StagedPosting(NamedTuple):
    """One row of a stage: a posting and the entry it belongs to."""

    entry_key: str
    kind: str
    address: str
    currency: str
    place: str
    owner: str
    item: str
    lot: int | None
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Posted:
    """What a bulk call did: entries and postings written, entries found already written."""

    entries: int
    postings: int
    already: int


def staged(entry_key: str, kind: str, lines: Iterable[PostingLine]) -> Iterator[StagedPosting]:
    """Turn the lines of a recipe into rows for `post_entries`."""
    for account, debit, credit, lot in lines:
        yield StagedPosting(entry_key, kind, *account, lot, debit, credit)


def open_stage(name: str = STAGE) -> str:
    """Make an empty TEMP table that `post_entries(stage=...)` takes, dropped at commit; COPY into it as you like.

    Amounts are kept unrounded here, so that one that is too fine is refused and not rounded.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TABLE IF EXISTS {_table(name)};"
            f'CREATE TEMP TABLE {_table(name)} (entry_key text COLLATE "C" NOT NULL, kind text NOT NULL,'
            ' address text COLLATE "C" NOT NULL, currency text COLLATE "C" NOT NULL, place text NOT NULL,'
            " owner text NOT NULL, item text NOT NULL, lot bigint, debit numeric NOT NULL, credit numeric NOT NULL)"
            " ON COMMIT DROP"
        )
    return name


def post_entries(
    *,
    event_at: datetime,
    rows: Iterable[StagedPosting] | None = None,
    stage: str | None = None,
    batch: str = "",
) -> Posted:
    """Post many entries, given as rows or as the name of a filled TEMP table with the same columns.

    Each `entry_key` is an entry's idempotency key: entries already posted with the same content are left alone and
    counted. All or nothing. Locks only new keys, new accounts and the balances of the accounts posted to, each in one
    fixed order. An event of more than 50,000 postings is the caller's to split (`recipes.pack`), under one `batch`.

    Raises: BadEntry, AccountMismatch, IdempotencyConflict.
    """
    if (rows is None) == (stage is None):
        raise ValueError("give rows or a stage")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        if stage is None:
            assert rows is not None
            stage = open_stage()
            _copy_in(cursor, stage, rows)
        run = _Run(cursor, _table(stage), event_at, batch)
        run.summarise()
        run.check()
        run.resolve_accounts()
        entries = run.insert_entries()
        already = run.refuse_conflicts()
        postings = run.insert_postings()
        return Posted(entries, postings, already)


class _Run:
    """The statements of one bulk call, in order."""

    def __init__(self, cursor: Any, stage: str, event_at: datetime, batch: str) -> None:
        self.cursor, self.stage, self.event_at, self.batch = cursor, stage, event_at, batch

    def summarise(self) -> None:
        """Make one row per entry: its size, whether it is sound, the hash of its content."""
        self.cursor.execute(SUMMARISE.format(stage=self.stage))

    def check(self) -> None:
        self.cursor.execute(FIRST_FAULT)
        fault = self.cursor.fetchone()
        if fault:
            raise BadEntry(*fault)

    def resolve_accounts(self) -> None:
        """Find the accounts, make those missing, refuse those that are described otherwise."""
        missing = self._count(NAMED_ACCOUNTS.format(stage=self.stage)) - self._count(KNOWN_ACCOUNTS)
        if missing and missing != self._count(MAKE_ACCOUNTS):
            self.cursor.execute(MADE_MEANWHILE)
        self.cursor.execute(WRONG_ACCOUNT)
        wrong = self.cursor.fetchone()
        if wrong:
            raise AccountMismatch(*wrong)

    def insert_entries(self) -> int:
        return self._count(INSERT_ENTRIES, [self.event_at, self.batch, token_bytes(32)])

    def refuse_conflicts(self) -> int:
        self.cursor.execute(KNOWN_ENTRIES)
        already, conflict = self.cursor.fetchone()
        if conflict is not None:
            raise IdempotencyConflict(conflict)
        return int(already)

    def insert_postings(self) -> int:
        written = self._count(INSERT_POSTINGS.format(stage=self.stage))
        self.cursor.execute(STAGED_POSTINGS)
        (staged_too,) = self.cursor.fetchone()
        assert written == staged_too, f"{written} of {staged_too} postings found their account"
        return written

    def _count(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run statements and return how many rows the last one wrote."""
        self.cursor.execute(sql, params or None)
        return int(self.cursor.rowcount)


SUMMARISE = """
DROP TABLE IF EXISTS pg_temp.ledger_new_entry, pg_temp.ledger_new_account, pg_temp.ledger_known_account,
    pg_temp.ledger_posted;
CREATE TEMP TABLE ledger_new_entry ON COMMIT DROP AS
SELECT entry_key, min(kind) AS kind, min(kind) = max(kind) AS one_kind, sum(postings) AS postings,
    bool_and(balanced) AS balanced, bool_and(one_side) AS one_side, bool_and(exact) AS exact,
    sha256(convert_to('1' || E'\\n' || min(kind) || E'\\n' || string_agg(block, E'\\n' ORDER BY currency), 'UTF8'))
        AS content_hash
FROM (
    SELECT entry_key, currency, min(kind) AS kind, count(*) AS postings, sum(debit) = sum(credit) AS balanced,
        bool_and(debit > 0 AND credit = 0 OR credit > 0 AND debit = 0) AS one_side,
        bool_and(debit = round(debit, 8) AND credit = round(credit, 8)) AS exact,
        encode(sha256(convert_to(string_agg(line, E'\\n' ORDER BY line), 'UTF8')), 'hex') AS block
    FROM (
        SELECT entry_key, kind, currency, debit, credit,
            address || '|' || currency || '|' || coalesce(lot::text, '') || '|'
                || round(debit, 8) || '|' || round(credit, 8) AS line
        FROM {stage}
    ) lines
    GROUP BY entry_key, currency
) blocks
GROUP BY entry_key;
"""

FIRST_FAULT = """
SELECT entry_key, CASE
    WHEN NOT one_kind THEN 'several kinds'
    WHEN NOT exact THEN 'an amount finer than 1e-8'
    WHEN NOT one_side THEN 'a posting without exactly one side above zero'
    WHEN postings NOT BETWEEN 2 AND 50000 THEN postings || ' postings, not 2 to 50000'
    ELSE 'debit and credit differ' END
FROM ledger_new_entry
WHERE NOT (one_kind AND exact AND one_side AND balanced AND postings BETWEEN 2 AND 50000)
ORDER BY entry_key LIMIT 1
"""

NAMED_ACCOUNTS = """
CREATE TEMP TABLE ledger_new_account ON COMMIT DROP AS
SELECT address, currency, min(place) AS place, min(owner) AS owner, min(item) AS item,
    min(place) = max(place) AND min(owner) = max(owner) AND min(item) = max(item) AS same
FROM {stage} GROUP BY address, currency;
"""

ACCOUNTS = """
SELECT a.id, n.address, n.currency, n.same AND a.place = n.place AND a.owner = n.owner AND a.item = n.item
FROM ledger_new_account n JOIN ledger_account a
    ON a.address = n.address COLLATE "default" AND a.currency = n.currency COLLATE "default"
"""
"""With the stage's own collation the index of addresses would not serve, and each call read every account there is."""

KNOWN_ACCOUNTS = f"""
ANALYZE ledger_new_account;
CREATE TEMP TABLE ledger_known_account (id, address, currency, same) ON COMMIT DROP AS {ACCOUNTS}
"""

MAKE_ACCOUNTS = """
ANALYZE ledger_known_account;
WITH made AS (
    INSERT INTO ledger_account (address, currency, place, owner, item)
    SELECT address, currency, place, owner, item FROM ledger_new_account n
    WHERE NOT EXISTS (
        SELECT FROM ledger_known_account k WHERE k.address = n.address AND k.currency = n.currency
    )
    ORDER BY address, currency
    ON CONFLICT (address, currency) DO NOTHING
    RETURNING id, address, currency
)
INSERT INTO ledger_known_account SELECT id, address, currency, TRUE FROM made
"""

MADE_MEANWHILE = f"""
INSERT INTO ledger_known_account {ACCOUNTS}
WHERE NOT EXISTS (SELECT FROM ledger_known_account k WHERE k.address = n.address AND k.currency = n.currency)
"""

WRONG_ACCOUNT = """
ANALYZE ledger_known_account;
SELECT address, currency FROM (
    SELECT address, currency FROM ledger_known_account WHERE NOT same
    UNION ALL SELECT address, currency FROM ledger_new_account WHERE NOT same
) described_otherwise ORDER BY 1, 2 LIMIT 1
"""

INSERT_ENTRIES = """
CREATE TEMP TABLE ledger_posted (id bigint, entry_key text COLLATE "C") ON COMMIT DROP;
WITH booked AS MATERIALIZED (
    SELECT public.ledger_booked_at(%s) AS at
), posted AS (
    INSERT INTO ledger_entry (kind, idempotency_key, content_hash, batch, event_at, salt)
    SELECT kind, entry_key, content_hash, %s, (SELECT at FROM booked),
        sha256(%s || content_hash || convert_to(entry_key, 'UTF8'))
    FROM ledger_new_entry ORDER BY entry_key
    ON CONFLICT (idempotency_key) DO NOTHING
    RETURNING id, idempotency_key
)
INSERT INTO ledger_posted SELECT id, idempotency_key FROM posted
"""

KNOWN_ENTRIES = """
SELECT count(*), min(n.entry_key) FILTER (WHERE e.content_hash <> n.content_hash)
FROM ledger_new_entry n JOIN ledger_entry e ON e.idempotency_key = n.entry_key COLLATE "default"
WHERE NOT EXISTS (SELECT FROM ledger_posted p WHERE p.entry_key = n.entry_key)
"""

STAGED_POSTINGS = """
SELECT coalesce(sum(n.postings), 0) FROM ledger_new_entry n JOIN ledger_posted p ON p.entry_key = n.entry_key
"""

INSERT_POSTINGS = """
ANALYZE ledger_posted;
INSERT INTO ledger_posting (entry_id, account_id, lot, debit, credit)
SELECT p.id, a.id, s.lot, round(s.debit, 8), round(s.credit, 8)
FROM {stage} s
JOIN ledger_posted p ON p.entry_key = s.entry_key
JOIN ledger_known_account a ON a.address = s.address AND a.currency = s.currency
ORDER BY p.id, a.id, s.lot, s.debit, s.credit
"""


def _table(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise ValueError(f"not a table name: {name!r}")
    return f"pg_temp.{name}"


def _copy_in(cursor: Any, stage: str, rows: Iterable[StagedPosting]) -> None:
    cursor.copy_expert(f"COPY {_table(stage)} ({STAGE_COLUMNS}) FROM STDIN", _CopyStream(rows))


class _CopyStream:
    """Rows as a file in COPY's text format, a piece at a time, so that any number of them takes little memory."""

    _escapes = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

    def __init__(self, rows: Iterable[StagedPosting]) -> None:
        self._lines = map(self._line, rows)
        self._rest = b""

    def read(self, size: int = _COPY_CHUNK) -> bytes:
        """Return up to `size` bytes; none at the end."""
        pieces, length = [self._rest], len(self._rest)
        while length < size:
            piece = "".join(line for _, line in zip(range(1000), self._lines, strict=False)).encode()
            if not piece:
                break
            pieces.append(piece)
            length += len(piece)
        ready = b"".join(pieces)
        self._rest = ready[size:]
        return ready[:size]

    def _line(self, row: StagedPosting) -> str:
        texts = "\t".join(row[:7])
        if "\\" in texts or "\n" in texts or "\r" in texts or texts.count("\t") != 6:
            texts = "\t".join(text.translate(self._escapes) for text in row[:7])
        lot = "\\N" if row.lot is None else row.lot
        return f"{texts}\t{lot}\t{row.debit}\t{row.credit}\n"
