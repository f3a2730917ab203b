"""Catalogue feeds of others: ERN, CWR, MusicBrainz; what is taken, what a licensor says, what a dry run shows."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import services, territories
from catalog.formats import CannotRead, CatalogueRow, ReleaseSaid, RowFault, read_catalogue
from catalog.models import (
    CatalogueImport,
    DeclaredShare,
    LicensorStatement,
    Release,
    ReleaseTrack,
    Track,
    TrackWork,
    Work,
    WorkDeclaration,
)
from tests.factories import a_track

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="no sample files beside this checkout")

SENDER = "PADPIDA2014999999Z"


def ern(deals="", *, version="43", day="2007-06-01", key="0094631432057", name="NewReleaseMessage", control=""):
    """A message of two recordings on one release; `deals` is the inside of its DealList."""
    recordings = "".join(
        f"""<SoundRecording><ResourceReference>A{n}</ResourceReference>
        <ResourceId><ISRC>RUABC060000{n}</ISRC></ResourceId><DisplayTitleText>{title}</DisplayTitleText>
        <DisplayArtistName>Кино</DisplayArtistName><DisplayArtistName IsDefault="true">Kino</DisplayArtistName>
        <Contributor><ContributorPartyReference>P1</ContributorPartyReference><Role>Composer</Role></Contributor>
        <Duration>PT4M4{n}S</Duration></SoundRecording>"""
        for n, title in ((1, "Группа крови"), (2, "Война"))
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <ern:{name} xmlns:ern="http://ddex.net/xml/ern/{version}">
    <MessageHeader><MessageId>M-{day}</MessageId>
      <MessageSender><PartyId>{SENDER}</PartyId><PartyName><FullName>Label</FullName></PartyName></MessageSender>
      <MessageCreatedDateTime>{day}T12:00:00Z</MessageCreatedDateTime>{control}</MessageHeader>
    <PartyList><Party><PartyReference>P1</PartyReference><PartyName><FullName>Виктор Цой</FullName></PartyName></Party>
    </PartyList>
    <ResourceList>{recordings}</ResourceList>
    <ReleaseList><Release><ReleaseReference>R0</ReleaseReference><ReleaseId><ICPN>{key}</ICPN></ReleaseId>
      <DisplayTitleText>Группа крови</DisplayTitleText><DisplayArtistName>Кино</DisplayArtistName>
      <ResourceGroup><ResourceGroup><ResourceGroupContentItem><SequenceNumber>1</SequenceNumber>
        <ReleaseResourceReference>A2</ReleaseResourceReference></ResourceGroupContentItem></ResourceGroup>
        <ResourceGroup><ResourceGroupContentItem><SequenceNumber>1</SequenceNumber>
        <ReleaseResourceReference>A1</ReleaseResourceReference></ResourceGroupContentItem></ResourceGroup></ResourceGroup>
    </Release></ReleaseList>
    <DealList>{deals}</DealList></ern:{name}>"""


def deal(*terms):
    """One ReleaseDeal of the main release."""
    inner = "".join(f"<Deal><DealTerms>{term}</DealTerms></Deal>" for term in terms)
    return f"<ReleaseDeal><DealReleaseReference>R0</DealReleaseReference>{inner}</ReleaseDeal>"


def where(*codes):
    """The territories of a deal."""
    return "".join(f"<TerritoryCode>{code}</TerritoryCode>" for code in codes)


PURGE = f"""<ern:PurgeReleaseMessage xmlns:ern="http://ddex.net/xml/ern/382"><MessageHeader><MessageId>M-P</MessageId>
<MessageSender><PartyId>{SENDER}</PartyId></MessageSender>
<MessageCreatedDateTime>2007-07-01T12:00:00Z</MessageCreatedDateTime>
</MessageHeader><PurgedRelease><ReleaseId><ICPN>0094631432057</ICPN></ReleaseId>
<Title><TitleText>Группа крови</TitleText></Title></PurgedRelease></ern:PurgeReleaseMessage>"""


@pytest.fixture(autouse=True)
def storage(tmp_path, settings):
    """Files of a test go nowhere else."""
    settings.MEDIA_ROOT = tmp_path


def take(content, kind="auto"):
    """Import one file at once."""
    raw = content if isinstance(content, bytes) else content.encode()
    [outcome] = services.import_catalogue(files=[("feed", io.BytesIO(raw))], by=None, now=timezone.now(), kind=kind)
    return outcome.batch


