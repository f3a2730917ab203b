"""Reports over JSON do what the pages do."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sales.models import SalesReport
from tests.factories import a_licensee, a_report, flat_lines

pytestmark = pytest.mark.django_db

GOOD = {"Title": "x", "DisplayArtistName": "y"}


@pytest.fixture
def shop(store):
    return a_licensee("shop", member=store)


def send(client, code, content=None):
    file = SimpleUploadedFile("october.tsv", flat_lines(GOOD, GOOD | {"Usages": "two"}) if content is None else content)
    return client.post("/api/v1/reports/", {"store": code, "file": file})


@pytest.mark.slow
def test_a_report_is_sent_and_looked_at(client_of, store, shop):
    client = client_of(store)

    answer = send(client, "shop")

    assert answer.status_code == 202
    report = client.get(f"/api/v1/reports/{answer.json()['id']}/").json()
    assert (report["status"], report["lines_read"], report["lines_rejected"]) == ("posted", 2, 1)
    assert report["totals"][0]["royalty"] == "0.01500000"
    fault = client.get(f"/api/v1/reports/{report['id']}/faults/").json()["results"][0]
    assert (fault["file"], fault["line"], fault["cell"], fault["code"]) == ("october.tsv", 3, "Usages", "not_a_number")
    assert fault["remedy"]
    assert send(client, "shop").status_code == 200
    assert [row["id"] for row in client.get("/api/v1/reports/").json()["results"]] == [report["id"]]


def test_a_refused_file_says_why(client_of, store, shop):
    client = client_of(store)

    answer = send(client, "shop", b"")

    assert (answer.json()["status"], answer.json()["reason"]["code"]) == ("rejected", "empty_file")


def test_nobody_sends_for_another_store_or_sees_its_reports(client_of, store, stranger, shop):
    other = a_report(a_licensee("other"))

    assert send(client_of(store), "other").status_code == 400
    assert client_of(store).get(f"/api/v1/reports/{other.public_id}/").status_code == 404
    assert client_of(stranger).get("/api/v1/reports/").json()["results"] == []
    assert SalesReport.objects.count() == 1


def test_a_file_above_the_limit_is_a_problem_with_a_code(client_of, store, shop, settings):
    settings.ROMS_INTAKE = {"upload_bytes": 10}

    answer = send(client_of(store), "shop")

    assert (answer.status_code, answer.json()["code"]) == (422, "upload_too_large")
