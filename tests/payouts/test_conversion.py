"""The bank changes money otherwise than was noted: told by one, booked by another, the difference is the house's."""

from datetime import date
from decimal import ROUND_DOWN, Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.workflow import MoveNotAllowed
from ledger import recipes
from ledger import selectors as ledger_facts
from ledger import services as ledger
from ledger.verify import verify
from payouts import selectors, services
from payouts.models import Conversion, ConversionPart
from payouts.selectors import OpenEntries
from roms_portal.management.commands.verify_ledger import FURTHER
from sales.models import LicenseeMember
from tests.payouts.paying import staff
from tests.payouts.test_payment_currency import DAY, pay
from tests.payouts.world import NOW, posted_report

pytestmark = pytest.mark.django_db
D = Decimal
LATER = NOW.replace(month=8)
CHANGED_ON = date(2007, 7, 25)


@pytest.fixture
def fiona(database):
    return staff("fiona", "finance")


@pytest.fixture
def euros(world):
    """25 euros came; 21.69... of them count for the 30.00000001 dollars of May."""
    return pay(world, "25.00", world.may)


def sold_of(*remittances, currency="EUR"):
    return services.up_to_coin(sum((one.changed for one in remittances), D(0)), currency)


def propose(world, *remittances, **more):
    asked = {"sold": sold_of(*remittances), "bought": D("29.90"), "day": CHANGED_ON, "reference": "FX-1"}
    return services.propose_conversion(
        **asked | {"remittances": list(remittances), "by": world.frank, "now": LATER} | more
    )


def decide(made, by, **more):
    return services.decide_conversion(conversion=made, **{"approve": True, "by": by, "now": LATER} | more)


def balance(place, currency):
    return ledger_facts.balance(place, currency).amount


def assert_sound():
    report = verify(further=FURTHER)
    assert report.ok, report.checks[-1]


def test_what_the_bank_gave_less_is_the_loss_of_the_house_once_another_has_booked_it(world, euros, fiona, client_of):
    browser, page = client_of(world.frank), reverse("payouts:conversions")
    form = {"remittances": [euros.public_id], "sold": f"{sold_of(euros)}", "bought": "29.90"}
    form |= {"day": "2007-07-25", "reference": "FX-1"}
    assert euros.public_id in browser.get(page).text
    assert browser.post(page, form | {"sold": "25.00"}).status_code == 422

    assert browser.post(page, form).status_code == 302

    made = Conversion.objects.get()
    address = reverse("payouts:decide_conversion", args=[made.public_id])
    browser.post(address, {"decision": "approve"})
    assert balance("bank", "USD") == 0, "not by who entered it"
    assert [duty.waiting for duty in selectors.duties_of(fiona) if duty.code == "conversion"] == [1]
    client_of(fiona).post(address, {"decision": "approve"})

    made.refresh_from_db()
    assert (made.status, made.decided_by) == ("approved", fiona)
    assert (balance("fx_difference", "EUR"), balance("fx_difference", "USD")) == (0, 0)
    assert (balance("bank", "EUR"), balance("bank", "USD")) == (25 - made.sold, D("29.90"))
    assert balance("exchange_result", "USD") == D("0.10000001")
    assert balance("exchange_result", "EUR") == made.sold - euros.changed
    assert not selectors.open_exchanges_for(world.frank).exists()
    assert made.public_id in browser.get(page).text
    assert "Loss by exchange" in browser.get(reverse("payouts:house")).text
    assert client_of(world.store).get(page).status_code == 404
    assert_sound()


def test_conversion_over_json_is_told_by_one_and_booked_by_another(world, euros, fiona, client_of):
    frank, second = client_of(world.frank), client_of(fiona)
    (waiting,) = frank.get("/api/v1/open-exchanges/").json()["results"]
    assert (waiting["id"], waiting["changed"]) == (euros.public_id, f"{euros.changed}")
    ask = {"remittances": [euros.public_id], "sold": f"{sold_of(euros)}", "bought": "30.10"}
    ask |= {"day": "2007-07-25", "reference": "FX-1"}

    made = frank.post("/api/v1/conversions/", ask, content_type="application/json")

    assert made.status_code == 201, made.content
    said, decide_at = {"approve": True}, f"/api/v1/conversions/{made.json()['id']}/decide/"
    assert frank.post(decide_at, said, content_type="application/json").json()["code"] == "not_the_second"
    stale = client_of(fiona, seconds=3600)
    assert stale.post(decide_at, said, content_type="application/json").json()["code"] == "proof_needed"
    assert second.post(decide_at, said, content_type="application/json").json()["status"] == "approved"
    assert second.post(decide_at, said, content_type="application/json").status_code == 409
    assert frank.get("/api/v1/conversions/").json()["results"][0]["remittances"] == [euros.public_id]
    assert frank.get("/api/v1/open-exchanges/").json()["count"] == 0
    assert client_of(world.store).get("/api/v1/conversions/").status_code == 404
    assert balance("exchange_result", "USD") == D("30.00000001") - D("30.10"), "a gain is below zero"


