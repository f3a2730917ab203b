"""Objections, contests and counter-notices: who, on what, what stays out meanwhile, what a decision does, appeals."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import Withdrawal
from claims import selectors, services
from claims.models import Appeal, CaseMail, CounterDocument, CounterNotice, QueueItem, Reentry
from tests import factories
from tests.claims.test_reentry import granted
from tests.factories import a_holder, a_share, a_store, a_store_key, a_track

NOW = datetime(2007, 6, 20, 12, tzinfo=UTC)  # a Wednesday
SOON = NOW + timedelta(days=2)
SWORN = {"name": "Store", "address": "1 Example Street", "phone": "+7 000", "signature": "Store"}
LICENCE = ("licence.txt", b"The owner licenses us directly.")


@pytest.fixture
def label(alice):
    """Alice's label."""
    return a_holder("Example Label", owner=alice)


@pytest.fixture
def shop(store):
    """The store, told by its workspace only."""
    return a_store("AllofMP3", member=store)


@pytest.fixture
def tracks(shop):
    """Two tracks the store sells."""
    found = [a_track(f"Song {number}", isrc=f"RUABC060000{number}") for number in (1, 2)]
    for number, track in enumerate(found):
        a_store_key(track, shop, f"441{number}")
    return found


@pytest.fixture
def case(alice, rita, label, tracks):
    """Both tracks taken out by Alice's label under the house rule."""
    return granted(alice, rita, label, *tracks)


def objected(case, store, *, ground="other", now=SOON, rows=1, **said):
    """The store objects to the first rows of its notice."""
    notice = case.notices.get(kind="takedown")
    ids = list(notice.rows.order_by("pk").values_list("pk", flat=True)[:rows])
    said = services.Countered(ground=ground, words="We may sell it.", **said)
    return services.file_counter_notice(notice=notice, said=said, row_ids=ids, by=store, now=now)


def decide(counter, by, *, accepted, now=SOON, reason="Looked at the papers."):
    """Decide one."""
    return services.decide_counter_notice(counter=counter, is_accepted=accepted, reason=reason, by=by, now=now)


def late(now):
    """What the queue calls late."""
    return QueueItem.objects.filter(kind="counter", due_at__lte=now)


def states(case):
    """The states of the rows of the store's notice, and the notice's status."""
    notice = case.notices.get(kind="takedown")
    return [*notice.rows.order_by("pk").values_list("state", flat=True), notice.status]


# A store ------------------------------------------------------------------------------------------------------------
def test_an_objection_opens_a_case_and_the_track_stays_out(case, store, alice, tracks):
    counter = objected(case, store, ground="not_this_track")

    assert states(case) == ["objected", "notified", "countered"]
    item = QueueItem.objects.get(kind="counter")
    assert (item.public_id, item.due_at) == (counter.public_id, counter.deadline_at)
    assert counter.deadline_at == datetime(2007, 7, 6, 12, tzinfo=UTC)  # ten business days of the house
    assert CaseMail.objects.get(topic="opt_out_counter").user == alice
    assert selectors.in_and_out(tracks[0], date(2007, 7, 1)).in_force == 1


def test_the_end_of_the_clock_calls_a_person_and_restores_nothing(case, store):
    counter = objected(case, store)

    services.sweep_clocks(now=counter.deadline_at + timedelta(days=1))
    services.mark_overdue(now=counter.deadline_at + timedelta(days=1))

    counter.refresh_from_db()
    assert counter.status == "filed"
    assert counter.public_id in {item.public_id for item in late(counter.deadline_at + timedelta(days=1))}
    assert states(case) == ["objected", "overdue", "overdue"]
    assert not Reentry.objects.exists()


def test_accepted_the_row_is_excused_and_the_rest_goes_on(case, store, rita, bob, frank):
    counter = objected(case, store, ground="not_this_track")
    for user in (bob, frank, store):
        with pytest.raises(services.NotAReviewer):
            decide(counter, user, accepted=True)
    with pytest.raises(services.WordsNeeded):
        decide(counter, rita, accepted=True, reason=" ")

    decide(counter, rita, accepted=True)

    assert states(case) == ["excused", "notified", "acknowledged"]
    assert CaseMail.objects.filter(topic="counter_ended").exists()
    assert not QueueItem.objects.filter(kind="counter").exists()
    services.mark_rows_removed(notice=case.notices.get(), by=store, now=SOON)
    assert states(case) == ["excused", "removed", "complied"]


