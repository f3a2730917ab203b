"""The public register: brought up to date by differences, found by words and filters, the same for every reader."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from claims import services as claims
from claims.models import ComplianceFinding, OptOut
from core.workflow import events_of
from register import services
from register.models import Entry, ReadUntil
from register.services import entry as entry_service
from tests import factories
from tests.lockstep import both

NOW = datetime(2007, 6, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def label(alice):
    return factories.a_holder("Secret Label", owner=alice)


@pytest.fixture
def shop(store):
    return factories.a_store("AllofMP3", member=store)


@pytest.fixture
def track():
    return factories.a_track("Группа крови", "Кино", isrc="RUA010500001")


@pytest.fixture
def granted(alice, rita, label, shop, track):
    """An opt-out of one track, granted, with its notice to the shop; all of it in the register."""
    case = claims.grant_opt_out(opt_out=factories.an_opt_out(alice, label, track, now=NOW), by=rita, now=LATER)
    factories.in_register(now=LATER)
    return case


def listed(query="", path="register:entries", **headers):
    answer = Client().get(reverse(path) + query, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def kinds(page):
    return re.findall(r'<a href="/register/REG-[0-9A-Z]{11}/[^"]*">([^<]+)</a>', page)


def assert_given_away(entry, withheld):
    """A program, a reader of the feed and who takes the files away get an entry too, and nobody what is withheld."""
    rows = Client().get("/api/v1/register/", {"kind": entry.kind}).json()["results"]
    whole = Client().get(f"/api/v1/register/{entry.public_id}/").json()
    feed = listed(path="register:feed")
    services.publish_day(now=LATER)
    day = LATER.date().isoformat()
    table = list(csv.DictReader(io.StringIO(Client().get(f"/open-data/{day}/register.csv").getvalue().decode())))
    data = json.loads(Client().get(f"/open-data/{day}/register.json").getvalue())

    assert [(row["id"], row["kind"], row["state"]) for row in rows] == [(entry.public_id, entry.kind, entry.state)]
    assert (whole["kind"], whole["number"]) == (entry.kind, entry.number)
    assert f"/register/{entry.public_id}/" in feed
    (row,) = [row for row in table if row["kind"] == entry.kind]
    assert (row["entry"], row["number"], row["state"]) == (entry.public_id, entry.number, entry.state)
    assert entry.public_id in str(data)
    for said in (rows, whole, feed, table, data):
        assert withheld not in str(said)


# Reading what happened ----------------------------------------------------------------------------------------------
def test_a_draft_is_not_public_and_a_request_is_without_its_titles(alice, label, track):
    draft = factories.an_opt_out(alice, label, track, sent=False, now=NOW)
    factories.in_register(now=NOW)
    assert Entry.objects.count() == 0

    entry = factories.in_register(factories.send_opt_out(draft, alice, now=NOW), now=NOW)

    assert (entry.state, entry.track_count) == ("requested", 0)
    assert "Группа крови" not in listed() + listed(f"{entry.public_id}/")


def test_a_grant_shows_opt_out_decision_and_notice(granted, store):
    assert kinds(listed()) == ["Notice to a store", "Decision", "Opt-out"]

    claims.object_to_notice(notice=granted.notices.get(), reason="We have a licence.", by=store, now=LATER)
    factories.in_register(now=LATER)

    page = listed()
    assert kinds(page)[0] == "Objection of a store"
    assert "We have a licence" not in page
    assert page.count("Кино – Группа крови") == 2  # the opt-out and the notice


def test_reading_again_late_or_at_once_changes_nothing(granted):
    before = list(Entry.objects.order_by("pk").values())
    ReadUntil.objects.update(event_id=0, seen_id=0, seen_at=None)

    assert services.read_on(now=LATER + timedelta(days=1)) == 0

    assert list(Entry.objects.order_by("pk").values()) == before


def test_an_event_that_commits_out_of_order_is_read_all_the_same(granted):
    """Ids are given when rows are written and show when they commit: what was skipped is met again."""
    services.read_on(now=LATER)
    at = ReadUntil.objects.get()
    assert at.event_id < at.seen_id

    Entry.objects.filter(kind="notice").delete()  # as if its Event had not been there to read
    services.read_on(now=LATER + timedelta(minutes=1))

    assert Entry.objects.filter(kind="notice").count() == 1


def test_a_reader_that_runs_out_of_time_goes_on_where_it_stopped(granted, monkeypatch):
    ReadUntil.objects.update(event_id=0, seen_id=0, seen_at=None)
    monkeypatch.setattr(entry_service, "BATCH", 1)
    places = []
    for _ in range(3):
        clock = iter([0, 0, entry_service.SECONDS_MAX])
        monkeypatch.setattr(entry_service, "monotonic", lambda clock=clock: next(clock))
        services.read_on(now=LATER + timedelta(days=1))
        places.append(ReadUntil.objects.get().event_id)

    assert 0 < places[0] < places[1] < places[2]


@pytest.mark.parametrize("address", ["/register/?end=9999-12-31", "/register/feed.atom?end=9999-12-31"])
def test_the_last_day_of_the_calendar_is_a_day(granted, address):
    assert Client().get(address).status_code == 200


def test_what_cannot_be_a_number_is_passed_over(granted):
    notice = Entry.objects.get(kind="notice")

    assert Client().get(f"/register/{notice.public_id}/?after=x").status_code == 200


@pytest.mark.slow
def test_two_readers_at_once_write_each_entry_once(committed_db, alice):
    label = factories.a_holder(owner=alice)

    for _ in range(3):
        factories.an_opt_out(alice, label, factories.a_track(), now=NOW)
        outcomes = both([1], *[lambda _thing: services.read_on(now=NOW)] * 3)
        assert outcomes == [("done",) * 3]

    assert Entry.objects.count() == 3


def test_a_return_is_an_entry_of_its_own_and_changes_no_other(granted, alice, track):
    claims.return_tracks(opt_out=granted, back=claims.Back(rights=["phonogram"]), by=alice, now=LATER)
    factories.in_register(now=LATER)

    assert kinds(listed("?kind=return")) == ["Return to the stores"]
    entry = Entry.objects.get(kind="return")
    assert "The holder comes back" in listed(f"{entry.public_id}/")
    opt_out = Entry.objects.get(kind="opt_out")
    page = listed(f"{opt_out.public_id}/")
    assert opt_out.state == "granted"
    assert "Tracks came back" in page


def test_a_breach_is_public_once_a_person_confirmed_it_and_names_no_holder(granted, shop, track, rita, label):
    withdrawal = track.withdrawals.get()
    found = ComplianceFinding.objects.create(
        kind="breach",
        licensee=shop,
        report=factories.a_report(shop),
        track=track,
        holder=label,
        withdrawal=withdrawal,
        out_since=withdrawal.start,
        allowed_until=withdrawal.start + timedelta(days=21),
        found_at=LATER,
    )
    factories.in_register(now=LATER)
    assert not Entry.objects.filter(kind="breach").exists()

    claims.confirm_finding(finding=found, by=rita, now=LATER, reason="Secret Label sent us the proof.")
    factories.in_register(now=LATER)

    entry = Entry.objects.get(kind="breach")
    shown = listed(f"{entry.public_id}/")
    assert (entry.state, entry.licensee, entry.number) == ("confirmed", shop, found.public_id)
    assert "Breach by a store" in shown
    assert "Группа крови" in shown
    assert "Secret Label" not in shown
    assert entry.passages.get().part == "reason"
    assert kinds(listed("?kind=breach")) == ["Breach by a store"]
    assert_given_away(entry, "Secret Label")


@pytest.mark.slow
def test_an_appeal_about_an_opt_out_is_public_and_what_it_says_is_not(alice, rita, stranger, label, track):
    case = factories.an_opt_out(alice, label, track, now=NOW)
    case = claims.refuse_opt_out(opt_out=case, reason="No paper.", by=rita, now=NOW)
    appeal = claims.file_appeal(case=case, words="I have a paper.", by=alice, now=LATER)
    stranger.role = "reviewer"
    stranger.save()
    claims.decide_appeal(appeal=appeal, is_reversed=False, reason="There is none.", by=stranger, now=LATER)
    factories.in_register(now=LATER)

    entry = Entry.objects.get(kind="appeal")
    assert (entry.state, entry.number) == ("upheld", appeal.public_id)
    assert Entry.objects.get(kind="decision", number=appeal.public_id).passages.get().part == "reason"
    shown = listed(f"{entry.public_id}/")
    assert "Appeal of the sender" in shown
    assert "I have a paper" not in shown
    assert_given_away(entry, "I have a paper")


def test_a_contest_names_neither_side_and_its_decision_is_an_entry_too(granted, charlie, rita):
    from catalog.models import Withdrawal

    rival = factories.a_holder("Rival Music", owner=charlie)
    factories.a_share(granted.lines.get().track, rival, 10)
    facts = Withdrawal.objects.filter(source=granted.public_id)
    counter = claims.contest_withdrawals(withdrawals=facts, words="We own it.", by=charlie, now=LATER, holder=rival)
    claims.decide_counter_notice(counter=counter, is_accepted=False, reason="The share is smaller.", by=rita, now=LATER)
    factories.in_register(now=LATER)

    assert kinds(listed("?kind=contest")) == ["Contest of another holder"]
    entry = Entry.objects.get(kind="contest")
    page = listed(f"{entry.public_id}/")
    for words in ("Rival Music", "Secret Label", "We own it", "The share is smaller"):
        assert words not in page
    assert (entry.state, entry.number) == ("dismissed", counter.public_id)
    assert "Dismissed" in page
    assert Entry.objects.filter(kind="decision", number=counter.public_id).get().state == "refused"


# The list -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", ["группа", "GRUPPA krov", "kino", "RU-A01-05-00001", "RUA010500001", "{track}"])
def test_titles_artists_and_codes_lead_to_all_entries_of_the_case(granted, track, words):
    assert len(kinds(listed("?q=" + words.format(track=track.public_id)))) == 3


def test_numbers_and_stores_lead_to_their_entries(granted, shop):
    notice = granted.notices.get()

    assert len(kinds(listed(f"?q={granted.public_id.lower()}"))) == 3
    OptOut.objects.filter(pk=granted.pk).update(public_id="OPT-ABCDEFGHJDB")  # a number may have no digit
    assert len(kinds(listed("?q=opt-abcdefghjdb"))) == 3
    assert kinds(listed(f"?q={notice.public_id}")) == ["Notice to a store"]
    assert kinds(listed("?q=allofmp3")) == ["Notice to a store"]
    assert len(kinds(listed(f"?store={shop.code}"))) == 3  # an opt-out from all stores is about this one too
    factories.a_store("Other")
    assert "Nothing in the register fits" in listed("?q=nobody+sings+this")


def test_filters_by_kind_state_and_day(granted):
    assert kinds(listed("?kind=decision")) == ["Decision"]
    assert kinds(listed("?state=granted")) == ["Decision", "Opt-out"]
    assert len(kinds(listed("?start=2007-06-20&end=2007-06-20"))) == 3
    assert kinds(listed("?start=2007-06-21")) == kinds(listed("?end=2007-06-19")) == []
    assert Client().get(reverse("register:entries") + "?start=yesterday").status_code == 422
    assert Client().get(reverse("register:entries") + "?kind=nonsense").status_code == 422
    assert Client().get(reverse("register:entries") + "?after=REG-00000000000").status_code == 404


@pytest.mark.slow
def test_pages_go_on_after_the_last_entry_and_miss_nobody(alice, label, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("register.views.entry.ROWS_PER_PAGE", 5)
    for _ in range(8):  # all at the same moment
        factories.an_opt_out(alice, label, factories.a_track(), now=NOW)
    factories.in_register(now=NOW)

    first = listed()
    further = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = Client().get(further).content.decode()

    seen = re.findall(r"/register/(REG-[0-9A-Z]{11})/", first + second)
    assert (len(seen), len(set(seen))) == (8, 8)
    assert 'rel="next"' not in second
    with django_assert_num_queries(9):
        listed("?kind=opt_out")


def test_the_holder_is_named_only_where_it_asked_for_it(alice, rita, label, granted):
    entry = Entry.objects.get(kind="opt_out")
    assert "Secret Label" not in listed() + listed(f"{entry.public_id}/")

    OptOut.objects.filter(pk=granted.pk).update(is_name_public=True)
    assert "Secret Label" in listed(f"{entry.public_id}/")


# One entry ----------------------------------------------------------------------------------------------------------
def test_a_holder_who_was_named_takes_that_back(alice, bob, label, track, client_of):
    label.members.create(user=bob, role="reader")
    case = factories.an_opt_out(alice, label, track, now=NOW, is_name_public=True)
    entry = factories.in_register(case, now=NOW)
    assert label.name in listed(f"{entry.public_id}/")
    asked = reverse("claims:withdraw_name", args=[case.public_id])
    client_of(bob).post(asked)
    assert label.name in listed(f"{entry.public_id}/")

    client_of(alice).post(asked)
    client_of(alice).post(f"/api/v1/opt-outs/{case.public_id}/withdraw-name/")

    assert label.name not in listed(f"{entry.public_id}/")
    assert [event.by for event in events_of(case) if event.reason_code == "name_withdrawn"] == [alice]


def test_an_entry_keeps_its_address_and_numbers_lead_to_it(granted, track):
    entry = Entry.objects.get(kind="opt_out")

    answer = Client().get(f"/register/{granted.public_id}/")
    page = listed(f"{entry.public_id}/")

    assert (answer.status_code, answer.url) == (302, f"/register/{entry.public_id}/")
    for words in ("Группа крови", "RUA010500001", "from 20 Jun 2007", "Requested", "Granted", "Notice to a store"):
        assert words in page
    assert "alice" not in page.lower()
    assert Client().get("/register/REG-00000000000/").status_code == 404
    assert Client().get("/register/nothing/").status_code == 404


def test_a_notice_says_how_it_is_known_that_a_track_is_gone(granted, store):
    notice = granted.notices.get()
    claims.mark_rows_removed(notice=notice, by=store, now=LATER)
    factories.in_register(now=LATER)

    page = listed(f"{Entry.objects.get(kind='notice').public_id}/")

    assert "The store says so" in page
    assert 'data-status="complied"' in page


def test_the_tracks_of_an_entry_are_paged(alice, rita, label, shop, monkeypatch):
    monkeypatch.setattr("register.views.entry.TRACKS_PER_PAGE", 2)
    tracks = [factories.a_track(f"Song {number}") for number in range(3)]
    claims.grant_opt_out(opt_out=factories.an_opt_out(alice, label, *tracks, now=NOW), by=rita, now=LATER)
    factories.in_register(now=LATER)

    for kind in ("opt_out", "notice"):
        here = f"/register/{Entry.objects.get(kind=kind).public_id}/"
        first = Client().get(here).content.decode()
        further = re.search(r'rel="next" href="([^"]+)"', first)[1]
        second = Client().get(here + further).content.decode()
        assert [f"Song {number}</a>" in first for number in range(3)] == [True, True, False]
        assert [f"Song {number}</a>" in second for number in range(3)] == [False, False, True]


# The same for everybody ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/register/", "/register/feed.atom", "/register/{entry}/"])
def test_pages_are_the_same_for_everybody_and_any_cache_may_keep_them(granted, client_of, alice, path):
    path = path.format(entry=Entry.objects.get(kind="opt_out").public_id)
    client = client_of(alice)
    client.cookies["django_language"] = "ru"

    answer, stranger = client.get(path), Client().get(path)

    assert answer.content == stranger.content
    assert "Cookie" not in answer.get("Vary", "")
    assert "Accept-Language" in answer["Vary"]
    assert not answer.cookies
    assert answer["Cache-Control"] == "public, max-age=60"
    again = Client().get(path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(path, headers={"If-Modified-Since": answer["Last-Modified"]}).status_code == 304


def test_a_change_makes_a_new_page(granted, store):
    before = Client().get("/register/")

    claims.acknowledge_notice(notice=granted.notices.get(), by=store, now=LATER)
    factories.in_register()

    answer = Client().get("/register/", headers={"If-None-Match": before["ETag"]})
    assert answer.status_code == 200
    assert "Acknowledged" in answer.content.decode()


def test_the_language_is_in_the_address_or_what_the_browser_asks_for(granted):
    assert "Реестр отзывов" in listed("?lang=ru")
    assert "Реестр отзывов" in listed(**{"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"})
    assert "Реестр отзывов" not in listed("?lang=en", **{"Accept-Language": "ru"})
    assert "Register of opt-outs" in listed("?lang=xx", **{"Accept-Language": "*"})
    assert f'/register/{Entry.objects.get(kind="opt_out").public_id}/?lang=ru"' in listed("?lang=ru")


def test_the_feed_has_an_item_per_entry_with_the_address_that_stays(granted):
    from xml.etree import ElementTree

    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(listed("?kind=notice", "register:feed"))

    items = root.findall(f"{atom}entry")
    assert [item.find(f"{atom}title").text for item in items] == [
        f"Notice to a store {granted.notices.get().public_id}: Sent"
    ]
    assert items[0].find(f"{atom}id").text.endswith(f"/register/{Entry.objects.get(kind='notice').public_id}/")
    assert "Группа крови" in items[0].find(f"{atom}summary").text
