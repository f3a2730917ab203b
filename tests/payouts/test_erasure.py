"""Who asks to be forgotten is: no column and no file says who it was, and every proof still holds."""

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from accounts.models import OutboxMessage, User
from catalog import services as catalog
from catalog.models import HolderIdentifier, HolderName
from claims.house_rules import RULES
from claims.models import CaseMessage, HouseRule, NameWatch
from claims.services import ask_watch
from core.models import Note, PartyKey
from core.workflow import record_event
from ledger.verify import verify
from payouts import services
from payouts.models import Remittance
from payouts.services.erasure import WORDS
from payouts.services.retention import FORGET
from tests import factories
from tests.payouts.paying import DAY, NOW, draft

pytestmark = pytest.mark.django_db
TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND has_table_privilege(oid, 'SELECT')
"""
HOUSE_WORDS = {
    ("claims.Decision", "note"),
    ("claims.DecisionProposal", "note"),
    ("claims.DisputeVerdict", "note"),
    ("claims.SenderSuspension", "words"),
    ("register.Passage", "note"),  # the very Note of an Event, never a second one
    ("register.PassageText", "note"),
}


def tables_that_say(*words):
    """This will look for words in every column of every row, as a dump of the database shows them."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t WHERE t::text ILIKE ANY (%s)', [[f"%{w}%" for w in words]])
            if rows := cursor.fetchall():
                found[table] = rows[:2]
        return found


def files_that_say(folder, *words):
    """This will look for words in every stored file, and in its name."""
    kept = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in kept if any(w.encode() in path.read_bytes() or w in str(path) for w in words)]


@pytest.fixture
def known(paid_world):
    """Alice and her label, known in every way a person and a holder are."""
    alice, label, bob = paid_world.alice, paid_world.label, User.objects.get(email="bob@example.org")
    HolderName.objects.create(holder=label, text="North Wind", name_key="north wind")
    HolderIdentifier.objects.create(holder=label, scheme="isni", value="0000000121032683")
    track = factories.a_track(artist="Kino")
    ask_watch(kind="artist", name="Kino", address=alice.email, language="en", now=NOW, secret=settings.SECRET_KEY)
    for email in ("alice@example.org", "dora@example.org"):
        holder = label if email != alice.email else factories.a_holder("Other", owner=bob)
        by = alice if holder == label else bob
        catalog.invite_member(holder=holder, email=email, role="reader", by=by, now=NOW)
    claim = factories.a_claim(alice, label, track)
    record_event(claim, "filed", "filed", by=alice, now=NOW, reason="My aunt lives at 5 Nowhere Lane.")
    OutboxMessage.objects.create(to="Alice <alice@example.org>", subject="Hello", body="Dear North Wind")
    services.keep_statement(holder=label, by=alice, now=NOW, start=NOW.date().replace(day=1), end=NOW.date())
    return paid_world


def test_a_person_is_forgotten_and_what_they_did_stays(known, sue, client_of, tmp_path):
    alice, browser = known.alice, client_of(known.alice)
    assert {"accounts_user", "account_emailaddress", "core_note"} <= tables_that_say("alice@", "nowhere lane").keys()

    services.erase_person(user=alice, by=sue, now=NOW, secret=settings.SECRET_KEY)
    services.erase_person(user=alice, by=sue, now=NOW, secret=settings.SECRET_KEY)

    assert tables_that_say("alice@", "nowhere lane") == {}
    assert files_that_say(tmp_path, "alice@", "Nowhere Lane") == []
    assert browser.get("/home/").status_code == 302
    assert not NameWatch.objects.exists()
    assert PartyKey.objects.get(party=f"user:{alice.pk}").wrapped is None
    assert known.label.claims.get().created_by_id == alice.pk
    assert not [check for check in verify().checks if not check.ok]


def test_a_holder_is_forgotten_and_its_money_stays_its_own(known, sue, client_of, tmp_path):
    label = known.label
    said = ("Северный ветер", "severnyy", "North Wind", "0000000121032683")
    assert {"catalog_rightsholder", "catalog_holdername"} <= tables_that_say(*said).keys()

    OutboxMessage.objects.all().delete()
    services.erase_holder(holder=label, by=sue, now=NOW)

    assert tables_that_say(*said) == {}
    assert files_that_say(tmp_path, *said) == []
    assert {row.status for row in label.payees.all()} == {"stopped"}
    for name in ("claims:holder", "claims:documents", "claims:people", "payouts:holder_balance", "payouts:payees"):
        page = client_of(known.alice).get(reverse(name, kwargs={"holder_id": label.public_id}))
        assert page.status_code == 200, name
    for name, user in (("claims:claim", known.alice), ("claims:review_claim", sue)):
        page = client_of(user).get(reverse(name, kwargs={"claim_id": label.claims.get().public_id}))
        assert page.status_code == 200, name
    assert not draft(known).payments.filter(holder=label, status="drafted").exists()
    assert CaseMessage.objects.count() == 0
    assert not [check for check in verify().checks if not check.ok]


def test_only_a_supervisor_forgets_and_never_staff_or_a_payment_on_its_way(known, sue, rita):
    for user, by in ((known.alice, rita), (known.alice, known.alice), (rita, sue), (sue, sue)):
        with pytest.raises(services.CannotErase):
            services.erase_person(user=user, by=by, now=NOW, secret="x")
    services.approve_batch(batch=draft(known), by=sue, now=NOW)
    with pytest.raises(services.CannotErase, match="on its way"):
        services.erase_holder(holder=known.label, by=sue, now=NOW)
    assert tables_that_say("Северный ветер")


def test_every_note_has_somebody_who_may_ask_for_its_end():
    notes = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.related_model is Note
    }

    assert notes == {(model._meta.label, note) for model, note, _ in WORDS} | HOUSE_WORDS


def test_what_was_kept_long_enough_is_forgotten_by_the_days_of_the_house(known, stranger):
    OutboxMessage.objects.update(created_at=NOW)
    Session.objects.create(session_key="old", session_data="", expire_date=NOW)
    User.objects.create_user("typo@example.org", "x", date_joined=NOW)
    EmailAddress.objects.create(user=User.objects.get(email="typo@example.org"), email="typo@example.org")
    Remittance.objects.update(payer="Xrost")
    keep = ("dora@", "typo@", "xrost")

    assert set(services.forget_old(now=NOW + DAY / 2).values()) == {0}
    assert tables_that_say(*keep)
    first = services.forget_old(now=NOW + 200 * DAY)
    again = services.forget_old(now=NOW + 3000 * DAY)

    later = ("keep_payer_days", "keep_evidence_days", "keep_message_days")
    assert all(first[code] for code in FORGET if code not in later)
    assert {first[code] for code in later} == {0}
    assert again["keep_payer_days"] == 1
    assert tables_that_say(*keep) == {}
    assert User.objects.get(pk=stranger.pk).email == "stranger@example.org"
    assert not [check for check in verify().checks if not check.ok]


def test_every_period_says_by_which_law_and_zero_keeps_for_ever(known):
    assert {code for code in RULES if code.startswith("keep_")} == {*FORGET, "keep_open_data_days"}
    for code in FORGET:
        assert any(word in HouseRule.objects.get(code=code).why for word in ("Regulation", "Federal Law", "Civil Code"))
        HouseRule.objects.create(code=code, value=0, start=NOW.date(), why="Kept.", set_at=NOW)

    assert services.forget_old(now=NOW + 9999 * DAY) == {}
