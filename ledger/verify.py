"""Recompute everything the ledger claims, from its postings up, and stop at the first thing that is not so.

Reads one consistent snapshot, in memory that does not grow with the ledger: sums are made by the database, hashes over
a stream. Knows nothing of how the rows were written.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from django.db import connection

from ledger import merkle, tree
from ledger.canonical import entry_leaf
from ledger.chart import OWED, AccountRef
from ledger.content import content_hash
from ledger.identities import identities
from ledger.models import LogCheckpoint, LogNode
from ledger.note import BadNote, read_note
from ledger.recipes import Kind, PostingLine
from ledger.selectors import sums_by_kind
from ledger.streams import logged_entries, snapshot


@dataclass(slots=True)
class Check:
    """One check; `fault` says what is wrong, naming the first row at fault."""

    name: str
    fault: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return not self.fault


@dataclass(slots=True)
class Report:
    """What verification found; checks after the first that fails are not run."""

    checks: list[Check]
    entries: int = 0
    postings: int = 0
    log_size: int = 0
    not_yet_logged: int = 0
    checkpoints: int = 0
    root: str = ""
    vkey: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether all checks passed."""
        return all(check.ok for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {"ok": self.ok, **asdict(self)}


def verify(
    progress: Callable[[Check], None] = lambda check: None,
    *,
    vkey: str = "",
    further: Mapping[str, Callable[[], str]] = MappingProxyType({}),
) -> Report:
    """Run the checks in order until one fails; `progress` is told of each as it ends.

    `vkey` is the public text of the key that signs checkpoints (see `ledger.note`); `further` are checks of what other
    apps keep against the ledger, by name, in the same snapshot: each says what is wrong, or nothing.
    """
    report = Report([], vkey=vkey)
    with snapshot():
        _count(report)
        checks: dict[str, Callable[[], str]] = {name: partial(check, report) for name, check in CHECKS.items()}
        for name, check in (checks | dict(further)).items():
            done = Check(name, check())
            report.checks.append(done)
            progress(done)
            if not done.ok:
                break
    return report


def _count(report: Report) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_posting),"
            " (SELECT count(*) FROM ledger_logleaf)"
        )
        report.entries, report.postings, report.log_size = cursor.fetchone()
    report.not_yet_logged = report.entries - report.log_size


def _first(sql: str, words: str) -> str:
    """Return `words` filled with the first row of a query that should have none."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) fault LIMIT 1")
        row = cursor.fetchone()
    return words.format(*row) if row else ""


def _guards(report: Report) -> str:
    return _first(MISSING_GUARD, "trigger {0} is missing or off") or _first(
        PRIVILEGE_TOO_MUCH, "the application's role may {1} on {0}"
    )


def _postings(report: Report) -> str:
    return _first(UNSOUND, "posting {0} is finer than 1e-8, has not exactly one side, or lacks its entry or account")


def _entries(report: Report) -> str:
    return _first(UNBALANCED, "entry {0} is out of balance or has too few or too many postings")


def _balances(report: Report) -> str:
    return _first(WRONG_BALANCE, "the balance of account {0} is {1} / {2}, its postings sum to {3} / {4}")


def _closes(report: Report) -> str:
    return _first(DATED_INTO_CLOSED, "entry {0} is dated {1}, but the books were closed before {2} when it was written")


def _identities(report: Report) -> str:
    for identity in identities(sums_by_kind()):
        if not identity.holds:
            return f"{identity.name} {identity.currency}: {identity.left} is not {identity.right}"
    return ""


def _lots(report: Report) -> str:
    return _first(WRONG_LOT, "lot {0} {1}: {2} accrued, {3} owed")


def _log(report: Report) -> str:
    frontier = merkle.Frontier()
    signed = {checkpoint.size: checkpoint for checkpoint in LogCheckpoint.objects.order_by("size").iterator()}
    report.checkpoints = len(signed)
    for whole in logged_entries(report.log_size):
        entry_id = whole.header.entry_id
        if whole.position != frontier.size:
            return f"position {frontier.size} of the log is missing"
        lines = [PostingLine(AccountRef(x.address, x.currency, ""), x.debit, x.credit, x.lot) for x in whole.lines]
        if content_hash(whole.header.kind, lines) != whole.header.content_hash:
            return f"the content of entry {entry_id} is not what its hash says"
        if entry_leaf(whole.header, whole.salt, whole.lines) != whole.leaf:
            return f"entry {entry_id} is not what leaf {whole.position} says"
        frontier.add(whole.leaf)
        if frontier.size in signed and (fault := _checkpoint(signed.pop(frontier.size), frontier.root(), report.vkey)):
            return fault
    if signed:
        return f"the log ends before its checkpoint of {min(signed)} entries"
    if frontier.size != report.log_size:
        return f"position {frontier.size} of the log is missing"
    report.root = frontier.root().hex()
    return ""


def _checkpoint(checkpoint: LogCheckpoint, root: bytes, vkey: str) -> str:
    if checkpoint.root != root:
        return f"the first {checkpoint.size} entries are not what their checkpoint says"
    try:
        if vkey and read_note(checkpoint.note, vkey) != (checkpoint.size, root):
            return f"the signed text of the checkpoint of {checkpoint.size} entries says something else"
    except BadNote as error:
        return f"checkpoint of {checkpoint.size} entries: {error}"
    return ""


def _nodes(report: Report) -> str:
    for level in range(1, tree.LEVELS + 1):
        width = tree.width(level)
        for node in LogNode.objects.filter(level=level).order_by("index").iterator():
            if tree.root_from(level - 1, node.index * width, (node.index + 1) * width) != node.root:
                return f"the kept root over {width} entries from position {node.index * width} is wrong"
    return ""


CHECKS: dict[str, Callable[[Report], str]] = {
    "guards": _guards,
    "postings": _postings,
    "entries": _entries,
    "balances": _balances,
    "closes": _closes,
    "identities": _identities,
    "lots": _lots,
    "log": _log,
    "nodes": _nodes,
}

MISSING_GUARD = """
SELECT wanted.name
FROM (VALUES
    ('ledger_entry_noted', 'ledger_entry'), ('ledger_entry_whole', 'ledger_unchecked'),
    ('ledger_posting_taken', 'ledger_posting'), ('ledger_logleaf_contiguous', 'ledger_logleaf'),
    ('ledger_account_append_only', 'ledger_account'), ('ledger_entry_append_only', 'ledger_entry'),
    ('ledger_posting_append_only', 'ledger_posting'), ('ledger_logleaf_append_only', 'ledger_logleaf'),
    ('ledger_lognode_append_only', 'ledger_lognode'), ('ledger_logcheckpoint_append_only', 'ledger_logcheckpoint'),
    ('ledger_dailyproof_append_only', 'ledger_dailyproof'),
    ('ledger_booksclose_decided', 'ledger_booksclose'), ('ledger_booksclose_kept', 'ledger_booksclose'),
    ('core_event_append_only', 'core_event')
) wanted (name, relation)
LEFT JOIN pg_trigger t ON t.tgname = wanted.name AND t.tgrelid = to_regclass('public.' || wanted.relation)
    AND t.tgenabled IN ('O', 'A')
