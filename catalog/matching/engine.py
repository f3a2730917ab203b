"""Many names to tracks, set-based in PostgreSQL, and only what exact evidence leaves in Python.

Rows to find are staged in a temporary table (match_asked, `stage`); `find_staged` fills match_found with what was
found, and match_left with the codes by which a track that turns up later finds what was not (catalog.matching.index).
They live until the commit, so a caller joins them with tables of its own.

1. exact, in SQL (catalog.matching.exact): an ISRC that names one track of the same name; a name key of one track.
2. candidates with the ISRC, or with a code in common (catalog.matching.codes), judged one by one (decide).
3. for those still open the same again, with title and artist swapped, or both in one cell.

Two parts of what is left are judged side by side, one in Python while PostgreSQL looks up the other's candidates.
"""

import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from threading import Lock
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


class _Turns:
    """A cursor that two threads use in turns; temporary tables made in one's turn live until its end."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._turn = Lock()

    def __enter__(self) -> Any:
        self._turn.acquire()
        return self._cursor

    def __exit__(self, *_error: object) -> None:
        self._turn.release()


SIDE_BY_SIDE: Final = 2
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
        turns = _Turns(cursor)
        ways = {one.no: [plain] if (plain := plain_way(one)) else [] for one in asked}
        ranked = _ranked(turns, asked, ways)
        unsure = [one for one in asked if not any(found.is_match for found in ranked[one.no])]
        ranked |= _ranked(turns, unsure, {one.no: ways[one.no] + other_ways(one) for one in unsure})
    return {no: [one for one in found if one.score >= SHOW][:limit] for no, found in ranked.items()}


def _ranked(turns: _Turns, some: Sequence[Asked], ways: dict[int, list[Way]]) -> dict[int, list[Ranked]]:
    found = _candidates(turns, [_Open.of(one, ways[one.no]) for one in some]) if some else {}
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
    turns = _Turns(cursor)
    parts = _parts(turns, beat)
    few = next(parts, [])
    if len(few) < ROWS_AT_ONCE:
        _judge(turns, few)
        return
    judged: deque[Future[None]] = deque()
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        while few:
            judged.append(pool.submit(_judge, turns, few))
            few = next(parts, [])
            if len(judged) > SIDE_BY_SIDE:
                judged.popleft().result()
        for part in judged:
            part.result()


def _parts(turns: _Turns, beat: Callable[[], object]) -> Iterator[list[Asked]]:
    """Give what exact evidence left, some at a time."""
    last = -1
    while True:
        with turns as cursor:
            beat()
            cursor.execute(exact.OPEN, [last, ROWS_AT_ONCE])
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield [Asked(no, title, artist, tuple(isrcs), *rest) for no, title, artist, isrcs, *rest in rows]


def _staged(asked: Asked) -> tuple[Any, ...]:
    key = name_key(asked.title, asked.artist)
    return (asked.no, asked.title, asked.artist, array(asked.isrcs), key, asked.seconds, asked.label, asked.release)


def _judge(turns: _Turns, few: Sequence[Asked]) -> None:
    """This will judge some names: first as they stand, then those without a match in other ways too."""
    found = _swapped(turns, few)
    plain = [_Open.of(asked, [way] if (way := plain_way(asked)) else []) for asked in few if asked.no not in found]
    found |= {one.asked.no: decision for one, decision in _decided(turns, plain)}
    left = [one for one in plain if found[one.asked.no].track_id is None]
    others = [_Open.of(one.asked, ways) for one in left if (ways := other_ways(one.asked))]
    for one, decision in _decided(turns, others):
        if decision.track_id is not None:
            found[one.asked.no] = decision
    _keep(turns, found.values())
    _leave(turns, [one for one in (*left, *others) if found[one.asked.no].track_id is None])


def _swapped(turns: _Turns, few: Sequence[Asked]) -> dict[int, Found]:
    """This will match what is exactly the name of one track, with title and artist in each other's place."""
    keys = {asked.no: name_key(asked.artist, asked.title) for asked in few if is_plain(asked)}
    with turns as cursor:
        cursor.execute(exact.BY_SWAPPED_NAME, [list(keys), list(keys.values())])
        rows = cursor.fetchall()
    return {no: Found(no, track, "similar", SWAPPED_SCORE, SWAPPED_REASONS) for no, track in rows}


def _decided(turns: _Turns, some: Sequence[_Open]) -> list[tuple[_Open, Found]]:
    candidates = _candidates(turns, some) if some else {}
    return [(one, decide(one.asked, rank(one.asked, one.ways, candidates.get(one.asked.no, [])))) for one in some]


def _candidates(turns: _Turns, some: Sequence[_Open]) -> dict[int, list[Candidate]]:
    """This will fetch every track worth comparing, under each of its names, in the order of their ids."""
    with turns as cursor:
        near, by_isrc, placed = _near(cursor, some)
    grouped: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    carried: dict[int, set[int]] = defaultdict(set)
    for no, *candidate in (*near, *by_isrc):
        grouped[no].add(tuple(candidate))
    for no, track_id, *_name in by_isrc:
        carried[no].add(track_id)
    many = [one for one in some if len(grouped[one.asked.no]) > CANDIDATES_MAX]
    if many:
        with turns as cursor:
            _look_at(cursor, many)
            cursor.execute(exact.BY_CODES_BEST_FIRST.format(most=CANDIDATES_MAX))
            best = cursor.fetchall()
        for one in many:
            grouped[one.asked.no] = {kept for kept in grouped[one.asked.no] if kept[0] in carried[one.asked.no]}
        for no, *candidate in best:
            grouped[no].add(tuple(candidate))
    return {
        no: [
            Candidate._make((*one, one[0] in carried[no], (no, one[0]) in placed))
            for one in sorted(found, key=_in_order)
        ]
        for no, found in grouped.items()
    }


def _near(cursor: Any, some: Sequence[_Open]) -> tuple[list[Any], list[Any], set[tuple[int, int]]]:
    """Give tracks with a code in common, those with the ISRC, and which of them are on the release named."""
    _look_at(cursor, some)
    cursor.execute(exact.BY_CODES.format(most=CANDIDATES_MAX + 1))
    near = cursor.fetchall()
    by_isrc = []
    if any(one.asked.isrcs for one in some):
        cursor.execute(exact.BY_CARRIED_ISRC)
        by_isrc = cursor.fetchall()
    placed: set[tuple[int, int]] = set()
    if any(one.asked.release for one in some):
        cursor.execute(exact.ON_RELEASE, [[track_id for _no, track_id, *_name in (*near, *by_isrc)]])
        placed = set(cursor.fetchall())
    return near, by_isrc, placed


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


def _keep(turns: _Turns, found: Iterable[Found]) -> None:
    rows = [
        (one.no, one.track_id, one.method, one.score, json.dumps(one.reasons), one.nearest_id)
        for one in found
        if one.score is not None
    ]
    if rows:
        with turns as cursor:
            cursor.execute(exact.KEEP, [list(column) for column in zip(*rows, strict=True)])


def _leave(turns: _Turns, some: Iterable[_Open]) -> None:
    left: dict[int, set[int]] = defaultdict(set)
    for one in some:
        left[one.asked.no] |= {*one.codes, *map(isrc_code, one.asked.isrcs)}
    codes_of = [array(found) for found in left.values()]
    with turns as cursor:
        cursor.execute(exact.LEAVE, [list(left), codes_of])
