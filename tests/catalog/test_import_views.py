"""Staff bring catalogue files in through the page; the template is everybody's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.formats import COLUMNS
from catalog.models import CatalogueImport, Track
from tests.factories import a_catalogue_import

pytestmark = pytest.mark.django_db
GOOD = b"Title,Artist,Duration\nSong,Kino,3:45\nOther,Kino,long\n"


@pytest.fixture(autouse=True)
def storage(tmp_path, settings):
    """Files of a test go nowhere else."""
    settings.MEDIA_ROOT = tmp_path


def send(client, content=GOOD, name="tracks.csv", **headers):
    return client.post(reverse("catalog:imports"), {"file": SimpleUploadedFile(name, content)}, **headers)


def test_a_file_sent_by_staff_becomes_tracks_and_its_page_says_what_was_wrong(frank, client_of):
    client = client_of(frank)

    answer = send(client)
    shown = client.get(answer.url).content.decode()

    assert answer.status_code == 302
    assert "Nothing is written yet." in shown
    assert "Kino - Song" in shown
    assert not Track.objects.exists()

    client.post(f"{answer.url}decide/", {"take": "1"})
    page = client.get(answer.url).content.decode()

    assert Track.objects.get().title == "Song"
    assert "This is no playing time." in page
    assert "Write 3:45, PT3M45S, or seconds: 225." in page
    assert "<code>long</code>" in page
    assert CatalogueImport.objects.get().received_by == frank


def test_the_same_file_again_leads_to_the_first_and_says_so(rita, client_of):
    client = client_of(rita)
    first = send(client).url
    client.post(f"{first}decide/", {"take": "1"})

    answer = send(client, name="again.csv")

    assert answer.url == first
    assert "nothing was changed" in client.get(first).content.decode()


def test_a_large_file_is_read_by_the_queue(frank, client_of, monkeypatch):
    monkeypatch.setattr("catalog.views.READ_AT_ONCE_BYTES", 10)

    client = client_of(frank)

    address = send(client).url
    assert CatalogueImport.objects.get().status == CatalogueImport.Status.PREVIEWED
    client.post(f"{address}decide/", {"take": "1"})

    assert CatalogueImport.objects.get().status == CatalogueImport.Status.IMPORTED


def test_a_file_left_out_changes_nothing_and_may_be_looked_at_again(frank, client_of):
    client = client_of(frank)
    address = send(client).url

    client.post(f"{address}decide/", {"drop": "1"})
    assert not Track.objects.exists()
    assert "left out" in client.get(address).content.decode()

    assert send(client).url == address
    assert "Nothing is written yet." in client.get(address).content.decode()
    client.post(f"{address}decide/", {"take": "1"})
    assert Track.objects.count() == 1
    client.post(f"{address}decide/", {"drop": "1"})
    assert CatalogueImport.objects.get().status == CatalogueImport.Status.IMPORTED


def test_a_file_still_waiting_is_polled(frank, client_of):
    batch = a_catalogue_import()
    CatalogueImport.objects.filter(pk=batch.pk).update(status=CatalogueImport.Status.RECEIVED)
    address = reverse("catalog:import", args=[batch.public_id])

    page = client_of(frank).get(address, headers={"HX-Request": "true"}).content.decode()

    assert f'hx-get="{address}"' in page
    assert "<html" not in page


def test_a_file_of_no_use_says_why_and_what_to_do(frank, client_of):
    client = client_of(frank)

    page = client.get(send(client, b"\x1f\x8b packed").url).content.decode()

    assert "The file is packed." in page
    assert "Unpack it and send the table inside." in page


def test_no_file_is_an_error_of_the_form(frank, client_of):
    answer = client_of(frank).post(reverse("catalog:imports"), {}, headers={"HX-Request": "true"})

    assert answer.status_code == 422


def test_a_file_too_large_comes_back_to_the_form(frank, client_of, monkeypatch):
    monkeypatch.setattr("catalog.services.intake.files.FILE_BYTES_MAX", 10)

    answer = send(client_of(frank))

    assert answer.status_code == 422
    assert "tracks.csv is larger than" in answer.content.decode()


def test_only_staff_open_the_pages(alice, bob, frank, client_of, client):
    batch = a_catalogue_import()

    for address in (reverse("catalog:imports"), reverse("catalog:import", args=[batch.public_id])):
        assert client_of(frank).get(address).status_code == 200
        assert client_of(alice).get(address).status_code == 404
        assert client.get(address).status_code == 302
    assert send(client_of(bob)).status_code == 404
    assert CatalogueImport.objects.count() == 1


def test_the_list_costs_the_same_however_long(frank, client_of, django_assert_num_queries):
    client = client_of(frank)
    a_catalogue_import("Title,Artist\nA,B\n")
    address = reverse("catalog:imports")
    client.get(address)

    def cost():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        return len(queries)

    before = cost()
    for number in range(5):
        a_catalogue_import(f"Title,Artist\nA{number},B\n", by=frank)

    assert cost() == before


def test_the_template_is_everybodys_and_names_every_column(client):
    answer = client.get(reverse("catalog:template"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert text.splitlines()[0].split(",") == list(COLUMNS)
    batch = a_catalogue_import(text)
    assert (batch.tracks_added, batch.rows_rejected, batch.faults.count()) == (2, 0, 0)
