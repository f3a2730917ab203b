"""An agent acts while its authority holds, and not a day longer; a person is named to colleagues and staff only."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from claims import selectors, services
from claims.models import Claim, Dispute, OptOut
from core.workflow import MoveNotAllowed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


@pytest.fixture
def paper(label, charlie):
    """Charlie's agency acts for Alice's label."""
    return factories.an_authority(label, factories.a_holder("Agency", owner=charlie))


def revoke(paper):
    """From today on it does not hold."""
    paper.end = timezone.now().date()
    paper.save()


@pytest.mark.slow
def test_a_revoked_agent_neither_sees_nor_changes_the_cases_of_its_principal(alice, charlie, label, paper, client_of):
    claim = factories.a_claim(charlie, label, standing="agent", authority=paper)
    case = factories.an_opt_out(charlie, label, factories.a_track(), standing="agent", authority=paper)
    document = services.add_evidence(
        holder=label, name="a.txt", content=b"x", kind="other", by=charlie, now=timezone.now(), opt_out=case
    )
    pages = [f"/claims/{claim.public_id}/", f"/opt-outs/{case.public_id}/", f"/evidence/{document.public_id}/"]
    assert [client_of(charlie).get(page).status_code for page in pages] == [200, 200, 200]

    revoke(paper)

    assert [client_of(charlie).get(page).status_code for page in pages] == [404, 404, 404]
    assert [client_of(alice).get(page).status_code for page in pages] == [200, 200, 200]
    now = timezone.now()
    for act in (
        lambda: services.retract_claim(claim=Claim.objects.get(), by=charlie, now=now),
        lambda: services.retract_opt_out(opt_out=OptOut.objects.get(), by=charlie, now=now),
        lambda: factories.a_claim(charlie, label, standing="agent", authority=paper),
        lambda: factories.an_opt_out(charlie, label, factories.a_track(), standing="agent", authority=paper),
    ):
        with pytest.raises(services.MayNotWrite):
            act()


def test_an_agent_shows_documents_for_an_opt_out_on_the_page(charlie, label, paper, client_of):
    case = factories.an_opt_out(charlie, label, factories.a_track(), standing="agent", authority=paper)

    answer = client_of(charlie).post(
        f"/opt-outs/{case.public_id}/evidence/",
        {"kind": "contract", "file": SimpleUploadedFile("proof.txt", b"Contract.")},
    )

    assert answer.status_code == 302
    assert case.evidence_uses.count() == 1


def test_a_decided_case_takes_no_document(alice, rita, label):
    case = factories.an_opt_out(alice, label, factories.a_track())
    services.refuse_opt_out(opt_out=case, reason="No.", by=rita, now=timezone.now())
    case.refresh_from_db()

    with pytest.raises(services.CaseClosed):
        services.add_evidence(
            holder=label, name="a.txt", content=b"x", kind="other", by=alice, now=timezone.now(), opt_out=case
        )


def test_a_document_of_a_filed_claim_stays_open_to_the_reviewer_when_a_draft_uses_it_too(alice, rita, label):
    filed, draft = factories.a_claim(alice, label), factories.a_claim(alice, label, filed=False)
    for claim in (filed, draft):
        document = services.add_evidence(
            holder=label, name="a.txt", content=b"x", kind="other", by=alice, now=timezone.now(), claim=claim
        )

    assert list(selectors.evidence_for(rita)) == [document]


def test_an_agents_people_judge_no_dispute_of_its_principal(alice, charlie, stranger, rita, label, paper):
    track = factories.a_track()
    factories.a_share(track, factories.a_holder(owner=stranger), 100)
    factories.an_awarded_claim(alice, label, track, reviewer=rita, standing="agent", authority=paper)
    charlie.role = "supervisor"
    charlie.save()

    with pytest.raises(services.DecidesOwnCase):
        services.order_hold(dispute=Dispute.objects.get(), reason="Mine.", by=charlie, now=timezone.now())


@pytest.mark.slow
def test_nothing_is_said_or_ordered_in_a_dispute_that_has_ended(alice, charlie, rita, label):
    track, rival = factories.a_track(), factories.a_holder(owner=charlie)
    factories.a_share(track, rival, 100)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    stale = Dispute.objects.get()
    factories.a_decided_dispute(stale, {label.pk: D(0), rival.pk: D(100)}, rita)

    with pytest.raises(services.CaseClosed):
        services.answer_dispute(dispute=stale, said=services.DisputeSaid(words="But!"), by=alice, now=timezone.now())
    with pytest.raises(services.CaseClosed):
        services.order_hold(dispute=stale, reason="Late.", by=rita, now=timezone.now())


@pytest.mark.slow
def test_parties_read_no_name_of_each_others_people_or_of_staff(alice, charlie, rita, label, client_of):
    track = factories.a_track()
    factories.a_share(track, factories.a_holder("Rival Music", owner=charlie), 100)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    dispute = Dispute.objects.get()
    said = services.DisputeSaid(words="It is ours.")
    services.answer_dispute(dispute=dispute, said=said, by=charlie, now=timezone.now())
    address = f"/disputes/{dispute.public_id}/"

    history = client_of(alice).get(address).context["history"]
    own = client_of(charlie).get(address).context["history"]
    staff = client_of(rita).get(address).context["history"]

    assert [row["by"] for row in history] == ["another party", "ROMS"]
    assert [row["by"] for row in own] == ["Charlie", "ROMS"]
    assert [row["by"] for row in staff] == ["Charlie", "Rita"]


def test_the_facts_of_a_decision_stay_as_they_were(alice, rita, label):
    claim = factories.an_awarded_claim(alice, label, reviewer=rita)
    facts = claim.facts

    with pytest.raises(MoveNotAllowed):
        services.look_again(claim=claim, by=rita, now=timezone.now())

    claim.refresh_from_db()
    assert claim.facts == facts


@pytest.mark.slow
def test_a_draft_shows_orders_of_size_and_a_filed_claim_exact_sums(alice, label, client_of):
    track = factories.a_track("Zvezda", isrc="RUA010500001")
    factories.a_sale(track, units=1000)
    client, draft = client_of(alice), factories.a_claim(alice, label, track, filed=False)

    page = client.get(f"/claims/{draft.public_id}/").content.decode()
    lines = client.get(f"/api/v1/claims/{draft.public_id}/lines/").json()["results"]

    assert "7.5" not in page
    assert "1 to 10 USD" in page
    assert lines[0]["waiting"] == []
    services.file_claim(claim=draft, signature="Alice", language="en", by=alice, now=timezone.now())
    assert "7.50" in client.get(f"/claims/{draft.public_id}/").content.decode()


def test_an_earlier_day_than_the_one_already_won_is_no_track_that_is_out(alice, rita, label):
    track, now = factories.a_track(), timezone.now()
    later = factories.an_opt_out(alice, label, track, start=now.date() + timedelta(days=900))
    services.grant_opt_out(opt_out=later, by=rita, now=now)

    sooner = factories.an_opt_out(alice, label, track, start=now.date() + timedelta(days=1))
    services.grant_opt_out(opt_out=sooner, by=rita, now=now)

    assert sooner.lines.get().outcome == "accepted"
    assert [fact.start for fact in sooner.lines.get().withdrawals.all()] == [now.date() + timedelta(days=1)]


def test_no_track_leaves_for_a_holder_nobody_verified(alice, rita):
    new = factories.a_holder(owner=alice, status="registered")
    case = factories.an_opt_out(alice, new, factories.a_track(), start=date(2030, 1, 1))

    new.refresh_from_db()
    assert new.status == "under_review"
    with pytest.raises(services.HolderNotVerified):
        services.grant_opt_out(opt_out=case, by=rita, now=timezone.now())
