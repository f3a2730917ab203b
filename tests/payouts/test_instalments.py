"""Stores pay in parts as agreed by two persons; what they paid too much goes back by two."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from payouts import selectors, services
from payouts.models import InstalmentNote, InstalmentPart, InstalmentPlan, LateFeeRule, StoreRefund
from payouts.services import Allocation
from sales.models import LicenseeMember
from tests.payouts.paying import staff
from tests.payouts.test_note import assert_sound, pay
from tests.payouts.world import NOW

pytestmark = pytest.mark.django_db
D = Decimal
DAYS = [date(2007, 8, 1), date(2007, 9, 1), date(2007, 10, 1)]


@pytest.fixture
def fiona(database):
    return staff("fiona", "finance")


@pytest.fixture
def noted(world):
    """Both reports have their notes: 30.00000001 and 3.33333333 USD, due on 1 August 2007."""
    world.notes = [services.issue_amounts_due(report=report, now=NOW)[0] for report in (world.may, world.june)]
    return world


def proposed(noted, amounts=("12.00", "12.00", "9.34"), **more):
    parts = list(zip(DAYS, map(D, amounts), strict=True))
    asked = {"licensee": noted.licensee, "notes": noted.notes, "parts": parts, "by": noted.frank, "now": NOW} | more
    return services.propose_plan(**asked)


def agreed(noted, by):
    return services.decide_plan(plan=proposed(noted), agree=True, by=by, now=NOW)


def test_plan_is_proposed_by_one_agreed_by_another_and_shown_to_the_store(noted, fiona, client_of):
    browser = client_of(noted.frank)
    form = {"notes": [note.number for note in noted.notes], "first": "2100-01-31", "count": 3}
    browser.post(reverse("payouts:propose_plan", args=["allofmp3"]), form)
    plan = InstalmentPlan.objects.get()
    assert [(part.due_date, part.amount) for part in plan.parts.order_by("due_date")] == [
        (date(2100, 1, 31), D("11.12")),
        (date(2100, 2, 28), D("11.11")),
        (date(2100, 3, 31), D("11.11")),
    ]
    address = reverse("payouts:decide_plan", args=[plan.public_id])
    browser.post(address, {"decision": "agree"})
    plan.refresh_from_db()
    assert plan.status == "proposed", "not by who proposed it"
    assert plan.public_id not in client_of(noted.store).get(reverse("payouts:store_account", args=["allofmp3"])).text

    client_of(fiona).post(address, {"decision": "agree"})

    plan.refresh_from_db()
    assert (plan.status, plan.decided_by) == ("agreed", fiona)
    assert plan.public_id in client_of(noted.store).get(reverse("payouts:store_account", args=["allofmp3"])).text
    assert client_of(noted.store).post(address, {"decision": "end"}).status_code == 404


@pytest.mark.slow
def test_payments_count_for_the_oldest_part_and_ageing_and_fee_follow_the_plan(noted, fiona):
    LateFeeRule.objects.create(licensee=noted.licensee, start=date(2007, 1, 1), percent_per_year=D(10))
    plan = agreed(noted, fiona)
    pay(noted.licensee, "13.00", noted.may, noted.frank)

    parts = selectors.parts_of_plan(plan, date(2007, 9, 11))

    assert [(part.left, part.is_missed) for part in parts] == [(0, False), (D("10.99333334"), True), (D("9.34"), False)]
    (row,) = selectors.ageing(noted.licensee, date(2007, 9, 11))
    assert row.ages == (D("9.34"), D("10.99333334"), 0, 0, 0)
    assert row.fee == (D("10.99333334") * 10 * 10 / D(36500)).quantize(D("1e-8"), "ROUND_DOWN")
    assert row.total == D("20.33333334")
    assert_sound()


@pytest.mark.slow
def test_a_missed_part_ends_a_plan_only_by_a_person_with_a_reason(noted, fiona):
    plan = agreed(noted, fiona)

    with pytest.raises(services.NothingMissed):
        services.end_plan(plan=plan, reason="Late.", by=fiona, now=NOW)
    late = NOW + timedelta(days=60)
    (row,) = selectors.ageing(noted.licensee, late.date())
    assert row.ages[:2] == (D("21.34"), D("11.99333334")), "no clock has ended it"
    with pytest.raises(services.ReasonMissing):
        services.end_plan(plan=plan, reason=" ", by=fiona, now=late)
    services.end_plan(plan=plan, reason="The first part never came.", by=fiona, now=late)

    (row,) = selectors.ageing(noted.licensee, late.date())
    assert row.ages == (0, D("33.33333334"), 0, 0, 0), "30 days since the notes' own day"
    again = [(late.date() + timedelta(days=n), D("16.67")) for n in (1, 2)]
    assert proposed(noted, parts=again, now=late).status == "proposed"


@pytest.mark.slow
def test_plan_that_does_not_add_up_is_refused_and_facts_stay(noted, fiona):
    for wrong in (
        {"amounts": ("12.00", "12.00", "9.33")},
        {"amounts": ("12.00", "12.005", "9.335")},
        {"notes": []},
        {"parts": [(DAYS[0], D("33.34"))]},
        {"parts": [(DAYS[0], D("16.67")), (DAYS[0], D("16.67"))]},
        {"parts": [(date(2007, 1, 1), D("16.67")), (DAYS[0], D("16.67"))]},
    ):
        with pytest.raises(services.BadPlan):
            proposed(noted, **wrong)
    with pytest.raises(services.NotFinance):
        proposed(noted, by=noted.store)
    plan = proposed(noted)
    with pytest.raises(services.BadPlan, match="in another plan"):
        proposed(noted, notes=noted.notes[:1], parts=[(DAYS[0], D(15)), (DAYS[1], D("15.01"))])
    with pytest.raises(IntegrityError, match="one_plan"), transaction.atomic():
        InstalmentNote.objects.create(
            plan=InstalmentPlan.objects.create(
                licensee=noted.licensee, currency="USD", proposed_by=fiona, proposed_at=NOW
            ),
            note=noted.notes[0],
        )
    pay(noted.licensee, "1.00", noted.may, noted.frank)
    with pytest.raises(services.BadPlan, match="is due on these notes"):
        services.decide_plan(plan=plan, agree=True, by=fiona, now=NOW)
    plan.refresh_from_db()
    services.decide_plan(plan=plan, agree=False, by=fiona, now=NOW)
    assert not InstalmentNote.objects.filter(freed_at=None, plan=plan).exists()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        InstalmentPart.objects.filter(plan=plan).update(amount=1)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        InstalmentPlan.objects.filter(pk=plan.pk).update(currency="EUR")
    LicenseeMember.objects.create(licensee=noted.licensee, user=fiona)
    with pytest.raises(services.OwnStore):
        proposed(noted, by=fiona)


@given(
    total=st.decimals(min_value="0.02", max_value="999999", places=2),
    first=st.dates(date(2007, 1, 1), date(2030, 1, 1)),
    count=st.integers(2, 60),
)
def test_equal_parts_come_to_the_whole_on_days_of_their_own(total, first, count):
    parts = services.monthly(Money(total, "USD"), first, count)

    assert sum(amount for _day, amount in parts) == total
    assert max(amount for _day, amount in parts) - min(amount for _day, amount in parts) <= D("0.01")
    days = [day for day, _amount in parts]
    assert days == sorted(set(days))
    assert all(day.day == first.day or (day.day < first.day and (day + timedelta(days=1)).day == 1) for day in days)


# Credit sent back


def with_credit(world):
    """5.00 USD came that no report took."""
    services.record_remittance(
        licensee=world.licensee,
        payer="AllofMP3",
        amount=Money(D("5.00"), "USD"),
        received_date=NOW.date(),
        reference="C-1",
        allocations=list[Allocation](),
        by=world.frank,
        now=NOW,
    )


def propose(world, amount, by=None):
    money = Money(D(amount), "USD")
    return services.propose_refund(
        licensee=world.licensee, amount=money, reason="Paid twice.", by=by or world.frank, now=NOW
    )


def test_credit_is_sent_back_by_two_and_never_more_than_there_is(world, fiona, client_of):
    with_credit(world)
    ask = {"amount": "5.00", "currency": "USD", "reason": "Paid twice."}
    client_of(world.frank).post(reverse("payouts:propose_refund", args=["allofmp3"]), ask)
    made = StoreRefund.objects.get()
    address = reverse("payouts:decide_refund", args=[made.public_id])
    client_of(world.frank).post(address, {"decision": "approve"})
    assert selectors.unallocated(world.licensee, "USD").amount == 5

    client_of(fiona).post(address, {"decision": "approve"})
    client_of(fiona).post(address, {"decision": "approve"})

    made.refresh_from_db()
    assert (made.status, made.decided_by) == ("approved", fiona)
    assert selectors.unallocated(world.licensee, "USD").amount == 0
    assert [(row.what, row.balance) for row in selectors.account_of(world.licensee)][-1] == ("refund", 0)
    with pytest.raises(services.MoreThanCredit):
        propose(world, "0.01")
    assert_sound()


@pytest.mark.slow
def test_refund_of_nothing_of_half_a_coin_or_beside_another_is_refused(world, fiona):
    with_credit(world)
    for amount, error in (("0", "BadRefund"), ("1.005", "BadRefund"), ("5.01", "MoreThanCredit")):
        with pytest.raises(getattr(services, error)):
            propose(world, amount)
    made = propose(world, "3.00")
    assert propose(world, "3.00", fiona) == made
    with pytest.raises(services.BadRefund, match="Another refund waits"):
        propose(world, "2.00")
    with pytest.raises(services.NotTheSecond):
        services.decide_refund(refund=made, approve=True, by=world.frank, now=NOW)
    services.decide_refund(refund=made, approve=False, by=fiona, now=NOW)
    assert selectors.unallocated(world.licensee, "USD").amount == 5
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        StoreRefund.objects.filter(pk=made.pk).update(amount=1)
    LicenseeMember.objects.create(licensee=world.licensee, user=fiona)
    with pytest.raises(services.OwnStore):
        propose(world, "1.00", fiona)
