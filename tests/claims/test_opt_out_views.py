"""The pages of opt-outs and notices, through the browser's front door and without script."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims import services
from claims.models import OptOut
from tests.factories import a_holder, a_store, a_store_key, a_track, an_opt_out


@pytest.fixture
def label(alice, bob):
    """Alice's label; bob reads."""
    return a_holder("Example Label", owner=alice, reader=bob)


@pytest.fixture
def shop(store):
    """The store, told by its workspace only."""
    return a_store("AllofMP3", member=store)


@pytest.fixture
def track(db):
    """A track with an ISRC."""
    return a_track("Группа крови", "Кино", isrc="RUABC0600001")


def url(name, case=None):
    """The address of a door."""
    kind = "opt_out_id" if isinstance(case, OptOut) else "public_id"
    return reverse(f"claims:{name}", kwargs={kind: case.public_id} if case else {})


def typed(label, **changed):
    """What the form sends."""
    return {
        "holder": label.pk,
        "standing": "self",
        "rows": "Кино - Группа крови\nnobody - nothing",
        "rights": ["phonogram"],
        "stores": "all",
        "start": "2007-07-01",
        "where": "world",
        "kind": "contract",
        "basis": "owner_opt_out",
        "contact_name": "Alice",
        "contact_email": "alice@example.org",
        "authorised": "on",
        "accurate": "on",
        "signature": "Alice",
        "act": "send",
    } | changed


def granted(alice, rita, label, *tracks):
    """A granted opt-out."""
    return services.grant_opt_out(opt_out=an_opt_out(alice, label, *tracks), by=rita, now=timezone.now())


# The form -----------------------------------------------------------------------------------------------------------
def test_form_opens_with_the_two_promises_and_the_wording(alice, label, client_of):
    page = client_of(alice).get(url("new_opt_out")).content.decode()

    assert "Opting out never gives up money" in page
    assert "Filing admits no licence" in page
    assert "I do not admit by this that anybody ever had a licence" in page


def test_person_without_a_holder_is_sent_to_make_one(stranger, client_of):
    assert client_of(stranger).get(url("new_opt_out")).url == reverse("claims:new_holder")


def test_sending_the_form_files_the_case_with_its_documents(alice, label, track, client_of):
    proof = SimpleUploadedFile("contract.txt", b"This is mine.")

    answer = client_of(alice).post(url("new_opt_out"), typed(label) | {"documents": [proof]})

    case = OptOut.objects.get()
    assert answer.url == url("opt_out", case)
    assert case.status == OptOut.Status.REQUESTED
    assert case.evidence_uses.count() == 1
    assert [line.outcome_reason for line in case.lines.order_by("row_no")] == ["", "unknown_row"]


def test_what_is_missing_is_named_and_what_was_typed_is_kept_as_a_draft(alice, label, track, client_of):
    client = client_of(alice)

    answer = client.post(url("new_opt_out"), typed(label, basis="usc_512", signature=""))

    case = OptOut.objects.get()
    page = answer.content.decode()
    assert answer.status_code == 422
    assert case.status == OptOut.Status.DRAFT
    for field in ("contact_address", "contact_phone", "good_faith", "perjury", "signature"):
        assert f'href="#id_{field}"' in page
    assert f'action="{url("edit_opt_out", case)}"' in page
    again = client.post(url("edit_opt_out", case), typed(label))
    assert again.status_code == 302
    assert OptOut.objects.get().status == OptOut.Status.REQUESTED


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"rows": " \n "}, "Please name at least one track"),
        ({"rows": "x - y\n" * 5001}, "more than 5000 rows"),
        ({"rows": "nobody - nothing"}, "No row is one certain track"),
        ({"stores": "some"}, "choose at least one store"),
        ({"where": "some", "countries": "RU, XX1"}, "Not a country code"),
        ({"last": "2007-06-01"}, "last day comes before"),
        ({"standing": "agent"}, "an authority of theirs must be recorded"),
        ({"rights": []}, "field is required"),
        ({"documents": [SimpleUploadedFile("proof.pdf", b"not a pdf")]}, "proof.pdf"),
    ],
)
def test_wrong_input_is_answered_with_words(alice, label, track, client_of, changed, words):
    answer = client_of(alice).post(url("new_opt_out"), typed(label, **changed))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not OptOut.objects.exclude(status=OptOut.Status.DRAFT).exists()


def test_another_holders_name_cannot_be_used(charlie, label, track, client_of):
    a_holder(owner=charlie)

    answer = client_of(charlie).post(url("new_opt_out"), typed(label))

    assert answer.status_code == 422
    assert not OptOut.objects.exists()