def said():
    """What the sender said, oldest first: kind and territories."""
    rows = LicensorStatement.objects.select_related("territories").order_by("pk")
    return [(row.kind, row.territories.label) for row in rows]


# ERN -----------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("version", ["32", "341", "35", "371", "382", "383", "41", "42", "43", "431", "432"])
def test_a_release_message_of_every_version_brings_its_tracks_in_playing_order(version):
    batch = take(ern(deal(where("Worldwide")), version=version))

    assert (batch.status, batch.format) == (CatalogueImport.Status.IMPORTED, f"ERN {'.'.join(version)}")
    assert (batch.tracks_added, batch.rows_rejected, batch.statements) == (2, 0, 1)
    track = Track.objects.get(title="Группа крови")
    assert (track.artist, track.duration_seconds) == ("Кино", 281)
    assert list(track.isrcs.values_list("isrc", flat=True)) == ["RUABC0600001"]
    assert list(track.names.values_list("artist", flat=True)) == ["Kino"]
    assert [author.name for author in Work.objects.get(title="Группа крови").authors.all()] == ["Виктор Цой"]
    places = ReleaseTrack.objects.order_by("sequence").values_list("sequence", "track__title")
    assert list(places) == [(1, "Война"), (2, "Группа крови")]
    assert Release.objects.get().icpn == "0094631432057"
    assert said() == [("offered", "Worldwide")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (ern(deal(where("JP") + "<TakeDown>true</TakeDown>"), version="382", day="2007-07-01"), "taken_down"),
        (
            ern(deal(where("JP") + "<ValidityPeriod><EndDate>2007-06-30</EndDate></ValidityPeriod>"), day="2007-07-01"),
            "ended",
        ),
        (ern(day="2007-07-01"), "no_deal"),
        (PURGE, "purged"),
    ],
)
def test_a_takedown_is_understood_in_each_of_its_four_expressions(content, kind):
    take(ern(deal(where("JP"))))
    batch = take(content)

    label = "Worldwide" if kind == "purged" else "JP"
    assert said() == [("offered", "JP"), (kind, label)]
    assert batch.preview[-1]["kind"] == kind
    statement = LicensorStatement.objects.latest("pk")
    assert not statement.is_doubtful
    if kind != "purged":
        assert set(statement.tracks.values_list("title", flat=True)) == {"Группа крови", "Война"}


@pytest.mark.django_db
def test_a_territory_that_had_a_deal_and_has_none_now_is_taken_down_there():
    take(ern(deal(where("RU", "UA", "DE"))))
    take(ern(deal(where("RU")), day="2007-07-01"))

    assert said() == [("offered", "DE, RU, UA"), ("offered", "RU"), ("no_deal", "DE, UA")]


@pytest.mark.django_db
def test_a_takedown_marked_false_and_an_end_to_come_are_offers():
    end = "<ValidityPeriod><StartDate>2007-01-01</StartDate><EndDate>2099-12-31</EndDate></ValidityPeriod>"
    take(ern(deal(where("RU") + "<TakeDown>false</TakeDown>" + end), version="383"))

    statement = LicensorStatement.objects.get()
    assert (statement.kind, str(statement.start), str(statement.end)) == ("offered", "2007-01-01", "2100-01-01")


@pytest.mark.django_db
def test_excluded_territories_are_out_and_unknown_ones_are_told():
    batch = take(ern(deal(where("Worldwide") + "<ExcludedTerritoryCode>RU</ExcludedTerritoryCode>", where("XXX"))))

    assert LicensorStatement.objects.get().territories.bits == territories.WORLD & ~territories.bits_of("RU")
    assert [fault.code for fault in batch.faults.all()] == ["bad_territory"]


@pytest.mark.django_db
def test_an_older_message_is_kept_and_not_followed():
    take(ern(deal(where("RU")), day="2007-07-01"))
    batch = take(ern(day="2007-06-01"))
    take(ern(deal(where("RU")), day="2007-08-01"))

    assert [row.is_stale for row in LicensorStatement.objects.order_by("pk")] == [False, True, False]
    assert [fault.code for fault in batch.faults.all()] == ["older_message"]
    assert said()[-1] == ("offered", "RU")