@pytest.mark.slow
def test_conversion_that_cannot_be_is_refused(world, euros, fiona):
    dollars = pay(world, "1.00", world.june, reference="2", currency="USD", paid_in="")
    pounds = pay(world, "1.00", world.june, reference="3", currency="GBP")
    for wrong in (
        {"sold": sold_of(euros) + D("0.01")},
        {"sold": sold_of(euros) - D("0.02")},
        {"bought": D(0)},
        {"bought": D("29.901")},
        {"reference": " "},
        {"day": date(2007, 7, 20)},
        {"day": date(2030, 1, 1)},
        {"remittances": []},
        {"remittances": [dollars]},
        {"remittances": [euros, pounds]},
    ):
        with pytest.raises(services.BadConversion):
            propose(world, euros, **wrong)
    with pytest.raises(services.NotFinance):
        propose(world, euros, by=world.store)
    made = propose(world, euros)
    assert propose(world, euros, reference=" fx-1 ") == made
    with pytest.raises(services.BadConversion, match="entered before"):
        propose(world, euros, bought=D(30))
    with pytest.raises(services.BadConversion, match="another conversion"):
        propose(world, euros, reference="FX-2")
    with pytest.raises(services.NotTheSecond):
        decide(made, world.frank)
    acts = LicenseeMember.objects.create(licensee=world.licensee, user=fiona)
    with pytest.raises(services.OwnStore):
        decide(made, fiona)
    acts.delete()
    decide(made, fiona, approve=False)
    assert balance("bank", "USD") == 1, "only the dollars"
    again = propose(world, euros)
    decide(again, fiona)
    with pytest.raises(MoveNotAllowed):
        decide(again, fiona, approve=False)
    for change in ({"sold": 1}, {"day": DAY}, {"reference": "x"}):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Conversion.objects.filter(pk=again.pk).update(**change)
    with pytest.raises(IntegrityError, match="one_conversion"), transaction.atomic():
        ConversionPart.objects.filter(conversion=made).update(freed_at=None)
    assert_sound()


@pytest.mark.slow
def test_both_lines_of_the_bank_explain_the_conversion_each_its_side(world, euros, fiona):
    made = decide(propose(world, euros), fiona)
    table = (
        "Date;Payer;Amount;Currency;Reference;Text\n"
        "2007-07-25;Bank;29.90;USD;FX-1;bought\n"
        "2007-07-25;Bank;29.90;USD;FX-2;bought again\n"
    )
    first, second = services.take_payments_table(content=table.encode(), by=world.frank, now=LATER).file.lines.order_by(
        "number"
    )
    assert [(entry.number, entry.amount) for entry in OpenEntries()[0:9] if entry.number == made.public_id] == [
        (made.public_id, -made.sold),
        (made.public_id, D("29.90")),
    ]

    services.explain_bank_line(line=first, number=made.public_id, by=world.frank, now=LATER)

    assert [entry.amount for entry in OpenEntries()[0:9] if entry.number == made.public_id] == [-made.sold]
    with pytest.raises(services.EntryDiffers, match="Another line"):
        services.explain_bank_line(line=second, number=made.public_id, by=world.frank, now=LATER)
    (line,) = selectors.bank_lines_for(world.frank, only_open=False)
    assert selectors.explained_by(line) == made.public_id


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "lines", "named"),
    [
        ("conversion:{}:1", recipes.conversion(sold=("EUR", D(1)), bought=("USD", D(1))), "bank EUR shows"),
        ("exchange_result:{}:1", recipes.exchange_result([("USD", D(1))]), "exchange_result USD shows 1.10000001"),
        (
            "exchange:nobody:{}",
            recipes.exchange(licensee_id=1, paid=("GBP", D(1)), worth=("USD", D(2))),
            "fx_difference GBP shows -1",
        ),
    ],
)
def test_verify_names_what_the_ledger_has_and_no_document(world, euros, fiona, key, lines, named):
    made = decide(propose(world, euros), fiona)
    kind = key.split(":")[0]
    ledger.post_entry(kind=kind, idempotency_key=key.format(made.public_id), event_at=LATER, postings=lines)

    report = verify(further=FURTHER)

    assert named in report.checks[-1].fault


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.decimals(min_value="0.50", max_value="40", places=2), min_size=1, max_size=4),
    bought=st.decimals(min_value="0.01", max_value="200", places=2),
    down=st.booleans(),
)
def test_whatever_the_bank_gives_nothing_stays_open_and_the_whole_is_kept(world, fiona, amounts, bought, down):
    class Undone(Exception):
        pass

    try:
        with transaction.atomic():
            report = posted_report(world.licensee, date(2007, 4, 1), {(world.star, "work"): D(300)})
            paid = [pay(world, amount, report, reference=f"P{n}") for n, amount in enumerate(amounts)]
            noted = selectors.noted_of(paid)
            whole = noted.changed.quantize(D("0.01"), rounding=ROUND_DOWN) if down else sold_of(*paid)
            open_too = pay(world, "2.00", world.may, reference="open")
            made = decide(propose(world, *paid, sold=whole, bought=bought), fiona)
            assert made.status == "approved"
            assert balance("fx_difference", "EUR") == -open_too.changed
            assert balance("fx_difference", "USD") == open_too.worth
            assert balance("exchange_result", "USD") == noted.worth - bought
            assert balance("exchange_result", "EUR") == whole - noted.changed
            assert balance("bank", "USD") == bought
            assert_sound()
            raise Undone
    except Undone:
        pass
