"""The pages of claims and of the queue: they work, strangers find nothing, readers write nothing."""

from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import RightsHolder, RightsShare
from claims.models import Claim, ClaimLine, Dispute, EvidenceDocument
from tests import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def label(alice, bob):
    return factories.a_holder("Alice Records", owner=alice, reader=bob)


def address(name, case=None, kind="claim_id"):
    return reverse(f"claims:{name}", kwargs={kind: case.public_id} if case is not None else None)


def said(label, **changed):
    """What somebody types on the claim form."""
    return {
        "holder": label.pk,
        "standing": "self",
        "roles": ["owns_master"],
        "percent_owns_master": "100",
        "when": "always",
        "where": "world",
        "choice": "pay",
    } | changed


def upload(name="contract.pdf", content=PDF):
    return {"kind": "contract", "file": SimpleUploadedFile(name, content)}


# The basket -----------------------------------------------------------------------------------------------------------
def test_the_basket_works_before_log_in_and_stays_after(client, alice):
    one, two = factories.a_track("Zvezda"), factories.a_track("Kosmos")

    client.post(address("basket_add"), {"track": [one.public_id, two.public_id]})
    assert client.get(address("basket")).content.decode().count("Kosmos") >= 1
    client.post(address("basket_remove"), {"track": one.public_id})
    client.force_login(alice)

    page = client.get(address("basket")).content.decode()
    assert "Kosmos" in page
    assert "Zvezda" not in page


def test_the_basket_answers_htmx_with_its_fragment(client):
    answer = client.post(address("basket_add"), {"track": factories.a_track().public_id}, HTTP_HX_REQUEST="true")

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_the_basket_sends_nobody_away_from_the_portal(client):
    track = factories.a_track().public_id

    answer = client.post(address("basket_add"), {"track": track, "next": "https://evil.example/"})

    assert answer.url == address("basket")


# From basket to filing ----------------------------------------------------------------------------------------------
def test_a_newcomer_comes_from_the_basket_to_a_filed_claim(alice, client_of):
    track, client = factories.a_track("Zvezda", isrc="RUA010500001"), client_of(alice)
    factories.a_sale(track, units=100)
    client.post(address("basket_add"), {"track": track.public_id})

    assert client.get(address("new_claim")).url == address("new_holder")
    answer = client.post(address("new_holder"), {"kind": "company", "name": "Alice Records", "country": "RU"})
    assert answer.url == address("new_claim")
    label = RightsHolder.objects.get()
    answer = client.post(address("new_claim"), said(label, roles=["owns_master", "wrote"], percent_wrote="50"))
    claim = Claim.objects.get()
    assert answer.url == address("claim", claim)
    client.post(address("add_evidence", claim), upload())
    page = client.get(address("claim", claim)).content.decode()
    assert "contract.pdf" in page
    assert "not already paid" in page
    answer = client.post(address("file_claim", claim), {"agreed": "on", "signature": "Alice Example"}, follow=True)

    claim.refresh_from_db()
    assert claim.status == Claim.Status.FILED
    assert dict(claim.lines.values_list("right", "percent")) == {"phonogram": D(100), "work": D(50)}
    page = answer.content.decode()
    assert claim.public_id in page
    assert "0.975" in page
    assert client.get(address("basket")).context["rows"] == []


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"roles": []}, "roles"),
        ({"percent_owns_master": "0"}, "percent_owns_master"),
        ({"percent_owns_master": "100.1"}, "percent_owns_master"),
        ({"when": "between"}, "start"),
        ({"when": "between", "start": "2006-02-01", "last": "2006-01-31"}, "last"),
        ({"where": "some", "countries": "RU, XX"}, "countries"),
        ({"where": "some", "countries": ""}, "countries"),
        ({"standing": "agent"}, "standing"),
        ({"choice": "steal"}, "choice"),
    ],
)
def test_a_form_that_makes_no_sense_comes_back_with_words(alice, client_of, label, changed, at):
    client = client_of(alice)
    client.post(address("basket_add"), {"track": factories.a_track().public_id})

    answer = client.post(address("new_claim"), said(label, **changed))

    assert answer.status_code == 422
    assert at in answer.context["form"].errors
    assert not Claim.objects.exists()


def test_days_and_countries_are_kept_half_open_and_as_bits(alice, client_of, label):
    client = client_of(alice)
    client.post(address("basket_add"), {"track": factories.a_track().public_id})

    client.post(
        address("new_claim"),
        said(label, when="between", start="2006-01-01", last="2006-12-31", where="some", countries="ru, UA"),
    )

    line = ClaimLine.objects.get()
    assert (str(line.start), str(line.end)) == ("2006-01-01", "2007-01-01")
    assert line.territories.label == "RU, UA"
    form = client.get(address("edit_claim", line.claim)).context["form"]
    assert (str(form.initial["last"]), form.initial["countries"]) == ("2006-12-31", "RU, UA")


