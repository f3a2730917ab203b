"""What a store lists today, and which tracks a later list no longer has."""

import gzip
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sales import selectors, services
from sales.models import CatalogueSnapshot, StoreKey
from tests.factories import a_licensee, a_store_key, a_track

pytestmark = pytest.mark.django_db
JUNE, JULY = date(2007, 6, 1), date(2007, 7, 1)
HEAD = "TrackId;ISRC;Title;Artist;Url\n"


@pytest.fixture
def shop(store):
    return a_licensee("shop", member=store)


def lists(client, text, day, name="list.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, content)
    said = {"store": "shop", "taken_date": day.isoformat(), "file": file}
    return client.post("/api/v1/catalogue-lists/", said)


def test_a_list_gives_the_size_of_the_catalogue_and_the_stores_own_keys(client_of, store, shop):
    track = a_track("Song", "Kino", isrc="RUA010500001")
    rows = "1;RUA010500001;Song;Kino;http://shop.example/1\n2;;Unknown;Nobody;\n2;;Unknown;Nobody;\n;;;;\n;;;x;\n"

    answer = lists(client_of(store), HEAD + rows, JUNE).json()

    assert (answer["status"], answer["entry_count"], answer["matched_count"], answer["passed_over"]) == (
        "read",
        2,
        1,
        1,
    )
    key = StoreKey.objects.get(key="1")
    assert (key.track, key.url, key.listed_date) == (track, "http://shop.example/1", JUNE)
    (size,) = selectors.catalogue_sizes()
    assert (size.entries, size.taken_date) == (2, JUNE)


def test_a_track_is_absent_from_the_first_list_that_lacks_it(client_of, store, shop):
    gone, stays, moved = (a_track(name, "Kino") for name in ("Gone", "Stays", "Moved"))
    never = a_track("Never", "Kino")
    client = client_of(store)
    lists(client, HEAD + "1;;Gone;Kino;\n2;;Stays;Kino;\n3;;Moved;Kino;\n", JUNE)

    lists(client, gzip.compress((HEAD + "2;;Stays;Kino;\n4;;Moved;Kino;\n").encode()), JULY, "list.csv.gz")

    tracks = [gone.pk, stays.pk, moved.pk, never.pk]
    assert selectors.absent_since(tracks, shop) == {gone.pk: JULY}


def test_an_older_list_sent_later_changes_nothing_newer(client_of, store, shop):
    client = client_of(store)
    lists(client, HEAD + "1;;Song;Kino;\n", JULY)

    lists(client, HEAD + "1;;Song;Kino;\n2;;Old;Kino;\n", JUNE)

    assert StoreKey.objects.get(key="1").listed_date == JULY
    assert selectors.catalogue_sizes()[0].taken_date == JULY


@pytest.mark.parametrize("content", [b"", b"no,columns\n1,2\n", b"\x1f\x8bbroken", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_list_is_rejected_with_words(client_of, store, shop, content):
    answer = lists(client_of(store), content, JUNE).json()

    assert answer["status"] == "rejected"
    assert answer["reason"]["detail"]
    assert selectors.catalogue_sizes() == []


def test_the_same_list_twice_is_one(client_of, store, shop, now):
    client = client_of(store)
    first = lists(client, HEAD + "1;;Song;Kino;\n", JUNE).json()

    assert lists(client, HEAD + "1;;Song;Kino;\n", JUNE).json()["id"] == first["id"]
    snapshot = CatalogueSnapshot.objects.get()
    assert services.read_snapshot(snapshot_id=snapshot.pk, now=now).status == "read"
    assert services.snapshots_waiting() == []


def test_a_store_sends_its_list_on_a_page(client_of, store, stranger, rita, shop):
    client, page = client_of(store), reverse("sales:snapshots")
    file = SimpleUploadedFile("list.csv", (HEAD + "1;;Song;Kino;\n").encode())

    assert client.post(page, {"licensee": shop.pk, "taken_date": "2999-01-01", "file": file}).status_code == 422
    file.seek(0)
    assert client.post(page, {"licensee": shop.pk, "taken_date": "2007-06-01", "file": file}).status_code == 302
    assert "list.csv" in client_of(rita).get(page).content.decode()
    assert client_of(rita).post(page, {}).status_code == 403
    assert client_of(stranger).get(page).status_code == 404
    assert client_of(stranger).get("/api/v1/catalogue-lists/").json()["results"] == []
    assert lists(client_of(stranger), HEAD, JUNE).status_code == 400


def test_a_later_list_raises_the_proof_of_a_takedown(client_of, store, alice, rita, shop, now):
    from claims import services as claims
    from claims.models import NoticeRow
    from tests.factories import a_holder, an_opt_out

    track = a_track("Song", "Kino")
    a_store_key(track, shop, "1")
    StoreKey.objects.update(listed_date=JUNE)
    case = an_opt_out(alice, a_holder(owner=alice), track)
    claims.grant_opt_out(opt_out=case, by=rita, now=now.replace(year=2007, month=6, day=10))

    lists(client_of(store), HEAD + "2;;Other;Kino;\n", date(2007, 6, 5))
    assert claims.grade_by_snapshots(now=now) == 0  # a list from before the store was told proves nothing
    StoreKey.objects.filter(key="1").update(listed_date=date(2007, 6, 6))
    lists(client_of(store), HEAD + "2;;Other;Kino;\n", JULY)

    assert claims.grade_by_snapshots(now=now) == 1
    assert NoticeRow.objects.get().proof == "absent_snapshot"
    assert claims.grade_by_snapshots(now=now) == 0