def test_dismissed_it_is_asked_for_again_and_appealed_once_to_another(case, store, rita, reviewers):
    first = decide(objected(case, store), rita, accepted=False)
    assert states(case) == ["acknowledged", "notified", "acknowledged"]

    appeal = objected(case, store)
    assert appeal.appeal_of == first
    with pytest.raises(services.DecidedBefore):
        decide(appeal, rita, accepted=True)
    decide(appeal, reviewers, accepted=False)

    with pytest.raises(services.KnownAlready):
        objected(case, store)
    assert states(case) == ["acknowledged", "notified", "acknowledged"]


@pytest.fixture
def reviewers(stranger):
    """A second reviewer."""
    stranger.role = "reviewer"
    stranger.save()
    return stranger


def test_late_and_dismissed_is_overdue_at_once(case, store, rita):
    counter = objected(case, store)

    decide(counter, rita, accepted=False, now=NOW + timedelta(days=60))

    assert states(case)[0] == "overdue"


def test_a_direct_licence_needs_its_document_sealed(case, store, rita, stranger, alice, client_of):
    with pytest.raises(services.ProofNeeded):
        objected(case, store, ground="direct_licence")

    counter = objected(case, store, ground="direct_licence", paper=LICENCE)
    paper = CounterDocument.objects.get()
    url = reverse("claims:counter_paper", args=[counter.public_id, paper.sha256])

    for user in (rita, store):
        assert client_of(user).get(url).content == LICENCE[1]
    for user in (alice, stranger):
        assert client_of(user).get(url).status_code == 404
    with pytest.raises(services.EvidenceRefused):
        objected(case, store, ground="direct_licence", paper=("licence.exe", b"MZ"), rows=2)


@pytest.mark.slow
def test_what_a_store_sells_under_its_own_licence_is_no_breach(alice, store, rita, label):
    shop, track = factories.a_licensee(member=store), a_track("Song", isrc="RUABC0600009")
    case = granted(alice, rita, label, track)
    sold = factories.a_sale(track, units=5, UsagePeriod="2007-09", licensee=shop)
    counter = objected(case, store, ground="direct_licence", paper=LICENCE)

    assert services.check_report(report_id=sold.report_id, now=SOON).breaches == 1
    decide(counter, rita, accepted=True)
    again = factories.a_sale(track, units=5, UsagePeriod="2007-10", licensee=shop)
    assert services.check_report(report_id=again.report_id, now=SOON).breaches == 0


def test_a_store_takes_it_back(case, store, alice, stranger):
    counter = objected(case, store)
    for user in (alice, stranger):
        with pytest.raises(services.MayNotWrite):
            services.retract_counter_notice(counter=counter, by=user, now=SOON)

    services.retract_counter_notice(counter=counter, by=store, now=SOON)

    assert states(case)[0] == "acknowledged"


def test_the_sender_takes_the_notice_back_and_the_objection_is_settled(case, store, alice):
    counter = objected(case, store)

    services.return_tracks(opt_out=case, back=services.Back(), ground="retraction", by=alice, now=SOON)

    counter.refresh_from_db()
    assert counter.status == "settled"
    assert states(case) == ["returned", "returned", "closed"]


def test_nobody_decides_for_an_own_store_or_holder(case, store, rita, label, shop, reviewers):
    counter = objected(case, store)
    shop.members.create(user=rita)
    label.members.create(user=reviewers, role="reader")

    for user in (rita, reviewers):
        with pytest.raises(services.DecidesOwnCase):
            decide(counter, user, accepted=True)


# 17 USC 512 -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def sworn_case(alice, rita, label, tracks):
    """Both tracks taken out under 17 USC 512."""
    return granted(alice, rita, label, *tracks, basis="usc_512")


def counter_512(case, store, **changed):
    """A counter-notice with all its elements."""
    said = {"sworn": SWORN, "confirmed": ["good_faith", "jurisdiction"]} | changed
    return objected(case, store, ground="usc_512", **said)


