"""A large file in parts: it goes on where it stopped, counts once, and parts nobody needs are deleted."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sales import services
from sales.models import SalesReport, Upload
from tests.factories import a_licensee, flat_lines

pytestmark = pytest.mark.django_db
CONTENT = flat_lines({"DspResourceId": "7", "Title": "x", "DisplayArtistName": "y"})


@pytest.fixture
def shop(store):
    return a_licensee("shop", member=store)


SIZE = len(CONTENT)


def announce(client, *, size=SIZE, key="october", store="shop"):
    said = {"store": store, "name": "october.tsv", "size": size, "key": key}
    return client.post("/api/v1/uploads/", said, content_type="application/json")


def send(client, upload, offset, content):
    address = f"/api/v1/uploads/{upload['id']}/?offset={offset}"
    return client.patch(address, content, content_type="application/octet-stream")


def finish(client, upload):
    return client.post(f"/api/v1/uploads/{upload['id']}/complete/")


def kept(settings):
    return [path for path in Path(settings.MEDIA_ROOT).glob("uploads/*/*") if path.is_file()]


def test_a_file_in_parts_becomes_the_same_report(client_of, store, shop, settings):
    client = client_of(store)
    upload = announce(client).json()

    assert send(client, upload, 0, CONTENT[:40]).json()["offset"] == 40
    assert send(client, upload, 40, CONTENT[40:]).json()["offset"] == len(CONTENT)
    done = finish(client, upload)

    report = SalesReport.objects.get()
    assert (done.status_code, done.json()["report"], report.status) == (202, report.public_id, "posted")
    assert report.files.get().name == "october.tsv"
    assert not kept(settings)
    assert finish(client, upload).json()["report"] == report.public_id
    assert send(client, upload, 0, b"x").json()["code"] == "upload_not_open"


def test_it_goes_on_where_it_stopped(client_of, store, shop):
    client = client_of(store)
    upload = announce(client).json()
    send(client, upload, 0, CONTENT[:40])

    again = announce(client).json()

    assert (again["id"], again["offset"]) == (upload["id"], 40)
    refused = send(client, again, 0, CONTENT[:40])
    assert (refused.status_code, refused.json()["offset"]) == (409, 40)
    assert send(client, again, 40, CONTENT[40:] + b"more").status_code == 409
    assert finish(client, again).status_code == 409
    assert client.get(f"/api/v1/uploads/{upload['id']}/").json()["offset"] == 40


def test_another_file_of_the_same_name_begins_anew(client_of, store, shop):
    client = client_of(store)
    first = announce(client).json()

    second = announce(client, size=3).json()

    assert first["id"] != second["id"]
    assert Upload.objects.get(public_id=first["id"]).status == "expired"


def test_the_same_bytes_are_known_whichever_way_they_come(client_of, store, shop):
    client = client_of(store)
    file = SimpleUploadedFile("a.tsv", CONTENT)
    client.post(reverse("sales:reports"), {"licensee": shop.pk, "file": file})
    upload = announce(client).json()
    send(client, upload, 0, CONTENT)

    assert finish(client, upload).json()["is_duplicate"] is True
    assert SalesReport.objects.count() == 1


def test_what_is_too_large_is_refused_before_it_is_sent(client_of, store, shop, settings):
    settings.ROMS_INTAKE = {"upload_bytes": 1000, "part_bytes": 100}
    client = client_of(store)

    assert announce(client, size=1001).json()["code"] == "upload_too_large"
    upload = announce(client).json()
    assert upload["part_bytes"] == 100
    assert send(client, upload, 0, b"x" * 101).json()["code"] == "upload_too_large"


def test_nobody_sends_for_another_store_or_into_anothers_upload(client_of, store, stranger, shop, alice):
    from sales.models import LicenseeMember

    a_licensee("other")
    LicenseeMember.objects.create(licensee=shop, user=alice)
    upload = announce(client_of(store)).json()

    assert announce(client_of(store), store="other").status_code == 400
    for other in (stranger, alice):
        assert client_of(other).get(f"/api/v1/uploads/{upload['id']}/").status_code == 404
        assert send(client_of(other), upload, 0, CONTENT).status_code == 404
        assert finish(client_of(other), upload).status_code == 404


@pytest.mark.parametrize("offset", ["", "-1", "x", "9" * 30])
def test_an_offset_that_is_none_is_told_the_right_one(client_of, store, shop, offset):
    client = client_of(store)
    upload = announce(client).json()

    answer = send(client, upload, offset, b"x")

    assert (answer.status_code, answer.json()["offset"]) == (409, 0)


def test_parts_nobody_went_on_with_are_deleted(client_of, store, shop, settings, now):
    client = client_of(store)
    upload = announce(client).json()
    send(client, upload, 0, CONTENT[:40])

    assert services.sweep_uploads(hurry_one=print, now=now + timedelta(hours=47)) == 0
    assert len(kept(settings)) == 1
    assert services.sweep_uploads(hurry_one=print, now=now + timedelta(hours=49)) == 1

    assert Upload.objects.get().status == "expired"
    assert not kept(settings)
    assert send(client, upload, 40, CONTENT[40:]).status_code == 409


def test_a_complete_upload_the_queue_forgot_is_found(store, shop, now):
    upload = services.open_upload(licensee=shop, name="a.tsv", size=len(CONTENT), key="", by=store, now=now)
    upload = services.add_part(upload=upload, offset=0, content=CONTENT, now=now)
    Upload.objects.update(status="complete")
    hurried = []

    services.sweep_uploads(hurry_one=hurried.append, now=now)

    assert hurried == [upload.pk]
    services.receive_upload(upload_id=upload.pk, now=now)
    assert services.receive_upload(upload_id=upload.pk, now=now).report.status == "posted"
    assert not default_storage.exists(f"uploads/{upload.public_id}/000000000000000")


@pytest.mark.slow
def test_several_files_are_sent_at_once_without_a_script(client_of, store, shop):
    client = client_of(store)
    files = [
        SimpleUploadedFile(f"{month}.tsv", CONTENT.replace(b"2006-10", month)) for month in (b"2006-11", b"2006-12")
    ]

    answer = client.post(reverse("sales:reports"), {"licensee": shop.pk, "file": files})

    assert answer["Location"] == reverse("sales:reports")
    assert SalesReport.objects.filter(status="posted").count() == 2
