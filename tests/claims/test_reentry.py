"""Tracks come back: by the holder, by retraction, by order; what stays out; what stores are told; at once and twice."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from catalog.models import Return, Withdrawal
from claims import selectors, services
from claims.models import CaseMail, DistributionRun, NoticeRow, OptOut, Reentry, TakedownNotice
from tests.factories import a_holder, a_store, a_store_key, a_track, a_withdrawal, a_work, an_opt_out

NOW = datetime(2007, 6, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=365)
BACK = date(2008, 7, 1)


@pytest.fixture
def label(alice, bob):
    """Alice's label; bob reads."""
    return a_holder("Example Label", owner=alice, reader=bob)


@pytest.fixture
def shop(store):
    """The store, told by its workspace only."""
    return a_store("AllofMP3", member=store)


@pytest.fixture
def track(shop):
    """A track the store sells."""
    found = a_track("Группа крови", "Кино", isrc="RUABC0600001")
    a_store_key(found, shop, "4417")
    return found


def granted(alice, rita, label, *tracks, now=NOW, **terms):
    """An opt-out of these tracks, granted."""
    case = an_opt_out(alice, label, *tracks, now=now, **terms)
    return services.grant_opt_out(opt_out=case, by=rita, now=now)


def come_back(case, by, *, now=LATER, start=BACK, **said):
    """Bring all of a case back."""
    ground = {name: said.pop(name) for name in ("ground", "reason") if name in said}
    return services.return_tracks(opt_out=case, back=services.Back(start=start, **said), by=by, now=now, **ground)


def days(source):
    """The days of what a case took out, in the order written."""
    return list(Withdrawal.objects.filter(source=source.public_id).order_by("pk").values_list("start", "end"))


# Facts --------------------------------------------------------------------------------------------------------------
def test_a_return_is_a_further_fact_and_the_store_is_told(alice, rita, label, shop, track):
    case = granted(alice, rita, label, track, rights=["phonogram", "performance"])

    act = come_back(case, alice, reason="We have talked.")

    assert days(case) == [(date(2007, 6, 20), BACK)] * 2
    facts = Return.objects.order_by("pk")
    assert [(one.start, one.end_before, one.source) for one in facts] == [(BACK, None, act.public_id)] * 2
    told = act.notices.get()
    assert (told.kind, told.licensee, told.status, told.deadline_at) == ("return", shop, "sent", None)
    assert [(row.track, row.store_keys) for row in told.rows.all()] == [(track, ["4417"])]
    assert (act.track_count, act.still_out_count, act.note.text) == (1, 0, "We have talked.")
    assert DistributionRun.objects.filter(cause="return", object_id=act.pk).exists()


def test_two_withdrew_and_one_comes_back_it_stays_out_and_nobody_is_told(alice, charlie, rita, label, shop, track):
    ours = granted(alice, rita, label, track)
    rival = a_holder(owner=charlie)
    theirs = granted(charlie, rita, rival, track)

    first = come_back(ours, alice)
    assert (first.still_out_count, first.notices.count()) == (1, 0)
    assert selectors.in_and_out(track, BACK).in_force == 1

    second = come_back(theirs, charlie, start=BACK + timedelta(days=1))
    assert (second.still_out_count, second.notices.count()) == (0, 1)
    assert selectors.in_and_out(track, BACK + timedelta(days=1)).in_force == 0


def test_one_right_comes_back_and_the_other_keeps_the_track_out(alice, rita, label, track):
    case = granted(alice, rita, label, track, rights=["phonogram", "performance"])

    act = come_back(case, alice, rights=["phonogram"])

    assert (act.rights, act.still_out_count, act.notices.count()) == (["phonogram"], 1, 0)
    assert selectors.preview_return(selectors.still_out(case, BACK), BACK).withdrawals == 1


def test_out_again_is_a_further_withdrawal_and_both_cut_offs_stay(alice, rita, label, shop, track, client):
    case = granted(alice, rita, label, track)
    come_back(case, alice)
    again = granted(alice, rita, label, track, now=NOW + timedelta(days=800))

    assert (days(case), days(again)) == ([(date(2007, 6, 20), BACK)], [(date(2009, 8, 28), None)])
    page = client.get(reverse("claims:track", args=[track.public_id])).content.decode()
    assert "In and out of the stores" in page
    for day in ("20 Jun 2007", "1 Jul 2008", "28 Aug 2009"):
        assert day in page
    assert label.name not in page