def test_a_draft_can_be_changed_and_thrown_away(alice, client_of, label):
    claim, client = factories.a_claim(alice, label, filed=False), client_of(alice)

    client.post(address("edit_claim", claim), said(label, choice="leave"))
    claim.refresh_from_db()
    assert claim.choice == RightsShare.Choice.LEAVE

    client.post(address("retract_claim", claim))
    claim.refresh_from_db()
    assert claim.status == Claim.Status.RETRACTED


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.pdf", b"<html><script>1</script>", "cannot be taken as proof"),
        ("contract.docx", PDF, "not what its name says"),
        ("empty.pdf", b" ", "not what its name says"),
    ],
)
def test_a_file_that_is_no_proof_is_refused_in_words(alice, client_of, label, name, content, words):
    claim = factories.a_claim(alice, label, filed=False)

    answer = client_of(alice).post(address("add_evidence", claim), upload(name, content))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not EvidenceDocument.objects.exists()


# Who may see and write ----------------------------------------------------------------------------------------------
SEEN = ["claim", "claim_checks"]
WRITTEN = ["edit_claim", "add_evidence", "file_claim", "answer_claim", "retract_claim"]
REVIEWED = ["start_review", "request_evidence", "look_again", "decide_claim"]


@pytest.mark.parametrize("name", [*SEEN, *WRITTEN, "review_claim", *REVIEWED])
def test_a_stranger_finds_no_claim(alice, stranger, charlie, client_of, label, name):
    claim = factories.a_claim(alice, label, filed=name not in WRITTEN)
    factories.a_holder(owner=charlie)

    for person in (stranger, charlie):
        client = client_of(person)
        answer = (
            client.get(address(name, claim)) if name in (*SEEN, "review_claim") else client.post(address(name, claim))
        )
        assert answer.status_code == 404


@pytest.mark.parametrize("name", [*SEEN, *WRITTEN, *REVIEWED])
def test_wrong_methods_are_refused(alice, rita, client_of, label, name):
    claim = factories.a_claim(alice, label, filed=name in REVIEWED)
    client = client_of(rita if name in REVIEWED else alice)

    answer = client.delete(address(name, claim))

    assert answer.status_code == 405


def test_bob_reads_everything_and_writes_nothing(alice, bob, client_of, label):
    draft, filed = factories.a_claim(alice, label, filed=False), factories.a_claim(alice, label)
    client = client_of(bob)
    assert client.get(address("claim", draft)).status_code == 200
    assert client.get(address("claim", filed)).status_code == 200

    client.post(address("edit_claim", draft), said(label, choice="leave"))
    client.post(address("add_evidence", draft), upload())
    client.post(address("file_claim", draft), {"agreed": "on", "signature": "Bob Example"})
    client.post(address("retract_claim", filed))

    draft.refresh_from_db()
    filed.refresh_from_db()
    assert (draft.status, draft.choice) == (Claim.Status.DRAFT, RightsShare.Choice.PAY)
    assert filed.status == Claim.Status.FILED
    assert not EvidenceDocument.objects.exists()


def test_a_document_is_a_download_for_its_people_only(alice, bob, rita, stranger, client_of, label):
    claim = factories.a_claim(alice, label)
    client_of(alice).post(address("add_evidence", claim), upload("Договор.pdf"))
    there = address("evidence", EvidenceDocument.objects.get(), "document_id")

    for person in (alice, bob, rita):
        answer = client_of(person).get(there)
        assert answer.content == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
    assert client_of(stranger).get(there).status_code == 404


def test_a_reviewer_sees_no_document_of_a_draft(alice, rita, client_of, label):
    claim = factories.a_claim(alice, label, filed=False)
    client_of(alice).post(address("add_evidence", claim), upload())

    answer = client_of(rita).get(address("evidence", EvidenceDocument.objects.get(), "document_id"))

    assert answer.status_code == 404
    assert client_of(rita).get(address("claim", claim)).status_code == 404


# The reviewer ---------------------------------------------------------------------------------------------------------
def test_a_reviewer_clears_a_case_from_queue_to_award(alice, rita, client_of):
    new = factories.a_holder("Alice Records", owner=alice, status="registered")
    tracks = [factories.a_track("Zvezda", isrc="RUA010500001"), factories.a_track("Kosmos", isrc="RUA010500002")]
    for track in tracks:
        factories.a_sale(track, units=100)
    claim = factories.a_claim(alice, new, *tracks)
    client = client_of(rita)

    queue = client.get(address("review_queue"))
    assert [
        (row.kind, row.line_count, [str(money) for money in row.amounts]) for row in queue.context["page"].items
    ] == [
        ("claim", 2, ["1.50000000 USD"]),
        ("holder", 0, []),
    ]
    client.post(
        address("review_holder", new, "holder_id"),
        {"outcome": "verified", "reason": "identity_in_order", "text": "Register extract seen."},
    )
    client.post(address("start_review", claim))
    assert client.get(address("review_claim", claim)).status_code == 200
    first, second = claim.lines.order_by("track_id")
    answer = client.post(
        address("decide_claim", claim),
        {
            "all-outcome": "accepted",
            "all-reason": "proof_in_order",
            f"line-{first.pk}-outcome": "",
            f"line-{first.pk}-reason": "proof_in_order",
            f"line-{second.pk}-outcome": "rejected",
            f"line-{second.pk}-reason": "not_this_recording",
            "note": "Kosmos is another recording.",
        },
        follow=True,
    )

    claim.refresh_from_db()
    assert claim.status == Claim.Status.AWARDED
    assert [line.outcome for line in (first, second) if line.refresh_from_db() is None] == ["accepted", "rejected"]
    assert "Kosmos is another recording." in answer.content.decode()
    page = client_of(alice).get(address("claim", claim)).content.decode()
    assert "The proof is about another recording." in page
    assert client.get(address("review_queue")).context["page"].items == []