def test_512_only_where_the_sender_chose_it_and_with_all_its_elements(case, store):
    with pytest.raises(services.OtherRegime):
        counter_512(case, store)
    assert not CounterNotice.objects.exists()
    assert states(case)[0] == "notified"


@pytest.mark.parametrize(
    "changed", [{"sworn": SWORN | {"address": " "}}, {"confirmed": ["good_faith"]}, {"sworn": {}, "confirmed": []}]
)
def test_512_needs_every_element(sworn_case, store, changed):
    with pytest.raises(services.SwornIncomplete):
        counter_512(sworn_case, store, **changed)


def test_512_restores_by_a_person_between_its_days_and_at_that_store_only(sworn_case, store, rita, label, tracks):
    other = a_store("Other")
    counter = counter_512(sworn_case, store)
    assert counter.restore_from == datetime(2007, 7, 9, 12, tzinfo=UTC)  # ten business days; the Fourth of July is none
    assert counter.deadline_at == datetime(2007, 7, 13, 12, tzinfo=UTC)

    with pytest.raises(services.TooEarly):
        decide(counter, rita, accepted=True, now=counter.restore_from - timedelta(minutes=1))
    services.sweep_clocks(now=counter.deadline_at + timedelta(days=30))
    assert not Reentry.objects.exists()
    decide(counter, rita, accepted=True, now=counter.restore_from)

    act = Reentry.objects.get()
    assert (act.ground, list(act.licensees.all()), act.track_count) == ("order", [counter.licensee], 1)
    assert states(sworn_case) == ["returned", "overdue", "overdue"]
    old, further = Withdrawal.objects.filter(track=tracks[0]).order_by("pk")
    assert (old.end, further.except_licensee_ids) == (date(2007, 7, 9), [counter.licensee_id])
    assert other.pk not in further.except_licensee_ids


def test_512_after_a_suit_nothing_comes_back(sworn_case, store, rita, alice, bob):
    counter = counter_512(sworn_case, store)
    with pytest.raises(services.MayNotWrite):
        services.note_suit(counter=counter, reason="Case 1.", by=store, now=SOON)
    services.note_suit(counter=counter, reason="Southern District, case 1.", by=alice, now=SOON)
    with pytest.raises(services.CaseClosed):
        services.note_suit(counter=counter, reason="Again.", by=alice, now=SOON)

    counter.refresh_from_db()
    with pytest.raises(services.SuitFiled):
        decide(counter, rita, accepted=True, now=counter.restore_from)
    decide(counter, rita, accepted=False, now=counter.restore_from)
    assert not Reentry.objects.exists()


def test_the_sender_of_a_512_notice_reads_who_swore(sworn_case, store, alice, client_of):
    counter = counter_512(sworn_case, store)

    page = client_of(alice).get(reverse("claims:counter_notice", args=[counter.public_id])).content.decode()

    assert "1 Example Street" in page
    assert "We have gone to court" in page


# Another holder -------------------------------------------------------------------------------------------------------
def contest(case, charlie, **changed):
    """Charlie's company contests what was taken out of the first track."""
    rival = changed.pop("rival", None) or a_holder("Charlie Music", owner=charlie)
    facts = Withdrawal.objects.filter(source=case.public_id).order_by("pk")[:1]
    said = {"words": "We own the master.", "by": charlie, "now": SOON, "holder": rival} | changed
    return services.contest_withdrawals(withdrawals=facts, **said)


def test_only_who_may_write_for_the_holder_is_offered_to_take_a_contest_back(case, charlie, bob, tracks, client_of):
    rival = a_holder("Rival", owner=charlie, reader=bob)
    paper = {"name": "c.txt", "content": b"Ours.", "kind": "contract", "by": charlie, "now": NOW}
    counter = contest(case, charlie, rival=rival, documents=[services.add_evidence(holder=rival, **paper)])
    page = reverse("claims:counter_notice", args=[counter.public_id])
    button = reverse("claims:retract_counter_notice", args=[counter.public_id])

    offered = [button in client_of(user).get(page).content.decode() for user in (charlie, bob)]

    assert offered == [True, False]


