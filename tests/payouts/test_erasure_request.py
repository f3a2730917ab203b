"""Who wants to be forgotten asks on a page; one supervisor looks at it, another does it, and who asked sees it."""

import pytest
from django.urls import reverse

from accounts.models import User
from payouts import services
from payouts.models import ErasureRequest
from tests import factories
from tests.conftest import person
from tests.payouts.paying import NOW, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def ron():
    """A second supervisor."""
    second = person("ron")
    second.role = User.Role.SUPERVISOR
    second.save()
    return second


def text(browser, name, *args):
    return browser.get(reverse(f"payouts:{name}", args=args)).content.decode()


def decide(browser, request, decision, reason=""):
    return browser.post(
        reverse("payouts:decide_erasure", args=[request.public_id]), {"decision": decision, "reason": reason}
    )


def test_a_person_asks_and_two_supervisors_forget(alice, sue, ron, rita, client_of, client):
    label = factories.a_holder("Label", owner=alice)
    browser = client_of(alice)
    browser.post(reverse("payouts:forget_me"), {"understood": "on"})
    browser.post(reverse("payouts:forget_me"), {"understood": "on"})
    request = ErasureRequest.objects.get()

    asked = text(client, "erasure_status", request.public_id)
    seen = text(client_of(sue), "erasure", request.public_id)
    decide(client_of(sue), request, "propose", "Called back on the number we know.")
    decide(client_of(sue), request, "erase")
    request.refresh_from_db()
    proposed = request.status
    home = client_of(ron).get(reverse("dashboard")).content.decode()
    decide(client_of(ron), request, "erase")

    assert proposed == "proposed"
    assert "Nobody has looked at it yet." in asked
    assert "alice@" not in asked
    assert "402-FZ" in seen
    assert "Memberships of holders: 1" in seen
    assert label.name in seen.partition("Nobody else acts for:")[2]
    assert "Requests to be forgotten" in home
    assert User.objects.get(pk=alice.pk).email.endswith("@erased.invalid")
    assert "Done: nothing says any more who this was." in text(client, "erasure_status", request.public_id)
    assert "Called back" in text(client_of(sue), "erasure", request.public_id)
    assert client_of(rita).get(reverse("payouts:erasures")).status_code == 404


@pytest.mark.slow
def test_an_owner_asks_for_its_holder_and_reads_why_it_was_refused(alice, bob, charlie, sue, client_of):
    label = factories.a_holder("Label", owner=alice, reader=bob)
    for who in (bob, charlie):
        client_of(who).post(reverse("payouts:forget_me"), {"understood": "on", "holder": label.pk})
    client_of(alice).post(reverse("payouts:forget_me"), {"holder": label.pk})
    assert not ErasureRequest.objects.exists()
    client_of(alice).post(reverse("payouts:forget_me"), {"understood": "on", "holder": label.pk})
    request = ErasureRequest.objects.get()

    assert decide(client_of(sue), request, "refuse").status_code == 422
    decide(client_of(sue), request, "refuse", "The heirs of the label dispute it in court.")

    assert (request.holder, request.asked_by) == (label, alice)
    assert "The heirs of the label dispute it in court." in text(client_of(alice), "forget_me")
    assert "Документ" not in text(client_of(bob), "forget_me")
    assert client_of(charlie).post(reverse("payouts:withdraw_erasure", args=[request.public_id])).status_code == 404


@pytest.mark.slow
def test_a_request_is_taken_back_and_entered_anew_by_letter(alice, sue, ron, client_of):
    browser = client_of(alice)
    browser.post(reverse("payouts:forget_me"), {"understood": "on"})
    first = ErasureRequest.objects.get()
    browser.post(reverse("payouts:withdraw_erasure", args=[first.public_id]))
    decide(client_of(sue), first, "propose", "It is her.")
    first.refresh_from_db()
    assert first.status == "withdrawn"

    staff = client_of(sue)
    assert staff.post(reverse("payouts:erasures"), {"who": "nobody@example.org"}).status_code == 422
    assert staff.post(reverse("payouts:erasures"), {"who": " ALICE@example.org "}).status_code == 302
    second = ErasureRequest.objects.get(status="asked")

    assert (second.user, second.asked_by) == (alice, sue)
    assert staff.post(reverse("payouts:erasures"), {"who": ron.email}).status_code == 422
    decide(staff, second, "propose", "Passport shown.")
    decide(client_of(ron), second, "erase")
    assert staff.post(reverse("payouts:erasures"), {"who": f"user-{alice.pk}@erased.invalid"}).status_code == 422


@pytest.mark.slow
def test_a_payment_on_its_way_is_waited_for_and_a_member_does_not_decide(paid_world, sue, ron, client_of):
    label = paid_world.label
    request = services.ask_erasure(subject=label, by=paid_world.alice, now=NOW)
    services.propose_erasure(request=request, reason="It is she.", by=sue, now=NOW)
    services.approve_batch(batch=draft(paid_world), by=sue, now=NOW)

    assert "on its way" in text(client_of(ron), "erasure", request.public_id)
    assert decide(client_of(ron), request, "erase").status_code == 422

    request.refresh_from_db()
    assert request.status == "proposed"
    label.members.create(user=ron, role="reader")
    with pytest.raises(services.CannotErase, match="somebody else"):
        services.refuse_erasure(request=request, reason="No.", by=ron, now=NOW)


def test_requests_that_wait_stand_first(alice, bob, sue, client_of):
    waiting = services.ask_erasure(subject=alice, by=alice, now=NOW)
    taken_back = services.ask_erasure(subject=bob, by=bob, now=NOW)
    services.withdraw_erasure(request=taken_back, by=bob, now=NOW)

    page = text(client_of(sue), "erasures")

    assert page.index(waiting.public_id) < page.index(taken_back.public_id)