@pytest.mark.slow
def test_the_queue_sorts_by_money_age_and_deadline(alice, rita, client_of, label):
    rich, poor = factories.a_track(), factories.a_track()
    factories.a_sale(rich, units=100)
    factories.a_sale(poor, units=1)
    first, second = factories.a_claim(alice, label, poor), factories.a_claim(alice, label, rich)
    client = client_of(rita)

    def order(sort):
        return [row.public_id for row in client.get(address("review_queue"), {"sort": sort}).context["page"].items]

    assert order("age") == order("deadline") == [first.public_id, second.public_id]
    assert order("money") == [second.public_id, first.public_id]
    assert order("nonsense")


def test_only_reviewers_find_the_queue(alice, frank, store, rita, client_of):
    for person in (alice, frank, store):
        assert client_of(person).get(address("review_queue")).status_code == 404
    assert client_of(rita).get(address("review_queue")).status_code == 200


def test_a_decision_nobody_may_take_is_refused_in_words(alice, rita, client_of, label):
    label.members.create(user=rita, role="reader")
    claim = factories.a_claim(alice, label)
    client = client_of(rita)

    answer = client.post(address("start_review", claim), follow=True)

    claim.refresh_from_db()
    assert claim.status == Claim.Status.FILED
    assert "Nobody decides a case of their own" in answer.content.decode()


@pytest.mark.slow
def test_more_is_asked_and_answered_on_the_pages(alice, rita, client_of, label):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)

    client_of(rita).post(address("request_evidence", claim), {"text": "Whose signature is it?"})
    page = client_of(alice).get(address("claim", claim)).content.decode()
    assert "Whose signature is it?" in page
    client_of(alice).post(address("answer_claim", claim), {"text": "My mother's."})

    claim.refresh_from_db()
    assert claim.status == Claim.Status.UNDER_REVIEW
    assert "My mother&#x27;s." in client_of(rita).get(address("review_claim", claim)).content.decode()


@pytest.mark.slow
def test_a_dispute_is_seen_answered_and_decided_by_its_people(alice, charlie, rita, stranger, client_of, label):
    rival, track = factories.a_holder("Charlie Music", owner=charlie), factories.a_track()
    factories.a_sale(track, units=100)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    factories.an_awarded_claim(charlie, rival, track, reviewer=rita)
    dispute = Dispute.objects.get()

    assert client_of(stranger).get(address("dispute", dispute, "dispute_id")).status_code == 404
    assert client_of(charlie).get(address("review_dispute", dispute, "dispute_id")).status_code == 404
    assert client_of(alice).get(address("dispute", dispute, "dispute_id")).status_code == 200
    client_of(charlie).post(address("answer_dispute", dispute, "dispute_id"), {"text": "Here is my contract."})
    dispute.refresh_from_db()
    assert dispute.status == Dispute.Status.ANSWERED

    client = client_of(rita)
    assert client.get(address("review_queue")).context["page"].items[0].kind == "dispute"
    client.post(address("order_hold", dispute, "dispute_id"), {"text": "Both proofs weigh the same."})
    percents = {f"percent_{label.pk}": "30", f"percent_{rival.pk}": "80", "reason": "Because."}
    answer = client.post(address("decide_dispute", dispute, "dispute_id"), percents)
    assert answer.status_code == 422
    verdict = percents | {f"percent_{rival.pk}": "70"}
    client.post(address("decide_dispute", dispute, "dispute_id"), verdict)
    dispute.refresh_from_db()
    assert dispute.status == Dispute.Status.ANSWERED
    client_of(factories.a_colleague("ron")).post(address("decide_dispute", dispute, "dispute_id"), verdict)

    dispute.refresh_from_db()
    assert dispute.status == Dispute.Status.DECIDED
    shares = RightsShare.objects.filter(source=dispute.public_id).order_by("percent")
    assert [(share.holder, share.percent) for share in shares] == [(label, 30), (rival, 70)]


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow_with_the_lists(alice, rita, client_of, label):
    def queries(person, url):
        client = client_of(person)
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    claim = factories.a_claim(alice, label, factories.a_track())
    pages = [(alice, address("claims")), (rita, address("review_queue"))]
    before = [queries(*page) for page in pages]
    for _ in range(3):
        more = factories.a_claim(alice, label, *[factories.a_track() for _ in range(4)])
    assert [queries(*page) for page in pages] == before

    for name, person in (("claim", alice), ("review_claim", rita)):
        assert queries(person, address(name, more)) == queries(person, address(name, claim))