def test_a_song_comes_back_on_every_track_that_plays_it(alice, rita, label, shop, track):
    other = a_track("Live")
    a_work("Song", track, other)
    case = granted(alice, rita, label, track, rights=["work"])

    act = come_back(case, alice, track_ids=[track.pk])

    assert act.track_count == 2
    assert set(act.notices.get().rows.values_list("track", flat=True)) == {track.pk, other.pk}


def test_the_count_first_is_of_the_stores_chosen_in_one_statement(
    alice, charlie, rita, label, shop, track, client_of, django_assert_num_queries
):
    second = a_store("Second")
    case = granted(alice, rita, label, track)
    granted(charlie, rita, a_holder(owner=charlie), track, licensees=[second])
    found = {}
    for name, stores in (("all", []), ("shop", [shop.pk]), ("second", [second.pk]), ("both", [shop.pk, second.pk])):
        with django_assert_num_queries(2):
            out = selectors.still_out(case, BACK, licensee_ids=stores)
            coming = selectors.preview_return(out, BACK, licensee_ids=stores)
        found[name] = (coming.withdrawals, coming.tracks, coming.still_out)

    assert found == {"all": (1, 1, 0), "shop": (1, 1, 0), "second": (1, 1, 1), "both": (1, 1, 0)}
    page = reverse("claims:return_opt_out", args=[case.public_id])
    said = {
        "act": "check",
        "ground": "return",
        "which": "all",
        "rights": case.rights,
        "start": "2099-01-01",
        "text": "",
    }
    shown = client_of(alice).post(page, said | {"stores": "some", "licensees": [second.public_id]})
    assert shown.context["preview"].still_out == 1
    act = come_back(case, alice, licensees=[second])
    assert (act.track_count, act.still_out_count) == (1, 1)


def test_back_in_one_store_goes_on_for_the_others(alice, rita, label, shop, track):
    second = a_store("Second")
    case = granted(alice, rita, label, track)

    act = come_back(case, alice, licensees=[shop])

    old, further = Withdrawal.objects.filter(source=case.public_id).order_by("pk")
    assert (old.end, further.start, further.end, further.follows) == (BACK, BACK, None, old)
    assert (further.licensee_ids, further.except_licensee_ids) == ([], [shop.pk])
    assert [notice.licensee for notice in act.notices.all()] == [shop]
    assert set(further.notice_rows.values_list("notice__licensee", flat=True)) == {second.pk}
    assert list(case.lines.get().withdrawals.order_by("pk")) == [old, further]


def test_back_before_it_ever_began(alice, rita, label, shop, track):
    case = granted(alice, rita, label, track, start=date(2007, 8, 1))

    come_back(case, alice, now=NOW, start=date(2007, 7, 1))

    assert days(case) == [(date(2007, 8, 1), date(2007, 8, 1))]
    assert selectors.in_and_out(track, date(2007, 9, 1)).facts == []


def test_a_return_never_reaches_back(alice, rita, label, shop, track):
    case = granted(alice, rita, label, track)

    assert come_back(case, alice, start=date(2007, 7, 1)).start == LATER.date()


def test_what_is_back_cannot_come_back_again_but_sooner(alice, rita, label, shop, track):
    case = granted(alice, rita, label, track)
    come_back(case, alice, start=date(2009, 1, 1))
    come_back(case, alice)

    assert days(case) == [(date(2007, 6, 20), BACK)]
    with pytest.raises(services.NothingToReturn):
        come_back(case, alice, start=date(2009, 1, 1))
    assert [one.end_before for one in Return.objects.order_by("pk")] == [None, date(2009, 1, 1)]


def test_nothing_of_an_opt_out_that_was_not_granted(alice, label, track):
    case = an_opt_out(alice, label, track, now=NOW)

    with pytest.raises(services.NothingToReturn):
        come_back(case, alice)