def test_a_contest_needs_a_share_or_a_document(case, charlie, tracks, alice, label):
    rival = a_holder("Charlie Music", owner=charlie)
    with pytest.raises(services.ProofNeeded):
        contest(case, charlie, rival=rival)
    with pytest.raises(services.MayNotWrite):
        contest(case, charlie, rival=label)
    with pytest.raises(services.DecidesOwnCase):
        contest(case, alice, rival=label, by=alice)

    a_share(tracks[0], rival, 50)
    counter = contest(case, charlie, rival=rival)

    assert (counter.ground, counter.licensee) == ("not_the_owner", None)
    with pytest.raises(services.KnownAlready):
        contest(case, charlie, rival=rival)


def test_a_co_author_of_5_percent_opts_out_and_the_other_contests(alice, charlie, rita, shop, client_of):
    track = a_track("Song")
    song = factories.a_work("Song", track)
    small, large = a_holder("Five", owner=alice), a_holder("Ninety-five", owner=charlie)
    a_share(song, small, 5)
    a_share(song, large, 95)
    case = granted(alice, rita, small, track, rights=["work"])

    counter = contest(case, charlie, rival=large)
    assert selectors.in_and_out(track, date(2007, 7, 1)).in_force == 1
    decide(counter, rita, accepted=False, reason="A licence needs the consent of all.")

    assert selectors.in_and_out(track, date(2007, 7, 1)).in_force == 1
    page = client_of(alice).get(reverse("claims:counter_notice", args=[counter.public_id])).content.decode()
    assert "another holder" in page
    assert "Ninety-five" not in page
    assert "We own the master." not in page


def test_an_accepted_contest_brings_back_what_it_is_about(case, charlie, rita, tracks):
    rival = a_holder("Charlie Music", owner=charlie)
    a_share(tracks[0], rival)
    counter = contest(case, charlie, rival=rival)

    decide(counter, rita, accepted=True)

    assert [selectors.in_and_out(track, SOON.date()).in_force for track in tracks] == [0, 1]
    assert states(case)[:2] == ["returned", "notified"]
    assert Reentry.objects.get().ground == "order"


# Doors --------------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_the_store_objects_on_the_page_with_a_paper_and_a_reviewer_decides(case, store, rita, tracks, client_of):
    notice = case.notices.get()
    url = reverse("claims:object_to_notice", args=[notice.public_id])
    said = {"track": [tracks[0].public_id], "ground": "direct_licence", "text": "Licensed directly."}

    assert client_of(store).post(url, said).status_code == 422
    assert (
        "17 USC 512(g)" not in client_of(store).get(reverse("claims:notice", args=[notice.public_id])).content.decode()
    )
    client_of(store).post(url, said | {"file": SimpleUploadedFile(*LICENCE)})
    counter = CounterNotice.objects.get()
    here = reverse("claims:counter_notice", args=[counter.public_id])
    assert counter.public_id in client_of(rita).get(reverse("claims:review_queue")).content.decode()
    assert "Licensed directly." in client_of(rita).get(here).content.decode()
    decide_url = reverse("claims:decide_counter_notice", args=[counter.public_id])
    assert client_of(rita).post(decide_url, {"outcome": "accepted", "text": ""}).status_code == 422
    client_of(rita).post(decide_url, {"outcome": "accepted", "text": "The licence holds."})

    counter.refresh_from_db()
    assert counter.status == "accepted"
    assert "The licence holds." in client_of(store).get(here).content.decode()


def test_a_holder_contests_on_the_page_with_a_document(case, charlie, stranger, tracks, client_of):
    rival = a_holder("Charlie Music", owner=charlie)
    fact = Withdrawal.objects.filter(source=case.public_id).order_by("pk").first()
    url = reverse("claims:contest", args=[fact.public_id])
    assert url in client_of(charlie).get(reverse("claims:track", args=[tracks[0].public_id])).content.decode()
    assert "First say whose rights they are" in client_of(stranger).get(url).content.decode()

    said = {"holder": rival.pk, "text": "Ours.", "kind": "contract", "file": SimpleUploadedFile(*LICENCE)}
    done = client_of(charlie).post(url, said)

    counter = CounterNotice.objects.get()
    assert done.url == reverse("claims:counter_notice", args=[counter.public_id])
    assert counter.documents.count() == 1
    client_of(charlie).post(reverse("claims:retract_counter_notice", args=[counter.public_id]))
    counter.refresh_from_db()
    assert counter.status == "retracted"


