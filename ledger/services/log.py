"""The sequencer: gives committed entries their place in the log.

Entries get no position when they are written, because ids commit out of order and posting must not wait. One sequencer
at a time (an advisory lock) takes entries that have no leaf yet, in the order of their ids, and appends leaves without
a gap. Killed at any point it has done nothing, or a whole batch; the next call goes on.
"""

from django.db import connection, transaction

from ledger import tree
from ledger.leaves import append_leaves
from ledger.models import LogNode

SEQUENCER_LOCK = 0x524F4D53_4C4F47  # "ROMS LOG"
BATCH_ENTRIES = 2_000
BATCH_POSTINGS = 100_000


def sequence_log(*, batches_max: int = 100) -> int:
    """Append leaves for committed entries, batch by batch, each in its own transaction; return how many were added.

    Stops when nothing is left or after `batches_max` batches. Waits while another sequencer works on a batch.
    """
    added = after = 0
    for _ in range(batches_max):
        with transaction.atomic():
            entry_ids = _append_batch(after)
        if not entry_ids:
            break
        added += len(entry_ids)
        after = entry_ids[-1]  # what commits late with a lower id is for the next call; a batch need not look back
    return added


def _append_batch(after: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        cursor.execute("SELECT coalesce(max(position) + 1, 0) FROM ledger_logleaf")
        position = int(cursor.fetchone()[0])
        cursor.execute(WAITING, {"after": after, "entries": BATCH_ENTRIES, "postings": BATCH_POSTINGS})
        entries = cursor.fetchall()
    if entries:
        append_leaves(position, entries)
        _store_nodes(position + len(entries))
    return [entry_id for entry_id, _ in entries]


def _store_nodes(size: int) -> None:
    """Store the roots of the stretches that are complete in a log of this size and not stored yet."""
    for level in range(1, tree.LEVELS + 1):
        last = LogNode.objects.filter(level=level).order_by("-index").values_list("index", flat=True).first()
        width = tree.width(level)
        LogNode.objects.bulk_create(
            LogNode(level=level, index=index, root=tree.root_from(level - 1, index * width, (index + 1) * width))
            for index in range(0 if last is None else last + 1, size // width)
        )


WAITING = """
SELECT id, postings FROM (
    SELECT w.id, w.postings, sum(w.postings) OVER (ORDER BY w.id) - w.postings AS before
    FROM (
        SELECT e.id, (SELECT count(*) FROM ledger_posting p WHERE p.entry_id = e.id) AS postings
        FROM ledger_entry e
        WHERE e.id > %(after)s
            AND NOT EXISTS (SELECT FROM ledger_logleaf l WHERE l.entry_id = e.id AND l.entry_id > %(after)s)
        ORDER BY e.id LIMIT %(entries)s
    ) w
) b
WHERE before < %(postings)s ORDER BY id
"""
