"""Instalments, refunds, bank lines, screening and the house's bookings as JSON: the pages' services and two persons."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import RightsHolder
from catalog.names import artist_key
from payouts import selectors, services
from payouts.models import HouseBooking, InstalmentPlan, ScreeningCase, StoreRefund
from sales.models import LicenseeMember
from tests.payouts.paying import staff
from tests.payouts.test_instalments import with_credit
from tests.payouts.test_note import assert_sound
from tests.payouts.test_reconciliation import TABLE
from tests.payouts.world import NOW

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def fiona(database):
    return staff("fiona", "finance")


@pytest.fixture
def doors(world, fiona, client_of):
    """What Frank, Fiona and the store's person meet at an address: doors.frank.post("refunds/", {...})."""

    class Door:
        def __init__(self, user, **more):
            self.browser = client_of(user, **more)

        def get(self, address, data=None):
            return self.browser.get(API + address, data)

        def post(self, address, data=None):
            return self.browser.post(API + address, data or {}, content_type="application/json")

    world.frank_door, world.fiona_door, world.store_door = Door(world.frank), Door(fiona), Door(world.store)
    world.late_door = Door(fiona, seconds=3600)
    return world


def test_plan_is_proposed_decided_by_another_and_seen_by_the_store_once_agreed(doors):
    (note,) = services.issue_amounts_due(report=doors.may, now=NOW)
    ask = {"licensee": "allofmp3", "notes": [note.number], "first": "2100-01-31", "count": 3}

    made = doors.frank_door.post("instalment-plans/", ask)

    assert made.status_code == 201, made.content
    plan = f"instalment-plans/{made.json()['id']}/"
    assert [(part["due_date"], part["left"]) for part in made.json()["parts"]] == [
        ("2100-01-31", "10.00000001"),
        ("2100-02-28", "10.00000000"),
        ("2100-03-31", "10.00000000"),
    ]
    agree = {"approve": True}
    assert doors.frank_door.post(f"{plan}decide/", agree).json()["code"] == "not_the_second"
    assert doors.late_door.post(f"{plan}decide/", agree).json()["code"] == "proof_needed"
    assert doors.late_door.get(plan).status_code == 200, "reading needs no proof"
    assert doors.store_door.get(plan).status_code == 404
    assert doors.fiona_door.post(f"{plan}decide/", agree).json()["status"] == "agreed"
    assert doors.fiona_door.post(f"{plan}decide/", agree).status_code == 409
    assert doors.fiona_door.post(f"{plan}end/", {"reason": "x"}).json()["code"] == "nothing_missed"
    assert doors.store_door.get("instalment-plans/").json()["results"][0]["notes"] == [note.number]
    assert doors.frank_door.get("instalment-plans/", {"licensee": "other"}).json()["count"] == 0
    assert doors.frank_door.post("instalment-plans/", ask).json()["code"] == "bad_plan"
    assert doors.store_door.post("instalment-plans/", ask).json()["code"] == "not_finance"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"count": 61}, 400),
        ({"notes": []}, 400),
        ({"notes": ["X-1"]}, 400),
        ({"first": "2007-01-01"}, 422),
        ({"first": "9999-12-01"}, 422),
        ({"licensee": "nobody"}, 400),
    ],
)
def test_plan_that_cannot_be_is_refused_with_the_field_or_the_reason(doors, wrong, status):
    (note,) = services.issue_amounts_due(report=doors.may, now=NOW)
    ask = {"licensee": "allofmp3", "notes": [note.number], "first": "2100-01-31", "count": 3}

    answer = doors.frank_door.post("instalment-plans/", ask | wrong)

    assert answer.status_code == status
    assert answer.json().get("fields") or answer.json()["code"] == "bad_plan"
    assert not InstalmentPlan.objects.exists()


def test_credit_goes_back_by_two_and_not_by_who_acts_for_the_store(doors, fiona):
    with_credit(doors)
    ask = {"licensee": "allofmp3", "amount": "5.00", "currency": "USD", "reason": "Paid twice."}
    assert doors.frank_door.post("refunds/", ask | {"reason": " "}).json()["fields"][0]["name"] == "reason"
    assert doors.frank_door.post("refunds/", ask | {"amount": "5.01"}).json()["code"] == "more_than_credit"

    made = doors.frank_door.post("refunds/", ask).json()

    decide = f"refunds/{made['id']}/decide/"
    assert doors.frank_door.post(decide, {"approve": True}).json()["code"] == "not_the_second"
    assert doors.late_door.post(decide, {"approve": True}).json()["code"] == "proof_needed"
    acts = LicenseeMember.objects.create(licensee=doors.licensee, user=fiona)
    assert doors.fiona_door.post(decide, {"approve": True}).json()["code"] == "own_store"
    acts.delete()
    assert doors.fiona_door.post(decide, {"approve": True}).json()["status"] == "approved"
    assert doors.fiona_door.post(decide, {"approve": False}).status_code == 409
    assert selectors.unallocated(doors.licensee, "USD").amount == 0
    assert (
        doors.frank_door.get(f"refunds/{made['id']}/").json() == doors.frank_door.get("refunds/").json()["results"][0]
    )
    assert doors.store_door.get("refunds/").status_code == 404
    assert StoreRefund.objects.get().decided_by == fiona
    assert_sound()


