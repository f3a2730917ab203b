"""DDEX Electronic Release Notification, 3.2 to 4.3: recordings on releases, and what its sender lets be sold.

Versions differ in where things stand, so each thing is looked for in the places it has had (ERN 3.8.2 and 4.3 schemas;
samples of 3.5, 3.8.2, 4.2, 4.3). Only the root has a namespace; it tells the version, the file's name tells nothing.
A message that its sender marked as a test is refused. Deals are read by `catalog.formats.ern_deals`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from catalog.formats import cells
from catalog.formats.cells import LABEL_LENGTH_MAX, BadCell
from catalog.formats.ern_deals import read_deals
from catalog.formats.rows import Catalogue, CatalogueRow, Message, ReleaseSaid
from catalog.formats.tables import FOUND_LENGTH_MAX, CannotRead, RowFault
from catalog.formats.xml import line_of, read_tree, text_of, texts_of

_ROOT = re.compile(r"\{http://(?:service\.)?ddex\.net/xml/(?:\d{4}/)?ern(?:-main)?/(\d{2,3})\}(\w+)")
_WRITER_ROLES: Final = {
    "Author",
    "Composer",
    "ComposerLyricist",
    "Lyricist",
    "Adapter",
    "Arranger",
    "Translator",
    "SubLyricist",
    "SubArranger",
}


@dataclass(frozen=True, slots=True)
class Names:
    """A name as it is written, and its twin in Latin letters where the message gives one."""

    text: str
    latin: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A product of the message: its numbers and names, and its recordings in order."""

    key: str
    title: str
    artist: str
    label: str
    icpn: str
    day: str
    resources: tuple[str, ...]
    line_no: int


def read_ern(file: BinaryIO) -> Catalogue:
    """This will read one message and give its recordings, then what it says of each release. Raises: CannotRead."""
    root = read_tree(file)
    found = _ROOT.match(root.tag)
    if found is None:
        raise CannotRead("xml_unknown", root.tag)
    version, name = ".".join(found[1]), found[2]
    if name not in ("NewReleaseMessage", "PurgeReleaseMessage"):
        raise CannotRead("xml_unknown", name)
    if not ("3.2" <= version < "5"):
        raise CannotRead("ern_version", version)
    message = _message(root)
    kind = f"ERN {version}"
    if name == "PurgeReleaseMessage":
        return Catalogue(f"{kind} purge", iter([_purged(root, message)]))
    return Catalogue(kind, _rows(root, message))


def _message(root: Element) -> Message:
    header = root.find("MessageHeader")
    if header is None:
        raise CannotRead("header_missing", "MessageHeader")
    if text_of(header, "MessageControlType") == "TestMessage":
        raise CannotRead("test_message", text_of(header, "MessageId"))
    sender = header.find("SentOnBehalfOf")
    sender = header.find("MessageSender") if sender is None else sender
    if sender is None or not text_of(sender, "PartyId"):
        raise CannotRead("header_missing", "MessageSender/PartyId")
    try:
        moment = datetime.fromisoformat(text_of(header, "MessageCreatedDateTime"))
    except ValueError:
        raise CannotRead("header_missing", "MessageCreatedDateTime") from None
    return Message(
        text_of(sender, "PartyId")[:40],
        text_of(sender, "PartyName/FullName", "TradingName", "PartyName/KeyName")[:LABEL_LENGTH_MAX],
        text_of(header, "MessageId", "MessageThreadId")[:100],
        moment if moment.tzinfo else moment.replace(tzinfo=UTC),
    )


def _rows(root: Element, message: Message) -> Iterator[CatalogueRow | ReleaseSaid | RowFault]:
    parties = {
        text_of(party, "PartyReference"): _variants(party.iterfind("PartyName"), "FullName")
        for party in root.iterfind("PartyList/Party")
    }
    recordings = {text_of(node, "ResourceReference"): node for node in root.iterfind("ResourceList/SoundRecording")}
    releases = _releases(root, parties)
    main = next(iter(releases.values()), None)
    order = {name: place for place, name in enumerate(_played(main, recordings), 1)}
    isrcs: dict[str, tuple[str, ...]] = {}
    for name, node in recordings.items():
        try:
            row = _row(node, parties, main, order.get(name))
        except BadCell as bad:
            yield RowFault(line_of(node), bad.column, bad.code, bad.found[:FOUND_LENGTH_MAX])
            continue
        isrcs[name] = row.isrcs
        yield row
    deals = read_deals(root)
    for reference, release in releases.items():
        yield ReleaseSaid(
            release.line_no,
            message,
            release.key,
            release.title,
            release.artist,
            tuple(code for name in _played(release, recordings) for code in isrcs.get(name, ())),
            deals.get(reference, ()),
        )


