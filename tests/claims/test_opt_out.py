"""An opt-out through its services: what is taken, what is refused, what a grant writes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Withdrawal
from claims import selectors, services
from claims.legal import CONTACT_FIELDS
from claims.models import DistributionRun, NoticeDelivery, OptOut
from core import vault
from core.workflow import MovedMeanwhile, MoveNotAllowed
from tests.factories import a_holder, a_share, a_store, a_store_key, a_track, a_work, an_opt_out, send_opt_out

NOW = datetime(2007, 6, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def label(alice, bob):
    """Alice's label; bob reads."""
    return a_holder("Example Label", owner=alice, reader=bob)


@pytest.fixture
def shop(store):
    """The store, told by its workspace only."""
    return a_store("AllofMP3", member=store)


@pytest.fixture
def track():
    """A track with an ISRC."""
    return a_track("Группа крови", "Кино", isrc="RUABC0600001")


def outcomes(opt_out):
    """Row number -> (outcome, reason)."""
    return {line.row_no: (line.outcome, line.outcome_reason) for line in opt_out.lines.all()}


# Drafting -----------------------------------------------------------------------------------------------------------
def test_rows_are_found_in_every_way_people_name_a_track(alice, label, shop, track):
    a_store_key(track, shop, "4417", url="https://store.example.com/4417")
    text = "RU-ABC-06-00001\nКино - Группа крови\nGruppa krovi\tKino\n4417\nhttps://store.example.com/4417\n"
    draft = an_opt_out(alice, label, text=text + track.public_id.lower(), sent=False, now=NOW)

    lines = list(draft.lines.order_by("row_no"))
    assert [line.track for line in lines] == [track] * 6
    assert [line.found_by for line in lines] == ["isrc", "names", "names", "store_key", "address", "track_id"]


def test_two_tracks_under_one_isrc_wait_for_a_choice_unless_the_names_tell(alice, label, track):
    live = a_track("Группа крови (live)", "Кино", isrc="RUABC0600001")
    draft = an_opt_out(alice, label, text="RUABC0600001\nRUABC0600001\tГруппа крови (live)\tКино", sent=False, now=NOW)

    first, second = draft.lines.order_by("row_no")
    assert first.track is None
    assert set(first.candidates) == {track.pk, live.pk}
    assert second.track == live


def test_a_choice_counts_only_among_the_candidates(alice, label, track):
    live, other = a_track("x", "y", isrc="RUABC0600001"), a_track()
    draft = an_opt_out(alice, label, text="RUABC0600001", sent=False, now=NOW)
    terms = services.OptOutTerms(rights=["phonogram"], territories=draft.territories)
    rows = services_rows("RUABC0600001")

    for chosen, expected in ((other.pk, None), (live.pk, live.pk)):
        services.change_opt_out(
            opt_out=draft, holder=label, terms=terms, rows=rows, chosen={1: chosen}, by=alice, now=NOW
        )
        assert draft.lines.get().track_id == expected


def services_rows(text):
    """Read a list as the page does."""
    from claims.formats.pasted_list import read_list

    return read_list(text, rows_max=100)


def test_merged_track_stands_for_its_survivor(alice, label, track):
    survivor = a_track()
    track.merged_into = survivor
    track.save()

    assert an_opt_out(alice, label, text="RUABC0600001", sent=False, now=NOW).lines.get().track == survivor


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"rights": []}, services.NoRole),
        ({"rights": ["everything"]}, services.NoRole),
        ({"start": date(2007, 7, 1), "end": date(2007, 7, 1)}, services.BadPeriod),
        ({"standing": "agent"}, services.AuthorityNeeded),
    ],
)
def test_draft_refuses_terms_that_say_nothing(alice, label, track, terms, error):
    with pytest.raises(error):
        an_opt_out(alice, label, track, sent=False, now=NOW, **terms)


def test_reader_and_stranger_file_nothing(bob, stranger, label, track):
    for user in (bob, stranger):
        with pytest.raises(services.MayNotWrite):
            an_opt_out(user, label, track, sent=False, now=NOW)
    assert not OptOut.objects.exists()


# Sending ------------------------------------------------------------------------------------------------------------
def test_sending_needs_one_certain_track(alice, label):
    draft = an_opt_out(alice, label, text="nobody - nothing", sent=False, now=NOW)

    with pytest.raises(services.NoTrackFound):
        send_opt_out(draft, alice, now=NOW)
    draft.refresh_from_db()
    assert draft.status == OptOut.Status.DRAFT


