"""The signed call, against a real receiver on this machine, and the addresses it refuses."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from claims.services.webhook import CallFailed, CallRules, is_public, post_signed
from tests.receiver import SECRET, receiving

LOCAL = CallRules(allows_http=True, allows_private=True, seconds_max=5)


@pytest.fixture
def receiver():
    """A store's server."""
    with receiving() as server:
        yield server


def call(url, rules=LOCAL, body='{"a": "Группа крови"}'):
    return post_signed(url=url, secrets=[SECRET], message_id="msg_1", body=body, now=datetime.now(UTC), rules=rules)


def refusal(url, rules=LOCAL):
    with pytest.raises(CallFailed) as failed:
        call(url, rules)
    return failed.value.code


def test_receiver_can_verify_what_it_got_with_the_public_library(receiver):
    assert call(receiver.url) == 204

    (headers, body), *more = receiver.got
    assert not more
    assert Webhook(SECRET).verify(body, headers) == {"a": "Группа крови"}
    assert headers["webhook-id"] == "msg_1"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace("a", "b"), headers)


@pytest.mark.parametrize(("minutes", "is_taken"), [(-4, True), (4, True), (-6, False), (6, False)])
def test_a_receiver_whose_clock_is_wrong_takes_it_within_five_minutes_only(receiver, minutes, is_taken):
    now = datetime.now(UTC) + timedelta(minutes=minutes)

    post_signed(url=receiver.url, secrets=[SECRET], message_id="msg_1", body="{}", now=now, rules=LOCAL)

    ((headers, body),) = receiver.got
    if is_taken:
        assert Webhook(SECRET).verify(body, headers) == {}
    else:
        with pytest.raises(WebhookVerificationError, match="timestamp"):
            Webhook(SECRET).verify(body, headers)


@pytest.mark.parametrize(("status", "code"), [(500, "http_500"), (404, "http_404"), (302, "redirect")])
def test_any_other_answer_is_a_failure_and_a_redirect_is_not_followed(receiver, status, code):
    receiver.status = status

    assert refusal(receiver.url) == code
    assert len(receiver.got) == 1


def test_a_dripping_receiver_cannot_hold_the_worker(receiver):
    receiver.drip = True

    assert refusal(receiver.url, CallRules(allows_http=True, allows_private=True, seconds_max=0.3)) == "timeout"


def test_production_rules_refuse_inside_addresses_plain_http_and_odd_ones(receiver):
    assert refusal(receiver.url, CallRules()) == "not_https"
    assert refusal(receiver.url, CallRules(allows_http=True)) == "private_address"
    assert refusal("https://localhost/hook", CallRules()) == "private_address"
    assert refusal("https://[::ffff:169.254.169.254]/latest/meta-data", CallRules()) == "private_address"
    assert refusal("https://0x7f000001/", CallRules()) in ("private_address", "unknown_host")
    assert refusal("https://user:password@example.org/", CallRules()) == "bad_address"
    assert refusal("file:///etc/passwd", CallRules()) in ("bad_address", "not_https")
    assert refusal("https://store.invalid/", CallRules()) == "unknown_host"
    assert not receiver.got


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "ff02::1",
    ],
)
def test_inside_addresses_are_not_public_however_they_are_wrapped(inside):
    assert not is_public(ipaddress.ip_address(inside))


def test_outside_addresses_are_public():
    assert is_public(ipaddress.ip_address("93.184.216.34"))
    assert is_public(ipaddress.ip_address("2606:2800:220:1::1"))


def test_nobody_listening_is_a_failure_with_a_code(receiver):
    receiver.shutdown()
    receiver.server_close()

    assert refusal(receiver.url) == "connection"
