"""Runs of the distribution a person orders: counted, approved by another, posted once, however often they are tried."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from claims import selectors as claims
from claims import services as cases
from claims.models import DistributionRun, PlannedRun, PlannedTotal
from core.workflow import MovedMeanwhile, MoveNotAllowed
from ledger.models import Entry
from tests import factories
from tests.lockstep import both
from tests.payouts.history import posted
from tests.payouts.paying import NOW, staff

D = Decimal
MAY = date(2007, 5, 1)


class World:
    """Two tracks sold in May; Alice's label has 60 % of one master from before, nothing was distributed yet."""

    def __init__(self, alice, frank):
        self.alice, self.frank, self.sue = alice, frank, staff("sue", "supervisor")
        self.label = factories.a_holder("Label", owner=alice)
        self.store, self.other = factories.a_licensee(), factories.a_licensee()
        self.tracks = [factories.a_track() for _ in range(3)]
        factories.a_share(self.tracks[0], self.label, 60)
        factories.a_share(self.tracks[2], self.label, 100)
        posted(self.store, MAY, [(self.tracks[0], "RU", D("10.00000001")), (self.tracks[1], "RU", D(7))])
        posted(self.other, MAY, [(self.tracks[2], "RU", D(2))])

    def counted(self, licensee=None, tracks=500):
        run = cases.order_run(licensee=licensee, by=self.frank, now=NOW)
        while cases.count_run(run_id=run.pk, now=NOW, tracks=tracks):
            pass
        run.refresh_from_db()
        return run


@pytest.fixture
def world(db, alice, frank):
    return World(alice, frank)


def totals(run):
    return {(row.owner, row.place, row.currency): row.counted for row in claims.run_totals(run)}


def posted_totals(run):
    return {(row.owner, row.place, row.currency): row.posted for row in claims.run_totals(run)}


def test_counting_tells_every_holder_s_total_and_posts_nothing(world):
    before = Entry.objects.count()

    run = world.counted()

    assert run.status == "counted"
    assert run.tracks_counted == 3
    mine = (D("5.00000001") * 60 / 100).quantize(D("1e-8")) + 1  # of 5.00000001 and of 1
    owner = f"holder:{world.label.pk}"
    assert set(totals(run)) == {("", "unclaimed", "USD"), (owner, "payable", "USD")}
    assert totals(run)[owner, "payable", "USD"] == mine
    assert sum(totals(run).values()) == 0, "what enters one place leaves another"
    assert Entry.objects.count() == before


def test_posting_is_what_was_counted_and_a_second_run_finds_nothing(world):
    run = world.counted()
    expected = totals(run)

    cases.approve_run(run=run, by=world.sue, now=NOW)

    run.refresh_from_db()
    assert posted_totals(run) == expected == totals(run)
    assert DistributionRun.objects.get(cause="run", object_id=run.pk).finished_at is not None
    assert totals(world.counted()) == {}


def test_run_of_one_store_leaves_the_others_alone(world):
    run = world.counted(world.other)

    assert run.tracks_counted == 1
    assert totals(run) == {(f"holder:{world.label.pk}", "payable", "USD"): D(1), ("", "unclaimed", "USD"): D(-1)}


