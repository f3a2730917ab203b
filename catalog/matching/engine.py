"""Many names to tracks, set-based in PostgreSQL, and only what exact evidence leaves in Python.

Rows to find are staged in a temporary table (match_asked, `stage`); `find_staged` fills match_found with what was
found, and match_left with the codes by which a track that turns up later finds what was not (catalog.matching.index).
They live until the commit, so a caller joins them with tables of its own.

1. exact, in SQL (catalog.matching.exact): an ISRC that names one track of the same name; a name key of one track.
2. candidates with the ISRC, or with a code in common (catalog.matching.codes), judged one by one (decide).
3. for those still open the same again, with title and artist swapped, or both in one cell.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from catalog.matching import exact
from catalog.matching.codes import codes
from catalog.matching.decide import (
    SWAPPED_REASONS,
    SWAPPED_SCORE,
    Asked,
    Candidate,
    Found,
    Ranked,
    Way,
    decide,
    is_plain,
    other_ways,
    plain_way,
    rank,
)
from catalog.matching.evidence import SECONDS_APART, SECONDS_EQUAL, SHOW
from catalog.matching.index import array, give_codes, isrc_code
from catalog.names import name_key, title_key


class _Open(NamedTuple):
    """A name still to be judged, in some ways to read it."""

    asked: Asked
    ways: list[Way]
    codes: frozenset[int]

    @classmethod
    def of(cls, asked: Asked, ways: list[Way]) -> "_Open":
        return cls(asked, ways, frozenset(code for way in ways for code in codes(way.reading, asks=True)))


ROWS_AT_ONCE: Final = 2000
STAGED_AT_ONCE: Final = 10_000
CANDIDATES_MAX: Final = 200


def find(asked: Iterable[Asked]) -> Iterator[Found]:
    """This will find the track of each name, in the order of their numbers (`no`), which must differ."""
    with transaction.atomic(), connection.cursor() as cursor:
        stage(cursor, asked)
        find_staged(cursor)
        cursor.execute(
            "SELECT a.no, f.track_id, coalesce(f.method, ''), f.score, f.reasons::text, f.nearest_id"
            " FROM match_asked a LEFT JOIN match_found f ON f.no = a.no ORDER BY a.no"
        )
        rows = cursor.fetchall()
    return (
        Found(no, track, method, score, tuple(json.loads(reasons or "[]")), nearest)
        for no, track, method, score, reasons, nearest in rows
    )


def suggestions(asked: Asked, limit: int = 5) -> list[Ranked]:
    """This will give the tracks a name may mean, best first, as a person may choose from: track_id, score, method,
    reasons, and whether it would be a match by itself (`is_match`). Same code as `find`; nothing is written.
    """
    return suggestions_for([asked], limit)[asked.no]


def suggestions_for(asked: Sequence[Asked], limit: int = 5) -> dict[int, list[Ranked]]:
    """This will give `suggestions` of several names at once, by their numbers (`no`), which must differ."""
    with transaction.atomic(), connection.cursor() as cursor:
        give_codes()
        ways = {one.no: [plain] if (plain := plain_way(one)) else [] for one in asked}
        ranked = _ranked(cursor, asked, ways)
        unsure = [one for one in asked if not any(found.is_match for found in ranked[one.no])]
        ranked |= _ranked(cursor, unsure, {one.no: ways[one.no] + other_ways(one) for one in unsure})
    return {no: [one for one in found if one.score >= SHOW][:limit] for no, found in ranked.items()}


def _ranked(cursor: Any, some: Sequence[Asked], ways: dict[int, list[Way]]) -> dict[int, list[Ranked]]:
    found = _candidates(cursor, [_Open.of(one, ways[one.no]) for one in some]) if some else {}
    return {one.no: rank(one, ways[one.no], found.get(one.no, [])) for one in some}


def find_literal(cursor: Any, rows: str, facts: Mapping[str, Any]) -> None:
    """This will make the temporary tables and find, of a query's `no`, `title`, `artist` and `isrcs`, what the one
    track with the one code spells alike. What is left is for `stage`, as `further`.

    Nothing else than a shorter way to what `find_staged` finds for such rows.
    """
    cursor.execute(exact.STAGED)
    cursor.execute(exact.LITERAL.format(rows=rows), facts)


def stage(cursor: Any, asked: Iterable[Asked], *, further: bool = False) -> None:
    """This will make the temporary tables, unless these are `further` names, and put names in; each `no` once."""
    if not further:
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
        _judge(cursor, few)
        last = few[-1].no


def _staged(asked: Asked) -> tuple[Any, ...]:
    key = name_key(asked.title, asked.artist)
    return (asked.no, asked.title, asked.artist, array(asked.isrcs), key, asked.seconds, asked.label, asked.release)


def _judge(cursor: Any, few: Sequence[Asked]) -> None:
    """This will judge some names: first as they stand, then those without a match in other ways too."""
    found = _swapped(cursor, few)
    plain = [_Open.of(asked, [way] if (way := plain_way(asked)) else []) for asked in few if asked.no not in found]
    found |= {one.asked.no: decision for one, decision in _decided(cursor, plain)}
    left = [one for one in plain if found[one.asked.no].track_id is None]
    others = [_Open.of(one.asked, ways) for one in left if (ways := other_ways(one.asked))]
    for one, decision in _decided(cursor, others):
        if decision.track_id is not None:
            found[one.asked.no] = decision
    _keep(cursor, found.values())
    _leave(cursor, [one for one in (*left, *others) if found[one.asked.no].track_id is None])


def _swapped(cursor: Any, few: Sequence[Asked]) -> dict[int, Found]:
    """This will match what is exactly the name of one track, with title and artist in each other's place."""
    keys = {asked.no: name_key(asked.artist, asked.title) for asked in few if is_plain(asked)}
    cursor.execute(exact.BY_SWAPPED_NAME, [list(keys), list(keys.values())])
    return {no: Found(no, track, "similar", SWAPPED_SCORE, SWAPPED_REASONS) for no, track in cursor.fetchall()}