@pytest.mark.django_db
def test_a_purge_by_somebody_who_never_offered_it_is_doubted():
    batch = take(PURGE)

    assert LicensorStatement.objects.get().is_doubtful
    assert [fault.code for fault in batch.faults.all()] == ["purge_by_other"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ern(control="<MessageControlType>TestMessage</MessageControlType>"), "test_message"),
        (ern(version="50"), "ern_version"),
        (ern(name="CatalogListMessage"), "xml_unknown"),
        ("<feed/>", "xml_unknown"),
        (ern()[:900], "broken_xml"),
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml_unsafe"),
        ('<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml_unsafe"),
        ("<a>" * 100, "xml_too_deep"),
        (ern().replace(f"<PartyId>{SENDER}</PartyId>", ""), "header_missing"),
        (ern(day="yesterday"), "header_missing"),
        ("{", "broken_json"),
        ("{}", "json_unknown"),
        ("HDRPB000000199X\r\nGRHNWR", "cwr_version"),
    ],
)
def test_a_feed_of_no_use_is_refused_with_the_reason(content, code):
    if code == "cwr_version":
        content = "HDR" + " " * 98 + "3.1" + "\r\nGRHWRK"
    with pytest.raises(CannotRead) as refused:
        list(read_catalogue(io.BytesIO(content.encode())).rows)
    assert refused.value.code == code


@pytest.mark.django_db
def test_a_format_asked_for_refuses_what_is_something_else():
    assert take("Title,Artist\nSong,Kino\n", kind="ern").error == "other_format"
    assert not Track.objects.exists()


def test_a_recording_with_a_wrong_code_is_left_out_with_its_line_and_the_others_are_taken():
    rows = list(read_catalogue(io.BytesIO(ern().replace("RUABC0600001", "RUABC06O0001").encode())).rows)

    fault = next(row for row in rows if isinstance(row, RowFault))
    assert (fault.column, fault.code, fault.found) == ("ISRC", "bad_isrc", "RUABC06O0001")
    assert ern().splitlines()[fault.line_no - 1].count("SoundRecording") == 1
    assert [row.title for row in rows if isinstance(row, CatalogueRow)] == ["Война"]


# CWR -----------------------------------------------------------------------------------------------------------------
def line(kind, *cells, number="0000000000000000"):
    """A record: (start, text) pairs on blanks, positions as the specification counts them."""
    record = list(f"{kind}{number}".ljust(600))
    for start, text in cells:
        record[start - 1 : start - 1 + len(text)] = text
    return "".join(record).rstrip()


def registration(kind="NWR", number="W1", title="GRUPPA KROVI", iswc="T0345246801", isrc="RUABC0600001", group="NWR"):
    """A transmission of one work: written by two, published by one."""
    return "\r\n".join(
        [
            "HDRPB000000199EXAMPLE PUBLISHER                            01.102007060112000020070601",
            f"GRH{group}0000102.100000000000",
            line(kind, (20, title), (82, number), (96, iswc)),
            line("SPU", (20, "01"), (31, "EXAMPLE PUBLISHER"), (77, "E "), (116, "02500"), (124, "05000")),
            line(
                "SWR", (29, "TSOI"), (74, "VIKTOR"), (105, "CA"), (116, "00000000199"), (130, "02500"), (138, "00000")
            ),
            line("OWR", (29, "OTHER"), (105, "A "), (130, "05000"), (138, "05000")),
            line("ALT", (20, "BLOOD TYPE"), (80, "AT")),
            line("PER", (20, "KINO")),
            line("REC", (250, isrc)),
            "GRT000010000000100000009",
            "TRL000010000000100000011",
        ]
    )


@pytest.mark.django_db
def test_a_registration_becomes_a_work_with_what_its_submitter_declares():
    track = a_track("Группа крови", "Кино", isrc="RUABC0600001")

    batch = take(registration())

    assert (batch.format, batch.rows_read, batch.works_added, batch.rows_rejected) == ("CWR 2.1", 1, 1, 0)
    assert batch.faults.count() == 0
    work = Work.objects.get()
    assert (work.title, work.iswc) == ("GRUPPA KROVI", "T0345246801")
    assert [(author.name, author.role, author.ipi) for author in work.authors.order_by("pk")] == [
        ("VIKTOR TSOI", "CA", "00000000199"),
        ("OTHER", "A", ""),
    ]
    shares = DeclaredShare.objects.order_by("pk").values_list("name", "is_publisher", "performing", "mechanical")
    assert list(shares) == [
        ("EXAMPLE PUBLISHER", True, Decimal("25.00"), Decimal("50.00")),
        ("VIKTOR TSOI", False, Decimal("25.00"), Decimal("0.00")),
        ("OTHER", False, Decimal("50.00"), Decimal("50.00")),
    ]
    assert TrackWork.objects.get().track == track


