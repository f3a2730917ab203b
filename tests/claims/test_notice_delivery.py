"""How a notice reaches its store: signed, retried with the same id, once however many workers try."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from standardwebhooks import Webhook

from catalog.models import Withdrawal
from claims import services, tasks
from claims.models import NoticeDelivery, OptOut, TakedownNotice
from claims.services.attempts import LEASE, WAITS
from core.workflow import events_of
from tests.factories import a_holder, a_store, a_store_key, a_track, an_opt_out
from tests.receiver import SECRET, receiving

RULES = services.CallRules(allows_http=True, allows_private=True, seconds_max=5)


@pytest.fixture
def receiver():
    """The store's server."""
    with receiving() as server:
        yield server


@pytest.fixture
def shop(store, receiver):
    """A store told by webhook and mail."""
    return a_store(
        "AllofMP3", member=store, webhook_url=receiver.url, secret=SECRET, notice_email="takedown@example.org"
    )


@pytest.fixture
def label(alice):
    """Alice's label."""
    return a_holder("Example Label", owner=alice)


def granted(alice, rita, label, *tracks, now=None, **terms):
    """A granted opt-out of these tracks."""
    opt_out = an_opt_out(alice, label, *(tracks or (a_track("Группа крови", "Кино"),)), now=now, **terms)
    return services.grant_opt_out(opt_out=opt_out, by=rita, now=now or timezone.now())


def deliver(delivery, now, rules=RULES):
    """One attempt."""
    return services.deliver_notice(delivery_id=delivery.pk, now=now, origin=settings.ROMS_ORIGIN, rules=rules)


def webhook_of(opt_out):
    """The webhook delivery of an opt-out's only notice."""
    return NoticeDelivery.objects.get(notice__opt_out=opt_out, channel="webhook")


def test_a_grant_reaches_the_store_signed_with_its_own_keys_and_never_names_the_sender(
    alice, rita, label, shop, receiver
):
    track = a_track("Группа крови", "Кино", isrc="RUABC0600001")
    a_store_key(track, shop, "4417", url="https://store.example.com/4417")

    opt_out = granted(alice, rita, label, track)

    ((headers, body),) = receiver.got
    data = Webhook(SECRET).verify(body, headers)["data"]
    delivery = webhook_of(opt_out)
    assert headers["webhook-id"] == delivery.message_id
    (row,) = data["rows"]
    assert (row["store_keys"], row["urls"]) == (["4417"], ["https://store.example.com/4417"])
    assert (row["isrcs"], row["title"]) == (["RUABC0600001"], "Группа крови")
    assert data["acknowledge_url"].endswith(f"/api/v1/takedown-notices/{data['notice']}/acknowledge/")
    assert data["sender"] is None
    assert "Example Label" not in body
    assert "alice" not in body.lower()
    assert TakedownNotice.objects.get().status == "sent"
    assert (delivery.state, delivery.attempts) == ("delivered", 1)


def test_mail_says_what_leaves_and_carries_the_table(alice, rita, label, shop):
    opt_out = granted(alice, rita, label)

    (message,) = [each for each in mail.outbox if each.attachments]
    delivery = NoticeDelivery.objects.get(channel="mail")
    notice = opt_out.notices.get()
    assert message.to == ["takedown@example.org"]
    assert message.subject == f"Takedown notice {notice.public_id}: 1 track leaves AllofMP3"
    assert "Кино - Группа крови" in message.body
    assert "Example Label" not in message.body
    assert delivery.message_id in message.extra_headers["Message-ID"]
    assert message.attachments[0][0] == f"{notice.public_id}.csv"


def test_a_legal_ground_that_asks_for_the_sender_names_it(alice, rita, label, shop, receiver):
    granted(alice, rita, label, basis="usc_512")

    sender = json.loads(receiver.got[0][1])["data"]["sender"]
    assert sender["holder"] == "Example Label"
    assert sender["email"] == "alice@example.org"


