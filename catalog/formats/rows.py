"""What every reader of a catalogue feed hands on: recordings, works, and what a licensor says may be sold."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from catalog.formats.tables import RowFault


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One row that can be used; every value checked, every code in the way it is stored."""

    line_no: int
    title: str
    artist: str
    isrcs: tuple[str, ...] = ()
    title_latin: str = ""
    artist_latin: str = ""
    language: str = ""
    duration_seconds: int | None = None
    label: str = ""
    release_title: str = ""
    release_artist: str = ""
    icpn: str = ""
    release_date: date | None = None
    track_number: int | None = None
    iswc: str = ""
    work_title: str = ""
    authors: tuple[str, ...] = ()
    is_text_broken: bool = False


@dataclass(frozen=True, slots=True)
class DeclaredParty:
    """A writer or publisher of a work with the shares the submitter declares, in percent of the work."""

    name: str
    role: str
    ipi: str = ""
    is_publisher: bool = False
    is_controlled: bool = False
    performing: Decimal = Decimal(0)
    mechanical: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One registered work (CWR NWR or REV), as its submitter declares it."""

    line_no: int
    title: str
    submitter: str
    submitter_number: str
    iswc: str = ""
    other_titles: tuple[str, ...] = ()
    parties: tuple[DeclaredParty, ...] = ()
    isrcs: tuple[str, ...] = ()
    performers: tuple[str, ...] = ()
    is_revision: bool = False

    @property
    def authors(self) -> tuple[str, ...]:
        """The writers' names, in the order of the file."""
        return tuple(dict.fromkeys(party.name for party in self.parties if not party.is_publisher))


@dataclass(frozen=True, slots=True)
class Message:
    """Who sent a catalogue message, and when it was made."""

    sender: str
    sender_name: str
    message_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """One deal of a release, or its end: territories as DDEX writes them, half-open days."""

    include: tuple[str, ...] = ("Worldwide",)
    exclude: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    is_takedown: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseSaid:
    """What one message says about one release: its deals; without any, it may not be sold any more.

    `is_purged`: the message takes the release out of the catalogue as if it had never been there.
    """

    line_no: int
    message: Message
    key: str
    title: str
    artist: str = ""
    isrcs: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = field(default_factory=tuple)
    is_purged: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue file that could be opened."""

    kind: str
    rows: Iterator[CatalogueRow | WorkRow | ReleaseSaid | RowFault]