@pytest.mark.django_db
def test_a_registration_of_2_2_says_the_same_in_its_longer_lines():
    take(registration())
    known = list(DeclaredShare.objects.order_by("pk").values_list("name", "performing", "mechanical"))
    header, *records = registration(title="ZVEZDA", number="W2", iswc="", isrc="").split("\r\n")
    records[0] = records[0].replace("02.10", "02.20")
    recording = line("REC", (250, "RUABC0600002"), (267, "ZVEZDA"), (387, "KINO"), (507, "Y"), (527, "REC-1"))
    records[8:9] = [recording, line("XRF", (20, "010"), (23, "A-77"), (37, "W"), (38, "Y"))]
    records[-2:] = ["GRT000010000000100000010", "TRL000010000000100000012"]
    track = a_track("Звезда", "Кино", isrc="RUABC0600002")

    batch = take("\r\n".join([header.ljust(101) + "2.2002ROMS", *records]))

    assert (batch.format, batch.works_added, batch.rows_rejected) == ("CWR 2.2", 1, 0)
    assert batch.faults.count() == 0
    work = Work.objects.get(title="ZVEZDA")
    assert TrackWork.objects.get(work=work).track == track
    declared = DeclaredShare.objects.filter(declaration__work=work).order_by("pk")
    assert list(declared.values_list("name", "performing", "mechanical")) == known


@pytest.mark.django_db
def test_a_revision_is_the_same_work_under_its_submitters_number():
    take(registration(iswc=""))
    batch = take(registration("REV", title="GRUPPA KROVI (1988)", iswc="", group="REV"))

    assert (batch.works_added, Work.objects.count(), WorkDeclaration.objects.count()) == (0, 1, 2)


@pytest.mark.django_db
def test_a_work_of_another_submitter_is_known_by_its_iswc():
    take(registration())
    batch = take(registration(number="X9").replace("PB000000199EXAMPLE", "PB000000297ANOTHER"))

    assert (batch.works_added, Work.objects.count()) == (0, 1)


@pytest.mark.django_db
def test_a_track_that_plays_another_work_keeps_it():
    track = a_track("Группа крови", "Кино", isrc="RUABC0600001")
    other = services.add_work(title="Other")
    services.link_track_to_work(track=track, work=other)

    batch = take(registration())

    assert TrackWork.objects.get().work == other
    assert [fault.code for fault in batch.faults.all()] == ["works_full"]


def test_an_acknowledgement_registers_nothing():
    ack = registration("REV", group="ACK").replace("\r\nREV", "\r\n" + line("ACK", (50, "GRUPPA KROVI")) + "\r\nREV")

    rows = list(read_catalogue(io.BytesIO(ack.encode())).rows)

    assert [row.code for row in rows if row.is_fatal] == ["not_a_registration"]
    assert [row.code for row in rows if not row.is_fatal] == ["count_differs"]


def test_wrong_numbers_and_counts_are_told_and_the_work_is_taken():
    content = (
        registration(iswc="T0345246802")
        .replace("00000000199", "00000000198")
        .replace("0000000100000011", "0000000700000011")
    )

    rows = list(read_catalogue(io.BytesIO(content.encode())).rows)

    assert rows[0].iswc == ""
    assert {row.code for row in rows[1:]} == {"bad_iswc", "bad_ipi", "count_differs"}
    assert not any(row.is_fatal for row in rows[1:])


# MusicBrainz ---------------------------------------------------------------------------------------------------------
RECORDING = {
    "title": "Группа крови",
    "length": 284500,
    "isrcs": ["RUABC0600001"],
    "artist-credit": [{"name": "Виктор Цой", "joinphrase": "", "artist": {"sort-name": "Tsoi, Viktor"}}],
}
RELEASE = {
    "title": "Группа крови",
    "barcode": "0094631432057",
    "date": "1988-01-05",
    "label-info": [{"label": {"name": "Moroz"}}],
    "artist-credit": RECORDING["artist-credit"],
    "media": [
        {"tracks": [{"position": 1, "recording": RECORDING}]},
        {"tracks": [{"position": 1, "recording": RECORDING}]},
    ],
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"releases": [RELEASE]}),
        json.dumps(RELEASE),
        json.dumps(RELEASE) + "\n" + json.dumps(RELEASE | {"barcode": "", "title": "Another"}) + "\n",
        json.dumps({"recordings": [RECORDING]}),
    ],
)
def test_musicbrainz_answers_and_dump_lines_become_tracks(content):
    batch = take(content)

    track = Track.objects.get()
    assert (batch.format, batch.rows_rejected) == ("MusicBrainz JSON", 0)
    assert (track.title, track.artist, track.duration_seconds) == ("Группа крови", "Виктор Цой", 284)
    assert list(track.names.values_list("artist", flat=True)) == ["Viktor Tsoi"]


