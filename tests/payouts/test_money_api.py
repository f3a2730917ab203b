"""Balances, statements, notes and payments as JSON."""

import pytest

from payouts import selectors, services
from payouts.formats.statement_csv import as_csv, digest
from tests.payouts.world import NOW

pytestmark = pytest.mark.django_db


def test_statement_is_exact_and_paged(world, client_of):
    query = {"holder": world.label.public_id, "start": "2007-01-01", "end": "2008-01-01", "page_size": 1}

    body = client_of(world.bob).get("/api/v1/statements/", query).json()

    assert body["count"] == 2
    assert [movement["amount"] for movement in body["movements"]] == ["10.00000001"]
    assert [row["amount"] for row in body["closing"]] == ["3.33333333", "10.00000001"]
    assert "page=2" in body["next"]
    facts = selectors.statement_facts(
        holder=world.label, start=NOW.date().replace(month=1, day=1), end=NOW.date().replace(year=2008, month=1, day=1)
    )
    assert body["sha256"] == digest(as_csv(facts))


def test_statement_without_period_covers_everything(world, client_of):
    body = client_of(world.alice).get("/api/v1/statements/", {"holder": world.label.public_id}).json()

    assert len(body["movements"]) == 2


@pytest.mark.parametrize("period", [{"start": "x"}, {"start": "2007-02-01", "end": "2007-01-01"}])
def test_statement_names_a_bad_period(world, client_of, period):
    response = client_of(world.alice).get("/api/v1/statements/", {"holder": world.label.public_id} | period)

    assert response.status_code == 400
    assert response.json()["fields"]


def test_balances_keep_received_and_waiting_apart(world, client_of):
    body = client_of(world.alice).get("/api/v1/balances/", {"holder": world.label.public_id}).json()

    assert {row["place"]: (row["amount"], row["received"], row["waiting"]) for row in body} == {
        "payable": ("10.00000001", "0.00000000", "10.00000001"),
        "held": ("3.33333333", "0.00000000", "3.33333333"),
    }


@pytest.mark.parametrize("address", ["statements", "balances"])
def test_holder_of_somebody_else_is_404(world, client_of, address):
    for person in (world.stranger, world.store):
        response = client_of(person).get(f"/api/v1/{address}/", {"holder": world.label.public_id})
        assert response.status_code == 404
        assert response.json()["code"] == "not_found"
    assert client_of(world.alice).get(f"/api/v1/{address}/").status_code == 404


def test_notes_are_for_finance_and_the_store(world, client_of):
    services.issue_amounts_due(report=world.may, now=NOW)

    for person in (world.frank, world.store):
        (row,) = client_of(person).get("/api/v1/amounts-due/").json()["results"]
        assert (row["number"], row["payable"], row["outstanding"]) == ("ALLOFMP3-00001", "30.01000000", "30.00000001")
    assert client_of(world.alice).get("/api/v1/amounts-due/").status_code == 404


def test_finance_records_a_payment_once(world, client_of):
    payment = {
        "licensee": "allofmp3",
        "payer": "Xrost",
        "amount": "30.01",
        "currency": "USD",
        "received_date": "2007-07-20",
        "reference": "XR-1",
        "allocations": [{"report": world.may.public_id}],
    }
    browser = client_of(world.frank)

    first = browser.post("/api/v1/remittances/", payment, content_type="application/json")
    again = browser.post("/api/v1/remittances/", payment, content_type="application/json")
    other = browser.post("/api/v1/remittances/", payment | {"amount": "31"}, content_type="application/json")

    assert first.status_code == 201
    assert first.json()["allocations"] == [
        {"report": world.may.public_id, "amount": "30.00000001", "vat": "0.00000000"}
    ]
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (409, "remittance_known")
    assert len(browser.get("/api/v1/remittances/").json()["results"]) == 1


def test_only_finance_records_a_payment(world, client_of):
    payment = {
        "licensee": "allofmp3", "payer": "x", "amount": "1", "currency": "USD", "received_date": "2007-07-20",
        "reference": "r",
    }  # fmt: skip

    store = client_of(world.store).post("/api/v1/remittances/", payment, content_type="application/json")

    assert (store.status_code, store.json()["code"]) == (403, "not_finance")
    for licensee in ("allofmp3", "nobody"):  # the answer does not tell which stores there are
        probe = client_of(world.store).post(
            "/api/v1/remittances/", {"licensee": licensee}, content_type="application/json"
        )
        assert probe.json()["code"] == "not_finance"
    assert client_of(world.alice).post("/api/v1/remittances/", payment).status_code == 404


def test_payout_goes_through_the_json_doors(world, client_of, alice):
    from tests.conftest import person

    fiona = person("fiona")
    fiona.role = "finance"
    fiona.save(update_fields=["role"])
    services.issue_amounts_due(report=world.may, now=NOW)
    frank, second = client_of(world.frank), client_of(fiona)
    paid = {"licensee": "allofmp3", "payer": "Xrost", "amount": "30.01", "currency": "USD", "reference": "XR-1"}
    paid |= {"received_date": "2007-07-20", "allocations": [{"report": world.may.public_id}]}
    frank.post("/api/v1/remittances/", paid, content_type="application/json")

    made = frank.post("/api/v1/payout-batches/", {"currency": "USD"}, content_type="application/json").json()

    assert [(row["status"], row["payments"]) for row in made["sums"]] == [("left_out", 1)]
    approve = f"/api/v1/payout-batches/{made['id']}/approve/"
    assert frank.post(approve).json()["code"] == "not_the_second"
    assert client_of(fiona, seconds=3600).post(approve).json()["code"] == "proof_needed"
    assert second.post(approve).json()["status"] == "approved"
    assert second.post(approve).status_code == 409
    assert len(frank.get("/api/v1/payout-batches/").json()["results"]) == 1
    assert client_of(alice).get("/api/v1/payments/", {"holder": world.label.public_id}).json()["results"] == []
    assert client_of(alice).get("/api/v1/payees/", {"holder": world.label.public_id}).json() == []