def test_lines_of_the_bank_are_explained_entered_and_set_aside(doors):
    file = services.take_payments_table(
        content=(TABLE + "2007-06-21;Somebody;1.00;USD;G-1;gift\n").encode(), by=doors.frank, now=NOW
    ).file.public_id
    fee = {"kind": "interest", "amount": "0.75", "currency": "USD", "day": "2007-07-01", "reference": "I-1"}
    booked = doors.frank_door.post("house-bookings/", fee).json()
    assert [row["number"] for row in doors.frank_door.get("bank-lines/").json()["results"]] == [2, 3, 1], "oldest first"
    assert doors.frank_door.get("open-entries/").json()["results"][0]["number"] == booked["id"]

    line = f"bank-files/{file}/lines/"
    assert doors.frank_door.post(f"{line}3/explain/", {"number": booked["id"]}).json()["code"] == "entry_differs"
    explained = doors.frank_door.post(f"{line}1/explain/", {"number": booked["id"].lower()}).json()
    entered = doors.frank_door.post(f"{line}2/enter/", {"licensee": "allofmp3", "reports": [doors.june.public_id]})
    passed = doors.frank_door.post(f"{line}3/pass/", {"reason": "A gift."}).json()

    assert (explained["outcome"], explained["explains"]) == ("explained", booked["id"])
    assert entered.json()["allocations"][0]["report"] == doors.june.public_id
    assert passed["outcome"] == "passed"
    assert doors.frank_door.post(f"{line}1/explain/", {"number": booked["id"]}).json()["code"] == "line_done"
    assert doors.frank_door.get("bank-lines/").json()["count"] == 0
    assert doors.frank_door.get("bank-lines/", {"show": "explained"}).json()["count"] == 3
    assert doors.frank_door.get(f"{line}2/").json()["explains"] == entered.json()["id"]
    assert doors.frank_door.get("open-entries/").json()["count"] == 0
    for address in ("bank-lines/", "open-entries/", f"{line}1/"):
        assert doors.store_door.get(address).status_code == 404
    assert doors.store_door.post(f"{line}1/pass/", {"reason": "x"}).status_code == 404


def test_editions_and_what_screening_found(doors):
    RightsHolder.objects.filter(pk=doors.label.pk).update(name_key=artist_key(doors.label.name))

    def upload(text):
        file = SimpleUploadedFile("l.csv", text.encode())
        return doors.frank_door.browser.post(f"{API}sanctions-lists/", {"name": "EU", "file": file})

    first = upload("number;name\nEU.1;Severnyy Veter\n").json()
    second = upload("number;name\nEU.7;Nobody Known\n").json()

    listed = doors.frank_door.get("sanctions-lists/").json()["results"]
    assert [(row["edition"], row["in_force"]) for row in listed] == [(2, True), (1, False)]
    assert upload("number;name\nEU.1;Severnyy Veter\n").json() == first | {"in_force": False}
    assert upload("\0").json()["code"] == "bad_sanctions_list"
    choose = f"sanctions-lists/{first['id']}/choose/"
    assert doors.late_door.post(choose).json()["code"] == "proof_needed"
    assert doors.fiona_door.post(choose).json() == first
    assert doors.frank_door.get(f"sanctions-lists/{second['id']}/").json()["in_force"] is False

    (case,) = doors.frank_door.get("screening-cases/", {"status": "open"}).json()["results"]
    assert (case["holder"], case["name"]) == (doors.label.public_id, "Severnyy Veter")
    decide = f"screening-cases/{case['id']}/decide/"
    assert doors.frank_door.post(decide, {"same": False}).json()["fields"][0]["name"] == "reason"
    done = doors.frank_door.post(decide, {"same": False, "reason": "Born elsewhere."}).json()
    assert done["status"] == "cleared"
    assert doors.frank_door.post(decide, {"same": True, "reason": "x"}).status_code == 409
    assert doors.frank_door.get(f"screening-cases/{case['id']}/").json() == done
    assert ScreeningCase.objects.get().decided_by == doors.frank
    for address in ("sanctions-lists/", "screening-cases/", f"screening-cases/{case['id']}/"):
        assert doors.store_door.get(address).status_code == 404


def test_booking_of_the_house_is_entered_once(doors):
    fee = {"kind": "bank_charge", "amount": "2.50", "currency": "USD", "day": "2007-06-30", "reference": "F-1"}

    made = doors.frank_door.post("house-bookings/", fee)

    assert made.status_code == 201
    assert doors.frank_door.post("house-bookings/", fee).json() == made.json()
    assert doors.frank_door.post("house-bookings/", fee | {"amount": "3"}).json()["code"] == "booking_known"
    assert (
        doors.frank_door.post("house-bookings/", fee | {"amount": "0", "reference": "F-2"}).json()["code"]
        == "bad_booking"
    )
    assert doors.frank_door.get("house-bookings/").json()["results"] == [made.json()]
    assert doors.frank_door.get(f"house-bookings/{made.json()['id']}/").json() == made.json()
    assert doors.store_door.get(f"house-bookings/{made.json()['id']}/").status_code == 404
    booked = HouseBooking.objects.get()
    assert (booked.amount, booked.day) == (Decimal("2.50"), date(2007, 6, 30))


@pytest.mark.slow
def test_lists_take_a_fixed_number_of_queries(doors, django_assert_max_num_queries):
    for report in (doors.may, doors.june):
        (note,) = services.issue_amounts_due(report=report, now=NOW)
        ask = {"licensee": "allofmp3", "notes": [note.number], "first": "2100-01-31", "count": 3}
        assert doors.frank_door.post("instalment-plans/", ask).status_code == 201

    with django_assert_max_num_queries(12):
        assert doors.frank_door.get("instalment-plans/").json()["count"] == 2
