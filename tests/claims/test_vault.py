"""The vault: a document checked once proves later cases within its scope and time, and shows who looked at it."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalog import services as catalog
from catalog import territories
from claims import selectors, services
from claims.models import EvidenceDocument, EvidenceKind
from claims.services.claim_checks import scope as claim_scope
from claims.services.opt_out_checks import evidence as opt_out_evidence
from claims.services.risk import has_title
from tests import factories


@pytest.fixture
def label(alice):
    return factories.a_holder("Alice Records", owner=alice)


def page(name, **arguments):
    return reverse(f"claims:{name}", kwargs=arguments)


def a_document(label, by, *, kind="chain_of_title", content=b"Chain of title.", name="chain.txt"):
    return services.add_evidence(holder=label, name=name, content=content, kind=kind, by=by, now=timezone.now())


def checked(document, by, **scope):
    usual = {"rights": ["phonogram"], "territory_set": territories.worldwide()}
    return services.check_document(document=document, scope=services.Scope(**usual | scope), by=by, now=timezone.now())


def proved(*cases):
    day = timezone.now().date()
    return [selectors.claim_lines_proved(case, day).count() for case in cases]


# What it proves -------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_document_checked_once_proves_later_claims_and_opt_outs_within_its_scope(alice, rita, label):
    inside, outside = factories.a_track(), factories.a_track()
    russia = territories.resolve(["RU"])
    checked(a_document(label, alice), rita, tracks=[inside], territory_set=russia)

    narrow = factories.a_claim(alice, label, inside, territories=russia)
    wide = factories.a_claim(alice, label, inside)
    other = factories.a_claim(alice, label, outside, territories=russia)
    both = factories.a_claim(alice, label, inside, outside, territories=russia)
    stranger = factories.a_claim(alice, factories.a_holder(owner=alice), inside, territories=russia)
    leaving = factories.an_opt_out(alice, label, inside, territories=russia)
    leaving_more = factories.an_opt_out(alice, label, inside, outside, territories=russia)

    assert proved(narrow, wide, other, both, stranger) == [1, 0, 0, 1, 0]
    assert [claim_scope(case).reason for case in (narrow, both, wide)] == [
        "vault_covers",
        "vault_covers_some",
        "evidence_missing",
    ]
    assert [has_title(case) for case in (narrow, wide)] == [True, False]
    assert [opt_out_evidence(case).reason for case in (leaving, leaving_more)] == ["vault_covers", "evidence_missing"]


def test_what_has_run_out_was_refused_or_names_only_a_person_proves_nothing_more(alice, rita, label):
    track, today = factories.a_track(), timezone.now().date()
    claim = factories.a_claim(alice, label, track)
    title = a_document(label, alice)
    passport = a_document(label, alice, kind="identity", content=b"Passport.", name="passport.txt")

    checked(passport, rita)
    assert proved(claim) == [0]
    checked(title, rita, valid_until=today)
    assert proved(claim) == [0]
    checked(title, rita, valid_from=today + timedelta(days=1))
    assert proved(claim) == [0]
    checked(title, rita, valid_from=today, valid_until=today + timedelta(days=1))
    assert proved(claim) == [1]
    services.refuse_document(document=title, reason="The signature is forged.", by=rita, now=timezone.now())
    assert proved(claim) == [0]


def test_nobody_checks_a_document_of_their_own_and_a_scope_is_needed(alice, rita, label):
    document = a_document(label, alice)

    for by, error in ((alice, services.NotAReviewer), (rita, None)):
        if error:
            with pytest.raises(error):
                checked(document, by)
    with pytest.raises(services.Refused):
        checked(document, rita, rights=[])
    with pytest.raises(services.BadPeriod):
        checked(document, rita, valid_from=date(2030, 1, 1), valid_until=date(2029, 1, 1))
    with pytest.raises(services.WordsNeeded):
        services.refuse_document(document=document, reason=" ", by=rita, now=timezone.now())
    catalog.add_member(holder=label, user=rita, role="reader", by=alice, now=timezone.now())
    with pytest.raises(services.DecidesOwnCase):
        checked(document, rita)
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceDocument.objects.filter(pk=document.pk).update(status="checked", checked_by=alice, rights=["work"])


def test_kinds_are_data(alice, rita, label, client_of):
    new = {"code": "isrc_letter", "name": "Letter of the ISRC agency", "name_ru": "Письмо"}
    EvidenceKind.objects.create(**new, proves_title=True)
    EvidenceKind.objects.filter(pk="other").update(is_active=False)
    shown = client_of(alice).get(page("documents", holder_id=label.public_id)).content.decode()

    document = checked(a_document(label, alice, kind="isrc_letter"), rita)

    assert "Letter of the ISRC agency" in shown
    assert ">Other<" not in shown
    assert proved(factories.a_claim(alice, label)) == [1]
    assert document.kind_label == "Letter of the ISRC agency"
    for kind in ("other", "nonsense"):
        with pytest.raises(services.Refused):
            a_document(label, alice, kind=kind, content=b"x")


# Pages ----------------------------------------------------------------------------------------------------------------
def test_kept_asked_checked_and_shown_to_its_owner_with_who_looked(alice, bob, charlie, rita, label, client_of):
    catalog.add_member(holder=label, user=bob, role="reader", by=alice, now=timezone.now())
    owner, reviewer = client_of(alice), client_of(rita)
    upload = {"kind": "chain_of_title", "file": SimpleUploadedFile("chain.txt", b"Chain of title.")}
    made = owner.post(page("documents", holder_id=label.public_id), upload).url
    document = EvidenceDocument.objects.get()
    one = {"document_id": document.public_id}
    assert reviewer.get(made).status_code == 404  # kept: nobody but its owner
    assert client_of(bob).post(page("ask_check", **one)).status_code == 302
    document.refresh_from_db()
    assert document.status == "kept"  # a reader asks for nothing

    owner.post(page("ask_check", **one))
    assert "Alice Records" in reviewer.get("/review/?kind=document").content.decode()
    reviewer.get(f"/evidence/{document.public_id}/")
    said = {"rights": ["phonogram", "work"], "where": "some", "countries": "RU", "last": "2030-12-31"}
    assert reviewer.post(page("check_document", **one), said | {"rows": "Nobody knows this"}).status_code == 422
    assert owner.post(page("check_document", **one), said).status_code == 404
    reviewer.post(page("check_document", **one), said)
    shown = owner.get(made)

    document.refresh_from_db()
    assert (document.status, document.checked_by, str(document.valid_until)) == ("checked", rita, "2031-01-01")
    assert [(row["title"], row["by"]) for row in shown.context["looks"]][1:2] == [("Opened", "ROMS")]
    assert "RU" in shown.content.decode()
    assert client_of(charlie).get(made).status_code == 404
    assert client_of(bob).get(made).status_code == 200


def test_a_document_of_the_vault_is_shown_for_a_claim_and_an_opt_out(alice, bob, rita, label, client_of):
    catalog.add_member(holder=label, user=bob, role="reader", by=alice, now=timezone.now())
    document, foreign = a_document(label, alice), a_document(factories.a_holder(owner=alice), alice, content=b"y")
    draft = factories.a_claim(alice, label, filed=False)
    leaving = factories.an_opt_out(alice, label, factories.a_track())
    client, chosen = client_of(alice), {"document": document.public_id}

    assert document.public_id in client.get(f"/claims/{draft.public_id}/").content.decode()
    assert client_of(bob).post(page("show_for_claim", claim_id=draft.public_id), chosen).status_code == 302
    assert draft.evidence_uses.count() == 0
    for _ in range(2):
        client.post(page("show_for_claim", claim_id=draft.public_id), chosen)
    client.post(page("show_for_opt_out", opt_out_id=leaving.public_id), chosen)
    wrong = client.post(page("show_for_claim", claim_id=draft.public_id), {"document": foreign.public_id})

    assert wrong.status_code == 404
    assert [use.document for use in (*draft.evidence_uses.all(), *leaving.evidence_uses.all())] == [document, document]
    assert document.public_id not in client.get(f"/claims/{draft.public_id}/").content.decode().split("<select")[-1]
