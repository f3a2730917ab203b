"""Many names to tracks, set-based in PostgreSQL, and only what exact evidence leaves in Python.

Rows to find are staged in a temporary table (`stage`), `find_staged` fills another one with what was found. Both live
until the commit, so a caller joins them with tables of its own.

1. exact, in SQL (catalog.matching.exact): an ISRC that names one track of the same name; a name key of one track.
2. candidates with the ISRC, or with a code in common (catalog.matching.codes), judged one by one (decide).
3. for those still open the same again, with title and artist swapped, or both in one cell.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction

from catalog.matching import exact
from catalog.matching.codes import codes
from catalog.matching.decide import Asked, Candidate, Found, Ranked, Way, decide, other_ways, plain_way, rank
from catalog.matching.evidence import SECONDS_APART, SECONDS_EQUAL, SHOW
from catalog.matching.index import give_codes
from catalog.names import name_key, title_key

ROWS_AT_ONCE: Final = 2000
STAGED_AT_ONCE: Final = 10_000
CANDIDATES_MAX: Final = 60


def find(asked: Iterable[Asked]) -> Iterator[Found]:
    """This will find the track of each name, in the order of their numbers (`no`), which must differ."""
    with transaction.atomic(), connection.cursor() as cursor:
        stage(cursor, asked)
        find_staged(cursor)
        cursor.execute(
            "SELECT a.no, f.track_id, coalesce(f.method, ''), f.score, f.reasons::text"
            " FROM match_asked a LEFT JOIN match_found f ON f.no = a.no ORDER BY a.no"
        )
        rows = cursor.fetchall()
    return (Found(*row, tuple(json.loads(reasons or "[]"))) for *row, reasons in rows)


def suggestions(asked: Asked, limit: int = 5) -> list[Ranked]:
    """This will give the tracks a name may mean, best first, as a person may choose from: track_id, score, method,
    reasons, and whether it would be a match by itself (`is_match`). Same code as `find`; nothing is written.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        give_codes()
        plain = plain_way(asked)
        ways = [plain] if plain else []
        ranked = rank(asked, ways, _candidates(cursor, [(asked, ways)])[asked.no])
        if not any(one.is_match for one in ranked):
            ways += other_ways(asked)
            ranked = rank(asked, ways, _candidates(cursor, [(asked, ways)])[asked.no])
    return [one for one in ranked if one.score >= SHOW][:limit]


def stage(cursor: Any, asked: Iterable[Asked]) -> None:
    """This will make the temporary tables and put names in; their numbers (`no`) must differ."""
    cursor.execute(exact.STAGED)
    rows = iter(asked)
    while few := list(islice(rows, STAGED_AT_ONCE)):
        nos, titles, artists, isrcs, keys, seconds, labels, releases = zip(*map(_staged, few), strict=True)
        cursor.execute(
            "INSERT INTO match_asked SELECT no, title, artist, isrcs::text[], name_key, seconds, label, release"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::integer[], %s::text[],"
            " %s::text[]) AS a (no, title, artist, isrcs, name_key, seconds, label, release)",
            [*map(list, (nos, titles, artists, isrcs, keys, seconds, labels, releases))],
        )
    cursor.execute("ANALYZE match_asked")


def find_staged(cursor: Any, *, beat: Callable[[], object] = lambda: None) -> None:
    """This will fill match_found for everything in match_asked; `beat` is called now and then.

    A row without a track says what came nearest and why that was not enough; nothing near leaves no row.
    """
    give_codes()
    cursor.execute(exact.LOST)
    cursor.execute(exact.BY_ISRC)
    beat()
    cursor.execute(exact.BY_NAME.format(apart=SECONDS_APART, equal=SECONDS_EQUAL))
    cursor.execute("ANALYZE match_found")
    last = -1
    while True:
        beat()
        cursor.execute(exact.OPEN, [last, ROWS_AT_ONCE])
        few = [Asked(no, title, artist, tuple(isrcs), *rest) for no, title, artist, isrcs, *rest in cursor.fetchall()]
        if not few:
            return
        _keep(cursor, _judge(cursor, few))
        last = few[-1].no


def _staged(asked: Asked) -> tuple[Any, ...]:
    key = name_key(asked.title, asked.artist)
    return (asked.no, asked.title, asked.artist, _array(asked.isrcs), key, asked.seconds, asked.label, asked.release)


def _judge(cursor: Any, few: Sequence[Asked]) -> list[Found]:
    """This will judge some names: first as they stand, then those without a match in other ways too."""
    found: dict[int, Found] = {}
    ways: dict[int, list[Way]] = {asked.no: [plain] if (plain := plain_way(asked)) else [] for asked in few}
    candidates = _candidates(cursor, [(asked, ways[asked.no]) for asked in few])
    again = []
    for asked in few:
        found[asked.no] = decide(asked, rank(asked, ways[asked.no], candidates[asked.no]))
        if found[asked.no].track_id is None and (more := other_ways(asked)):
            ways[asked.no] = more
            again.append(asked)
    others = _candidates(cursor, [(asked, ways[asked.no]) for asked in again])
    for asked in again:
        second = decide(asked, rank(asked, ways[asked.no], others[asked.no]))
        if second.track_id is not None:
            found[asked.no] = second
    return [found[asked.no] for asked in few]


def _candidates(cursor: Any, read: Sequence[tuple[Asked, Sequence[Way]]]) -> dict[int, list[Candidate]]:
    """This will fetch every track worth comparing, under each of its names."""
    grouped: dict[int, list[Candidate]] = defaultdict(list)
    if not read:
        return grouped
    parts = [
        (
            asked.no,
            _array({code for way in ways for code in codes(way.reading, asks=True)}),
            _array(asked.isrcs),
            title_key(asked.release) if asked.release else "",
        )
        for asked, ways in read
    ]
    cursor.execute(exact.LOOKED_AT, [list(column) for column in zip(*parts, strict=True)])
    cursor.execute(exact.CANDIDATES.format(most=CANDIDATES_MAX))
    for no, *rest in cursor.fetchall():
        grouped[no].append(Candidate(*rest))
    return grouped


def _keep(cursor: Any, found: Iterable[Found]) -> None:
    rows = [
        (one.no, one.track_id, one.method, one.score, json.dumps(one.reasons)) for one in found if one.score is not None
    ]
    if rows:
        cursor.execute(exact.KEEP, [list(column) for column in zip(*rows, strict=True)])


def _array(values: Iterable[object]) -> str:
    return "{" + ",".join(map(str, sorted(values, key=str))) + "}"