@pytest.mark.django_db
def test_a_line_that_is_no_json_is_rejected_by_its_number():
    batch = take(json.dumps(RECORDING) + "\n{broken\n" + json.dumps(RECORDING | {"title": "Война", "isrcs": []}) + "\n")

    assert (batch.tracks_added, batch.rows_rejected, batch.rows_read) == (2, 1, 3)
    assert batch.faults.get().line_no == 2


# Dry run -------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [ern(deal(where("RU"))), registration(), json.dumps(RELEASE), "Title,Artist\nA,B\n"]
)
def test_a_dry_run_tells_what_the_import_then_does_and_writes_nothing(content):
    def counts(batch):
        names = ("rows_read", "rows_rejected", "tracks_added", "tracks_changed", "works_added", "statements", "preview")
        return {name: getattr(batch, name) for name in names}

    now = timezone.now()
    batch = services.receive_catalogue(file=io.BytesIO(content.encode()), name="feed", by=None, now=now)
    previewed = services.preview_import(batch_id=batch.pk, now=now)
    written = [model.objects.count() for model in (Track, Work, Release, LicensorStatement, WorkDeclaration, TrackWork)]

    imported = take(content)

    assert written == [0] * 6
    assert previewed.status == CatalogueImport.Status.PREVIEWED
    assert imported.pk == previewed.pk
    assert counts(imported) == counts(previewed)
    assert imported.preview


@pytest.mark.django_db
def test_the_command_shows_a_dry_run_and_then_imports(tmp_path, capsys):
    from django.core.management import call_command

    path = tmp_path / "message.xml"
    path.write_text(ern(deal(where("RU"))))

    call_command("import_catalogue", path, "--dry-run", "--json")
    shown = json.loads(capsys.readouterr().out)
    assert (shown["tracks_added"], shown["statements"], Track.objects.count()) == (2, 1, 0)
    assert [change["kind"] for change in shown["files"][0]["changes"]] == ["new", "new"]

    call_command("import_catalogue", path, "--json")
    assert json.loads(capsys.readouterr().out)["tracks_added"] == Track.objects.count() == 2


# Real files and damaged ones -----------------------------------------------------------------------------------------
@needs_samples
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "tracks", "works", "statements", "rejected"),
    [
        ("ern/ern381_Profile_SingleResourceRelease.xml", 1, 0, 1, 0),
        ("ern/ern382_album.xml", 2, 0, 3, 0),
        ("ern/ern42_album.xml", 2, 0, 3, 0),
        ("ern/ern43_1_Audio.xml", 21, 0, 22, 0),
        ("cwr/nwrexample2.V21", 0, 1, 0, 0),
        ("cwr/revexample.V21", 0, 2, 0, 0),
        (
            "musicbrainz/ws2_browse_recording.json",
            20,
            0,
            0,
            1,
        ),  # one of them lacks the time that would tell which it is
    ],
)
def test_real_files_are_taken(name, tracks, works, statements, rejected):
    batch = take((SAMPLES / name).read_bytes())

    assert (batch.status, batch.rows_rejected) == (CatalogueImport.Status.IMPORTED, rejected)
    assert (batch.tracks_added, batch.works_added, batch.statements) == (tracks, works, statements)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_feed_is_refused_or_read_never_a_crash(data):
    whole = data.draw(st.sampled_from([ern(deal(where("RU"))), PURGE, registration(), json.dumps(RELEASE)])).encode()
    start = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 40))
    damaged = whole[:start] + data.draw(st.binary(max_size=20)) + whole[start + length :]
    try:
        rows = list(read_catalogue(io.BytesIO(damaged)).rows)
    except CannotRead:
        return
    assert all(isinstance(row, CatalogueRow | ReleaseSaid | RowFault) or row.title for row in rows)