@pytest.mark.slow
def test_api_objects_contests_goes_to_court_and_decides(sworn_case, store, alice, charlie, rita, tracks, client_of):
    def post(user, path, **body):
        return client_of(user).post(f"/api/v1/{path}/", json.dumps(body), content_type="application/json")

    notice = sworn_case.notices.get()
    sworn = SWORN | {"confirmed": ["good_faith", "jurisdiction"]}
    said = {"tracks": [tracks[0].public_id], "ground": "usc_512", "reason": "A mistake."}
    assert post(store, f"takedown-notices/{notice.public_id}/objection", **said).status_code == 422
    assert post(store, f"takedown-notices/{notice.public_id}/objection", **said, sworn=sworn).status_code == 200
    counter = CounterNotice.objects.get()
    assert post(alice, f"counter-notices/{counter.public_id}/suit", text="Case 1.").json()["suit_filed_at"]
    rival = a_holder("Charlie Music", owner=charlie)
    a_share(tracks[1], rival)
    fact = Withdrawal.objects.get(track=tracks[1])
    made = post(charlie, f"withdrawals/{fact.public_id}/contest", holder=rival.public_id, text="Ours.")
    assert (made.status_code, made.json()["store"]) == (201, None)
    done = post(rita, f"counter-notices/{counter.public_id}/decide", is_accepted=False, text="In court.")
    assert done.json()["status"] == "dismissed"
    gone = post(charlie, f"counter-notices/{made.json()['id']}/retract")
    assert gone.json()["status"] == "retracted"
    assert [one["id"] for one in client_of(charlie).get("/api/v1/counter-notices/").json()["results"]] == [
        made.json()["id"]
    ]


def test_the_overruled_sender_appeals_to_another_and_its_track_leaves_anew(
    case, alice, charlie, rita, label, tracks, reviewers, client_of
):
    rival = a_holder("Rival", owner=charlie)
    a_share(tracks[0], label, percent=60)
    a_share(tracks[0], rival, percent=40)
    counter = decide(contest(case, charlie, rival=rival), rita, accepted=True)
    page = reverse("claims:counter_notice", args=[counter.public_id])
    assert "You do not accept this?" in client_of(alice).get(page).content.decode()
    assert "You do not accept this?" not in client_of(charlie).get(page).content.decode()

    filed = client_of(alice).post(reverse("claims:file_appeal", args=[counter.public_id]), {"text": "He has 40 %."})

    appeal = Appeal.objects.get()
    assert filed["Location"] == reverse("claims:appeal", args=[appeal.public_id])
    assert QueueItem.objects.get(kind="appeal").public_id == appeal.public_id
    said = {"appeal": appeal, "is_reversed": True, "reason": "A part owner may.", "now": SOON}
    with pytest.raises(services.DecidedBefore):
        services.decide_appeal(by=rita, **said)
    for party in (alice, charlie):
        with pytest.raises(services.NotAReviewer):
            services.decide_appeal(by=party, **said)
    anew = services.decide_appeal(by=reviewers, **said).reopened_opt_out
    assert (anew.status, anew.holder, [line.track for line in anew.lines.all()]) == (
        "under_review",
        case.holder,
        [tracks[0]],
    )
    with pytest.raises(services.DecidedBefore):
        services.grant_opt_out(opt_out=anew, by=rita, now=SOON)
    services.grant_opt_out(opt_out=anew, by=reviewers, now=SOON)
    assert selectors.in_and_out(tracks[0], SOON.date()).in_force == 1
    assert anew.public_id in client_of(alice).get(filed["Location"]).content.decode()


@pytest.mark.slow
def test_what_brought_no_track_back_is_not_the_senders_to_appeal(case, store, alice, rita, stranger):
    excused = decide(objected(case, store), rita, accepted=True)

    with pytest.raises(services.NothingRefused):
        services.file_appeal(case=excused, words="No.", by=alice, now=SOON)
    with pytest.raises(services.MayNotWrite):
        services.file_appeal(case=excused, words="No.", by=stranger, now=SOON)
