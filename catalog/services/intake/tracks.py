"""Which track a row of a catalogue file is, and what it adds to it. Set-based: a few queries per ten thousand rows.

A row is a known track when it has one of its ISRCs and one of its names; without ISRC on one of the two sides, when the
names are equal and the playing times do not differ. A known track is only added to: what it says already stays.
Anything else is a new track, also where an ISRC is on a track of another name (which is said).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalog import selectors
from catalog.formats import CatalogueRow
from catalog.models import Track, TrackIsrc, TrackName
from catalog.names import artist_key, name_key, search_text
from catalog.services.copying import new_ids
from catalog.services.track import NewTrack, OtherName, add_isrcs, add_track_names, note_words, write_tracks

DURATION_SLACK_SECONDS = 2


class RowRefused(Exception):
    """A row cannot be taken; `code` as in catalog.faults."""

    def __init__(self, column: str, code: str, found: str) -> None:
        super().__init__(column, code)
        self.column, self.code, self.found = column, code, found


@dataclass(slots=True, eq=False)
class KnownTrack:
    """A track as far as rows are compared with it, and what the rows have added."""

    pk: int
    title: str
    artist: str
    duration_seconds: int | None
    label: str
    language: str
    keys: set[str]
    isrcs: set[str] = field(default_factory=set)
    written: set[tuple[str, str]] = field(default_factory=set)
    is_new: bool = False
    is_changed: bool = False
    new_isrcs: list[str] = field(default_factory=list)
    new_names: list[OtherName] = field(default_factory=list)

    def could_last(self, seconds: int | None) -> bool:
        """This will tell whether a playing time is no reason against it."""
        known = self.duration_seconds
        return known is None or seconds is None or abs(known - seconds) <= DURATION_SLACK_SECONDS


class TrackShelf:
    """The tracks some rows may be, and those they turn out to be. Ids are drawn first, so that rows can share them."""

    def __init__(self, rows: Sequence[CatalogueRow]) -> None:
        self._by_isrc: dict[str, list[KnownTrack]] = defaultdict(list)
        self._by_key: dict[str, list[KnownTrack]] = defaultdict(list)
        self._tracks: dict[int, KnownTrack] = {}
        self._ids = iter(new_ids(Track, len(rows)))
        isrcs = {isrc for row in rows for isrc in row.isrcs}
        keys = {key for row in rows for key in row_keys(row)}
        ids = {pk for found in selectors.find_tracks_by_isrc(isrcs).values() for pk in found}
        ids |= {pk for found in selectors.find_tracks_by_name_keys(keys).values() for pk in found}
        self._load(ids)

    def _load(self, ids: set[int]) -> None:
        columns = ("pk", "title", "artist", "duration_seconds", "label", "language", "name_key")
        for pk, *said, key in (
            Track.objects.filter(pk__in=selectors.numbers(ids), merged_into=None).order_by("pk").values_list(*columns)
        ):
            title, artist, seconds, label, language = said
            self._tracks[pk] = KnownTrack(pk, title, artist, seconds, label, language, {key})
        names = TrackName.objects.filter(track_id__in=selectors.numbers(self._tracks))
        for pk, title, artist, key in names.values_list("track_id", "title", "artist", "name_key"):
            self._tracks[pk].keys.add(key)
            self._tracks[pk].written.add((title, artist))
        codes = TrackIsrc.objects.filter(track_id__in=selectors.numbers(self._tracks))
        for pk, isrc in codes.values_list("track_id", "isrc"):
            self._tracks[pk].isrcs.add(isrc)
        for track in self._tracks.values():
            self._shelve(track, track.keys, track.isrcs)

    def _shelve(self, track: KnownTrack, keys: Iterable[str], isrcs: Iterable[str]) -> None:
        for places, words in ((self._by_key, keys), (self._by_isrc, isrcs)):
            for word in words:
                if track not in places[word]:
                    places[word].append(track)

    def take(self, row: CatalogueRow) -> tuple[KnownTrack, list[str]]:
        """This will tell which track a row is, new or known, and add what the row says; also codes of remarks.

        Raises: RowRefused.
        """
        keys = row_keys(row)
        carriers = [track for isrc in row.isrcs for track in self._by_isrc.get(isrc, ())]
        track = self._same(row, keys, carriers)
        remarks = []
        if track is None:
            if row.is_text_broken:
                raise RowRefused("Title", "text_broken", f"{row.artist} - {row.title}")
            track = self._new(row, keys)
            remarks = ["isrc_elsewhere"] if carriers else []
        self._add(track, row, keys)
        return track, remarks

    def _same(self, row: CatalogueRow, keys: set[str], carriers: list[KnownTrack]) -> KnownTrack | None:
        if row.is_text_broken and carriers:
            return carriers[0]
        for track in carriers:
            if track.keys & keys:
                return track
        named = [track for key in keys for track in self._by_key.get(key, ()) if not (row.isrcs and track.isrcs)]
        fitting = {track.pk: track for track in named if track.could_last(row.duration_seconds)}
        if len(fitting) > 1:
            exact = [track for track in fitting.values() if track.duration_seconds == row.duration_seconds is not None]
            if len(exact) != 1:
                raise RowRefused("Title", "ambiguous_track", f"{row.artist} - {row.title}")
            return exact[0]
        return next(iter(fitting.values()), None)

    def _new(self, row: CatalogueRow, keys: set[str]) -> KnownTrack:
        track = KnownTrack(
            next(self._ids),
            row.title,
            row.artist,
            row.duration_seconds,
            row.label,
            row.language,
            set(keys),
            is_new=True,
        )
        self._tracks[track.pk] = track
        self._shelve(track, keys, row.isrcs)
        return track

    def _add(self, track: KnownTrack, row: CatalogueRow, keys: set[str]) -> None:
        if row.is_text_broken:
            return
        for isrc in row.isrcs:
            if isrc not in track.isrcs:
                track.isrcs.add(isrc)
                track.new_isrcs.append(isrc)
        for title, artist, language in _other_names(row, track):
            if (title, artist) not in track.written:
                track.written.add((title, artist))
                track.new_names.append(OtherName(title, artist, language))
        for name, value in (
            ("duration_seconds", row.duration_seconds),
            ("label", row.label),
            ("language", row.language),
        ):
            if value and not getattr(track, name):
                setattr(track, name, value)
                track.is_changed = True
        track.is_changed |= bool(track.new_isrcs or track.new_names)
        track.keys |= keys
        self._shelve(track, keys, row.isrcs)

    def write(self) -> None:
        """This will write new tracks and what was added to known ones."""
        new = [track for track in self._tracks.values() if track.is_new]
        write_tracks(
            ids=[track.pk for track in new],
            tracks=[
                NewTrack(
                    track.title,
                    track.artist,
                    track.duration_seconds,
                    track.label,
                    track.language,
                    tuple(track.new_isrcs),
                    tuple(track.new_names),
                )
                for track in new
            ],
        )
        changed = {track.pk: track for track in self._tracks.values() if track.is_changed and not track.is_new}
        rows = Track.objects.in_bulk(changed)
        add_isrcs(pairs=[(pk, isrc) for pk, track in changed.items() for isrc in track.new_isrcs])
        add_track_names(names=[(rows[pk], name) for pk, track in changed.items() for name in track.new_names])
        for pk, track in changed.items():
            row = rows[pk]
            row.duration_seconds, row.language = track.duration_seconds, track.language
            if row.label != track.label:
                row.label, row.label_key = track.label, artist_key(track.label)
                row.search_text = " ".join(dict.fromkeys(f"{row.search_text} {search_text(row.label)}".split()))
        fields = ["duration_seconds", "label", "label_key", "language", "search_text"]
        Track.objects.bulk_update(rows.values(), fields, batch_size=2000)
        note_words(texts=[row.search_text for row in rows.values()])


def row_keys(row: CatalogueRow) -> set[str]:
    """This will return the name keys of a row, in each way it is written."""
    return {name_key(row.title, row.artist), name_key(row.title_latin or row.title, row.artist_latin or row.artist)}


def _other_names(row: CatalogueRow, track: KnownTrack) -> Iterable[tuple[str, str, str]]:
    """Give the row's Latin name, and its own where the track is written in another script."""
    if row.title_latin or row.artist_latin:
        yield row.title_latin or row.title, row.artist_latin or row.artist, "und-Latn"
    if row.title.isascii() != track.title.isascii() or row.artist.isascii() != track.artist.isascii():
        yield row.title, row.artist, row.language
