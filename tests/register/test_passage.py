"""Words become public only when a person took out what is personal; the original stays, and every look is noted."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test import Client

from claims import services as claims
from core.models import Event
from register import services
from register.models import Entry, Passage, PassageText
from tests import factories

NOW = datetime(2007, 6, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
WORDS = "I, Alice Example of 1 Example Street 5, never licensed it. Call +7 495 123 45 67."


@pytest.fixture
def passage(alice):
    """The explanation of an opt-out, waiting for a reviewer."""
    label = factories.a_holder("Secret Label", owner=alice)
    case = factories.an_opt_out(alice, label, factories.a_track(), sent=False, now=NOW)
    contact = {"name": "Alice Example", "email": "alice@example.org", "address": "1 Example Street 5"}
    factories.send_opt_out(case, alice, now=NOW, explanation=WORDS, contact=contact)
    factories.in_register(now=NOW)
    return Passage.objects.get()


def public(passage):
    return Client().get(f"/register/{passage.entry.public_id}/").content.decode()


def test_nothing_is_shown_before_a_reviewer_has_read_it(passage):
    assert passage.status == "waiting"
    assert "never licensed" not in public(passage)
    assert "until then it is not shown" in public(passage)


def test_a_reviewer_reads_the_original_beside_the_proposal_and_publishes(passage, rita, client_of):
    client = client_of(rita)

    assert passage.public_id in client.get("/review/register/").content.decode()
    page = client.get(f"/review/register/{passage.public_id}/").content.decode()
    assert "never licensed it" in page
    assert "[name]" in page
    looks = Event.objects.filter(noun="register.Passage", object_id=passage.pk, reason_code="original_read")
    assert [event.by for event in looks] == [rita]

    answer = client.post(f"/review/register/{passage.public_id}/", {"text": "I, [name], never licensed it."})

    assert (answer.status_code, answer.url) == (302, "/review/register/")
    assert "I, [name], never licensed it." in public(passage)
    assert "Alice Example" not in public(passage)
    assert claims.explanation_of(passage.entry.opt_out) == WORDS


def test_the_proposal_has_nothing_of_the_sender(passage, rita):
    original = services.show_original(passage=passage, by=rita, now=LATER)

    assert original.text == WORDS
    for word in ("Alice", "Example", "495"):
        assert word not in original.proposal.text
    assert "never licensed it" in original.proposal.text


def test_a_later_text_is_a_further_fact_and_can_be_withheld(passage, rita, client_of):
    services.publish_passage(passage=passage, text="First", by=rita, now=LATER)
    services.publish_passage(passage=passage, text="Second", by=rita, now=LATER + timedelta(days=1))
    assert "Second" in public(passage)
    assert "First" not in public(passage)
    assert PassageText.objects.count() == 2

    client_of(rita).post(f"/review/register/{passage.public_id}/withhold/")
    assert "Second" not in public(passage)
    assert "Withheld by a reviewer" in public(passage)
    assert [text.note.text for text in PassageText.objects.select_related("note")] == ["", ""]


def test_a_published_text_cannot_be_changed_or_deleted(passage, rita):
    services.publish_passage(passage=passage, text="First", by=rita, now=LATER)

    for statement in ("UPDATE register_passagetext SET at = now()", "DELETE FROM register_passagetext"):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT tried")
            try:
                cursor.execute(statement)
            finally:
                cursor.execute("ROLLBACK TO SAVEPOINT tried")


def test_only_reviewers_outside_the_case_may_read(passage, alice, store, rita, frank, client_of):
    for user in (alice, store, frank):
        assert client_of(user).get(f"/review/register/{passage.public_id}/").status_code == 404
        assert client_of(user).get("/review/register/").status_code == 404
    from catalog.models import HolderMember

    HolderMember.objects.create(holder=passage.entry.opt_out.holder, user=rita, role="owner")
    answer = client_of(rita).get(f"/review/register/{passage.public_id}/")
    assert answer.status_code == 403
    assert "never licensed" not in answer.content.decode()
    with pytest.raises(services.OwnCase):
        services.publish_passage(passage=passage, text="x", by=rita, now=LATER)


def test_empty_words_are_refused_on_the_page(passage, rita, client_of):
    answer = client_of(rita).post(f"/review/register/{passage.public_id}/", {"text": "  "})

    assert answer.status_code == 422
    assert Passage.objects.get().status == "waiting"


def test_words_erased_with_the_holder_are_gone_for_the_reviewer_too(passage, rita):
    from core import vault

    vault.erase(f"holder:{passage.entry.opt_out.holder_id}", now=LATER)

    assert services.show_original(passage=passage, by=rita, now=LATER).text == ""


def test_objections_and_reasons_wait_too(passage, rita, store, alice):
    shop = factories.a_store("AllofMP3", member=store)
    case = claims.grant_opt_out(opt_out=passage.entry.opt_out, by=rita, now=LATER, reason="Proved by contract.")
    claims.object_to_notice(notice=case.notices.get(), reason="Licensed by them.", by=store, now=LATER)
    factories.in_register(now=LATER)

    assert set(Passage.objects.values_list("part", "status")) == {
        ("explanation", "waiting"),
        ("reason", "waiting"),
        ("objection", "waiting"),
    }
    objection = Passage.objects.get(part="objection")
    assert Entry.objects.get(kind="objection").licensee == shop
    assert services.show_original(passage=objection, by=rita, now=LATER).text == "Licensed by them."
