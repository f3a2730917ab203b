"""A store opens its webhook by itself: address, a secret shown once, renewal without a gap, a trial call."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from claims import services
from claims.models import WebhookSecret
from core.workflow import events_of
from tests.factories import a_holder, a_store, a_track, an_opt_out
from tests.receiver import receiving

RULES = services.CallRules(allows_http=True, allows_private=True, seconds_max=5)


@pytest.fixture
def receiver():
    """The store's server."""
    with receiving() as server:
        yield server


@pytest.fixture
def shop(store):
    """The store's own shop, told by mail so far."""
    return a_store("AllofMP3", member=store, notice_email="takedown@example.org")


def secret_on(page) -> str:
    """Read the secret a page shows; empty: it shows none."""
    _, _, rest = page.content.decode().partition('<code id="webhook-secret" class="text-break">')
    return rest.partition("<")[0]


def post(client, shop, name, **data):
    """Press a button of the page."""
    return client.post(reverse(f"claims:{name}", args=[shop.public_id]), data)


def test_a_store_opens_its_webhook_and_the_next_notice_arrives_signed(client, store, alice, rita, shop, receiver):
    client.force_login(store)
    page = post(client, shop, "webhook", url=receiver.url)
    secret = secret_on(page)
    assert secret.startswith("whsec_")
    assert "no-store" in page["Cache-Control"]

    label = a_holder("Example Label", owner=alice)
    opt_out = an_opt_out(alice, label, a_track("Группа крови", "Кино"))
    services.grant_opt_out(opt_out=opt_out, by=rita, now=timezone.now())

    ((headers, body),) = receiver.got
    assert Webhook(secret).verify(body, headers)["data"]["notice"] == opt_out.notices.get().public_id


def test_the_secret_is_shown_once_and_never_kept_in_clear(client, store, shop, receiver):
    client.force_login(store)
    secret = secret_on(post(client, shop, "webhook", url=receiver.url))

    assert secret not in client.get(reverse("claims:webhook", args=[shop.public_id])).content.decode()
    again = post(client, shop, "webhook", url=receiver.url + "&moved=1")
    assert secret_on(again) == ""
    assert "stays the same" in again.content.decode()
    assert secret.encode() not in bytes(WebhookSecret.objects.get().sealed)
    assert [event.to_status for event in events_of(WebhookSecret.objects.get().webhook)] == ["opened", "moved"]


def test_a_renewed_secret_signs_beside_the_one_before_until_its_end(client, store, shop, receiver):
    client.force_login(store)
    first = secret_on(post(client, shop, "webhook", url=receiver.url))
    second = secret_on(post(client, shop, "renew_webhook_secret"))
    assert second.startswith("whsec_")
    assert second != first

    now = timezone.now()
    services.try_webhook(licensee=shop, now=now, rules=RULES)
    headers, body = receiver.got[-1]
    assert Webhook(first).verify(body, headers) == Webhook(second).verify(body, headers)

    WebhookSecret.objects.filter(ends_at__isnull=False).update(ends_at=now - timedelta(seconds=1))
    services.try_webhook(licensee=shop, now=now, rules=RULES)
    headers, body = receiver.got[-1]
    assert Webhook(second).verify(body, headers)["type"] == "webhook.test"
    with pytest.raises(WebhookVerificationError):
        Webhook(first).verify(body, headers)


def test_renewing_twice_leaves_the_newest_two(store, shop, receiver):
    now = timezone.now()
    services.set_webhook(licensee=shop, url=receiver.url, by=store, now=now, rules=RULES)
    for days in (1, 2):
        services.renew_webhook_secret(licensee=shop, by=store, now=now + timedelta(days=days))

    kept = WebhookSecret.objects.order_by("created_at")
    assert [row.ends_at for row in kept] == [now + timedelta(days=2) + services.WEBHOOK_OVERLAP, None]


def test_a_trial_call_says_what_the_server_answered(client, store, shop, receiver):
    client.force_login(store)
    post(client, shop, "webhook", url=receiver.url)
    assert "Your server answered 204." in post(client, shop, "try_webhook").content.decode()

    receiver.status = 302
    page = post(client, shop, "try_webhook")
    assert page.status_code == 422
    assert "redirects are not followed" in page.content.decode()


@pytest.mark.parametrize(
    "url", ["", "ftp://shop.example.com/", "https://user:word@shop.example.com/", "shop", "https://"]
)
def test_an_address_that_could_never_be_called_is_refused_where_it_was_typed(client, store, shop, url):
    client.force_login(store)
    page = post(client, shop, "webhook", url=url)

    assert page.status_code == 422
    assert secret_on(page) == ""
    assert not WebhookSecret.objects.exists()


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/"])
def test_production_rules_refuse_an_inside_address_at_once(store, shop, url):
    with pytest.raises(services.BadWebhookAddress, match="private network"):
        services.set_webhook(licensee=shop, url=url, by=store, now=timezone.now(), rules=services.CallRules())


def test_a_stopped_webhook_is_called_no_more_and_opens_again_with_a_new_secret(client, store, shop, receiver):
    client.force_login(store)
    first = secret_on(post(client, shop, "webhook", url=receiver.url))
    post(client, shop, "close_webhook")

    assert not WebhookSecret.objects.exists()
    with pytest.raises(services.NoWebhook):
        services.try_webhook(licensee=shop, now=timezone.now(), rules=RULES)
    assert receiver.got == []
    second = secret_on(post(client, shop, "webhook", url=receiver.url))
    assert second.startswith("whsec_")
    assert second != first


def test_staff_and_other_stores_do_not_open_it(client, frank, shop):
    client.force_login(frank)
    assert client.get(reverse("claims:webhook", args=[shop.public_id])).status_code == 404