def _played(release: Release | None, recordings: Mapping[str, Element]) -> list[str]:
    return [name for name in release.resources if name in recordings] if release else []


def _row(node: Element, parties: Mapping[str, Names], release: Release | None, place: int | None) -> CatalogueRow:
    local = _local(node, "SoundRecordingDetailsByTerritory")
    title = _variants([*node.iterfind("DisplayTitle"), *local.iterfind("Title[@TitleType='DisplayTitle']")])
    plain = text_of(node, "DisplayTitleText", "ReferenceTitle/TitleText") or title.text
    artist = _artist(node, local, parties)
    if not artist.text and release:
        artist = Names(release.artist)
    title = title if title.latin else Names(plain, language=title.language)
    if not title.text or not artist.text:
        raise BadCell("DisplayTitle" if not title.text else "DisplayArtist", "cell_missing", "")
    on = release if place else None
    return CatalogueRow(
        line_no=line_of(node),
        title=cells.text("DisplayTitle", title.text),
        artist=cells.text("DisplayArtist", artist.text),
        isrcs=cells.isrcs(";".join(texts_of(node, *_ISRC_PLACES))),
        title_latin=cells.text("DisplayTitle", title.latin),
        artist_latin=cells.text("DisplayArtist", artist.latin),
        language=text_of(node, "LanguageOfPerformance")[:12],
        duration_seconds=cells.duration(_whole_seconds(text_of(node, "Duration", "SoundRecordingEdition/Duration"))),
        label=cells.text("LabelName", _label(local, node) or (release.label if release else ""), LABEL_LENGTH_MAX),
        release_title=on.title if on else "",
        release_artist=on.artist if on else "",
        icpn=on.icpn if on else "",
        release_date=_day(on.day) if on else None,
        track_number=place,
        iswc=_iswc(node),
        authors=tuple(name[:LABEL_LENGTH_MAX] for name in _writers(node, local, parties)),
    )


_ISRC_PLACES: Final = ("SoundRecordingId/ISRC", "ResourceId/ISRC", "SoundRecordingEdition/ResourceId/ISRC")


def _local(node: Element, name: str) -> Element:
    """Give the part for the whole world, else the first territory's, else the element itself (ERN 4)."""
    parts = node.findall(name)
    for part in parts:
        if text_of(part, "TerritoryCode") == "Worldwide":
            return part
    return parts[0] if parts else node


def _variants(nodes: Iterable[Element], inner: str = "TitleText") -> Names:
    """Choose among spellings: the one in the artist's own script, with its twin in Latin letters."""
    found = []
    for node in nodes:
        text = " ".join(part for part in (text_of(node, inner), text_of(node, "SubTitle")) if part)
        if text := text or " ".join((node.text or "").split()):
            found.append((node.get("IsDefault") != "true", text, node.get("LanguageAndScriptCode", "")[:12]))
    if not found:
        return Names("")
    found.sort(key=lambda variant: variant[0])
    own = next((variant for variant in found if not variant[1].isascii()), found[0])
    latin = "" if own[1].isascii() else next((variant[1] for variant in found if variant[1].isascii()), "")
    return Names(own[1], latin, own[2])


def _artist(node: Element, local: Element, parties: Mapping[str, Names]) -> Names:
    written = _variants([*local.iterfind("DisplayArtistName"), *node.iterfind("DisplayArtistName")], "FullName")
    if written.text:
        return written
    billed = [part for part in {*local.findall("DisplayArtist"), *node.findall("DisplayArtist")} if _performs(part)]
    billed.sort(key=line_of)
    named = [_party(part, parties) for part in billed]
    text = ", ".join(names.text for names in named if names.text)
    latin = ", ".join(names.latin or names.text for names in named if names.text)
    return Names(text, latin if latin != text else "")


def _party(part: Element, parties: Mapping[str, Names]) -> Names:
    named = _variants(part.iterfind("PartyName"), "FullName")
    return named if named.text else parties.get(text_of(part, "ArtistPartyReference"), Names(""))


