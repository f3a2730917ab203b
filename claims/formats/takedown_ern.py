"""A notice as a DDEX message: ERN 3.8.2, one release per track, each with a deal marked as a takedown.

Stores that take catalogue feeds read this without a new program. 3.8.2 is the newest version in which a takedown can be
said outright (`DealTerms/TakeDown`); where a track has no ISRC its number here is a proprietary id. Territories stand
as DDEX writes them, several codes one after another.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from claims.formats.takedown_notice import LeavingRight, NoticeTrack

NAMESPACE = "http://ddex.net/xml/ern/382"
SENDER = "ROMS"
"""A name of our own: the society has no DDEX party id."""


def as_ern(notice: str, recipient: str, at: datetime, rows: Sequence[NoticeTrack]) -> bytes:
    """This will write the message; `recipient` is the store's party id, if it has one."""
    root = Element("ern:NewReleaseMessage", {"xmlns:ern": NAMESPACE, "MessageSchemaVersionId": "ern/382"})
    root.set("LanguageAndScriptCode", "en")
    _header(SubElement(root, "MessageHeader"), notice, recipient, at)
    _text(root, "UpdateIndicator", "UpdateMessage")
    resources, releases = SubElement(root, "ResourceList"), SubElement(root, "ReleaseList")
    deals = SubElement(root, "DealList")
    for number, row in enumerate(rows, 1):
        _resource(SubElement(resources, "SoundRecording"), number, row)
        _release(SubElement(releases, "Release"), number, row)
        deal = SubElement(deals, "ReleaseDeal")
        _text(deal, "DealReleaseReference", f"R{number}")
        for leaving in _distinct(row.leaving):
            _terms(SubElement(SubElement(deal, "Deal"), "DealTerms"), leaving)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _header(header: Element, notice: str, recipient: str, at: datetime) -> None:
    _text(header, "MessageThreadId", notice)
    _text(header, "MessageId", notice)
    sender = SubElement(header, "MessageSender")
    _text(sender, "PartyId", SENDER)
    _text(SubElement(sender, "PartyName"), "FullName", SENDER)
    if recipient:
        _text(SubElement(header, "MessageRecipient"), "PartyId", recipient)
    _text(header, "MessageCreatedDateTime", at.isoformat(timespec="seconds"))
    _text(header, "MessageControlType", "LiveMessage")


def _resource(node: Element, number: int, row: NoticeTrack) -> None:
    _text(node, "SoundRecordingType", "MusicalWorkSoundRecording")
    _number(SubElement(node, "SoundRecordingId"), row)
    _text(node, "ResourceReference", f"A{number}")
    _text(SubElement(node, "ReferenceTitle"), "TitleText", row.title)
    local = SubElement(node, "SoundRecordingDetailsByTerritory")
    _text(local, "TerritoryCode", "Worldwide")
    _text(local, "DisplayArtistName", row.artist)


def _release(node: Element, number: int, row: NoticeTrack) -> None:
    if number == 1:
        node.set("IsMainRelease", "true")
    _number(SubElement(node, "ReleaseId"), row)
    _text(node, "ReleaseReference", f"R{number}")
    _text(SubElement(node, "ReferenceTitle"), "TitleText", row.title)
    references = SubElement(node, "ReleaseResourceReferenceList")
    _text(references, "ReleaseResourceReference", f"A{number}")
    local = SubElement(node, "ReleaseDetailsByTerritory")
    _text(local, "TerritoryCode", "Worldwide")
    _text(local, "DisplayArtistName", row.artist)


def _number(node: Element, row: NoticeTrack) -> None:
    if row.isrcs:
        _text(node, "ISRC", row.isrcs[0])
    own = SubElement(node, "ProprietaryId", {"Namespace": "ROMS"})
    own.text = row.track
    for key in row.store_keys[:1]:
        theirs = SubElement(node, "ProprietaryId", {"Namespace": "DPID:STORE"})
        theirs.text = key


def _terms(terms: Element, leaving: LeavingRight) -> None:
    for code in leaving.codes:
        _text(terms, "TerritoryCode", code)
    period = SubElement(terms, "ValidityPeriod")
    _text(period, "StartDate", leaving.start.isoformat())
    if leaving.end is not None:
        _text(period, "EndDate", (leaving.end - timedelta(days=1)).isoformat())
    _text(terms, "TakeDown", "true")


def _distinct(rights: Sequence[LeavingRight]) -> list[LeavingRight]:
    """A release leaves once, whichever of its rights are withdrawn for the same time and place."""
    found: dict[object, LeavingRight] = {}
    for leaving in rights:
        found.setdefault((leaving.start, leaving.end, leaving.codes), leaving)
    return list(found.values())


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
