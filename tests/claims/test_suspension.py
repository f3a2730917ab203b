"""Limits of senders, the stop of a sender with its appeal, and grants that ask for two reviewers."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse

from catalog.models import Withdrawal
from claims import services
from claims.models import CaseMail, Check, Decision, HouseRule, QueueItem, SenderSuspension
from tests.factories import a_holder, a_share, a_store, a_track, an_opt_out

NOW = datetime(2007, 6, 20, 12, tzinfo=UTC)


@pytest.fixture
def label(alice, bob):
    """Alice's label; bob reads."""
    return a_holder("Example Label", owner=alice, reader=bob)


@pytest.fixture
def second(stranger):
    """A second reviewer."""
    stranger.role = "reviewer"
    stranger.save()
    return stranger


def rule(code, value):
    """A number that holds from now on."""
    HouseRule.objects.create(code=code, value=D(value), start=date(2005, 1, 1), why="Test.", set_at=NOW)


def suspend(label, by, **changed):
    """Stop a holder's opt-outs."""
    said = {"reason": "false_owner", "words": "The papers were of others.", "until": None} | changed
    return services.suspend_sender(holder=label, by=by, now=NOW, **said)


# Limits -------------------------------------------------------------------------------------------------------------
def test_one_sends_so_many_opt_outs_in_so_many_days(alice, label):
    rule("opt_out_cases", 2)
    for _number in range(2):
        an_opt_out(alice, label, a_track(), now=NOW)

    with pytest.raises(services.TooManyOptOuts):
        an_opt_out(alice, label, a_track(), now=NOW)
    with pytest.raises(services.TooManyOptOuts):  # nor in the name of another holder
        an_opt_out(alice, a_holder(owner=alice), a_track(), now=NOW)
    assert an_opt_out(alice, label, a_track(), now=NOW + timedelta(days=31)).status == "requested"


def test_no_limit_where_the_number_is_none(alice, label):
    rule("opt_out_cases", 0)

    assert an_opt_out(alice, label, a_track(), now=NOW).status == "requested"


def test_what_turned_out_mistaken_is_found_by_a_check(alice, rita, label):
    rule("opt_out_mistaken", 1)
    results = []
    for _number in range(3):
        case = an_opt_out(alice, label, a_track(), now=NOW)
        results.append(Check.objects.get(opt_out=case, name="abuse").result)
        services.refuse_opt_out(opt_out=case, by=rita, now=NOW, reason="Not yours.")

    assert results == ["passed", "warned", "failed"]


# The stop -----------------------------------------------------------------------------------------------------------
def test_a_stopped_holder_sends_nothing_but_what_is_out_stays_out(alice, bob, frank, rita, label):
    before = services.grant_opt_out(opt_out=an_opt_out(alice, label, a_track(), now=NOW), by=rita, now=NOW)
    for user in (alice, frank):
        with pytest.raises(services.NotAReviewer):
            suspend(label, user)
    with pytest.raises(services.WordsNeeded):
        suspend(label, rita, words=" ")
    with pytest.raises(services.BadPeriod):
        suspend(label, rita, until=NOW.date())

    suspend(label, rita, until=date(2007, 7, 20))

    with pytest.raises(services.SenderSuspended):
        an_opt_out(alice, label, a_track(), now=NOW)
    with pytest.raises(services.KnownAlready):
        suspend(label, rita)
    assert Withdrawal.objects.get(source=before.public_id).end is None
    assert CaseMail.objects.get(topic="sender_stopped").user == alice
    later = datetime(2007, 7, 20, 1, tzinfo=UTC)
    assert an_opt_out(alice, label, a_track(), now=later).status == "requested"


def test_an_appeal_goes_once_to_another_reviewer(alice, bob, rita, second, label):
    found = suspend(label, rita)
    with pytest.raises(services.MayNotWrite):
        services.appeal_suspension(suspension=found, words="No.", by=bob, now=NOW)
    services.appeal_suspension(suspension=found, words="It was a mistake.", by=alice, now=NOW)
    assert QueueItem.objects.get(kind="suspension").public_id == found.public_id
    with pytest.raises(services.SenderSuspended):  # an appeal lifts nothing
        an_opt_out(alice, label, a_track(), now=NOW)

    with pytest.raises(services.DecidedBefore):
        services.decide_suspension(suspension=found, is_lifted=True, reason="Fine.", by=rita, now=NOW)
    services.decide_suspension(suspension=found, is_lifted=True, reason="A slip.", by=second, now=NOW)

    found.refresh_from_db()
    assert (found.status, found.decided_by) == ("lifted", second)
    assert not QueueItem.objects.filter(kind="suspension").exists()
    assert an_opt_out(alice, label, a_track(), now=NOW).status == "requested"


