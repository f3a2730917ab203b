"""What was shown and written for a case that is over is kept for its time and then gone; why it was decided stays."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from catalog import territories
from claims import selectors, services
from claims.models import CaseMessage, Claim, EvidenceDocument, HouseRule
from payouts.services import forget_old
from tests import factories
from tests.conftest import person

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)
PDF = b"%PDF-1.4\n1 0 obj\n"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def label(alice):
    return factories.a_holder("Label", owner=alice)


def shown(label, by, name="contract.pdf", content=PDF, claim=None):
    return services.add_evidence(holder=label, name=name, content=content, kind="contract", by=by, now=NOW, claim=claim)


@pytest.fixture
def refused(alice, rita, label):
    """A claim with a document and two messages, refused with a reason and a word of the reviewer."""
    claim = factories.a_claim(alice, label, filed=False)
    shown(label, alice, claim=claim)
    claim = services.file_claim(claim=claim, signature="Alice Example", language="en", by=alice, now=NOW)
    claim = services.start_review(claim=claim, by=rita, now=NOW)
    services.write_message(case=claim, text="My aunt sang it.", by=alice, now=NOW)
    services.write_message(case=claim, text="In which year?", by=rita, now=NOW)
    return services.reject_claim(
        claim=claim, reason="proof_missing", note="The page with the signature is missing.", by=rita, now=NOW
    )


def test_after_its_time_the_document_and_the_words_of_a_refused_claim_are_gone_and_the_reasons_stay(
    refused, alice, rita, label, client_of
):
    document = EvidenceDocument.objects.get()
    before = client_of(alice).get(reverse("claims:claim", args=[refused.public_id])).content.decode()

    kept = forget_old(now=NOW + 1095 * DAY)
    gone, again = forget_old(now=NOW + 1097 * DAY), forget_old(now=NOW + 1098 * DAY)

    assert "Kept until:" in before
    assert "My aunt" in before
    assert [each["keep_evidence_days"] for each in (kept, gone, again)] == [0, 1, 0]
    assert [each["keep_message_days"] for each in (kept, gone, again)] == [0, 2, 0]
    assert not default_storage.exists(document.stored)
    for user, name in ((alice, "claims:claim"), (rita, "claims:review_claim")):
        page = client_of(user).get(reverse(name, args=[refused.public_id])).content.decode()
        assert "The page with the signature is missing." in page
        assert "Kept long enough and destroyed" in page
        assert "My aunt" not in page
        assert "contract.pdf" not in page
    assert client_of(alice).get(reverse("claims:evidence", args=[document.public_id])).status_code == 404
    assert client_of(rita).get(reverse("claims:document", args=[document.public_id])).status_code == 200
    vault = client_of(alice).get(reverse("claims:documents", args=[label.public_id])).content.decode()
    assert "1096 days after the end" in vault
    assert "article 196(1)" in vault


@pytest.mark.slow
def test_what_else_a_document_is_needed_for_keeps_it(refused, alice, rita, label):
    document = EvidenceDocument.objects.get()
    long_after = NOW + 2000 * DAY
    services.show_document(document=document, claim=factories.a_claim(alice, label, filed=False), by=alice, now=NOW)
    alone, unshown = shown(label, alice, "deed.pdf", PDF + b"2"), shown(label, alice, "will.pdf", PDF + b"3")
    withdrawn = factories.a_claim(alice, label, filed=False)
    services.show_document(document=alone, claim=withdrawn, by=alice, now=NOW)
    services.retract_claim(claim=withdrawn, by=alice, now=NOW)
    scope = services.Scope(rights=["phonogram"], territory_set=territories.worldwide())
    services.check_document(document=alone, scope=scope, by=rita, now=NOW)

    assert forget_old(now=long_after)["keep_evidence_days"] == 0
    EvidenceDocument.objects.filter(pk=alone.pk).update(status="kept", checked_by=None)
    assert forget_old(now=long_after)["keep_evidence_days"] == 1
    assert set(EvidenceDocument.objects.exclude(stored="")) == {document, unshown}


@pytest.mark.slow
def test_an_appeal_begins_the_time_anew_and_an_open_one_keeps_all(refused, alice, label):
    ron = person("ron")
    ron.role = "reviewer"
    ron.save()
    document = EvidenceDocument.objects.get()
    appeal = services.file_appeal(case=refused, words="Look again.", documents=[document], by=alice, now=NOW + 10 * DAY)

    assert selectors.kept_until(refused) == {}
    assert forget_old(now=NOW + 2000 * DAY)["keep_evidence_days"] == 0
    services.decide_appeal(appeal=appeal, is_reversed=False, reason="It stands.", by=ron, now=NOW + 30 * DAY)
    assert selectors.kept_until(refused)["keep_evidence_days"] == (NOW + 1126 * DAY).date()
    assert forget_old(now=NOW + 1125 * DAY)["keep_message_days"] == 0
    gone = forget_old(now=NOW + 1127 * DAY)
    assert (gone["keep_evidence_days"], gone["keep_message_days"]) == (1, 2)
    assert not EvidenceDocument.objects.exclude(stored="").exists()


@pytest.mark.slow
def test_the_same_file_shown_again_after_it_was_forgotten_is_whole_again(refused, alice, label):
    document = EvidenceDocument.objects.get()
    forget_old(now=NOW + 1097 * DAY)
    document.refresh_from_db()
    claim = factories.a_claim(alice, label, filed=False)
    with pytest.raises(services.Refused, match="kept long enough"):
        services.show_document(document=document, claim=claim, by=alice, now=NOW)

    again = shown(label, alice, claim=claim)

    assert again == document
    assert services.open_evidence(document=again, by=alice, now=NOW).content == PDF


@pytest.mark.slow
def test_what_was_won_keeps_its_documents_and_a_killed_run_goes_on(refused, alice, rita, label, monkeypatch):
    won = factories.a_claim(alice, label, filed=False)
    deed = shown(label, alice, "deed.pdf", PDF + b"2", claim=won)
    won = services.file_claim(claim=won, signature="Alice Example", language="en", by=alice, now=NOW)
    won = services.start_review(claim=won, by=rita, now=NOW)
    services.approve_claim(claim=won, by=rita, now=NOW)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr("claims.services.forgetting.record_event", killed)
        forget_old(now=NOW + 1097 * DAY)
    assert forget_old(now=NOW + 1097 * DAY)["keep_evidence_days"] == 1
    assert list(EvidenceDocument.objects.exclude(stored="")) == [deed]
    assert Claim.objects.get(pk=won.pk).status != "rejected"


@pytest.mark.slow
def test_zero_keeps_for_ever_and_the_page_says_so(refused, alice, label, client_of):
    for code in ("keep_evidence_days", "keep_message_days"):
        HouseRule.objects.create(code=code, value=0, start=NOW.date(), why="Kept.", set_at=NOW)

    forget_old(now=NOW + 9999 * DAY)

    assert CaseMessage.objects.exclude(sealed=b"").count() == 2
    page = client_of(alice).get(reverse("claims:documents", args=[label.public_id])).content.decode()
    assert page.count("until you ask to be forgotten") == 2
