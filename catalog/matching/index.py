"""Codes of tracks and names that have none yet: rows somebody wrote past the bulk way, or renamed."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db import connection, transaction

from catalog.matching.codes import codes, number
from catalog.matching.decide import Asked, other_ways, plain_way
from catalog.matching.reading import read

ROWS_AT_ONCE: Final = 5000
TABLES: Final = ("catalog_track", "catalog_trackname")


def codes_of(title: str, artist: str) -> list[int]:
    """This will return the codes under which a name of a track is found."""
    return codes(read(title, artist))


def asking_codes_of(title: str, artist: str, isrcs: Iterable[str]) -> list[int]:
    """This will return the codes by which a track that turns up finds a name nobody knew, however it is read."""
    asked = Asked(0, title, artist)
    plain = plain_way(asked)
    ways = [*([plain] if plain else []), *other_ways(asked)]
    return sorted({*(code for way in ways for code in codes(way.reading, asks=True)), *map(isrc_code, isrcs)})


def isrc_code(isrc: str) -> int:
    """This will return the code of an ISRC, beside those of names."""
    return number(f"I{isrc}")


def codes_of_tracks(track_ids: Collection[int]) -> set[int]:
    """This will return every code by which some names nobody knew may be these tracks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unnest(match_codes) FROM catalog_track WHERE id = ANY (%(ids)s)"
            " UNION SELECT unnest(match_codes) FROM catalog_trackname WHERE track_id = ANY (%(ids)s)",
            {"ids": list(track_ids)},
        )
        found = {code for (code,) in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT isrc FROM catalog_trackisrc WHERE track_id = ANY (%s)", [list(track_ids)])
        return found | {isrc_code(isrc) for (isrc,) in cursor.fetchall()}


def array(values: Iterable[object]) -> str:
    """This will spell values as a PostgreSQL array, in one order."""
    return "{" + ",".join(sorted(map(str, values))) + "}"


def give_codes(*, anew: bool = False) -> int:
    """This will give every track and name its codes that has none (`anew`: first takes them from all); how many."""
    done = 0
    for table in TABLES:
        if anew:
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET match_codes = NULL WHERE match_codes IS NOT NULL")
        while few := _some(table):
            done += few
    return done


def _some(table: str) -> int:
    """Rows another worker is busy with are left to it; ours stay locked until the commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, title, artist FROM {table} WHERE match_codes IS NULL ORDER BY id LIMIT %s"
            " FOR NO KEY UPDATE SKIP LOCKED",
            [ROWS_AT_ONCE],
        )
        rows: list[Any] = cursor.fetchall()
        if rows:
            found = [array(codes_of(title, artist)) for _, title, artist in rows]
            cursor.execute(
                f"UPDATE {table} SET match_codes = found.codes::integer[]"
                " FROM unnest(%s::bigint[], %s::text[]) AS found (id, codes) WHERE found.id = {0}.id".format(table),
                [[row[0] for row in rows], found],
            )
        return len(rows)
