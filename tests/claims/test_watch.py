"""Watching a name without an account: confirmed from the mailbox, told once, stopped by one click, then forgotten."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims import services
from claims.models import NameWatch, WatchMail
from core.models import PartyKey
from core.vault import PartyErased, decrypt
from tests import factories

pytestmark = pytest.mark.django_db
ASK = reverse("claims:ask_watch")
TYPED = {"kind": "artist", "name": "Кино", "email": "Ivan@Example.org"}


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def later(**more):
    """So long from now."""
    return timezone.now() + timedelta(**more)


def address_in(message):
    """The page a mail leads to."""
    return re.search(r"https?://[^/]+(/watch/\S+/)", message.body)[1]


def test_nothing_is_watched_before_the_mailbox_confirms():
    factories.a_track("Группа крови", "Кино")
    client = Client()

    answer = client.post(ASK, TYPED)

    assert (answer.status_code, answer.url) == (302, reverse("claims:watch_asked"))
    (message,) = mail.outbox
    assert message.to == ["ivan@example.org"]
    page = address_in(message)
    assert client.get(page).status_code == 200
    assert NameWatch.objects.get().status == "asked"
    client.post(f"{page}confirm/")
    client.post(f"{page}confirm/")
    assert NameWatch.objects.get().status == "watching"
    assert NameWatch.objects.get().tracks_seen == 1


def test_the_address_is_encrypted_and_asking_twice_says_the_same_and_floods_nobody():
    answers = [Client().post(ASK, TYPED) for _ in range(6)]

    assert {answer.status_code for answer in answers} == {302}
    assert len(mail.outbox) == services.watch.ASKED_PER_DAY
    watch = NameWatch.objects.get()
    assert b"ivan" not in bytes(watch.sealed_address)
    assert "ivan" not in watch.address_hash
    services.confirm_watch(watch=watch, now=timezone.now())
    before = len(mail.outbox)
    assert Client().post(ASK, TYPED | {"name": "KINO"}).status_code == 429
    cache.clear()
    assert Client().post(ASK, TYPED | {"name": "KINO"}).url == reverse("claims:watch_asked")
    assert len(mail.outbox) == before


def test_news_is_told_once_when_tracks_or_sales_turn_up():
    old = factories.a_track("Группа крови", "Кино")
    watch = factories.a_watch("kino")
    del mail.outbox[:]
    services.look_for_news(now=later(days=1))
    assert not mail.outbox

    factories.a_track("Кукушка", "Kino")
    factories.a_track("Blue Monday", "New Order")
    factories.a_sale(old, units=3)
    services.look_for_news(now=later(days=1))
    assert not mail.outbox, "not yet looked again"
    services.look_for_news(now=later(days=2))
    services.look_for_news(now=later(days=2))
    services.look_for_news(now=later(days=3))
    for mail_id in services.watch_mails_due(now=later(days=4)):
        services.deliver_watch_mail(mail_id=mail_id, now=later(days=4), origin="https://roms.example")

    (message,) = mail.outbox
    assert message.subject == "News about kino"
    assert "1 track is new" in message.body
    assert "new sales" in message.body
    assert "/artists/kino/" in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["List-Unsubscribe"].endswith("/stop/>")
    assert WatchMail.objects.filter(watch=watch, topic="news").count() == 1


def test_a_mail_program_stops_it_by_itself_and_the_address_is_gone_for_good():
    watch = factories.a_watch()
    stop = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    stop = stop[stop.index("/watch/") :]
    strict = Client(enforce_csrf_checks=True)

    assert strict.get(stop).status_code == 302
    assert NameWatch.objects.exists()
    answer = strict.post(stop, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not NameWatch.objects.exists()
    assert PartyKey.objects.get(party=watch.party).wrapped is None
    with pytest.raises(PartyErased):
        decrypt(watch.party, bytes(watch.sealed_address))
    assert strict.post(stop).status_code == 200
    assert "has ended" in strict.get(stop.removesuffix("stop/")).content.decode()


def test_who_never_confirms_is_forgotten():
    watch = factories.a_watch(confirmed=False)
    kept = factories.a_watch("Aria")

    assert services.forget_unconfirmed(now=later(days=6)) == 0
    assert services.forget_unconfirmed(now=later(days=8)) == 1

    assert list(NameWatch.objects.all()) == [kept]
    assert PartyKey.objects.get(party=watch.party).wrapped is None


def test_an_address_made_up_is_404_and_a_bad_form_says_why():
    client = Client()

    assert client.get(reverse("claims:watch", args=["WAT-0000000000.abc"])).status_code == 404
    wrong = client.post(ASK, TYPED | {"email": "ivan", "name": "!!!"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    nameless = client.post(ASK, TYPED | {"name": "!!!"})
    assert (nameless.status_code, "needs letters" in nameless.content.decode()) == (422, True)
    assert not NameWatch.objects.exists()
    asked = client.post(ASK, TYPED, headers={"HX-Request": "true"})
    assert (asked.status_code, "<html" in asked.content.decode()) == (200, False)


def test_an_address_watches_a_bounded_number_of_names(monkeypatch):
    monkeypatch.setattr(services.watch, "WATCHES_MAX", 2)
    for name in ("Kino", "Aria", "Splean"):
        services.ask_watch(kind="artist", name=name, language="en", **of_ivan())

    assert NameWatch.objects.count() == 2


def of_ivan():
    """What ivan asks with."""
    return {"address": "ivan@example.org", "now": timezone.now(), "secret": "s"}


def test_programs_ask_over_json(client):
    answer = client.post("/api/v1/watches/", TYPED, content_type="application/json")

    assert answer.status_code == 202
    assert len(mail.outbox) == 1
    refused = client.post("/api/v1/watches/", TYPED | {"name": "?!"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "no_such_name")