def _performs(part: Element) -> bool:
    """Tell whether somebody named beside the title performs; some senders bill the composer there."""
    roles = set(texts_of(part, "ArtistRole", "DisplayArtistRole"))
    return not roles or bool(roles - _WRITER_ROLES - {"Producer", "StudioProducer"})


def _writers(node: Element, local: Element, parties: Mapping[str, Names]) -> list[str]:
    found = []
    for part in node.iterfind("Contributor"):
        if _WRITER_ROLES & set(texts_of(part, "Role")):
            found.append(parties.get(text_of(part, "ContributorPartyReference"), Names("")).text)
    for part in local.iterfind("IndirectResourceContributor"):
        if _WRITER_ROLES & set(texts_of(part, "IndirectResourceContributorRole")):
            found.append(text_of(part, "PartyName/FullName"))
    return list(dict.fromkeys(name for name in found if name))


def _iswc(node: Element) -> str:
    """A wrong work number is no reason to leave the recording out."""
    try:
        return cells.iswc(text_of(node, "IndirectSoundRecordingId/ISWC", "WorkId/ISWC", "ResourceMusicalWorkReference"))
    except BadCell:
        return ""


def _whole_seconds(text: str) -> str:
    return "" if text in ("PT0S", "PT0H0M0S", "PT0M0S") else text


def _label(local: Element, node: Element) -> str:
    return text_of(local, "LabelName") or text_of(node, "LabelName")


# Releases ------------------------------------------------------------------------------------------------------------
def _releases(root: Element, parties: Mapping[str, Names]) -> dict[str, Release]:
    """Give the releases by their reference in the message, the main one first; a release of one track is one too."""
    nodes = root.findall("ReleaseList/Release")
    nodes.sort(key=lambda node: node.get("IsMainRelease") != "true" and text_of(node, "ReleaseReference") != "R0")
    nodes += root.findall("ReleaseList/TrackRelease")
    return {text_of(node, "ReleaseReference"): _release(node, parties) for node in nodes}


def _release(node: Element, parties: Mapping[str, Names]) -> Release:
    local = _local(node, "ReleaseDetailsByTerritory")
    icpn = _icpn(text_of(node, "ReleaseId/ICPN"))
    numbers = ("ReleaseId/GRid", "ReleaseId/ISRC", "ReleaseId/ProprietaryId", "ReleaseId/CatalogNumber")
    label = parties.get(text_of(node, "ReleaseLabelReference"), Names("")).text
    return Release(
        key=(icpn or text_of(node, *numbers) or text_of(node, "ReleaseReference"))[:100],
        title=text_of(node, "DisplayTitleText", "ReferenceTitle/TitleText", "DisplayTitle/TitleText")[:500],
        artist=_artist(node, local, parties).text[:500],
        label=(_label(local, node) or label)[:LABEL_LENGTH_MAX],
        icpn=icpn,
        day=text_of(
            node,
            "ReleaseDate",
            "GlobalReleaseDate",
            "OriginalReleaseDate",
            "GlobalOriginalReleaseDate",
            "ReleaseDetailsByTerritory/ReleaseDate",
            "ReleaseDetailsByTerritory/OriginalReleaseDate",
        ),
        resources=tuple(_resources(node, local)),
        line_no=line_of(node),
    )


def _resources(node: Element, local: Element) -> list[str]:
    """Give the references of a release's resources in playing order, however its groups are nested."""
    grouped = [
        text_of(item, "ReleaseResourceReference")
        for part in (local, node)
        for group in part.iterfind("ResourceGroup")
        for item in group.iter("ResourceGroupContentItem")
    ]
    places = ("ReleaseResourceReferenceList/ReleaseResourceReference", "ReleaseResourceReference")
    return list(dict.fromkeys(name for name in grouped if name)) or texts_of(node, *places)


def _icpn(text: str) -> str:
    try:
        return cells.icpn(text)
    except BadCell:
        return ""


def _day(text: str) -> date | None:
    try:
        return cells.release_date(text[:10])
    except BadCell:
        return None


def _purged(root: Element, message: Message) -> ReleaseSaid:
    node = root.find("PurgedRelease")
    if node is None:
        raise CannotRead("header_missing", "PurgedRelease")
    release = _release(node, {})
    title = release.title or text_of(node, "Title/TitleText")
    codes = texts_of(node, "ReleaseId/ISRC")
    return ReleaseSaid(line_of(node), message, release.key, title, isrcs=tuple(codes), is_purged=True)
