"""Signing what the log has come to, so that nobody, the society included, can change what is before that point.

A checkpoint goes to a second place before it goes into the database: whoever changes the database afterwards cannot
take back what was published. Signed twice, killed in between or run by two at once, the same size gives the same text.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.db import connection, transaction

from ledger import tree
from ledger.identities import identities
from ledger.models import DailyProof, LogCheckpoint
from ledger.note import Signer
from ledger.selectors import sums_by_kind
from ledger.services.errors import LogChanged
from ledger.streams import snapshot

CHECKPOINT_LOCK = 0x524F4D53_5349474E  # "ROMS SIGN"
Publish = Callable[[str, str], object]
"""Puts a text, under a file name, into the second place; the same text may come again."""


def sign_checkpoint(*, signer: Signer, publish: Publish, now: datetime) -> LogCheckpoint | None:
    """Sign the log as it is, once it has grown; return the newest checkpoint, None while the log is empty.

    Raises: LogChanged when the log does not continue the newest checkpoint; what `publish` raises.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHECKPOINT_LOCK])
        last = LogCheckpoint.objects.order_by("-size").first()
        size = tree.log_size()
        if last is not None and (size < last.size or tree.root_of(0, last.size) != last.root):
            raise LogChanged(last.size)
        if not size or (last is not None and last.size == size):
            return last
        root = tree.root_of(0, size)
        note = signer.sign(size, root)
        publish(f"{size:012}.txt", note)
        return LogCheckpoint.objects.create(size=size, root=root, note=note, signed_at=now)


def prove_day(*, day: date, now: datetime) -> DailyProof:
    """Keep what the published identities come to, as the proof of a day; the first one kept for a day stays."""
    with snapshot():
        found = [
            [identity.name, identity.currency, f"{identity.left:.8f}", f"{identity.right:.8f}"]
            for identity in identities(sums_by_kind())
        ]
        checkpoint = LogCheckpoint.objects.order_by("-size").first()
    with transaction.atomic():
        DailyProof.objects.bulk_create(
            [DailyProof(day=day, identities=found, checkpoint=checkpoint, proved_at=now)], ignore_conflicts=True
        )
        return DailyProof.objects.get(day=day)