def test_counting_in_batches_killed_and_repeated_comes_to_the_same(world, monkeypatch):
    whole = totals(world.counted())
    monkeypatch.setattr("claims.services.planned_run.hurry", lambda *args, **kwargs: None)
    run = cases.order_run(licensee=None, by=world.frank, now=NOW)
    assert cases.count_run(run_id=run.pk, now=NOW, tracks=1)
    monkeypatch.setattr("claims.services.planned_run._add", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cases.count_run(run_id=run.pk, now=NOW, tracks=1)
    monkeypatch.undo()

    assert cases.counting_runs() == [run.pk], "the sweep finds it"
    while cases.count_run(run_id=run.pk, now=NOW, tracks=1):
        pass

    assert totals(run) == whole
    assert not cases.count_run(run_id=run.pk, now=NOW), "counted once, not again"
    assert totals(run) == whole


def test_change_since_the_count_is_posted_along_and_shown_beside(world):
    run = world.counted(world.store)
    factories.a_share(world.tracks[1], world.label, 100)

    cases.approve_run(run=run, by=world.sue, now=NOW)

    run.refresh_from_db()
    owner = f"holder:{world.label.pk}"
    assert posted_totals(run)[owner, "payable", "USD"] == totals(run)[owner, "payable", "USD"] + D("3.5")


def test_nobody_approves_an_own_run_and_only_the_money_office_orders(world, rita):
    run = world.counted()

    with pytest.raises(cases.OrderedThemselves):
        cases.approve_run(run=run, by=world.frank, now=NOW)
    for person in (world.alice, rita):
        with pytest.raises(cases.NotMoneyOffice):
            cases.order_run(licensee=None, by=person, now=NOW)
        with pytest.raises(cases.NotMoneyOffice):
            cases.approve_run(run=run, by=person, now=NOW)
    with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
        PlannedRun.objects.filter(pk=run.pk).update(status="approved", approved_by=world.frank, approved_at=NOW)


def test_run_moves_along_its_life_only(world):
    run = world.counted()
    cases.discard_run(run=run, by=world.frank, now=NOW)

    with pytest.raises(MoveNotAllowed):
        cases.approve_run(run=PlannedRun.objects.get(pk=run.pk), by=world.sue, now=NOW)
    stale = world.counted()
    again = PlannedRun.objects.get(pk=stale.pk)
    cases.approve_run(run=stale, by=world.sue, now=NOW)
    with pytest.raises(MovedMeanwhile):
        cases.approve_run(run=again, by=world.sue, now=NOW)


def test_two_approving_at_once_post_once(committed_db):
    from tests.conftest import person

    frank = person("frank")
    frank.role = "finance"
    frank.save()
    world = World(person("alice"), frank)
    tom = staff("tom", "finance")
    run = world.counted()
    expected = totals(run)

    outcomes = both(
        [run.pk],
        lambda pk: cases.approve_run(run=PlannedRun.objects.get(pk=pk), by=world.sue, now=NOW),
        lambda pk: cases.approve_run(run=PlannedRun.objects.get(pk=pk), by=tom, now=NOW),
    )

    assert sorted(outcomes[0])[-1] == "done"
    assert [outcome for outcome in outcomes[0] if outcome == "done"] == ["done"]
    posting = DistributionRun.objects.get(cause="run")
    both([posting.pk] * 2, *[lambda pk: cases.continue_run(run_id=pk, now=NOW)] * 2)
    assert posted_totals(PlannedRun.objects.get(pk=run.pk)) == expected


def test_pages_lead_from_the_order_to_the_posting(world, client_of, stranger):
    frank, sue = client_of(world.frank), client_of(world.sue)

    made = frank.post("/finance/runs/", {"licensee": ""})

    page = frank.get(made.url).content.decode()
    assert "Label" in page
    assert "another person must approve" in page
    assert client_of(stranger).get(made.url).status_code == 404
    frank.post(f"{made.url}decide/", {"decision": "approve"})
    assert PlannedRun.objects.get().status == "counted"
    assert sue.post(f"{made.url}decide/", {"decision": "approve"}).status_code == 302
    assert PlannedRun.objects.get().status == "approved"
    run = PlannedRun.objects.get()
    amount = posted_totals(run)[f"holder:{world.label.pk}", "payable", "USD"]
    assert page.count(f'value="{amount:f}"') >= 1
    assert sue.get(made.url).content.decode().count(f'value="{amount:f}"') >= 2
    assert run.public_id in sue.get("/finance/runs/").content.decode()


def test_page_of_a_run_costs_the_same_for_many_holders(world, client_of, django_assert_max_num_queries):
    run = world.counted()
    browser = client_of(world.frank)
    holders = [factories.a_holder(f"Holder {number}") for number in range(60)]
    PlannedTotal.objects.bulk_create(
        PlannedTotal(run=run, owner=f"holder:{holder.pk}", place="payable", currency="USD", amount=number + 1)
        for number, holder in enumerate(holders)
    )

    with django_assert_max_num_queries(16):
        page = browser.get(f"/finance/runs/{run.public_id}/").content.decode()

    assert page.count("Holder ") == 49, "fifty rows, the first of nobody"


def test_run_over_json_is_the_same_run(world, client_of):
    frank, sue = client_of(world.frank), client_of(world.sue)

    made = frank.post("/api/v1/distribution-runs/", {"licensee": world.other.code}, content_type="application/json")

    assert (made.status_code, made.json()["status"]) == (201, "counted")
    address = f"/api/v1/distribution-runs/{made.json()['id']}/"
    rows = frank.get(address).json()["results"]
    assert [(row["holder"], row["counted"]) for row in rows] == [
        (None, "-1.00000000"),
        (world.label.public_id, "1.00000000"),
    ]
    assert frank.post(f"{address}approve/").status_code == 403
    assert sue.post(f"{address}approve/").json()["status"] == "approved"
    assert {row["posted"] for row in sue.get(address).json()["results"]} == {"1.00000000", "-1.00000000"}
    assert [row["id"] for row in sue.get("/api/v1/distribution-runs/").json()["results"]] == [made.json()["id"]]
