"""The store's and the society's pages about reports."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sales.models import SalesReport
from tests.factories import a_licensee, a_report, flat_lines

pytestmark = pytest.mark.django_db

GOOD = {"Title": "x", "DisplayArtistName": "y"}


@pytest.fixture
def shop(store):
    return a_licensee("shop", member=store)


def upload(client, shop, content, name="october.tsv"):
    return client.post(reverse("sales:reports"), {"licensee": shop.pk, "file": SimpleUploadedFile(name, content)})


@pytest.mark.slow
def test_a_store_sends_a_report_and_sees_what_became_of_it(client_of, store, shop):
    client = client_of(store)

    answer = upload(client, shop, flat_lines(GOOD, GOOD | {"Usages": "two"}))

    report = SalesReport.objects.get()
    assert answer["Location"] == reverse("sales:report", args=[report.public_id])
    page = client.get(answer["Location"]).content.decode()
    assert "october.tsv, line 3" in page
    assert "This is no number." in page
    assert report.public_id in client.get(reverse("sales:reports")).content.decode()


def test_the_same_file_again_is_said_and_not_counted(client_of, store, shop):
    client = client_of(store)
    upload(client, shop, flat_lines(GOOD))

    answer = upload(client, shop, flat_lines(GOOD))

    assert "nothing was counted again" in client.get(answer["Location"]).content.decode()
    assert SalesReport.objects.count() == 1


def test_a_refused_file_says_why_and_what_to_do(client_of, store, shop):
    client = client_of(store)

    page = client.get(upload(client, shop, b"", name="empty.csv")["Location"]).content.decode()

    assert "empty.csv: The file has no content." in page
    assert "Export the report again" in page


def test_an_upload_without_a_file_comes_back_with_an_error(client_of, store, shop):
    assert client_of(store).post(reverse("sales:reports"), {"licensee": shop.pk}).status_code == 422


def test_an_upload_above_the_limit_comes_back_with_an_error(client_of, store, shop, settings):
    settings.ROMS_INTAKE = {"upload_bytes": 10}

    answer = upload(client_of(store), shop, flat_lines(GOOD))

    assert answer.status_code == 422
    assert "larger than one upload" in answer.content.decode()


def test_nobody_sends_reports_for_another_store(client_of, store, shop):
    other = a_licensee("other")

    assert upload(client_of(store), other, flat_lines(GOOD)).status_code == 422
    assert not SalesReport.objects.exists()


def test_a_reviewer_sees_reports_and_sends_none(client_of, rita, shop):
    report = a_report(shop, flat_lines(GOOD))
    client = client_of(rita)

    assert client.get(reverse("sales:report", args=[report.public_id])).status_code == 200
    assert upload(client, shop, flat_lines(GOOD, GOOD)).status_code == 403


def test_a_line_is_shown_as_the_store_sent_it(client_of, store, shop):
    report = a_report(shop, flat_lines(GOOD, GOOD | {"Usages": "two"}))
    client = client_of(store)

    page = client.get(reverse("sales:report_line", args=[report.public_id, 1, 3])).content.decode()

    assert "two" in page
    assert client.get(reverse("sales:report_line", args=[report.public_id, 1, 99])).status_code == 404


@pytest.mark.slow
def test_progress_is_asked_until_the_report_is_done(client_of, store, shop):
    report = a_report(shop, flat_lines(GOOD))
    SalesReport.objects.filter(pk=report.pk).update(status="matched", progress_percent=88)
    client, address = client_of(store), reverse("sales:report_progress", args=[report.public_id])

    waiting = client.get(address, headers={"HX-Request": "true"})
    SalesReport.objects.filter(pk=report.pk).update(status="posted", progress_percent=100)
    done = client.get(address, headers={"HX-Request": "true"})

    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    assert "88 %" in waiting.content.decode()
    assert done["HX-Refresh"] == "true"
    assert client.get(address).status_code == 200


@pytest.mark.slow
def test_finance_decides_about_a_held_report(client_of, frank, rita, shop):
    first = a_report(shop, flat_lines(GOOD))
    held = a_report(shop, flat_lines(GOOD, GOOD))
    address = reverse("sales:decide_report", args=[held.public_id])
    words = {"decision": "supersede", "reason": "One line was missing."}

    assert client_of(rita).post(address, words).status_code == 404
    assert client_of(frank).post(address, {"decision": "supersede"}).status_code == 422
    assert client_of(frank).post(address, words).status_code == 302

    first.refresh_from_db()
    held.refresh_from_db()
    assert (first.status, held.status) == ("superseded", "posted")
    assert client_of(frank).post(address, words).status_code == 404


@pytest.mark.slow
def test_the_list_costs_the_same_for_one_report_and_for_many(client_of, store, shop, django_assert_max_num_queries):
    for month in range(1, 6):
        a_report(shop, flat_lines(GOOD, month=f"2006-{month:02}"))
    client = client_of(store)
    client.get(reverse("sales:reports"))

    with django_assert_max_num_queries(16):
        client.get(reverse("sales:reports"))
