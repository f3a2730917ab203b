"""A store answers many rows at once, is reminded and called; holders look for themselves."""

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from standardwebhooks import Webhook

from catalog.formats.ern import read_ern
from catalog.formats.rows import ReleaseSaid
from claims import services
from claims.formats.takedown_notice import BYTES_INLINE_MAX, NoticeMessage, NoticeTrack, as_json
from claims.models import Acknowledgement, NoticeRow, Observation, StoreMessage
from core.workflow import events_of
from tests import factories
from tests.receiver import SECRET, receiving

pytestmark = pytest.mark.django_db
NOW = datetime(2007, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def told(alice, rita, store):
    """A notice of three tracks to a store with keys of its own, told on 1 July 2007."""
    shop = factories.a_store("AllofMP3", member=store, compliance_days=10)
    tracks = [factories.a_track(f"Song {n}", isrc=f"RUABC060000{n}") for n in range(3)]
    for number, track in enumerate(tracks):
        factories.a_store_key(track, shop, f"44{number}")
    label = factories.a_holder("Example Label", owner=alice)
    case = factories.an_opt_out(alice, label, *tracks, now=NOW)
    services.grant_opt_out(opt_out=case, by=rita, now=NOW)
    return case.notices.get()


def states(notice):
    """Rows by the store's key: (state, proof, the store's number)."""
    return {row.store_keys[0]: (row.state, row.proof, row.reference) for row in notice.rows.order_by("pk")}


def test_a_file_answers_rows_by_key_or_track_and_says_which_lines_count_for_nothing(told, store, client_of):
    third = told.rows.get(store_keys=["442"]).track.public_id
    content = (
        "store_keys,track,answer,reference,reason\n"
        "440,,removed,T-1,\n"
        "441,,objected,T-2,We hold it directly.\n"
        f",{third},получено,T-3,\n"
        "999,,removed,,\n"
        "440,,gone,,\n"
        "442,,objected,,\n"
    )
    page = client_of(store)

    answer = page.post(
        f"/notices/{told.public_id}/answer/",
        {"answers": SimpleUploadedFile("answer.csv", content.encode())},
        follow=True,
    )

    assert states(told) == {
        "440": ("removed", "store_word", "T-1"),
        "441": ("objected", "", "T-2"),
        "442": ("acknowledged", "", "T-3"),
    }
    text = answer.content.decode()
    for words in ("3 rows were answered.", "Line 5 (999)", "Line 6 (440)", "Please say why, in words."):
        assert words in text
    assert Acknowledgement.objects.get().by == store


def test_an_answer_file_without_our_columns_changes_nothing(told, store, client_of):
    answer = client_of(store).post(
        f"/notices/{told.public_id}/answer/", {"answers": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    )

    assert answer.status_code == 422
    assert {state for state, *_ in states(told).values()} == {"notified"}


def test_json_answers_alike_and_several_notices_are_acknowledged_at_once(told, store, stranger, client_of):
    api = client_of(store)
    rows = [{"store_key": "440", "answer": "removed", "reference": "R1"}, {"store_key": "nothing", "answer": "removed"}]

    done = api.post(
        f"/api/v1/takedown-notices/{told.public_id}/answers/", json.dumps({"rows": rows}), "application/json"
    )
    both = api.post(
        "/api/v1/takedown-notices/acknowledge/",
        json.dumps({"notices": [{"notice": told.public_id, "reference": "N1"}, {"notice": "TDN-UNKNOWN"}]}),
        "application/json",
    )
    other = client_of(stranger).post(
        "/api/v1/takedown-notices/acknowledge/",
        json.dumps({"notices": [{"notice": told.public_id}]}),
        "application/json",
    )

    assert done.json()["rows"] == 1
    assert [(fault["row"], fault["code"]) for fault in done.json()["faults"]] == [(2, "row_unknown")]
    assert both.json() == {"acknowledged": [told.public_id]}
    assert other.json() == {"acknowledged": []}


def test_a_replayed_receipt_changes_nothing(told, store):
    first = services.acknowledge_notice(notice=told, by=store, now=NOW, reference="T-1")
    services.mark_rows_removed(notice=told, by=store, now=NOW)

    again = services.acknowledge_notice(notice=told, by=store, now=NOW + timedelta(days=9), reference="T-2")

    told.refresh_from_db()
    assert (again.pk, again.reference, again.received_at) == (first.pk, "T-1", NOW)
    assert told.status == "complied"
    assert {state for state, *_ in states(told).values()} == {"removed"}


def test_the_clock_reminds_once_marks_open_rows_overdue_and_calls_a_person(told, store, alice, client_of):
    services.mark_rows_removed(notice=told, by=store, now=NOW, row_ids=[told.rows.first().pk])
    with receiving() as receiver:
        services.set_webhook(
            licensee=told.licensee,
            url=receiver.url,
            by=store,
            now=NOW,
            rules=services.CallRules(allows_http=True, allows_private=True),
        )
        for days in (1, 8, 9):
            services.remind_stores(now=NOW + timedelta(days=days))
        assert [json.loads(body)["type"] for _, body in receiver.got] == ["takedown_notice.reminder"]
        data = json.loads(receiver.got[0][1])["data"]
        assert (data["open"], data["rows"], data["deadline"]) == (2, 3, "2007-07-11")
        for days in (10, 11):
            services.mark_overdue(now=NOW + timedelta(days=days))
            services.escalate_overdue(now=NOW + timedelta(days=days))
        assert [json.loads(body)["type"] for _, body in receiver.got][1:] == ["takedown_notice.overdue"]
    told.refresh_from_db()
    assert told.escalated_at is None
    assert services.escalate_overdue(now=NOW + timedelta(days=17)) == 1
    assert services.escalate_overdue(now=NOW + timedelta(days=18)) == 0

    told.refresh_from_db()
    assert (told.status, told.escalated_at) == ("overdue", NOW + timedelta(days=17))
    assert sorted(state for state, *_ in states(told).values()) == ["overdue", "overdue", "removed"]
    pulled = client_of(store).get("/api/v1/store-messages/?limit=1").json()
    rest = client_of(store).get(f"/api/v1/store-messages/?after={pulled['next']}")
    assert [row["type"] for row in pulled["results"] + rest.json()["results"]] == [
        "takedown_notice.reminder",
        "takedown_notice.overdue",
    ]
    unchanged = client_of(store).get(f"/api/v1/store-messages/?after={pulled['next']}", HTTP_IF_NONE_MATCH=rest["ETag"])
    assert unchanged.status_code == 304
    assert client_of(alice).get("/api/v1/store-messages/").json()["results"] == []


def test_a_message_to_a_store_is_signed_and_comes_by_mail_too(told, store):
    shop = told.licensee
    shop.notice_email = "takedown@example.org"
    shop.save()
    with receiving() as receiver:
        factories.a_store("Other", webhook_url=receiver.url, secret=SECRET)
        services.set_webhook(
            licensee=shop,
            url=receiver.url,
            by=store,
            now=NOW,
            rules=services.CallRules(allows_http=True, allows_private=True),
        )
        secret = services.renew_webhook_secret(licensee=shop, by=store, now=timezone.now())

        services.mark_overdue(now=NOW + timedelta(days=10))

        ((headers, body),) = receiver.got
    assert Webhook(secret).verify(body, headers)["data"]["page"].endswith(f"/notices/{told.public_id}/")
    (letter,) = (sent for sent in mail.outbox if sent.to == ["takedown@example.org"])
    assert told.public_id in letter.subject


def test_a_look_is_better_proof_than_the_stores_word_and_takes_it_back(told, store, alice, stranger, client_of):
    services.mark_rows_removed(notice=told, by=store, now=NOW + timedelta(days=1))
    row = told.rows.first()
    address = f"/notices/{told.public_id}/rows/{row.track.public_id}/observe/"
    seen = {"seen": "gone", "seen_at": "2007-07-05T10:00", "url": "https://store.example.com/440", "purchase": ""}

    holder = client_of(alice)
    assert holder.get(address).status_code == 200
    assert holder.post(address, seen).status_code == 302
    assert states(told)["440"][:2] == ("removed", "observed")

    png = SimpleUploadedFile("there.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    again = {**seen, "seen": "there", "seen_at": "2007-07-20T10:00", "purchase": "ORDER-1", "text": "Bought it."}
    assert holder.post(address, {**again, "screenshot": png}).status_code == 302
    told.refresh_from_db()
    assert states(told)["440"][:2] == ("overdue", "")
    assert told.status == "overdue"
    late = StoreMessage.objects.get(kind=StoreMessage.Kind.NOTICE_SEEN, channel="workspace")
    assert late.data["track"] == row.track.public_id

    shopkeeper = client_of(store).get(f"/notices/{told.public_id}/").content.decode()
    assert "ORDER-1" in shopkeeper
    assert "Bought it." not in shopkeeper
    assert "Bought it." in holder.get(f"/notices/{told.public_id}/").content.decode()
    assert client_of(stranger).get(address).status_code == 404


@pytest.mark.parametrize("moment", ["2007-06-30T10:00", "2999-01-01T00:00"])
def test_a_look_before_the_store_was_told_or_in_the_future_does_not_count(told, alice, client_of, moment):
    row = told.rows.first()

    answer = client_of(alice).post(
        f"/notices/{told.public_id}/rows/{row.track.public_id}/observe/", {"seen": "gone", "seen_at": moment}
    )

    assert answer.status_code == 422
    assert not Observation.objects.exists()


def test_who_only_reads_or_is_the_store_does_not_look_for_the_holder(told, store):
    for person in (store,):
        with pytest.raises(services.MayNotWrite):
            services.add_observation(
                row=told.rows.first(), look=services.Look("gone", NOW), by=person, now=NOW + timedelta(days=1)
            )


def test_the_ddex_message_says_the_same_as_the_notice(told, store, client_of):
    answer = client_of(store).get(f"/notices/{told.public_id}/ern.xml")

    said = [row for row in read_ern(BytesIO(answer.content)).rows if isinstance(row, ReleaseSaid)]
    assert [(row.isrcs, row.offers[0].is_takedown, row.offers[0].start) for row in said] == [
        ((f"RUABC060000{n}",), True, date(2007, 7, 1)) for n in range(3)
    ]


def test_staff_send_a_delivered_notice_again_with_the_same_id(told, rita, store, client_of):
    with receiving() as receiver:
        delivery = told.deliveries.create(channel="webhook", message_id="MSG-TEST", state="delivered", delivered_at=NOW)
        services.set_webhook(
            licensee=told.licensee,
            url=receiver.url,
            by=store,
            now=NOW,
            rules=services.CallRules(allows_http=True, allows_private=True),
        )

        client_of(rita).post(f"/notices/{told.public_id}/retry/", {"channel": "webhook"})

        assert [headers["webhook-id"] for headers, _ in receiver.got] == ["MSG-TEST"]
    assert [event.to_status for event in events_of(delivery)] == ["due", "delivered"]


def test_a_notice_larger_than_a_megabyte_leaves_its_rows_to_be_read():
    row = NoticeTrack("TRK-1", "Kino", "Song", urls=("https://store.example.com/" + "a" * 400,) * 200)
    small = {"notice": "TDN-1", "opt_out": "OPT-1", "licensee": "LIC-1", "basis": "x", "created_at": NOW}
    small |= {"compliance_days": 1, "page_url": "", "rows_url": "", "acknowledge_url": "", "sender": None}

    body = as_json(NoticeMessage(**small, rows_total=20, rows=(row,) * 20))

    assert len(body) < BYTES_INLINE_MAX
    assert json.loads(body)["data"]["rows"] == []
    assert NoticeRow.objects.count() == 0
