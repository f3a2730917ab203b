"""Tracks, holders and withdrawals over JSON."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import services, territories
from catalog.models import RightsHolder
from core.workflow import events_of
from tests.factories import a_catalogue_import, a_holder, a_track, a_withdrawal, a_work

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


@pytest.fixture(autouse=True)
def storage(tmp_path, settings):
    """Files of a test go nowhere else."""
    settings.MEDIA_ROOT = tmp_path


def ids(answer):
    return [row["id"] for row in answer.json()["results"]]


def test_tracks_are_found_by_words_of_either_script_and_by_isrc(client):
    blood, other = a_track("Группа крови", "Кино", isrc="RUA120600001"), a_track("Звезда", "Кино")

    assert ids(client.get(f"{ROOT}/tracks/")) == [blood.public_id, other.public_id]
    assert ids(client.get(f"{ROOT}/tracks/", {"q": "gruppa krovi"})) == [blood.public_id]
    assert ids(client.get(f"{ROOT}/tracks/", {"isrc": "RU-A12-06-00001"})) == [blood.public_id]
    pages = [ids(client.get(f"{ROOT}/tracks/", {"q": "kino", "page_size": 1, "page": page})) for page in (1, 2)]
    assert pages == [[other.public_id], [blood.public_id]]
    assert ids(client.get(f"{ROOT}/tracks/", {"q": ""})) == []


def test_a_list_of_tracks_costs_the_same_however_long(client):
    def cost(count):
        for _ in range(count):
            a_track("Song", "Kino", isrc="RUA120600001")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{ROOT}/tracks/", {"q": "kino"}).status_code == 200
        return len(queries)

    assert cost(1) == cost(5) <= 5


def test_a_track_is_shown_with_names_releases_and_works_but_no_owner(client):
    a_catalogue_import(
        "ISRC,Title,Artist,TitleLatin,ReleaseTitle,TrackNumber,ISWC,WorkTitle\n"
        "RUA120600001,Утро,Кино,Utro,Альбом,3,T0345246801,Утро\n"
    )
    [row] = client.get(f"{ROOT}/tracks/", {"q": "utro"}).json()["results"]

    found = client.get(f"{ROOT}/tracks/{row['id'].lower()}/").json()

    assert (found["title"], found["isrcs"]) == ("Утро", ["RUA120600001"])
    assert found["names"] == [{"title": "Utro", "artist": "Кино", "language": "und-Latn"}]
    assert [(place["title"], place["sequence"]) for place in found["releases"]] == [("Альбом", 3)]
    assert [(part["iswc"], part["percent"]) for part in found["works"]] == [("T0345246801", "100.000000")]
    assert not {"holder", "shares", "claims"} & set(found)


def test_the_id_of_a_merged_track_leads_to_the_one_it_is_part_of(client):
    source, target = a_track(), a_track()
    services.merge_tracks(source=source, target=target, case="test", now=timezone.now())

    answer = client.get(f"{ROOT}/tracks/{source.public_id}/")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{ROOT}/tracks/{target.public_id}/")


def test_an_unknown_track_is_a_problem_document(client):
    for address in (f"{ROOT}/tracks/TRK-0000000000X/", f"{ROOT}/tracks/1/"):
        answer = client.get(address)

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_holder_is_registered_and_seen_by_its_people_only(alice, bob, charlie, client_of):
    said = {
        "name": "Кино",
        "kind": "company",
        "country": "RU",
        "names": [{"text": "Kino", "language": "ru-Latn"}],
        "identifiers": [{"scheme": "inn", "value": "7707083893"}],
    }

    answer = client_of(alice).post(f"{ROOT}/holders/", said, content_type="application/json")

    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["status"], made["role"]) == ("Кино", "registered", "owner")
    assert made["identifiers"] == [{"scheme": "inn", "value": "7707083893"}]
    assert ids(client_of(alice).get(f"{ROOT}/holders/")) == [made["id"]]
    assert ids(client_of(charlie).get(f"{ROOT}/holders/")) == []
    assert client_of(alice).get(f"{ROOT}/holders/{made['id']}/").json() == made
    assert client_of(charlie).get(f"{ROOT}/holders/{made['id']}/").status_code == 404
    reader = a_holder(owner=alice, reader=bob)
    assert client_of(bob).get(f"{ROOT}/holders/{reader.public_id}/").json()["role"] == "reader"
    assert [event.by for event in events_of(RightsHolder.objects.get(public_id=made["id"]))] == [alice]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": ""}, "invalid"),
        ({"kind": "band"}, "invalid"),
        ({"country": "XX"}, "unknown_country"),
        ({"identifiers": [{"scheme": "isni", "value": "1"}]}, "wrong_number"),
    ],
)
def test_a_wrong_holder_is_refused_by_code_and_not_made(alice, client_of, cells, code):
    said = {"name": "A", "kind": "person"} | cells

    answer = client_of(alice).post(f"{ROOT}/holders/", said, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == code
    assert not RightsHolder.objects.exists()


def test_the_register_says_what_is_out_and_never_who_asked(client, alice):
    holder = a_holder("Secret Holder", owner=alice)
    track = a_track("Song", "Kino")
    russia = territories.resolve(["RU"])
    own = a_withdrawal(track, holder, start=date(2007, 7, 1), territories=russia, licensee_ids=[5])
    through = a_withdrawal(a_work("Work", track), holder, start=date(2007, 8, 1), end=date(2007, 9, 1))
    a_withdrawal(start=date(2007, 6, 1))

    text = client.get(f"{ROOT}/withdrawals/").content.decode()
    found = client.get(f"{ROOT}/withdrawals/", {"track": track.public_id}).json()["results"]

    assert "Secret Holder" not in text
    assert holder.public_id not in text
    assert found == [
        {
            "id": through.public_id,
            "right": "work",
            "track": None,
            "work": {"id": through.work.public_id, "title": "Work", "artist": ""},
            "territories": "Worldwide",
            "is_every_store": True,
            "start": "2007-08-01",
            "end": "2007-09-01",
        },
        {
            "id": own.public_id,
            "right": "phonogram",
            "track": {"id": track.public_id, "title": "Song", "artist": "Kino"},
            "work": None,
            "territories": "RU",
            "is_every_store": False,
            "start": "2007-07-01",
            "end": None,
        },
    ]
    assert client.get(f"{ROOT}/withdrawals/{own.public_id}/").json() == found[1]


def test_the_register_is_filtered_by_right_and_day(client):
    early = a_withdrawal(start=date(2007, 6, 1), end=date(2007, 7, 1))
    late = a_withdrawal(start=date(2007, 7, 1), right="performance")

    assert ids(client.get(f"{ROOT}/withdrawals/")) == [late.public_id, early.public_id]
    assert ids(client.get(f"{ROOT}/withdrawals/", {"on": "2007-06-30"})) == [early.public_id]
    assert ids(client.get(f"{ROOT}/withdrawals/", {"on": "2007-07-01"})) == [late.public_id]
    assert ids(client.get(f"{ROOT}/withdrawals/", {"right": "phonogram"})) == [early.public_id]
    for wrong in ({"right": "x"}, {"on": "soon"}):
        assert client.get(f"{ROOT}/withdrawals/", wrong).json()["code"] == "invalid"
    assert client.get(f"{ROOT}/withdrawals/", {"track": "TRK-1"}).status_code == 404


def test_the_register_costs_the_same_however_long(client):
    def cost(count):
        for _ in range(count):
            a_withdrawal()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{ROOT}/withdrawals/").status_code == 200
        return len(queries)

    assert cost(1) == cost(5) <= 3


@pytest.mark.slow
def test_the_admin_shows_every_table_and_changes_none(frank, client_of):
    from django.apps import apps
    from django.contrib import admin

    frank.is_staff = frank.is_superuser = True
    frank.save()
    a_withdrawal(a_track("Song", isrc="RUA120600001"))
    a_catalogue_import()
    client = client_of(frank)

    for model in apps.get_app_config("catalog").get_models():
        if not admin.site.is_registered(model):
            continue
        address = f"/admin/catalog/{model._meta.model_name}/"
        assert client.get(address, {"q": "x"}).status_code == 200
        assert client.get(f"{address}add/").status_code == 403
        for row in model.objects.all()[:1]:
            assert client.get(f"{address}{row.pk}/change/").status_code == 200
            assert client.post(f"{address}{row.pk}/change/", {}).status_code == 403