def test_rows_without_a_track_stay_and_say_why(alice, label, track):
    a_track("Twin", "Two", isrc="RUABC0600009")
    a_track("Twin II", "Two", isrc="RUABC0600009")
    text = "RUABC0600001\nnobody - nothing\nRUABC0600009\nКино - Группа крови"
    sent = an_opt_out(alice, label, text=text, now=NOW)

    assert outcomes(sent) == {
        1: ("pending", ""),
        2: ("unknown", "unknown_row"),
        3: ("unknown", "ambiguous_row"),
        4: ("unknown", "repeated_row"),
    }


@pytest.mark.parametrize(
    ("basis", "missing"),
    [
        ("owner_opt_out", ["contact_name", "contact_email", "authorised", "accurate", "signature"]),
        (
            "usc_512",
            [*(f"contact_{name}" for name in CONTACT_FIELDS), "good_faith", "accurate", "perjury", "signature"],
        ),
        (
            "dsa_16",
            ["contact_name", "contact_email", "explanation", "authorised", "good_faith", "accurate", "signature"],
        ),
    ],
)
def test_each_ground_names_the_elements_that_are_missing(alice, label, track, basis, missing):
    draft = an_opt_out(alice, label, track, sent=False, now=NOW, basis=basis)

    with pytest.raises(services.OptOutIncomplete) as error:
        send_opt_out(draft, alice, now=NOW, contact={}, confirmed=[], signature=" ", explanation="")
    assert list(error.value.names) == missing
    assert send_opt_out(draft, alice, now=NOW).status == OptOut.Status.REQUESTED


def test_contact_and_signature_are_sealed_and_go_with_the_holders_key(alice, label, track):
    sent = an_opt_out(alice, label, track, now=NOW)

    assert b"alice@example.org" not in bytes(sent.contact_sealed)
    assert services.contact_of(sent)["email"] == "alice@example.org"
    assert "no licence" in sent.attestation.text.text

    vault.erase(f"holder:{label.pk}", now=LATER)
    assert services.contact_of(sent) == {}
    assert services.explanation_of(sent) == ""


# Checks -------------------------------------------------------------------------------------------------------------
def results(opt_out):
    """Check name -> (result, reason)."""
    return {check.name: (check.result, check.reason) for check in opt_out.checks.all()}


def test_checks_pass_for_a_recorded_owner(alice, label, track):
    a_share(track, label)

    found = results(an_opt_out(alice, label, track, now=NOW))

    assert found["ownership"] == ("passed", "owned_by_record")
    assert found["partial"] == ("passed", "no_other_holders")
    assert found["evidence"] == ("warned", "evidence_missing")
    assert found["rows"][0] == found["disputed"][0] == found["already_out"][0] == found["authority"][0] == "passed"


def test_checks_see_rivals_partners_and_lone_documents(alice, charlie, label, track):
    a_share(track, a_holder(owner=charlie), 60)
    partial = results(an_opt_out(alice, label, track, now=NOW))
    other = a_track()
    a_share(other, a_holder(owner=charlie), 100)
    rival = results(an_opt_out(alice, label, other, now=NOW))
    bare = an_opt_out(alice, label, a_track(), sent=False, now=NOW)
    services.add_evidence(
        holder=label, name="contract.txt", content=b"mine", kind="contract", by=alice, now=NOW, opt_out=bare
    )

    assert partial["partial"] == ("warned", "other_holders")
    assert partial["ownership"] == ("failed", "owned_by_nothing")
    assert rival["ownership"] == ("failed", "owned_by_another")
    assert results(send_opt_out(bare, alice, now=NOW))["ownership"] == ("warned", "owned_by_evidence")


def test_share_in_the_song_counts_for_its_tracks(alice, label, track):
    a_share(a_work("Song", track), label, 5)

    assert results(an_opt_out(alice, label, track, now=NOW, rights=["work"]))["ownership"][0] == "passed"


