"""What a store is sent when tracks leave it: one message, as JSON for a machine and as CSV for a table.

The JSON is a Standard Webhooks message (standardwebhooks.com): headers `webhook-id` (the same on every attempt),
`webhook-timestamp` (of this attempt) and `webhook-signature` (`v1,` + base64 HMAC-SHA256 of `id.timestamp.body`).
docs/webhooks.md describes the fields. Nothing here says who claimed or was paid; the sender is named only where the law
the notice stands on asks for it.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

TYPES = {"takedown": "takedown_notice.created", "return": "takedown_notice.returned"}
ROWS_INLINE_MAX = 1000
ROWS_ATTACHED_MAX = 20_000
"""A table of so many rows still is a mail that arrives; a longer one is loaded from the page of the notice."""
BYTES_INLINE_MAX = 1 << 20
COLUMNS = ("notice", "track", "artist", "title", "isrcs", "store_keys", "urls", "right", "start", "end", "territories")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class LeavingRight:
    """From when to when (half-open, `end` None: until further notice) and where one right of a track is withdrawn."""

    withdrawal: str
    right: str
    start: date
    end: date | None
    territories: str
    codes: tuple[str, ...] = ("Worldwide",)


@dataclass(frozen=True, slots=True)
class NoticeTrack:
    """One track with the store's own keys and addresses of it."""

    track: str
    artist: str
    title: str
    isrcs: tuple[str, ...] = ()
    store_keys: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    leaving: tuple[LeavingRight, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeMessage:
    """A notice as one store gets it."""

    notice: str
    opt_out: str
    licensee: str
    basis: str
    created_at: datetime
    compliance_days: int
    page_url: str
    rows_url: str
    acknowledge_url: str
    sender: Mapping[str, str] | None
    rows_total: int
    rows: tuple[NoticeTrack, ...] = field(default=())
    kind: str = "takedown"
    """`return`: the tracks may be sold again, each right from its `end` on."""


def as_json(message: NoticeMessage) -> str:
    """This will write the body of the webhook: the same text for the same message, whenever it is written.

    A notice of more than ROWS_INLINE_MAX tracks, or BYTES_INLINE_MAX of text, carries none of them: the store reads
    them, in pages, at `rows_url`.
    """
    inline = message.rows if message.rows_total <= ROWS_INLINE_MAX else ()
    body = _body(message, inline)
    return body if len(body.encode()) <= BYTES_INLINE_MAX else _body(message, ())


def _body(message: NoticeMessage, inline: Sequence[NoticeTrack]) -> str:
    data = asdict(replace(message, rows=tuple(inline)))
    body = {"type": TYPES[message.kind], "timestamp": message.created_at.isoformat(), "data": data}
    return json.dumps(body, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def as_csv(notice: str, rows: Iterable[NoticeTrack]) -> Iterator[str]:
    """This will write one line per track and right, heading first; lists are separated by blanks."""
    yield line_of(COLUMNS)
    for row in rows:
        for right in row.leaving or (None,):
            yield line_of(
                (
                    notice,
                    row.track,
                    row.artist,
                    row.title,
                    " ".join(row.isrcs),
                    " ".join(row.store_keys),
                    " ".join(row.urls),
                    right.right if right else "",
                    right.start.isoformat() if right else "",
                    right.end.isoformat() if right and right.end else "",
                    right.territories if right else "",
                )
            )


def line_of(cells: Iterable[str]) -> str:
    """This will write one line of a table, with nothing in it a spreadsheet would run."""
    line = io.StringIO()
    csv.writer(line).writerow([defused(cell) for cell in cells])
    return line.getvalue()


def defused(cell: str) -> str:
    """This will put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _plain(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()
