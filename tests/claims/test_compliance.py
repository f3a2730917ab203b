"""Every posted report is held against the withdrawals: what is a breach, what is asked about, what is neither."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal as D
from io import BytesIO

import pytest
from django.utils import timezone

from catalog.territories import resolve
from claims import selectors, services, tasks
from claims.models import CaseMail, ComplianceCheck, ComplianceFinding, StoreMessage
from sales import services as sales
from tests import factories

pytestmark = pytest.mark.django_db
OUT = date(2007, 7, 1)
NOW = datetime(2007, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def shop(store):
    """A store with ten days to take a track out."""
    return factories.a_licensee("allofmp3", member=store)


@pytest.fixture
def label(alice, bob):
    """Alice's label; bob reads."""
    return factories.a_holder("Example Label", owner=alice, reader=bob)


@pytest.fixture
def track():
    """A track with an ISRC."""
    return factories.a_track("Zvezda", isrc="RUA010500001")


def sold(shop, track, month, **line):
    """A report of one line about a track."""
    said = {"DspResourceId": "Z", "Title": track.title, "DisplayArtistName": track.artist, "UsagePeriod": month}
    said |= {"ISRC": track.isrcs.get().isrc, "Usages": 100}
    return factories.a_report(shop, factories.flat_lines(said | line))


def check(report, now=NOW):
    """Check one report as the task does."""
    return services.check_report(report_id=report.pk, now=now)


def found(**by):
    """The findings as (kind, units, royalty)."""
    rows = ComplianceFinding.objects.filter(**by).order_by("pk")
    return [(one.kind, one.units, f"{one.royalty.normalize():f}") for one in rows]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("month", "kind"),
    [("2007-06", None), ("2007-07", "unclear"), ("2007-08", "breach"), ("2007-06-01--2007-06-30", None)],
)
def test_only_a_whole_period_after_the_stores_time_is_a_breach(shop, label, track, month, kind):
    factories.a_withdrawal(track, label, start=OUT)

    check(sold(shop, track, month))

    assert [row[0] for row in found()] == ([kind] if kind else [])
    if kind:
        one = ComplianceFinding.objects.get()
        assert (one.out_since, one.allowed_until, one.royalty) == (OUT, date(2007, 7, 11), D("0.75"))
        assert one.status == ("asked" if kind == "unclear" else "open")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("terms", "kind"),
    [
        ({"territories": ("RU",)}, None),
        ({"territories": ("US", "RU")}, "breach"),
        ({"end": date(2007, 8, 1)}, None),
        ({"end": date(2007, 8, 15)}, "unclear"),
        ({"licensee_ids": [0]}, None),
        ({"start": date(2007, 7, 22)}, "breach"),
        ({"start": date(2007, 7, 23)}, "unclear"),
        ({"start": date(2007, 9, 1)}, None),
    ],
)
def test_territory_store_and_both_bounds_count(shop, label, track, terms, kind):
    terms = {"start": OUT} | terms
    if "territories" in terms:
        terms["territories"] = resolve(terms["territories"])
    factories.a_withdrawal(track, label, **terms)

    check(sold(shop, track, "2007-08"))

    assert [row[0] for row in found()] == ([kind] if kind else [])


def test_a_sale_without_territory_is_unclear_unless_the_track_is_out_everywhere(shop, label, track):
    other = factories.a_track("Reka", isrc="RUA010500002")
    factories.a_withdrawal(track, label, start=OUT, territories=resolve(("RU",)))
    factories.a_withdrawal(other, label, start=OUT)

    lines = [
        {"DspResourceId": str(n), "Title": one.title, "DisplayArtistName": one.artist, "ISRC": one.isrcs.get().isrc}
        for n, one in enumerate((track, other))
    ]
    report = factories.a_report(shop, factories.flat_lines(*lines, month="2007-08"))
    report.sales.update(territory="")

    check(report)

    assert sorted(row[0] for row in found()) == ["breach", "unclear"]


def test_a_song_that_is_out_takes_every_track_along_and_rights_are_summed_once(shop, label, track):
    work = factories.a_work("Zvezda", track)
    factories.a_withdrawal(work, label, start=OUT)
    factories.a_withdrawal(track, label, start=OUT)
    factories.a_withdrawal(track, label, start=OUT, right="performance")

    check(sold(shop, track, "2007-08"))

    one = ComplianceFinding.objects.get()
    assert one.rights == ["performance", "phonogram", "work"]
    assert (one.units, one.royalty) == (100, D("1.5"))