# Deciding -----------------------------------------------------------------------------------------------------------
def test_grant_writes_withdrawals_notices_and_the_note_that_money_may_move(alice, rita, label, shop, track):
    a_store_key(track, shop, "4417", url="https://store.example.com/4417")
    start = date(2007, 7, 1)
    sent = an_opt_out(alice, label, track, now=NOW, rights=["phonogram", "performance"], start=start)

    granted = services.grant_opt_out(opt_out=sent, by=rita, now=LATER)

    assert granted.status == OptOut.Status.GRANTED
    assert outcomes(granted) == {1: ("accepted", "")}
    facts = Withdrawal.objects.order_by("right")
    assert [(fact.right, fact.start, fact.end, fact.source) for fact in facts] == [
        ("performance", start, None, sent.public_id),
        ("phonogram", start, None, sent.public_id),
    ]
    (notice,) = granted.notices.all()
    (row,) = notice.rows.all()
    assert (row.store_keys, row.urls) == (["4417"], ["https://store.example.com/4417"])
    assert set(row.withdrawals.all()) == set(facts)
    assert (notice.status, notice.deadline_at) == ("sent", datetime(2007, 7, 11, tzinfo=UTC))
    assert DistributionRun.objects.filter(cause="opt_out", object_id=sent.pk).exists()


def test_first_day_out_is_never_before_the_grant(alice, rita, label, shop, track):
    sent = an_opt_out(alice, label, track, now=NOW, start=date(2005, 1, 1))

    services.grant_opt_out(opt_out=sent, by=rita, now=LATER)

    assert Withdrawal.objects.get().start == LATER.date()


def test_period_that_is_over_cannot_be_granted(alice, rita, label, shop, track):
    sent = an_opt_out(alice, label, track, now=NOW, start=date(2007, 1, 1), end=date(2007, 6, 1))

    with pytest.raises(services.PeriodIsOver):
        services.grant_opt_out(opt_out=sent, by=rita, now=LATER)


def test_rows_are_decided_one_by_one(alice, rita, label, shop, track):
    other = a_track()
    sent = an_opt_out(alice, label, track, other, now=NOW)
    refused = sent.lines.get(track=other)

    granted = services.grant_opt_out(opt_out=sent, by=rita, now=LATER, refused={refused.pk: "ownership_unclear"})

    assert outcomes(granted) == {1: ("accepted", ""), 2: ("refused", "ownership_unclear")}
    assert [fact.track for fact in Withdrawal.objects.all()] == [track]
    assert granted.notices.get().rows.count() == 1


def test_grant_that_takes_nothing_out_is_refused_and_changes_nothing(alice, rita, label, shop, track):
    sent = an_opt_out(alice, label, track, now=NOW)

    with pytest.raises(services.NothingAccepted):
        services.grant_opt_out(opt_out=sent, by=rita, now=LATER, refused={sent.lines.get().pk: "other"})
    sent.refresh_from_db()
    assert sent.status == OptOut.Status.REQUESTED
    assert outcomes(sent) == {1: ("pending", "")}


def test_track_that_is_out_already_is_not_withdrawn_twice(alice, rita, label, shop, track):
    services.grant_opt_out(opt_out=an_opt_out(alice, label, track, now=NOW), by=rita, now=LATER)
    both = an_opt_out(alice, label, track, a_track(), now=LATER)

    again = services.grant_opt_out(opt_out=both, by=rita, now=LATER)

    assert results(both)["already_out"] == ("warned", "tracks_already_out")
    assert outcomes(again)[1] == ("refused", "already_out")
    assert Withdrawal.objects.filter(track=track).count() == 1


def test_song_right_is_withdrawn_on_the_work_once_for_all_its_tracks(alice, rita, label, shop, track):
    remix = a_track()
    work = a_work("Song", track, remix)
    lonely = a_track()
    sent = an_opt_out(alice, label, track, remix, lonely, now=NOW, rights=["work"])

    granted = services.grant_opt_out(opt_out=sent, by=rita, now=LATER)

    assert Withdrawal.objects.filter(work=work).count() == 1
    assert Withdrawal.objects.count() == 2
    assert all(row.withdrawals.count() == 1 for row in granted.notices.get().rows.all())