@pytest.mark.parametrize("change", ["end = '2008-01-01'", "start = '2008-01-01'"])
def test_the_database_lets_nobody_change_the_days_of_a_withdrawal(track, change):
    a_withdrawal(track)

    with pytest.raises(IntegrityError, match="change by a return only"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE catalog_withdrawal SET {change.replace('end =', chr(34) + 'end' + chr(34) + ' =')}")


def test_the_database_refuses_a_return_outside_its_withdrawal(track):
    fact = a_withdrawal(track, start=date(2007, 7, 1), end=date(2007, 9, 1))

    for day in (date(2007, 6, 1), date(2007, 10, 1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Return.objects.create(withdrawal=fact, start=day, source="test")


# Who ----------------------------------------------------------------------------------------------------------------
def test_only_who_acts_for_the_holder_brings_back(alice, bob, charlie, rita, store, stranger, label, shop, track):
    case = granted(alice, rita, label, track)

    for user in (bob, charlie, rita, store, stranger):
        with pytest.raises(services.MayNotWrite):
            come_back(case, user)
    assert not Reentry.objects.exists()


def test_a_suspended_holder_brings_nothing_back(alice, rita, label, shop, track):
    case = granted(alice, rita, label, track)
    type(label).objects.filter(pk=label.pk).update(status="suspended")

    with pytest.raises(services.MayNotWrite):
        come_back(OptOut.objects.get(pk=case.pk), alice)


def test_a_person_orders_with_reasons_and_the_holder_is_told(alice, rita, frank, label, shop, track):
    case = granted(alice, rita, label, track)
    with pytest.raises(services.WordsNeeded):
        come_back(case, rita, ground="order", reason=" ")
    for user in (alice, frank):
        with pytest.raises(services.NotAReviewer):
            come_back(case, user, ground="order", reason="A court says so.")

    act = come_back(case, rita, ground="order", reason="A court says so.")

    assert (act.ground, act.by) == ("order", rita)
    assert CaseMail.objects.get(topic="opt_out_back").user == alice
    assert any("may be sold again" in message.subject for message in mail.outbox)


def test_nobody_orders_for_an_own_holder_or_store(alice, rita, label, shop, track):
    case = granted(alice, rita, label, track)
    shop.members.create(user=rita)

    with pytest.raises(services.DecidesOwnCase):
        come_back(case, rita, ground="order", reason="Why not.")


# What the store is asked ----------------------------------------------------------------------------------------------
def test_rows_that_came_back_ask_for_nothing_more(alice, rita, label, shop, track):
    case = granted(alice, rita, label, track)
    notice = case.notices.get()

    come_back(case, alice, now=NOW + timedelta(days=1), start=None, ground="retraction")

    notice.refresh_from_db()
    assert (notice.rows.get().state, notice.status) == ("returned", "closed")
    services.mark_overdue(now=LATER)
    notice.refresh_from_db()
    assert notice.status == "closed"


def test_a_row_that_comes_back_later_stays_open_until_then(alice, rita, label, shop, track):
    case = granted(alice, rita, label, track)
    come_back(case, alice, now=NOW, start=date(2007, 7, 10))
    assert NoticeRow.objects.get(notice__kind="takedown").state == "notified"

    services.mark_overdue(now=datetime(2007, 7, 10, 1, tzinfo=UTC))

    assert NoticeRow.objects.get(notice__kind="takedown").state == "returned"


def test_a_notice_of_return_takes_a_receipt_and_nothing_else(alice, rita, store, label, shop, track):
    case = granted(alice, rita, label, track)
    told = come_back(case, alice).notices.get()

    services.acknowledge_notice(notice=told, by=store, now=LATER, reference="R-1")
    told.refresh_from_db()
    assert (told.status, told.rows.get().state) == ("acknowledged", "acknowledged")
    for act in (
        lambda: services.mark_rows_removed(notice=told, by=store, now=LATER),
        lambda: services.object_to_notice(notice=told, reason="No.", by=store, now=LATER),
    ):
        with pytest.raises(services.NoRowsChosen):
            act()
    services.mark_overdue(now=LATER + timedelta(days=900))
    services.escalate_overdue(now=LATER + timedelta(days=900))
    told.refresh_from_db()
    assert told.status == "acknowledged"


def test_messages_stay_as_they_were_told(alice, rita, label, shop, track):
    from claims.formats.takedown_notice import as_json

    case = granted(alice, rita, label, track)
    first = case.notices.get()
    before = as_json(services.message_of(first, "https://roms.example"))
    told = come_back(case, alice).notices.get()

    assert as_json(services.message_of(TakedownNotice.objects.get(pk=first.pk), "https://roms.example")) == before
    body = json.loads(as_json(services.message_of(told, "https://roms.example")))
    assert body["type"] == "takedown_notice.returned"
    assert [one["end"] for one in body["data"]["rows"][0]["leaving"]] == ["2008-07-01"]


def test_a_return_of_many_rows_takes_few_statements(alice, rita, label, shop, django_assert_max_num_queries):
    tracks = [a_track(isrc=f"RUABC07{number:05}") for number in range(12)]
    case = granted(alice, rita, label, *tracks)

    with django_assert_max_num_queries(75):
        act = come_back(case, alice)

    assert (act.track_count, act.notices.get().rows.count()) == (12, 12)


# Doors --------------------------------------------------------------------------------------------------------------
def test_the_page_counts_first_and_then_brings_back(alice, bob, rita, label, shop, track, client_of):
    other = a_track("Other", isrc="RUABC0600002")
    case = granted(alice, rita, label, track, other)
    url = reverse("claims:return_opt_out", args=[case.public_id])
    said = {"ground": "return", "which": "some", "rows": "RUABC0600001", "rights": ["phonogram"], "stores": "all"}
    said |= {"start": "2099-01-01", "text": "Agreed."}

    counted = client_of(alice).post(url, said | {"act": "check"})
    assert "Tracks that come back as you chose" in counted.content.decode()
    assert not Reentry.objects.exists()
    wrong = client_of(alice).post(url, said | {"rows": "nobody - nothing", "act": "return"})
    assert (wrong.status_code, "Not among what is out" in wrong.content.decode()) == (422, True)
    done = client_of(alice).post(url, said | {"act": "return"}, follow=True)

    assert "Back in the stores" in done.content.decode()
    assert Reentry.objects.get().track_count == 1
    assert client_of(bob).get(url).status_code == 404
    assert "Order that tracks come back" in client_of(rita).get(url).content.decode()


def test_a_reviewer_orders_on_the_page_with_words(alice, rita, label, shop, track, client_of):
    case = granted(alice, rita, label, track)
    url = reverse("claims:return_opt_out", args=[case.public_id])
    said = {"which": "all", "rights": ["phonogram"], "stores": "some", "licensees": [shop.public_id], "act": "return"}
    said |= {"start": "2099-01-01", "text": ""}

    assert client_of(rita).post(url, said).status_code == 422
    done = client_of(rita).post(url, said | {"text": "A court says so."})

    assert done.url == reverse("claims:review_opt_out", args=[case.public_id])
    assert Reentry.objects.get().ground == "order"


def test_api_returns_and_orders(alice, rita, label, shop, track, client_of):
    case = granted(alice, rita, label, track)
    here = f"/api/v1/opt-outs/{case.public_id}"

    def post(user, path, **body):
        return client_of(user).post(f"{here}/{path}/", json.dumps(body), content_type="application/json")

    assert post(alice, "returns", tracks=["TRK-00000000000"]).status_code == 400
    assert post(alice, "order-return", reason="Mine.").status_code == 403
    made = post(alice, "returns", tracks=[track.public_id], start="2099-01-01", is_retraction=True)
    ordered = post(rita, "order-return", reason="A court says so.", start="2098-01-01")

    assert (made.status_code, made.json()["ground"], made.json()["tracks"]) == (201, "retraction", 1)
    assert (ordered.status_code, ordered.json()["ground"]) == (201, "order")
    assert [one["start"] for one in client_of(alice).get(f"{here}/returns/").json()] == ["2098-01-01", "2099-01-01"]


def test_the_store_reads_what_may_be_sold_again(alice, rita, store, label, shop, track, client_of):
    case = granted(alice, rita, label, track)
    told = come_back(case, alice).notices.get()

    page = client_of(store).get(reverse("claims:notice", args=[told.public_id])).content.decode()
    assert "may be sold again" in page
    assert "All tracks are removed" not in page
    assert client_of(store).get(reverse("claims:notice_ern", args=[told.public_id])).status_code == 404
    pulled = client_of(store).get(f"/api/v1/takedown-notices/{told.public_id}/").json()
    assert (pulled["kind"], pulled["deadline_at"]) == ("return", None)