WHERE t.oid IS NULL
"""

PRIVILEGE_TOO_MUCH = """
SELECT relation, privilege
FROM unnest(ARRAY['ledger_account', 'ledger_entry', 'ledger_posting', 'ledger_logleaf', 'ledger_lognode',
    'ledger_logcheckpoint', 'ledger_dailyproof', 'ledger_accountbalance', 'ledger_unchecked', 'core_event']) relation,
    unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege
WHERE has_table_privilege('roms_app', 'public.' || relation, privilege)
UNION ALL
SELECT relation, 'UPDATE columns'
FROM unnest(ARRAY['ledger_account', 'ledger_entry', 'ledger_posting', 'ledger_logleaf', 'ledger_lognode',
    'ledger_logcheckpoint', 'ledger_dailyproof', 'ledger_accountbalance', 'ledger_unchecked', 'core_event']) relation
WHERE has_any_column_privilege('roms_app', 'public.' || relation, 'UPDATE')
UNION ALL
SELECT relation, 'INSERT'
FROM unnest(ARRAY['ledger_accountbalance', 'ledger_unchecked']) relation
WHERE has_any_column_privilege('roms_app', 'public.' || relation, 'INSERT')
UNION ALL
SELECT 'ledger_entry', 'INSERT ' || part
FROM unnest(ARRAY['id', 'created_at', 'xid']) part
WHERE has_column_privilege('roms_app', 'public.ledger_entry', part, 'INSERT')
"""

UNSOUND = """
SELECT p.id FROM ledger_posting p
LEFT JOIN ledger_entry e ON e.id = p.entry_id
LEFT JOIN ledger_account a ON a.id = p.account_id
WHERE e.id IS NULL OR a.id IS NULL OR p.debit < 0 OR p.credit < 0 OR (p.debit > 0) = (p.credit > 0)
    OR p.debit <> round(p.debit, 8) OR p.credit <> round(p.credit, 8)
"""

UNBALANCED = """
SELECT e.id FROM ledger_entry e LEFT JOIN (
    SELECT entry_id, sum(postings) AS postings, bool_and(debit = credit) AS balanced FROM (
        SELECT p.entry_id, a.currency, count(*) AS postings, sum(p.debit) AS debit, sum(p.credit) AS credit
        FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id GROUP BY p.entry_id, a.currency
    ) c GROUP BY entry_id
) s ON s.entry_id = e.id
WHERE s.entry_id IS NULL OR NOT s.balanced OR s.postings NOT BETWEEN 2 AND 50000
ORDER BY e.id
"""

WRONG_BALANCE = """
SELECT coalesce(b.account_id, s.account_id), b.debit, b.credit, s.debit, s.credit
FROM ledger_accountbalance b
FULL JOIN (
    SELECT account_id, sum(debit) AS debit, sum(credit) AS credit FROM ledger_posting GROUP BY account_id
) s ON s.account_id = b.account_id
WHERE b.debit IS DISTINCT FROM s.debit OR b.credit IS DISTINCT FROM s.credit
"""

DATED_INTO_CLOSED = """
SELECT e.id, e.event_at, c.first_open
FROM ledger_entry e
CROSS JOIN LATERAL (
    SELECT first_open FROM ledger_booksclose
    WHERE status = 'in_force' AND decided_at < e.created_at ORDER BY decided_at DESC LIMIT 1
) c
WHERE e.created_at > (SELECT min(decided_at) FROM ledger_booksclose WHERE status = 'in_force')
    AND e.event_at < c.first_open::timestamp AT TIME ZONE 'UTC'
ORDER BY e.id
"""

WRONG_LOT = f"""
SELECT lot, currency, sum(accrued), sum(owed) FROM (
    SELECT p.lot, a.currency,
        CASE WHEN a.place = 'receivable' AND e.kind = '{Kind.ACCRUAL}' THEN p.debit - p.credit ELSE 0 END AS accrued,
        CASE WHEN a.place IN ({", ".join(f"'{place}'" for place in sorted(OWED))}) THEN p.credit - p.debit ELSE 0
            END AS owed
    FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id JOIN ledger_account a ON a.id = p.account_id
) sides
GROUP BY lot, currency HAVING sum(accrued) <> sum(owed)
ORDER BY lot, currency
"""