def test_list_is_looked_up_while_it_is_typed_and_a_choice_is_offered(alice, label, track, client_of):
    live = a_track("Группа крови (live)", "Кино", isrc="RUABC0600001")
    client = client_of(alice)

    answer = client.post(url("check_rows"), {"rows": "RUABC0600001\nx - y"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert f'name="choice-1" id="choice-1-2" value="{live.public_id}"' in page
    assert 'data-state="unknown"' in page

    client.post(url("new_opt_out"), typed(label, rows="RUABC0600001") | {"choice-1": live.public_id})
    assert OptOut.objects.get().lines.get().track == live


def test_checking_without_script_keeps_nothing(alice, label, track, client_of):
    answer = client_of(alice).post(url("new_opt_out"), typed(label, act="check"))

    assert answer.status_code == 200
    assert 'data-state="found"' in answer.content.decode()
    assert not OptOut.objects.exists()


def test_tracks_come_from_the_basket_and_the_search(alice, label, track, client_of):
    client = client_of(alice)
    client.post(reverse("claims:basket_add"), {"track": track.public_id})

    for address in (url("new_opt_out") + "?basket=1", url("new_opt_out") + f"?track={track.public_id}"):
        page = client.get(address).content.decode()
        assert f"{track.public_id}\tГруппа крови\tКино" in page
        assert 'data-state="found"' in page


def test_draft_opens_again_as_it_was_kept(alice, label, shop, track, client_of):
    client = client_of(alice)
    changed = {"act": "save", "stores": "some", "licensees": [shop.public_id], "where": "some", "countries": "RU"}
    client.post(url("new_opt_out"), typed(label, **changed))
    case = OptOut.objects.get()

    page = client.get(url("edit_opt_out", case)).content.decode()

    assert "Кино - Группа крови\nnobody - nothing" in page
    assert 'value="2007-07-01"' in page
    assert list(case.licensees.all()) == [shop]
    assert case.territories.label != "Worldwide"


# Following ----------------------------------------------------------------------------------------------------------
def test_bob_reads_and_changes_nothing(alice, bob, label, track, client_of):
    case = an_opt_out(alice, label, track)
    client = client_of(bob)

    assert client.get(url("opt_out", case)).status_code == 200
    assert "Take the request back" not in client.get(url("opt_out", case)).content.decode()
    client.post(url("retract_opt_out", case))
    client.post(url("add_opt_out_evidence", case), {"kind": "other", "file": SimpleUploadedFile("a.txt", b"text")})
    case.refresh_from_db()
    assert case.status == OptOut.Status.REQUESTED
    assert not case.evidence_uses.exists()


def test_holder_sees_what_became_of_each_row_and_store(alice, rita, label, shop, track, client_of):
    case = granted(alice, rita, label, track)

    page = client_of(alice).get(url("opt_out", case)).content.decode()

    assert "AllofMP3" in page
    assert case.notices.get().public_id in page
    assert "Leaves the stores" in page


def test_reviewer_asks_and_the_holder_answers(alice, rita, label, track, client_of):
    case = an_opt_out(alice, label, track)

    client_of(rita).post(url("request_opt_out_evidence", case), {"text": "Which contract?"})
    page = client_of(alice).get(url("opt_out", case)).content.decode()
    assert "Which contract?" in page
    client_of(alice).post(url("answer_opt_out", case), {"text": "The one of 1988."})

    case.refresh_from_db()
    assert case.status == OptOut.Status.UNDER_REVIEW


# Deciding -----------------------------------------------------------------------------------------------------------
def test_reviewer_decides_row_by_row_on_one_screen(alice, rita, label, shop, track, client_of):
    case = an_opt_out(alice, label, track, a_track())
    client = client_of(rita)

    page = client.get(url("review_opt_out", case)).content.decode()
    assert "alice@example.org" in page
    answer = client.post(url("grant_opt_out", case), {"reason-2": "ownership_unclear", "text": "One by one."})

    assert answer.status_code == 302
    assert [line.outcome for line in case.lines.order_by("row_no")] == ["accepted", "refused"]
    assert "It is unclear who owns the track." in client.get(url("review_opt_out", case)).content.decode()


def test_second_reviewer_is_told_that_the_case_has_moved_on(alice, rita, label, shop, track, client_of):
    case = granted(alice, rita, label, track)

    answer = client_of(rita).post(url("grant_opt_out", case), {}, follow=True)

    assert "Meanwhile this case has moved on" in answer.content.decode()


def test_refusal_without_words_is_answered_422(alice, rita, label, track, client_of):
    case = an_opt_out(alice, label, track)

    assert client_of(rita).post(url("refuse_opt_out", case), {"text": ""}).status_code == 422
    assert client_of(rita).post(url("refuse_opt_out", case), {"text": "No proof."}).status_code == 302


def test_review_pages_are_for_reviewers(alice, frank, label, track, client_of):
    case = an_opt_out(alice, label, track)

    for user in (alice, frank):
        assert client_of(user).get(url("review_opt_out", case)).status_code == 404
        assert client_of(user).post(url("grant_opt_out", case)).status_code == 404


# The store ----------------------------------------------------------------------------------------------------------
def test_store_reads_answers_and_never_learns_who_asked(alice, rita, store, label, shop, track, client_of):
    a_store_key(track, shop, "4417", url="https://store.example.com/4417")
    notice = granted(alice, rita, label, track).notices.get()
    client = client_of(store)

    assert notice.public_id in client.get(url("notices")).content.decode()
    page = client.get(url("notice", notice)).content.decode()
    assert "4417" in page
    assert "Example Label" not in page
    assert "alice" not in page.lower()
    client.post(url("acknowledge_notice", notice), {"reference": "T-17"})
    client.post(url("mark_removed", notice), {"track": [track.public_id]})

    notice.refresh_from_db()
    assert notice.status == "complied"
    assert "T-17" in client.get(url("notice", notice)).content.decode()


def test_store_objects_with_words(alice, rita, store, label, shop, track, client_of):
    notice = granted(alice, rita, label, track).notices.get()
    client = client_of(store)

    assert client.post(url("object_to_notice", notice), {"track": [track.public_id], "text": ""}).status_code == 422
    assert client.post(url("object_to_notice", notice), {"text": "Why?"}).status_code == 422
    assert client.post(url("mark_removed", notice), {}).status_code == 422
    client.post(url("object_to_notice", notice), {"all": "1", "ground": "other", "text": "Licensed directly."})
    notice.refresh_from_db()
    assert notice.status == "countered"


def test_other_stores_and_strangers_get_404_and_holders_only_read(
    alice, bob, rita, stranger, label, shop, track, client_of
):
    notice = granted(alice, rita, label, track).notices.get()
    a_store(member=stranger)

    for name in ("notice", "notice_file"):
        assert client_of(stranger).get(url(name, notice)).status_code == 404
    assert client_of(stranger).post(url("acknowledge_notice", notice)).status_code == 404
    for user in (alice, bob, rita):
        assert client_of(user).get(url("notice", notice)).status_code == 200
        client_of(user).post(url("acknowledge_notice", notice), {"reference": "x"})
    notice.refresh_from_db()
    assert notice.status == "sent"


def test_rows_of_a_notice_are_a_table_file(alice, rita, store, label, shop, track, client_of):
    a_store_key(track, shop, "4417")
    notice = granted(alice, rita, label, track).notices.get()

    answer = client_of(store).get(url("notice_file", notice))

    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert (row["store_keys"], row["isrcs"]) == ("4417", "RUABC0600001")


@pytest.mark.slow
def test_lists_cost_the_same_number_of_queries_however_long(alice, rita, store, label, shop, client_of):
    def count(client, address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    clients = {user: client_of(user) for user in (alice, rita, store)}
    waiting = an_opt_out(alice, label, a_track(isrc="RUABC0600011"))
    first = granted(alice, rita, label, a_track(isrc="RUABC0600012"))
    few = {
        (alice, url("opt_outs")): 0,
        (store, url("notices")): 0,
        (rita, url("review_opt_out", waiting)): 0,
        (alice, url("opt_out", first)): 0,
        (store, url("notice", first.notices.get())): 0,
    }
    few = {door: count(clients[door[0]], door[1]) for door in few}
    for number in range(3):
        case = granted(alice, rita, label, a_track(isrc=f"RUABC060002{number}"), a_track())
        for line, row in ((case.lines.first(), case.notices.get().rows.first()),):
            line.pk, line.opt_out, line.row_no = None, waiting, 10 + number
            line.save()
            row.pk, row.notice = None, first.notices.get()
            row.save()

    assert {door: count(clients[door[0]], door[1]) for door in few} == few


def test_a_fault_in_the_list_marks_no_field_that_the_ground_does_not_ask_for(alice, label, client_of):
    page = client_of(alice).post(url("new_opt_out"), typed(label, rows=""))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["rows"]
    assert not page.context["sworn"].errors