def test_only_the_chosen_stores_get_a_notice_and_never_a_closed_one(alice, rita, label, shop, track):
    second = a_store()
    a_store(status="ended")
    everywhere = services.grant_opt_out(opt_out=an_opt_out(alice, label, track, now=NOW), by=rita, now=LATER)
    one = services.grant_opt_out(
        opt_out=an_opt_out(alice, label, a_track(), now=NOW, licensees=[second]), by=rita, now=LATER
    )

    assert {notice.licensee for notice in everywhere.notices.all()} == {shop, second}
    assert [notice.licensee for notice in one.notices.all()] == [second]
    assert Withdrawal.objects.get(source=one.public_id).licensee_ids == [second.pk]


def test_nobody_decides_without_the_role_or_on_an_own_case(alice, charlie, rita, frank, label, track):
    sent = an_opt_out(alice, label, track, now=NOW)
    for user in (alice, charlie, frank):
        with pytest.raises(services.NotAReviewer):
            services.grant_opt_out(opt_out=sent, by=user, now=LATER)
    own = an_opt_out(rita, a_holder(owner=rita), track, now=NOW)
    colleague = an_opt_out(alice, a_holder(owner=alice, reader=rita), track, now=NOW)
    for case in (own, colleague):
        for decide in (services.grant_opt_out, services.start_opt_out_review):
            with pytest.raises(services.DecidesOwnCase):
                decide(opt_out=case, by=rita, now=LATER)
        with pytest.raises(services.DecidesOwnCase):
            services.refuse_opt_out(opt_out=case, by=rita, now=LATER, reason="no")
    assert not Withdrawal.objects.exists()


def test_more_proof_is_asked_for_and_answered(alice, rita, label, track):
    sent = an_opt_out(alice, label, track, now=NOW)
    asked = services.request_opt_out_evidence(opt_out=sent, by=rita, now=LATER, reason="Which contract?")

    answered = services.answer_opt_out(opt_out=asked, answer="This one.", by=alice, now=LATER)

    assert answered.status == OptOut.Status.UNDER_REVIEW
    with pytest.raises(services.WordsNeeded):
        services.request_opt_out_evidence(opt_out=answered, by=rita, now=LATER, reason=" ")


def test_refusal_needs_words_and_withdraws_nothing(alice, rita, label, track):
    sent = an_opt_out(alice, label, track, now=NOW)

    with pytest.raises(services.WordsNeeded):
        services.refuse_opt_out(opt_out=sent, by=rita, now=LATER, reason="")
    refused = services.refuse_opt_out(opt_out=sent, by=rita, now=LATER, reason="No proof.", reason_code="proof_missing")

    assert outcomes(refused) == {1: ("refused", "proof_missing")}
    assert not Withdrawal.objects.exists()


def test_decision_on_what_has_moved_on_is_refused(alice, rita, label, shop, track):
    sent = an_opt_out(alice, label, track, now=NOW)
    stale = OptOut.objects.get(pk=sent.pk)
    services.grant_opt_out(opt_out=sent, by=rita, now=LATER)

    with pytest.raises(MovedMeanwhile):
        services.grant_opt_out(opt_out=stale, by=rita, now=LATER)
    with pytest.raises((MoveNotAllowed, MovedMeanwhile)):
        services.retract_opt_out(opt_out=stale, by=alice, now=LATER)
    assert Withdrawal.objects.count() == 1


# Seeing -------------------------------------------------------------------------------------------------------------
def test_each_sees_what_is_theirs(alice, bob, rita, store, stranger, label, shop, track):
    draft = an_opt_out(alice, label, track, sent=False, now=NOW)
    assert list(selectors.opt_outs_for(rita)) == []
    sent = send_opt_out(draft, alice, now=NOW)

    for user in (alice, bob, rita):
        assert list(selectors.opt_outs_for(user)) == [sent]
    for user in (store, stranger):
        assert list(selectors.opt_outs_for(user)) == []

    services.grant_opt_out(opt_out=sent, by=rita, now=LATER)
    a_store(member=stranger)
    for user in (alice, bob, rita, store):
        assert selectors.notices_for(user).count() == 1
    assert selectors.notices_for(stranger).count() == 0


def test_grant_costs_the_same_number_of_statements_for_many_rows(alice, rita, label, shop):
    counts = []
    for rows in (2, 30):
        sent = an_opt_out(alice, label, *(a_track() for _ in range(rows)), now=NOW)
        with CaptureQueriesContext(connection) as queries:
            services.grant_opt_out(opt_out=sent, by=rita, now=LATER)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert NoticeDelivery.objects.count() == 2
