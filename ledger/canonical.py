"""The exact bytes of an entry that the log commits to, version 1. Ids, codes and amounts only, never a person.

A leaf is the header and the root of a small tree over *salted* postings: hash commitments that tell nothing about what
they hide. Each posting has its own salt, derived from the entry's, so one posting can be shown and proved without
showing, or letting anyone guess, the others. Whoever holds the entry's salt can prove all of it.
"""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from ledger import merkle


class Header(NamedTuple):
    """What the log says about an entry as a whole."""

    entry_id: int
    kind: str
    idempotency_key: str
    batch: str
    event_at: datetime
    created_at: datetime
    content_hash: bytes


class Line(NamedTuple):
    """What the log says about one posting."""

    posting_id: int
    address: str
    currency: str
    lot: int | None
    debit: Decimal
    credit: Decimal


def header_bytes(header: Header, postings: int) -> bytes:
    """Return the canonical bytes of an entry's header."""
    fields = (
        "roms-entry-1",
        header.entry_id,
        header.kind,
        header.idempotency_key,
        header.batch,
        _instant(header.event_at),
        _instant(header.created_at),
        header.content_hash.hex(),
        postings,
    )
    return "\n".join(map(str, fields)).encode() + b"\n"


def line_bytes(line: Line) -> bytes:
    """Return the canonical bytes of one posting."""
    posting_id, address, currency, lot, debit, credit = line
    shown_lot = "" if lot is None else lot
    return f"roms-posting-1\n{posting_id}\n{address}\n{currency}\n{shown_lot}\n{debit:.8f}\n{credit:.8f}\n".encode()


def posting_salt(entry_salt: bytes, posting_id: int) -> bytes:
    """Derive the salt of one posting from its entry's."""
    return hmac.digest(entry_salt, b"roms-posting-1\n%d" % posting_id, "sha256")


def commitment(salt: bytes, line: bytes) -> bytes:
    """Hash one posting with its salt: a leaf of the entry's own tree."""
    return merkle.leaf_hash(salt + line)


def commitments(entry_salt: bytes, lines: Sequence[Line]) -> list[bytes]:
    """Return the leaves of an entry's own tree; `lines` in the order of their ids."""
    return [commitment(posting_salt(entry_salt, line.posting_id), line_bytes(line)) for line in lines]


def leaf_data(header: bytes, postings_root: bytes) -> bytes:
    """Return the data of an entry's leaf in the log."""
    return header + postings_root


def entry_leaf(header: Header, entry_salt: bytes, lines: Sequence[Line]) -> bytes:
    """Return the leaf hash of an entry."""
    return merkle.leaf_hash(leaf_data(header_bytes(header, len(lines)), merkle.root(commitments(entry_salt, lines))))


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