def _decided(cursor: Any, some: Sequence[_Open]) -> list[tuple[_Open, Found]]:
    candidates = _candidates(cursor, some) if some else {}
    return [(one, decide(one.asked, rank(one.asked, one.ways, candidates.get(one.asked.no, [])))) for one in some]


def _candidates(cursor: Any, some: Sequence[_Open]) -> dict[int, list[Candidate]]:
    """This will fetch every track worth comparing, under each of its names, in the order of their ids."""
    grouped: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    _look_at(cursor, some)
    cursor.execute(exact.BY_CODES.format(most=CANDIDATES_MAX + 1))
    for no, *candidate in cursor.fetchall():
        grouped[no].add(tuple(candidate))
    carried: dict[int, set[int]] = defaultdict(set)
    if any(one.asked.isrcs for one in some):
        cursor.execute(exact.BY_CARRIED_ISRC)
        for no, *candidate in cursor.fetchall():
            grouped[no].add(tuple(candidate))
            carried[no].add(candidate[0])
    placed: set[tuple[int, int]] = set()
    if any(one.asked.release for one in some):
        cursor.execute(exact.ON_RELEASE, [[candidate[0] for found in grouped.values() for candidate in found]])
        placed = set(cursor.fetchall())
    many = [one for one in some if len(grouped[one.asked.no]) > CANDIDATES_MAX]
    if many:
        _look_at(cursor, many)
        for one in many:
            grouped[one.asked.no] = {kept for kept in grouped[one.asked.no] if kept[0] in carried[one.asked.no]}
        cursor.execute(exact.BY_CODES_BEST_FIRST.format(most=CANDIDATES_MAX))
        for no, *candidate in cursor.fetchall():
            grouped[no].add(tuple(candidate))
    return {
        no: [
            Candidate._make((*one, one[0] in carried[no], (no, one[0]) in placed))
            for one in sorted(found, key=_in_order)
        ]
        for no, found in grouped.items()
    }


def _in_order(candidate: tuple[Any, ...]) -> tuple[int, str, str]:
    return candidate[:3]


def _look_at(cursor: Any, some: Sequence[_Open]) -> None:
    rows = [
        (
            one.asked.no,
            array(one.codes),
            array(one.asked.isrcs),
            title_key(one.asked.release) if one.asked.release else "",
        )
        for one in some
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    cursor.execute(exact.LOOKED_AT, columns)


def _keep(cursor: Any, found: Iterable[Found]) -> None:
    rows = [
        (one.no, one.track_id, one.method, one.score, json.dumps(one.reasons), one.nearest_id)
        for one in found
        if one.score is not None
    ]
    if rows:
        cursor.execute(exact.KEEP, [list(column) for column in zip(*rows, strict=True)])


def _leave(cursor: Any, some: Iterable[_Open]) -> None:
    left: dict[int, set[int]] = defaultdict(set)
    for one in some:
        left[one.asked.no] |= {*one.codes, *map(isrc_code, one.asked.isrcs)}
    cursor.execute(exact.LEAVE, [list(left), [array(found) for found in left.values()]])
