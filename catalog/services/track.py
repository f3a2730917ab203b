"""Adds tracks, one or a hundred thousand, with their codes, names and search words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from catalog.isrc import normalise_isrc
from catalog.matching.index import array, codes_of
from catalog.models import SearchWord, Track, TrackIsrc, TrackName
from catalog.names import artist_key, name_key, search_text, title_key
from catalog.services.copying import copy_rows, new_ids
from catalog.services.errors import NameMissing
from catalog.spelling import spellings
from core.ids import new_public_id

WORD_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another way a track's title and artist are written; what is left empty is as in the first name."""

    title: str = ""
    artist: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class NewTrack:
    """A track as a source describes it."""

    title: str
    artist: str
    duration_seconds: int | None = None
    label: str = ""
    language: str = ""
    isrcs: tuple[str, ...] = ()
    names: tuple[OtherName, ...] = ()


def add_tracks(*, tracks: Sequence[NewTrack]) -> list[int]:
    """This will add tracks, all or none, and return their ids in the order given.

    Raises: NameMissing, BadIsrc.
    """
    for track in tracks:
        if not title_key(track.title) or not artist_key(track.artist):
            raise NameMissing
    ids = new_ids(Track, len(tracks))
    write_tracks(ids=ids, tracks=tracks)
    return ids


def write_tracks(*, ids: Sequence[int], tracks: Sequence[NewTrack]) -> None:
    """This will write tracks with names under ids drawn before. Raises: BadIsrc."""
    codes = [tuple(dict.fromkeys(map(normalise_isrc, track.isrcs))) for track in tracks]
    texts = [_search_text(track) for track in tracks]
    with transaction.atomic():
        copy_rows(Track, _TRACK_COLUMNS, map(_track_row, ids, tracks, texts))
        add_isrcs(pairs=[(pk, code) for pk, found in zip(ids, codes, strict=True) for code in found])
        _add_names(zip(ids, tracks, strict=True))
        note_words(texts=texts)


def add_track(*, track: NewTrack) -> Track:
    """This will add one track. Raises: NameMissing, BadIsrc."""
    return Track.objects.get(pk=add_tracks(tracks=[track])[0])


def add_isrcs(*, pairs: Iterable[tuple[int, str]]) -> None:
    """This will give tracks codes they do not have yet; (track id, normalised code)."""
    copy_rows(TrackIsrc, ("track_id", "isrc"), pairs)


def add_track_names(*, names: Sequence[tuple[Track, OtherName]]) -> None:
    """This will add other names of tracks, and find the tracks by them; names they have already change nothing."""
    rows = [(track, *_spelled_out(track.title, track.artist, name), name.language) for track, name in names]
    with transaction.atomic():
        TrackName.objects.bulk_create(
            [
                TrackName(track=track, title=title, artist=artist, language=language, name_key=name_key(title, artist))
                for track, title, artist, language in rows
            ],
            ignore_conflicts=True,
        )
        for track, title, artist, _ in rows:
            track.search_text = " ".join(dict.fromkeys(f"{track.search_text} {search_text(title, artist)}".split()))
        Track.objects.bulk_update({row[0].pk: row[0] for row in rows}.values(), ["search_text"], batch_size=2000)
        note_words(texts=[row[0].search_text for row in rows])


def note_words(*, texts: Iterable[str]) -> None:
    """This will add the words of search texts to the vocabulary that mistyped words are corrected from."""
    found = {word for text in texts for word in text.split() if 2 < len(word) <= WORD_LENGTH_MAX}
    words = [word for word in found if not word.isdigit()]
    table = SearchWord._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT word FROM unnest(%s::text[]) AS w (word) WHERE NOT EXISTS"
            f' (SELECT FROM {table} k WHERE k.word = w.word) ORDER BY word COLLATE "C"',
            [words],
        )
        fresh = [word for (word,) in cursor.fetchall()]
        if fresh:
            cursor.execute(
                f"INSERT INTO {table} (word, spellings) SELECT word, codes::integer[]"
                " FROM unnest(%s::text[], %s::text[]) AS w (word, codes) ON CONFLICT DO NOTHING",
                [fresh, [array(spellings(word)) for word in fresh]],
            )


_TRACK_COLUMNS = (
    "id",
    "public_id",
    "title",
    "artist",
    "duration_seconds",
    "label",
    "language",
    "name_key",
    "search_text",
    "label_key",
    "match_codes",
)


def _track_row(pk: int, track: NewTrack, text: str) -> tuple[str | int | None, ...]:
    return (
        pk,
        new_public_id("TRK"),
        track.title,
        track.artist,
        track.duration_seconds,
        track.label,
        track.language,
        name_key(track.title, track.artist),
        text,
        artist_key(track.label),
        array(codes_of(track.title, track.artist)),
    )


def _search_text(track: NewTrack) -> str:
    others = [text for name in track.names for text in (name.title, name.artist)]
    return search_text(track.title, track.artist, track.label, *others)


def _spelled_out(title: str, artist: str, name: OtherName) -> tuple[str, str]:
    return name.title or title, name.artist or artist


def _add_names(tracks: Iterable[tuple[int, NewTrack]]) -> None:
    rows = {}
    for pk, track in tracks:
        for name in track.names:
            title, artist = _spelled_out(track.title, track.artist, name)
            if (title, artist) != (track.title, track.artist):
                rows[pk, title, artist] = (
                    pk,
                    title,
                    artist,
                    name.language,
                    name_key(title, artist),
                    array(codes_of(title, artist)),
                )
    copy_rows(TrackName, ("track_id", "title", "artist", "language", "name_key", "match_codes"), rows.values())