def test_reviewer_stops_and_the_holder_appeals_on_pages(alice, rita, second, label, client_of):
    stop = reverse("claims:suspend_sender", args=[label.public_id])
    assert client_of(rita).post(stop, {"reason": "other", "words": ""}).status_code == 422
    client_of(rita).post(stop, {"reason": "other", "words": "Charts in a spreadsheet."})
    found = SenderSuspension.objects.get()
    page = reverse("claims:suspension", args=[found.public_id])
    assert "Charts in a spreadsheet." in client_of(alice).get(page).content.decode()

    client_of(alice).post(reverse("claims:appeal_suspension", args=[found.public_id]), {"text": "Sorry."})
    assert "Sorry." in client_of(second).get(page).content.decode()
    decide = reverse("claims:decide_suspension", args=[found.public_id])
    client_of(second).post(decide, {"outcome": "upheld", "text": "Once more, no."})

    found.refresh_from_db()
    assert found.status == "upheld"


# Two reviewers ------------------------------------------------------------------------------------------------------
def test_many_tracks_ask_for_two(alice, rita, second, label):
    a_store()
    rule("second_tracks", 1)
    case = an_opt_out(alice, label, a_track(), a_track(), a_track(), now=NOW)
    stays = case.lines.order_by("row_no").first()

    case = services.grant_opt_out(opt_out=case, by=rita, now=NOW, refused={stays.pk: "proof_missing"}, reason="Seen.")
    assert (case.status, services.open_proposal(case).by) == ("under_review", rita)
    assert not Withdrawal.objects.exists()
    with pytest.raises(services.NeedsAnother):
        services.grant_opt_out(opt_out=case, by=rita, now=NOW)

    case = services.grant_opt_out(opt_out=case, by=second, now=NOW)

    assert case.status == "granted"
    assert case.lines.get(pk=stays.pk).outcome_reason == "proof_missing"
    assert Withdrawal.objects.count() == 2
    decided = Decision.objects.get(case=case.public_id)
    assert (decided.proposed_by, decided.by, decided.note.text) == (rita, second, "Seen.")


def test_a_rivals_track_asks_for_two_and_is_sent_back(alice, charlie, rita, second, label):
    track = a_track()
    a_share(track, a_holder("Rival", owner=charlie))
    case = services.grant_opt_out(opt_out=an_opt_out(alice, label, track, now=NOW), by=rita, now=NOW)
    assert case.status == "under_review"

    with pytest.raises(services.NeedsAnother):
        services.send_back_opt_out(opt_out=case, reason="No.", by=rita, now=NOW)
    with pytest.raises(services.WordsNeeded):
        services.send_back_opt_out(opt_out=case, reason=" ", by=second, now=NOW)
    services.send_back_opt_out(opt_out=case, reason="It is recorded for another.", by=second, now=NOW)

    assert services.open_proposal(case) is None
    assert QueueItem.objects.get(kind="opt_out").handed_to == rita


def test_what_is_asked_or_refused_meanwhile_ends_a_proposed_grant(alice, rita, second, label):
    a_store()
    rule("second_tracks", 0)
    case = services.grant_opt_out(opt_out=an_opt_out(alice, label, a_track(), now=NOW), by=rita, now=NOW)
    with pytest.raises(services.NeedsAnother):
        services.refuse_opt_out(opt_out=case, by=rita, now=NOW, reason="On second thoughts.")

    case = services.request_opt_out_evidence(opt_out=case, by=second, now=NOW, reason="The contract, please.")

    assert services.open_proposal(case) is None
    case.status = "under_review"
    case.save(update_fields=["status"])
    case = services.grant_opt_out(opt_out=case, by=second, now=NOW)
    assert (case.status, services.open_proposal(case).by) == ("under_review", second)
    assert not Withdrawal.objects.exists()


def test_the_second_reviewer_confirms_on_the_page(alice, rita, second, label, client_of):
    rule("second_tracks", 0)
    case = an_opt_out(alice, label, a_track(), now=NOW)
    page = reverse("claims:review_opt_out", args=[case.public_id])
    grant = reverse("claims:grant_opt_out", args=[case.public_id])

    client_of(rita).post(grant, {"text": "Seen."})
    assert "Somebody else confirms it." in client_of(rita).get(page).content.decode()
    assert "Confirm this decision" in client_of(second).get(page).content.decode()
    back = reverse("claims:send_back_opt_out", args=[case.public_id])
    assert client_of(second).post(back, {"text": ""}).status_code == 422
    client_of(second).post(grant, {"text": ""})

    case.refresh_from_db()
    assert case.status == "granted"


def test_the_second_reviewer_reads_how_many_rows_stay_that_are_not_shown(
    alice, rita, second, label, client_of, monkeypatch
):
    rule("second_tracks", 0)
    monkeypatch.setattr("claims.views.opt_out_review.STAYING_SHOWN", 1)
    case = an_opt_out(alice, label, *(a_track() for _ in range(4)), now=NOW)
    rows = case.lines.order_by("row_no").values_list("pk", flat=True)[:3]

    services.grant_opt_out(opt_out=case, by=rita, now=NOW, refused=dict.fromkeys(rows, "other"))

    page = reverse("claims:review_opt_out", args=[case.public_id])
    assert "and 2 more" in client_of(second).get(page).content.decode()
