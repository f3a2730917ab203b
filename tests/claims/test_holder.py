"""A holder and its people: pages of its own, invited by mail, removed at once, verified with reasons."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from catalog import selectors as facts
from catalog import services as catalog
from catalog.models import HolderInvitation, HolderMember, RightsHolder
from claims import services
from claims.models import CaseMail, InvitationMail
from core.workflow import events_of
from tests import factories

PROVED = {"reason": "identity_in_order", "text": "Passport seen."}


def page(name, holder=None, **more):
    return reverse(f"claims:{name}", kwargs=({"holder_id": holder.public_id} if holder else {}) | more)


@pytest.fixture
def label(alice):
    return factories.a_holder("Alice Records", owner=alice)


def invite(client, label, email="bob@example.org", role="reader"):
    """Alice sends an invitation; the address in the mail is given."""
    mail.outbox.clear()
    assert client.post(page("people", label), {"email": email, "role": role}).status_code == 302
    return re.search(r"http://localhost:\d+(/invitations/\S+)", mail.outbox[0].body)[1]


# Inviting -------------------------------------------------------------------------------------------------------------
def test_an_invitation_is_mailed_accepted_by_its_address_and_works_once(alice, bob, stranger, label, client_of):
    link = invite(client_of(alice), label)
    assert "Alice Records" in mail.outbox[0].body
    assert mail.outbox[0].to == ["bob@example.org"]

    for method in ("get", "post"):
        foreign = getattr(client_of(stranger), method)(link)
        assert foreign.status_code == 403
        assert "Alice Records" not in foreign.content.decode()
    assert "Alice Records" in client_of(bob).get(link).content.decode()
    assert client_of(bob).post(link).url == page("holder", label)

    assert facts.role_in(bob, label) == "reader"
    catalog.remove_member(holder=label, user=bob, by=alice, now=timezone.now())
    client_of(bob).post(link)
    assert facts.role_in(bob, label) == ""
    assert client_of(bob).get(page("invitation", key="made:up")).status_code == 404


def test_an_address_nobody_confirmed_lets_nobody_in(alice, bob, label, client_of):
    link = invite(client_of(alice), label)
    EmailAddress.objects.filter(user=bob).update(verified=False)

    assert client_of(bob).post(link).status_code == 403
    assert facts.role_in(bob, label) == ""


def test_an_invitation_runs_out_is_taken_back_and_is_sent_once_at_a_time(alice, bob, label, client_of):
    old = invite(client_of(alice), label)
    HolderInvitation.objects.update(invited_at=timezone.now() - timedelta(days=15), expires_at=timezone.now())
    client_of(bob).post(old)
    again = invite(client_of(alice), label)  # what ran out makes place
    twice = client_of(alice).post(page("people", label), {"email": "Bob@Example.org", "role": "owner"})

    taken = HolderInvitation.objects.get(status="open")
    client_of(alice).post(page("revoke_invitation", label, invitation_id=taken.public_id))
    client_of(bob).post(again)

    assert twice.status_code == 422
    assert facts.role_in(bob, label) == ""
    assert "no longer holds" in client_of(bob).get(again).content.decode()


def test_a_mail_that_fails_is_tried_again_and_not_after_the_invitation_ended(alice, label, settings):
    settings.EMAIL_BACKEND = "nowhere.Backend"
    settings.CELERY_TASK_EAGER_PROPAGATES = False
    catalog_side = services.invite(holder=label, email="x@example.org", role="owner", by=alice, now=timezone.now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    row = InvitationMail.objects.get()
    later = timezone.now() + timedelta(hours=1)
    assert services.invitations_due(now=later) == [row.pk]

    catalog.revoke_invitation(invitation=catalog_side, by=alice, now=later)

    assert services.invitations_due(now=later) == []
    assert services.deliver_invitation(mail_id=row.pk, now=later, origin="http://x") is None
    assert mail.outbox == []


def test_who_invites_and_removes_proves_who_is_there(alice, bob, label, client_of):
    stale = client_of(alice, seconds=400)
    catalog.add_member(holder=label, user=bob, role="owner", by=alice, now=timezone.now())

    for name, body in (
        ("people", {"email": "x@example.org", "role": "owner"}),
        ("remove_member", {"email": bob.email}),
    ):
        assert stale.post(page(name, label), body).url.startswith("/accounts/reauthenticate/")
    assert not HolderInvitation.objects.exists()
    assert label.members.count() == 2


# Going ----------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_removed_member_loses_everything_at_once_and_what_it_started(alice, bob, label, client_of):
    now = timezone.now()
    catalog.add_member(holder=label, user=bob, role="owner", by=alice, now=now)
    claim = factories.a_claim(bob, label)
    client = client_of(bob)
    invite(client, label, "puppet@example.org", "owner")
    addresses = [
        page("holder", label),
        page("people", label),
        f"/claims/{claim.public_id}/",
        f"/money/{label.public_id}/",
    ]
    addresses += [f"/api/v1/holders/{label.public_id}/", f"/api/v1/holders/{label.public_id}/members/"]
    assert [client.get(address).status_code for address in addresses] == [200] * 6

    client_of(alice).post(page("remove_member", label), {"email": bob.email})

    assert [client.get(address).status_code for address in addresses] == [404] * 6
    assert client.get(page("claims")).context["page"].object_list.count() == 0
    assert HolderInvitation.objects.get().status == "revoked"
    with pytest.raises(services.MayNotWrite):
        services.retract_claim(claim=claim, by=bob, now=now)


def test_the_last_owner_stays_and_everybody_else_may_leave(alice, bob, label, client_of):
    catalog.add_member(holder=label, user=bob, role="editor", by=alice, now=timezone.now())

    client_of(alice).post(page("leave_holder", label))
    client_of(alice).post(page("change_role", label), {"email": alice.email, "role": "reader"})
    assert facts.role_in(alice, label) == "owner"
    assert client_of(bob).post(page("leave_holder", label)).url == page("holders")
    assert facts.role_in(bob, label) == ""


@pytest.mark.slow
def test_two_last_owners_who_leave_at_once_leave_one(committed_db, alice, bob):
    label = factories.a_holder(owner=alice)
    HolderMember.objects.create(holder=label, user=bob, role="owner")

    def leave(user):
        try:
            catalog.remove_member(holder=label, user=user, by=user, now=timezone.now())
        except catalog.LastOwner:
            return "stays"
        finally:
            connection.close()
        return "gone"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, [alice, bob])) == ["gone", "stays"]


# Who it is ------------------------------------------------------------------------------------------------------------
def test_names_and_numbers_are_kept_on_the_page_by_who_may_file(alice, bob, label, client_of):
    HolderMember.objects.create(holder=label, user=bob, role="reader")
    client = client_of(alice)

    client.post(page("holder_names", label), {"text": "Алиса Рекордс"})
    wrong = client.post(page("holder_numbers", label), {"scheme": "isni", "value": "0000000121464389"})
    client.post(page("holder_numbers", label), {"scheme": "isni", "value": "0000 0001 2146 438X"})
    by_reader = client_of(bob).post(page("holder_names", label), {"text": "Bob's"})

    assert "is no valid ISNI number" in wrong.content.decode()
    assert [name.text for name in label.names.all()] == ["Алиса Рекордс"]
    assert label.identifiers.get().value == "000000012146438X"
    assert by_reader.status_code == 422
    client.post(page("holder_numbers", label), {"remove": "isni:000000012146438X"})
    assert not label.identifiers.exists()


def test_a_new_name_keeps_the_old_one_and_is_looked_at_again(alice, bob, label, client_of):
    HolderMember.objects.create(holder=label, user=bob, role="editor")

    said = {"name": "Alice Music", "kind": "company", "country": "RU"}
    assert client_of(bob).post(page("edit_holder", label), said).status_code == 404
    client_of(alice).post(page("edit_holder", label), said)

    label.refresh_from_db()
    assert (label.name, label.name_key, label.status) == ("Alice Music", "alice music", "under_review")
    assert [name.text for name in label.names.all()] == ["Alice Records"]


def test_a_reviewer_asks_the_holder_answers_and_is_verified(alice, rita, client_of):
    new = factories.a_holder("New Label", owner=alice, status="under_review")
    reviewer, address = client_of(rita), page("review_holder", new)

    no_reason = reviewer.post(address, {"outcome": "more_asked", **PROVED})
    reviewer.post(address, {"outcome": "more_asked", "reason": "identity_expired", "text": "Please send the new one."})
    shown = client_of(alice).get(page("holder", new)).content.decode()
    client_of(alice).post(page("answer_holder", new), {"text": "Here it is."})
    reviewer.post(address, {"outcome": "verified", "again_on": "2030-01-01", **PROVED})

    new.refresh_from_db()
    assert no_reason.status_code == 422
    assert "The document has run out. Please send the new one." in shown
    assert [event.to_status for event in events_of(new)] == ["more_asked", "under_review", "verified"]
    assert str(new.verify_again_date) == "2030-01-01"
    assert list(CaseMail.objects.order_by("pk").values_list("topic", flat=True)) == ["holder_asked", "holder_verified"]


def test_an_old_paper_brings_a_verified_holder_back_to_the_queue_and_changes_nothing_else(alice, rita, client_of):
    label = factories.a_holder("Old Paper", owner=alice, verify_again_date=timezone.now().date())
    services.sweep_queue(now=timezone.now())

    assert "Old Paper" in client_of(rita).get("/review/").content.decode()
    client_of(rita).post(
        page("review_holder", label), {"outcome": "under_review", "reason": "identity_to_be_renewed", "text": "Old."}
    )
    label.refresh_from_db()
    assert label.status == "under_review"


def test_nobody_judges_a_holder_of_their_own(rita, client_of):
    own = factories.a_holder(owner=rita, status="under_review")

    answer = client_of(rita).post(page("review_holder", own), {"outcome": "verified", **PROVED})

    assert answer.status_code == 422
    assert RightsHolder.objects.get().status == "under_review"


@pytest.mark.slow
def test_for_a_suspended_holder_nobody_files_and_all_is_still_seen(alice, rita, label, client_of):
    draft = factories.a_claim(alice, label, filed=False)
    client_of(rita).post(
        page("review_holder", label), {"outcome": "suspended", "reason": "identity_fraud_suspected", "text": "Forged."}
    )
    client = client_of(alice)

    label.refresh_from_db()
    assert label.status == "suspended"
    assert "suspended" in client.get(page("holder", label)).content.decode()
    assert client.get(f"/claims/{draft.public_id}/").status_code == 200
    for name, body in (("holder_names", {"text": "X"}), ("people", {"email": "x@example.org", "role": "owner"})):
        assert client.post(page(name, label), body).status_code == 422
    with pytest.raises(services.MayNotWrite):
        services.file_claim(claim=draft, signature="Alice", language="en", by=alice, now=timezone.now())
    client_of(rita).post(page("review_holder", label), {"outcome": "verified", **PROVED})
    services.file_claim(claim=draft, signature="Alice", language="en", by=alice, now=timezone.now())


# Programs -------------------------------------------------------------------------------------------------------------
def test_people_of_a_holder_over_json(alice, bob, label, client_of):
    client, base = client_of(alice), f"/api/v1/holders/{label.public_id}"
    catalog.add_member(holder=label, user=bob, role="reader", by=alice, now=timezone.now())
    stale = client_of(alice, seconds=400)

    made = client.post(f"{base}/invitations/", {"email": "New@example.org", "role": "editor"})
    refused = stale.post(f"{base}/invitations/", {"email": "x@example.org", "role": "owner"})

    assert made.status_code == 201
    assert (refused.status_code, refused.json()["code"]) == (403, "proof_needed")
    assert [row["email"] for row in client.get(f"{base}/invitations/").json()] == ["new@example.org"]
    assert client_of(bob).get(f"{base}/invitations/").status_code == 404
    assert [row["role"] for row in client_of(bob).get(f"{base}/members/").json()] == ["owner", "reader"]
    assert client_of(bob).post(f"{base}/members/remove/", {"email": alice.email}).status_code == 403
    assert client_of(bob).post(f"{base}/members/remove/", {"email": bob.email}).status_code == 204
    assert client.post(f"{base}/members/remove/", {"email": alice.email}).json()["code"] == "last_owner"


def test_a_reviewer_verifies_over_json_and_others_find_no_door(alice, bob, rita, client_of):
    new = factories.a_holder(owner=alice, status="registered")
    base = f"/api/v1/holders/{new.public_id}"

    assert client_of(alice).post(f"{base}/answer/", {"text": "Please look."}).json()["status"] == "under_review"
    said = {"outcome": "verified", **PROVED}
    assert client_of(bob).post(f"{base}/review/", said).status_code == 404
    assert client_of(rita).post(f"{base}/review/", said).json()["status"] == "verified"
