"""Lists through the pages and the API: sent, looked at, chosen from, mended, and gone on with to a case."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import Claim, OptOut, RepertoireList, RepertoireRow
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "ISRC,Title,Artist\nRUR0M8800001,Группа крови,Кино\n,Song,Twins\nBAD,,\n,Nobody,Nothing\n"


@pytest.fixture
def label(alice, bob):
    """Alice's label; two tracks of the list are in the catalogue."""
    factories.a_track("Группа крови", "Кино", isrc="RUR0M8800001")
    factories.a_track("Song", "Twins")
    return factories.a_holder("Our Label", owner=alice, reader=bob)


def sent(client, label, **fields):
    """Send the list through the page, and give it as it is then."""
    data = {"purpose": "claim", "holder": label.pk, "rights": ["phonogram"], "source": "file"}
    data |= {"file": SimpleUploadedFile("Our list.csv", LIST.encode())} | fields
    answer = client.post(reverse("claims:new_list"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    return RepertoireList.objects.get(public_id=answer.url.strip("/").split("/")[-1])


def at(name, found, **more):
    """The address of something about a list."""
    return reverse(f"claims:{name}", kwargs={"list_id": found.public_id} | more)


def test_a_list_is_sent_looked_at_and_claimed(alice, label, client_of):
    client = client_of(alice)
    found = sent(client, label)

    page = client.get(at("list", found)).content.decode()
    assert "Our list.csv" in page
    assert all(f'data-outcome="{outcome}"' in page for outcome in ("found", "unreadable", "unknown"))
    assert client.get(f"{at('list', found)}?after=²").status_code == 200  # a digit to Unicode, no number to anybody
    assert client.post(at("choose_rows", found), {"shown": ["²"], "chosen": ["²"], "after": "²"}).status_code == 302
    assert not Claim.objects.exists()

    form = client.get(reverse("claims:new_claim"), {"list": found.public_id})
    assert form.context["tracks"] == 2
    terms = {"holder": label.pk, "standing": "self", "roles": ["owns_master"], "percent_owns_master": "100"}
    terms |= {"when": "always", "where": "world", "choice": "reserve"}
    answer = client.post(f"{reverse('claims:new_claim')}?list={found.public_id}", terms)
    claim = Claim.objects.get()
    assert answer.url == reverse("claims:claim", kwargs={"claim_id": claim.public_id})
    assert claim.repertoire == found
    assert sorted(claim.lines.values_list("track__title", flat=True)) == ["Song", "Группа крови"]

    client.post(
        reverse("claims:file_claim", kwargs={"claim_id": claim.public_id}), {"agreed": "on", "signature": "Alice"}
    )
    claim.refresh_from_db()
    assert claim.status == "filed"
    found.refresh_from_db()
    assert found.status == "confirmed"
    client.post(at("reopen_list", found))
    found.refresh_from_db()
    assert found.status == "confirmed"  # what is signed is not chosen anew


def test_a_draft_takes_up_what_was_chosen_anew(alice, label, client_of):
    client = client_of(alice)
    found = sent(client, label)
    terms = {"holder": label.pk, "standing": "self", "roles": ["owns_master"], "percent_owns_master": "100"}
    terms |= {"when": "always", "where": "world", "choice": "pay"}
    client.post(f"{reverse('claims:new_claim')}?list={found.public_id}", terms)
    claim = Claim.objects.get()

    client.post(at("reopen_list", found))
    row = RepertoireRow.objects.get(list=found, title="Song")
    client.post(at("choose_rows", found), {"shown": [row.pk], "chosen": []})
    refused = client.post(
        reverse("claims:file_claim", kwargs={"claim_id": claim.public_id}), {"agreed": "on", "signature": "Alice"}
    )
    assert refused.status_code == 422
    client.post(reverse("claims:edit_claim", kwargs={"claim_id": claim.public_id}), terms)

    assert [line.track.title for line in claim.lines.select_related("track")] == ["Группа крови"]


def test_paid_to_date_and_removed_from_tomorrow_is_one_form_and_two_cases(alice, label, client_of):
    client = client_of(alice)
    found = sent(client, label, purpose="both")
    terms = {"holder": label.pk, "standing": "self", "roles": ["owns_master"], "percent_owns_master": "100"}
    terms |= {"when": "always", "where": "world", "choice": "reserve", "leave": "on", "leave_from": "2030-01-01"}

    client.post(f"{reverse('claims:new_claim')}?list={found.public_id}", terms)
    claim, leaving = Claim.objects.get(), OptOut.objects.get()
    page = client.get(reverse("claims:claim", kwargs={"claim_id": claim.public_id})).content.decode()
    assert page.count("<blockquote") == 2  # both texts are read before the one signature
    client.post(
        reverse("claims:file_claim", kwargs={"claim_id": claim.public_id}), {"agreed": "on", "signature": "Alice"}
    )

    claim.refresh_from_db()
    leaving.refresh_from_db()
    assert (claim.status, leaving.status, leaving.claim, leaving.start) == (
        "filed",
        "requested",
        claim,
        date(2030, 1, 1),
    )
    assert claim.attestation.text.code == "claim"
    assert leaving.attestation.text.code == "opt_out"
    outcomes = list(leaving.lines.order_by("row_no").values_list("outcome", "outcome_reason"))
    assert outcomes == [("pending", ""), ("pending", ""), ("unknown", "unknown_row"), ("unknown", "unknown_row")]


def test_an_opt_out_is_made_of_a_list(alice, label, client_of):
    client = client_of(alice)
    found = sent(
        client, label, purpose="opt_out", source="paste", rows="RUR0M8800001\nTwins - Song\nNobody - Nothing\n", file=""
    )
    data = {"holder": label.pk, "standing": "self", "rights": ["phonogram"], "stores": "all", "start": "2030-01-01"}
    data |= {"where": "world", "basis": "owner_opt_out", "kind": "contract", "contact_name": "Alice"}
    data |= {
        "contact_email": "a@example.org",
        "authorised": "on",
        "accurate": "on",
        "signature": "Alice",
        "act": "send",
    }

    answer = client.post(f"{reverse('claims:new_opt_out')}?list={found.public_id}", data)

    case = OptOut.objects.get()
    assert answer.status_code == 302, answer.context["form"].errors
    assert (case.status, case.repertoire) == ("requested", found)
    assert case.lines.filter(outcome="pending").count() == 2


def test_the_correction_file_goes_round(alice, label, client_of):
    client = client_of(alice)
    found = sent(client, label)

    text = b"".join(client.get(at("list_correction", found)).streaming_content).decode()
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["4", "5"]
    assert "BAD" in text.splitlines()[1]
    mended = text.replace("Nobody,Nothing", "Song,Twins").replace("4,,BAD", "4,RUR0M8800001,")
    client.post(at("mend_list", found), {"file": SimpleUploadedFile("mended.csv", mended.encode())})

    found.refresh_from_db()
    outcomes = dict(RepertoireRow.objects.filter(list=found).values_list("row_no", "outcome"))
    assert (found.status, outcomes) == ("ready", {2: "found", 3: "found", 4: "duplicate", 5: "duplicate"})
    original = client.get(at("list_original", found, sha256=found.files.order_by("pk")[0].sha256))
    assert b"".join(original.streaming_content) == LIST.encode()


def test_what_cannot_be_read_says_why(alice, label, client_of):
    client = client_of(alice)

    found = sent(client, label, file=SimpleUploadedFile("a.pdf", b"%PDF-1.4 and more"))

    assert found.status == "rejected"
    assert "The file is a document, not a table." in client.get(at("list", found)).content.decode()


def test_a_colleague_who_may_only_read_changes_nothing(alice, bob, rita, label, client_of):
    found = sent(client_of(alice), label)

    reader = client_of(bob)
    assert reader.get(at("list", found)).status_code == 200
    for name in ("choose_groups", "drop_list"):
        reader.post(at(name, found), {"group": ["version"]})
    assert reader.post(reverse("claims:new_list"), {}).status_code in (302, 422)
    assert client_of(rita).get(at("list", found)).status_code == 404  # a draft is nobody else's

    found.refresh_from_db()
    assert (found.status, found.counts["chosen"]) == ("ready", 2)


def test_a_program_sends_follows_chooses_and_claims(alice, label, client_of):
    client = client_of(alice)
    new = {"holder": label.public_id, "purpose": "claim", "rights": ["phonogram"]}

    made = client.post("/api/v1/repertoire-lists/", new | {"file": SimpleUploadedFile("a.csv", LIST.encode())})
    assert made.status_code == 201, made.json()
    address = f"/api/v1/repertoire-lists/{made.json()['id']}/"
    shown = client.get(address).json()
    assert (shown["status"], shown["rows_looked_up"], shown["counts"]["chosen"]) == ("ready", 4, 2)
    rows = client.get(f"{address}rows/", {"kind": "bad"}).json()
    assert [(row["row"], row["outcome"]) for row in rows] == [(4, "unreadable"), (5, "unknown")]
    assert len(client.get(f"{address}rows/?after=²").json()) == 4
    chosen = client.post(f"{address}choose/", {"off": ["3"]}, content_type="application/json").json()
    assert chosen["counts"]["chosen"] == 1
    claim = {"holder": label.public_id, "percents": {"owns_master": "100"}, "repertoire_list": shown["id"]}
    answer = client.post("/api/v1/claims/", claim, content_type="application/json")

    assert answer.status_code == 201, answer.json()
    assert Claim.objects.get().lines.count() == 1
    wrong = client.post("/api/v1/repertoire-lists/", new, content_type="application/json")
    assert (wrong.status_code, wrong.json()["fields"][0]["code"]) == (400, "one_of")