@pytest.mark.slow
def test_lines_with_days_say_what_was_sold_when_so_nobody_is_asked(shop, label, track):
    factories.a_withdrawal(track, label, start=date(2007, 7, 5))
    line = {"DspResourceId": "Z", "Title": "Zvezda", "DisplayArtistName": "Kino", "ISRC": "RUA010500001"}
    days = [line | {"UsagePeriod": "", "SaleDate": f"2007-07-{day}", "Usages": n} for day, n in (("02", 1), ("08", 2))]
    late = [line | {"UsagePeriod": "", "SaleDate": f"2007-07-{day}", "Usages": n} for day, n in (("15", 3), ("20", 4))]

    check(factories.a_report(shop, factories.flat_lines(*days, *late, month="2007-07")))

    one = ComplianceFinding.objects.get()
    assert (one.kind, one.units, one.line_count, one.royalty) == ("breach", 7, 2, D("0.0525"))
    assert one.use_start == date(2007, 7, 15)


@pytest.mark.slow
def test_days_within_the_stores_time_are_no_finding(shop, label, track):
    factories.a_withdrawal(track, label, start=date(2007, 7, 5))
    line = {"DspResourceId": "Z", "Title": "Zvezda", "DisplayArtistName": "Kino", "ISRC": "RUA010500001"}
    line |= {"UsagePeriod": "", "SaleDate": "2007-07-14", "Usages": 1}

    check(factories.a_report(shop, factories.flat_lines(line)))

    assert found() == []


@pytest.mark.slow
def test_a_period_cut_by_days_only_stays_unclear(shop, label, track):
    factories.a_withdrawal(track, label, start=date(2007, 7, 2))
    factories.a_share(track, label, start=date(2007, 7, 20))
    report = sold(shop, track, "2007-07")
    assert report.sales.filter(cut_by="days").count() > 1

    check(report)

    ((kind, units, _royalty),) = found()
    assert (kind, units) == ("unclear", 100)


def test_the_sweep_finds_reports_without_a_check_and_twice_changes_nothing(shop, label, track):
    report = sold(shop, track, "2007-08")
    factories.a_withdrawal(track, label, start=OUT)
    ComplianceCheck.objects.all().delete()
    assert selectors.reports_to_check() == [report.pk]

    tasks.sweep_compliance()
    tasks.sweep_compliance()

    assert selectors.reports_to_check() == []
    assert ComplianceCheck.objects.get().report == report
    assert len(found()) == 1
    assert StoreMessage.objects.filter(kind=StoreMessage.Kind.FOUND_IN_REPORT, channel="workspace").count() == 1


@pytest.mark.slow
def test_the_deadline_of_the_notice_counts_where_the_store_got_one(shop, label, track, alice, rita):
    told = datetime(2007, 7, 20, 12, tzinfo=UTC)
    case = factories.an_opt_out(alice, label, track, now=told)
    services.grant_opt_out(opt_out=case, by=rita, now=told)

    check(sold(shop, track, "2007-08"))

    one = ComplianceFinding.objects.get()
    assert (one.kind, one.out_since, one.allowed_until) == ("breach", date(2007, 7, 20), date(2007, 7, 31))


@pytest.mark.slow
def test_a_late_match_is_checked_again(shop, label, rita):
    report = factories.a_report(
        shop, factories.flat_lines({"DspResourceId": "77", "Title": "Unknown thing", "Usages": 5}, month="2007-08")
    )
    check(report)
    track = factories.a_track("Zvezda")
    factories.a_withdrawal(track, label, start=OUT)
    key = report.sales.get().store_key
    assert found() == []

    services.decide_keys(
        choices=[services.Choice(key, services.Act.MATCH, (track.public_id,))], by=rita, now=timezone.now()
    )
    assert selectors.reports_to_check() == [report.pk]
    tasks.sweep_compliance()

    assert [row[:2] for row in found()] == [("breach", 5)]


def test_the_same_recording_under_another_id_or_spelling_is_proposed_not_accused(shop, label, track, store):
    factories.a_withdrawal(track, label, start=OUT)
    twin = factories.a_track("Звезда (live)", "Кино", isrc="RUA010500001")
    lines = [
        {"DspResourceId": "1", "Title": "Zvezda (Remix)", "DisplayArtistName": "Kino", "Usages": 5},
        {"DspResourceId": "2", "Title": twin.title, "DisplayArtistName": twin.artist, "Usages": 6},
        {"DspResourceId": "3", "Title": "Something else", "DisplayArtistName": "Nobody", "Usages": 7},
    ]
    report = factories.a_report(shop, factories.flat_lines(*lines, month="2007-08"))

    check(report)

    suspects = ComplianceFinding.objects.filter(kind="suspected").order_by("store_key__key")
    assert [one.store_key.key for one in suspects] == ["1", "2"]
    assert {one.track for one in suspects} == {track}
    assert not selectors.findings_for(store).exists()


