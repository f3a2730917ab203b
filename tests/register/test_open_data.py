"""Open data: the files of a day with checksums, made once however many make them, and a copy that opens from disk."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from claims import services as claims
from register import services
from register.models import Entry, OpenFile, Passage
from tests import factories
from tests.lockstep import both

NOW = datetime(2007, 6, 20, 12, tzinfo=UTC)
NAMES = [
    "figures.csv",
    "figures.json",
    "register-copy.zip",
    "register.csv",
    "register.json",
    "tracks.csv",
    "tracks.json",
]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def granted(alice, rita, store):
    factories.a_store("AllofMP3", member=store)
    label = factories.a_holder("=Secret", owner=alice)
    track = factories.a_track("Группа крови", "Кино", isrc="RUA010500001")
    case = claims.grant_opt_out(opt_out=factories.an_opt_out(alice, label, track, now=NOW), by=rita, now=NOW)
    factories.in_register(now=NOW)
    return case


def got(day, name):
    answer = Client().get(f"/open-data/{day}/{name}")
    assert answer.status_code == 200
    return answer.getvalue()


def table(day, name):
    return list(csv.DictReader(io.StringIO(got(day, name).decode())))


def test_a_day_has_every_file_and_the_checksums_hold(granted):
    assert services.publish_day(now=NOW) == len(NAMES)

    page = Client().get("/open-data/").content.decode()
    sums = dict(reversed(line.split("  ")) for line in got("2007-06-20", "SHA256SUMS").decode().splitlines())
    for name in NAMES:
        assert f'href="/open-data/2007-06-20/{name}"' in page
        assert sums[f"roms-2007-06-20-{name}"] == hashlib.sha256(got("2007-06-20", name)).hexdigest()


def test_tables_and_json_say_the_same_and_name_nobody_unasked(granted):
    services.publish_day(now=NOW)

    rows = table("2007-06-20", "register.csv")
    assert [(row["kind"], row["state"], row["tracks"], row["holder"]) for row in rows] == [
        ("opt_out", "granted", "1", ""),
        ("decision", "granted", "0", ""),
        ("notice", "sent", "1", ""),
    ]
    told = json.loads(got("2007-06-20", "register.json"))
    assert (told["what"], told["day"], told["rows"]) == ("register", "2007-06-20", rows)
    (track,) = table("2007-06-20", "tracks.csv")
    assert (track["title"], track["isrcs"], track["right"], track["start"], track["stores"]) == (
        "Группа крови",
        "RUA010500001",
        "phonogram",
        "2007-06-20",
        "",
    )
    assert json.loads(got("2007-06-20", "tracks.json"))["rows"] == [track]


def test_a_named_holder_is_nothing_a_spreadsheet_would_run(granted):
    type(granted).objects.filter(pk=granted.pk).update(is_name_public=True)
    services.publish_day(now=NOW)

    assert table("2007-06-20", "register.csv")[0]["holder"] == "'=Secret"


def test_nothing_at_all_makes_files_too(db):
    services.publish_day(now=NOW)

    assert table("2007-06-20", "register.csv") == []
    assert json.loads(got("2007-06-20", "tracks.json"))["rows"] == []


def test_the_same_day_again_makes_nothing_and_an_unchanged_day_stores_nothing_new(granted):
    services.publish_day(now=NOW)
    assert services.publish_day(now=NOW + timedelta(hours=1)) == 0

    assert services.publish_day(now=NOW + timedelta(days=1)) == len(NAMES)
    assert len(set(OpenFile.objects.filter(name="register.csv").values_list("stored", flat=True))) == 1
    days = re.findall(r'href="/open-data/(\d{4}-\d\d-\d\d)/register.csv"', Client().get("/open-data/").content.decode())
    assert days == ["2007-06-21", "2007-06-20"]
    newest = Client().get("/open-data/latest/register.csv")
    assert newest.url == "/open-data/2007-06-21/register.csv"


@pytest.mark.slow
def test_two_at_once_make_one_day(committed_db):
    outcomes = both([NOW, NOW + timedelta(days=1)], *[lambda now: services.publish_day(now=now)] * 2)

    assert {word for pair in outcomes for word in pair} == {"done"}
    for day in (NOW, NOW + timedelta(days=1)):
        services.publish_day(now=day)  # what neither made because the other was at it
    assert OpenFile.objects.count() == 2 * len(NAMES)


def test_who_was_killed_leaves_nothing_half_given(granted, monkeypatch):
    from register.services import open_data

    def dies(path, day, now):
        path.write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setitem(open_data.MAKERS, "register.json", dies)
    with pytest.raises(KeyboardInterrupt):
        services.publish_day(now=NOW)
    assert list(OpenFile.objects.values_list("name", flat=True)) == ["register.csv"]
    monkeypatch.undo()
    assert services.publish_day(now=NOW) == len(NAMES) - 1


def test_bytes_left_half_written_in_storage_are_written_anew(granted):
    services.publish_day(now=NOW)
    file = OpenFile.objects.get(name="register.csv")
    default_storage.delete(file.stored)
    default_storage.save(file.stored, ContentFile(b"half"))

    services.publish_day(now=NOW + timedelta(days=1))

    assert len(table("2007-06-21", "register.csv")) == 3


@pytest.mark.parametrize(
    "path", ["2007-06-20/nothing.csv", "2007-06-20/%00", "2007-06-19/register.csv", "yesterday/register.csv"]
)
def test_what_is_not_there_is_404(granted, path):
    services.publish_day(now=NOW)

    assert Client().get(f"/open-data/{path}").status_code == 404
    assert Client().get("/open-data/2007-06-19/SHA256SUMS").status_code == 404
    assert Client().get("/open-data/?before=never").status_code == 404
    assert Client().get("/open-data/latest/nothing.csv").status_code == 404


def test_the_copy_opens_from_disk_in_both_languages(granted, rita, tmp_path):
    case = granted.public_id
    entry = Entry.objects.get(kind="decision")
    passage = Passage.objects.create(entry=entry, part="reason", created_at=NOW)
    services.publish_passage(passage=passage, text="Proved <b>by</b> contract", by=rita, now=NOW)
    folder = tmp_path / "copy"

    call_command("register_copy", folder, stdout=io.StringIO())

    for language, heading in (("en", "Register of opt-outs"), ("ru", "Реестр отзывов")):
        page = (folder / language / "00001.html").read_text()
        for words in (heading, case, "Кино – Группа крови", entry.public_id):
            assert words in page
        assert "Secret" not in page
        assert "Proved" not in page, "what people wrote can be withheld later, a copy cannot"
    for page in folder.rglob("*.html"):
        for link in re.findall(r'href="([^"#]+)"', page.read_text()):
            assert (page.parent / unquote(link)).is_file(), (page, link)
        assert "<script" not in page.read_text()
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    with pytest.raises(CommandError):
        call_command("register_copy", folder)


@pytest.mark.slow
def test_pages_of_the_copy_lead_on_and_old_ones_stay(alice, tmp_path, monkeypatch):
    monkeypatch.setattr("register.services.copy.ENTRIES_PER_PAGE", 2)
    monkeypatch.setattr("register.selectors.open_data.CHUNK", 3)
    label = factories.a_holder(owner=alice)
    for number in range(5):
        factories.an_opt_out(alice, label, factories.a_track(), now=NOW + timedelta(minutes=number // 2))
    factories.in_register()

    assert services.write_copy(folder=tmp_path / "copy", now=NOW) == 5

    pages = sorted(path.name for path in (tmp_path / "copy" / "en").glob("0*.html"))
    seen = [re.findall(r'<section id="([^"]+)"', (tmp_path / "copy" / "en" / page).read_text()) for page in pages]
    assert sorted(entry for page in seen for entry in page) == sorted(Entry.objects.values_list("public_id", flat=True))
    first = (tmp_path / "copy" / "en" / pages[0]).read_text()
    assert f'href="{pages[1]}"' in first


def test_the_zip_is_the_copy_and_the_same_for_the_same_register(granted):
    services.publish_day(now=NOW)

    packed = zipfile.ZipFile(io.BytesIO(got("2007-06-20", "register-copy.zip")))

    assert packed.testzip() is None
    assert "roms-register/ru/00001.html" in packed.namelist()
    assert packed.read("roms-register/register.csv") == got("2007-06-20", "register.csv")


def test_bytes_go_after_the_time_of_the_house_and_their_hash_stays(granted):
    factories.a_rule("keep_open_data_days", 30)
    day = NOW.date()
    services.publish_day(now=NOW)
    shared = {file.stored for file in OpenFile.objects.filter(day=day)}
    late = NOW + timedelta(days=31)
    services.publish_day(now=late)
    still = {file.stored for file in OpenFile.objects.filter(day=late.date())}

    assert services.forget_files(now=late) == len(NAMES)
    assert services.forget_files(now=late) == 0

    for name in NAMES:
        file = OpenFile.objects.get(day=day, name=name)
        answer = Client().get(f"/open-data/{day}/{name}")
        assert answer.status_code == 410
        assert file.sha256 in answer.content.decode()
        assert f"<title>{name}, {day} " in answer.content.decode()
        assert default_storage.exists(file.stored) == (file.stored in still)
        assert got(late.date(), name)
    assert shared - still
    page = Client().get("/open-data/").content.decode()
    assert page.count("no longer kept") == len(NAMES)
    assert Client().get(f"/open-data/{day}/SHA256SUMS").status_code == 200