def test_reviewers_see_in_the_queue_what_could_not_be_brought_to_a_store(alice, rita, label, shop, client_of):
    delivery = webhook_of(granted(alice, rita, label))
    delivery.state, delivery.last_error = "dead", "http_500"
    delivery.save()

    queue = client_of(rita).get("/review/").content.decode()
    notice = client_of(rita).get(f"/notices/{delivery.notice.public_id}/").content.decode()

    assert f"/notices/{delivery.notice.public_id}/" in queue
    assert "answered 500" in notice


def test_retries_keep_the_id_and_the_body_and_wait_longer_until_a_person_must_act(alice, rita, label, shop, receiver):
    receiver.status = 500
    now = timezone.now()
    opt_out = granted(alice, rita, label, now=now)
    delivery = webhook_of(opt_out)
    assert (delivery.state, delivery.last_error) == ("failed", "http_500")

    at = []
    while delivery.state == "failed":
        at.append(delivery.next_attempt_at)
        assert deliver(delivery, delivery.next_attempt_at - timedelta(seconds=1)) is None
        deliver(delivery, delivery.next_attempt_at)
        delivery.refresh_from_db()

    assert delivery.state == "dead"
    assert len(receiver.got) == 1 + len(WAITS)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    assert len({headers["webhook-timestamp"] for headers, _ in receiver.got}) == len(receiver.got)  # signed anew
    assert at == sorted(at)
    assert at[-1] - now > timedelta(days=3)
    assert [event.to_status for event in events_of(delivery)] == ["failed"] * len(WAITS) + ["dead"]
    assert TakedownNotice.objects.get().status == "sent"  # the mail got through

    receiver.status = 204
    with pytest.raises(services.NotStaff):
        services.retry_delivery(delivery=delivery, by=alice, now=now)
    services.retry_delivery(delivery=delivery, by=rita, now=timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_store_that_was_told_late_has_its_whole_time_from_then(alice, rita, label, shop, receiver):
    receiver.status = 500
    shop.notice_email = ""
    shop.save()
    opt_out = granted(alice, rita, label)
    assert opt_out.notices.get().status == "queued"

    receiver.status = 200
    later = webhook_of(opt_out).next_attempt_at + timedelta(days=2)
    deliver(webhook_of(opt_out), later)

    notice = opt_out.notices.get()
    assert (notice.status, notice.sent_at, notice.deadline_at) == ("sent", later, later + timedelta(days=10))


def test_a_worker_that_died_between_row_and_call_is_followed_by_another(
    alice, rita, label, shop, receiver, monkeypatch
):
    def die(**_):
        raise SystemExit("killed")

    now = timezone.now()
    monkeypatch.setattr(tasks.deliver_notice, "delay", lambda **_: None)
    opt_out = granted(alice, rita, label, now=now)
    delivery = webhook_of(opt_out)
    monkeypatch.setattr("claims.services.store_webhook.post_signed", die)
    with pytest.raises(SystemExit):
        deliver(delivery, now)
    monkeypatch.undo()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("due", 1)
    assert delivery.pk not in services.deliveries_due(now=now)
    assert delivery.pk in services.deliveries_due(now=now + LEASE)
    deliver(delivery, now + LEASE)
    assert len(receiver.got) == 1


def test_broker_that_is_down_at_commit_loses_no_notice_and_shows_no_failure(
    alice, rita, label, shop, receiver, monkeypatch
):
    def down(**_):
        raise ConnectionError("broker")

    monkeypatch.setattr(tasks.deliver_notice, "delay", down)
    opt_out = granted(alice, rita, label)
    assert opt_out.status == OptOut.Status.GRANTED
    assert receiver.got == []
    monkeypatch.undo()

    tasks.sweep_deliveries()

    assert len(receiver.got) == 1
    assert webhook_of(opt_out).state == "delivered"


def test_inside_address_is_never_called_where_the_rules_forbid_it(alice, rita, label, shop, receiver, monkeypatch):
    strict = {"allows_http": True, "allows_private": False, "seconds_max": 5}
    monkeypatch.setattr(settings, "ROMS_WEBHOOKS", strict)

    opt_out = granted(alice, rita, label)

    assert receiver.got == []
    assert webhook_of(opt_out).last_error == "private_address"


def test_secret_that_cannot_be_read_is_a_failure_with_a_name(alice, rita, label, shop, receiver):
    from core import vault

    vault.erase(f"licensee:{shop.pk}", now=timezone.now())

    assert webhook_of(granted(alice, rita, label)).last_error == "no_secret"


def test_store_without_webhook_or_mail_is_told_by_its_workspace(alice, rita, store, label):
    a_store(member=store)

    notice = granted(alice, rita, label).notices.get()

    assert (notice.status, [each.channel for each in notice.deliveries.all()]) == ("sent", ["workspace"])


# Answers ------------------------------------------------------------------------------------------------------------
def test_receipt_is_kept_once_with_the_stores_own_number(alice, rita, store, stranger, label, shop):
    notice = granted(alice, rita, label).notices.get()
    now = timezone.now()

    with pytest.raises(services.NotYourNotice):
        services.acknowledge_notice(notice=notice, by=stranger, now=now)
    first = services.acknowledge_notice(notice=notice, by=store, now=now, reference="T-17")
    again = services.acknowledge_notice(notice=notice, by=store, now=now, reference="T-18")

    assert (first.pk, again.reference) == (again.pk, "T-17")
    assert [row.state for row in notice.rows.all()] == ["acknowledged"]
    assert TakedownNotice.objects.get().status == "acknowledged"


def test_removed_row_by_row_until_the_notice_is_complied(alice, rita, store, label, shop):
    notice = granted(alice, rita, label, a_track(), a_track()).notices.get()
    first = notice.rows.first()
    now = timezone.now()

    assert services.mark_rows_removed(notice=notice, row_ids=[first.pk], by=store, now=now) == 1
    assert notice.status == "sent"
    assert services.mark_rows_removed(notice=notice, by=store, now=now) == 1

    assert notice.status == "complied"
    assert {row.proof for row in notice.rows.all()} == {"store_word"}
    assert services.mark_rows_removed(notice=notice, by=store, now=now) == 0


def test_rows_of_another_notice_are_refused(alice, rita, store, label, shop):
    mine = granted(alice, rita, label).notices.get()
    other = granted(alice, rita, label).notices.get()

    for rows in ([other.rows.get().pk], []):
        with pytest.raises(services.NoRowsChosen):
            services.mark_rows_removed(notice=mine, row_ids=rows, by=store, now=timezone.now())


def test_objection_needs_words_and_leaves_the_track_out(alice, rita, store, label, shop):
    notice = granted(alice, rita, label, a_track(), a_track()).notices.get()
    row = notice.rows.first()
    now = timezone.now()

    with pytest.raises(services.WordsNeeded):
        services.object_to_notice(notice=notice, reason=" ", by=store, now=now)
    services.object_to_notice(notice=notice, reason="Licensed directly.", row_ids=[row.pk], by=store, now=now)

    assert notice.status == "countered"
    assert events_of(notice).last().note.text == "Licensed directly."
    assert Withdrawal.objects.filter(end=None).count() == 2
    with pytest.raises(services.NoRowsChosen):
        services.object_to_notice(notice=notice, reason="Again.", row_ids=[row.pk], by=store, now=now)


def test_clock_marks_overdue_and_moves_no_right(alice, rita, store, label, shop):
    notice = granted(alice, rita, label).notices.get()
    before = list(Withdrawal.objects.values())

    assert services.mark_overdue(now=notice.deadline_at - timedelta(seconds=1)) == 0
    assert services.mark_overdue(now=notice.deadline_at) == 1
    assert services.mark_overdue(now=notice.deadline_at) == 0

    notice.refresh_from_db()
    assert notice.status == "overdue"
    assert list(Withdrawal.objects.values()) == before
    services.acknowledge_notice(notice=notice, by=store, now=timezone.now())
    assert notice.status == "acknowledged"