def test_a_replaced_report_ends_its_findings(shop, label, track):
    factories.a_withdrawal(track, label, start=OUT)
    report = sold(shop, track, "2007-08")
    check(report)
    type(report).objects.filter(pk=report.pk).update(status="superseded")

    assert services.follow_superseded(now=NOW) == 1
    assert ComplianceFinding.objects.get().status == "superseded"


def test_a_list_that_has_the_track_again_raises_an_alarm_once_and_opens_the_row(
    shop, label, track, alice, rita, store, client_of
):
    factories.a_store_key(track, shop, "4417")
    told = datetime(2007, 7, 1, 12, tzinfo=UTC)
    case = factories.an_opt_out(alice, label, track, now=told)
    services.grant_opt_out(opt_out=case, by=rita, now=told)
    notice = case.notices.get()
    services.mark_rows_removed(notice=notice, by=store, now=told)
    listing = b"TrackId;Title;Artist\n4417;Zvezda;Kino\n"
    snapshot = sales.receive_snapshot(
        licensee=shop, stream=BytesIO(listing), name="l.csv", taken_date=date(2007, 8, 1), by=store, now=NOW
    )
    sales.read_snapshot(snapshot_id=snapshot.pk, now=NOW)

    assert services.sweep_lists(now=NOW) == 1
    assert services.sweep_lists(now=NOW) == 0

    one = ComplianceFinding.objects.get()
    notice.refresh_from_db()
    assert (one.kind, one.snapshot, notice.status) == ("listed", snapshot, "overdue")
    assert notice.rows.get().state == "overdue"
    assert "In the catalogue again" in client_of(alice).get(f"/compliance/{one.public_id}/").content.decode()


@pytest.mark.slow
def test_the_store_answers_a_person_decides_and_the_holder_is_told(
    shop, label, track, alice, rita, store, bob, stranger, client_of
):
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    told = datetime(2007, 7, 1, 12, tzinfo=UTC)
    case = factories.an_opt_out(alice, label, track, now=told)
    services.grant_opt_out(opt_out=case, by=rita, now=told)
    check(sold(shop, track, "2007-07"))
    check(sold(shop, track, "2007-08"))
    unclear, breach = ComplianceFinding.objects.order_by("kind").reverse()
    for run in services.plan_due_runs(now=NOW):
        services.continue_run(run_id=run, now=NOW)

    assert [mail.user for mail in CaseMail.objects.filter(topic="breach_found")] == [alice]
    shopkeeper = client_of(store)
    page = shopkeeper.get(f"/compliance/{unclear.public_id}/").content.decode()
    assert "how many of them were sold" in page
    assert shopkeeper.post(f"/compliance/{unclear.public_id}/answer/", {"units_after": "101"}).status_code == 422
    done = shopkeeper.post(
        f"/api/v1/compliance-findings/{unclear.public_id}/answer/",
        json.dumps({"units_after": 60, "words": "Our log."}),
        "application/json",
    )
    assert (done.status_code, done.json()["status"], done.json()["units_after"]) == (200, "answered", 60)

    reviewer = client_of(rita)
    assert (
        reviewer.post(f"/compliance/{breach.public_id}/decide/", {"outcome": "confirm", "text": ""}).status_code == 422
    )
    reviewer.post(f"/compliance/{breach.public_id}/decide/", {"outcome": "confirm", "text": "Sold in August."})
    reviewer.post(f"/compliance/{unclear.public_id}/decide/", {"outcome": "clear", "text": "The store's word."})
    breach.refresh_from_db()
    unclear.refresh_from_db()
    notice = case.notices.get()
    assert (breach.status, unclear.status, notice.status) == ("confirmed", "cleared", "breached")
    assert notice.rows.get().state == "breached"

    page = client_of(alice).get(f"/compliance/{breach.public_id}/").content.decode()
    assert "Kept apart for the holder" in page
    assert "report.tsv" in page
    table = b"".join(client_of(bob).get("/compliance/breaches.csv?kind=breach")).decode()
    assert breach.public_id in table
    assert unclear.public_id not in table
    assert client_of(stranger).get(f"/compliance/{breach.public_id}/").status_code == 404
    assert b"FND" not in b"".join(client_of(stranger).get("/compliance/breaches.csv"))


def test_nobody_decides_on_their_own_store_or_holder(shop, label, track, rita):
    from sales.models import LicenseeMember

    factories.a_withdrawal(track, label, start=OUT)
    check(sold(shop, track, "2007-08"))
    LicenseeMember.objects.create(licensee=shop, user=rita)

    with pytest.raises(services.DecidesOwnCase):
        services.confirm_finding(finding=ComplianceFinding.objects.get(), by=rita, now=NOW, reason="So it is.")
