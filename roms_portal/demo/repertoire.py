"""The tracks and releases of the demo, read from tracks.txt; their codes are made here and belong to nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("tracks.txt")
REGISTRANT = "R0M"


@dataclass(frozen=True, slots=True)
class DemoRelease:
    """A product; `title` is empty for tracks that come without one."""

    title: str
    artist: str
    artist_other: str
    label: str
    year: int
    country: str
    icpn: str


@dataclass(frozen=True, slots=True)
class DemoTrack:
    """One recording with its names in two scripts (or in Russian and English)."""

    number: int
    title: str
    title_other: str
    seconds: int
    writers: tuple[str, ...]
    isrc: str
    release: DemoRelease

    @property
    def artist(self) -> str:
        """The display artist."""
        return self.release.artist

    @property
    def artist_other(self) -> str:
        """The artist in the other script; the same name where only one is known."""
        return self.release.artist_other or self.release.artist

    @property
    def language(self) -> str:
        """BCP 47 tag of the title as catalogued."""
        if not any("а" <= letter <= "я" or letter in "ёії" for letter in self.title.lower()):
            return "en"
        return "uk" if self.release.country == "UA" and set(self.title.lower()) & set("іїєґ") else "ru"


@cache
def repertoire() -> tuple[DemoTrack, ...]:
    """This will read the whole repertoire, in the order of the file."""
    return tuple(_read())


def _read() -> Iterator[DemoTrack]:
    release, releases, number = None, 0, 0
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line[1:].split("|")]
        if line.startswith("="):
            title, artist, other, label, year, country = cells
            releases += 1
            release = DemoRelease(title, artist, other, label, int(year), country, _icpn(releases) if title else "")
        elif release is not None:
            number += 1
            title, other, length, writers = cells
            minutes, _, seconds = length.partition(":")
            yield DemoTrack(
                number,
                title,
                other,
                int(minutes) * 60 + int(seconds),
                tuple(name.strip() for name in writers.split(",") if name.strip()),
                f"{release.country}{REGISTRANT}{release.year % 100:02d}{number:05d}",
                release,
            )


def _icpn(number: int) -> str:
    """Make an EAN-13 of the range kept for use inside shops, with a true check digit."""
    body = f"2990000{number:05d}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighted % 10}"
