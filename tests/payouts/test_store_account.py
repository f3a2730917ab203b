"""What a store owes and pays: imported money, ageing, late fees, write-offs by two, and the list for a court."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from core.money import Money
from ledger import selectors as ledger_facts
from payouts import selectors, services
from payouts.models import BankLine, LateFeeRule, WriteOff
from tests.payouts.paying import staff
from tests.payouts.test_note import text_of
from tests.payouts.world import NOW

pytestmark = pytest.mark.django_db
D = Decimal
TABLE = (
    "Date;Payer;Amount;Currency;Reference;Text\n"
    "2007-07-20;Xrost;18.00;USD;XR-1;ROMS allofmp3-00001, thank you\n"
    "2007-07-21;Somebody;5.00;USD;XR-2;gift\n"
)


@pytest.fixture
def fiona(database):
    return staff("fiona", "finance")


@pytest.fixture
def noted(world):
    """Both reports have their notes: 30.00000001 and 3.33333333 USD, due on 1 August 2007."""
    for report in (world.may, world.june):
        services.issue_amounts_due(report=report, now=NOW)
    return world


def imported(world, table=TABLE):
    return services.take_payments_table(content=table.encode(), by=world.frank, now=NOW)


def enter(world, line, *reports):
    return services.enter_bank_line(line=line, licensee=world.licensee, reports=reports, by=world.frank, now=NOW)


def give_up(world, by, reason="The store is insolvent."):
    return services.propose_write_off(report=world.may, currency="USD", reason=reason, by=by, now=NOW)


def test_table_is_taken_once_and_its_money_entered_by_a_person(noted):
    file = imported(noted).file
    assert not imported(noted).is_new
    first, second = file.lines.order_by("number")
    assert [note.number for note in selectors.notes_named(first.text)] == ["ALLOFMP3-00001"]

    remittance = enter(noted, first, noted.may)

    assert (remittance.payer, remittance.amount) == ("Xrost", D(18))
    assert enter(noted, first, noted.may) == remittance, "entered again, the first payment stands"
    assert selectors.outstanding([noted.may.pk])[noted.may.pk, "USD"] == D("12.00000001")
    with pytest.raises(services.ReasonMissing):
        services.pass_bank_line(line=second, reason="", by=noted.frank, now=NOW)
    services.pass_bank_line(line=second, reason="Not ours.", by=noted.frank, now=NOW)
    with pytest.raises(services.LineDone):
        enter(noted, second)
    assert ledger_facts.balance("bank", "USD") == Money(D(18), "USD")


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda t: t.replace("2007-07-21", "21.07.2007"), "row 3, date"),
        (lambda t: t.replace("5.00", "five"), "row 3, amount"),
        (lambda t: t.replace("5.00", "-5.00"), "row 3, amount"),
        (lambda t: t.replace("5.00", "5.0001"), "row 3, amount"),
        (lambda t: t.replace("18.00;USD", "18.00;US$"), "row 2, currency"),
        (lambda t: t.replace("XR-2", ""), "row 3"),
        (lambda t: t.replace("Currency", "Cur"), "currency"),
        (lambda t: "", "missing"),
        (lambda t: t + "\0", "no text"),
    ],
)
def test_table_that_cannot_be_read_leaves_no_trace(world, spoil, where):
    with pytest.raises(services.BadBankAnswer, match=where):
        imported(world, spoil(TABLE))
    assert not BankLine.objects.exists()


def test_debt_grows_old_and_the_rule_says_what_that_costs(noted):
    LateFeeRule.objects.create(licensee=noted.licensee, start=date(2007, 1, 1), percent_per_year=D(10), grace_days=5)
    LateFeeRule.objects.create(licensee=noted.licensee, start=date(2007, 9, 1), percent_per_year=D(20), grace_days=5)
    enter(noted, imported(noted).file.lines.get(number=1), noted.may)

    (row,) = selectors.ageing(noted.licensee, date(2007, 9, 10))

    assert row.total == D("15.33333334")
    assert row.ages == (0, 0, row.total, 0, 0), "40 days late"
    by_hand = sum(
        (due * (D(10) * 26 + D(20) * 9) / D(36500)).quantize(D("1e-8"), "ROUND_DOWN")
        for due in (D("12.00000001"), D("3.33333333"))
    )
    assert row.fee == by_hand
    (early,) = selectors.ageing(noted.licensee, date(2007, 8, 1))
    assert (early.ages[0], early.fee) == (row.total, 0)


def test_account_of_a_store_comes_to_what_it_owes(noted, fiona):
    enter(noted, imported(noted).file.lines.get(number=1), noted.may)
    services.decide_write_off(write_off=give_up(noted, noted.frank), approve=True, by=fiona, now=NOW)

    bookings = selectors.account_of(noted.licensee)

    assert [(row.what, row.amount) for row in bookings] == [
        ("note", D("30.00000001")),
        ("note", D("3.33333333")),
        ("write_off", D("-12.00000001")),
        ("payment", D(-18)),
    ]
    assert bookings[-1].balance == D("3.33333333")


def test_write_off_needs_two_and_makes_nothing_received(noted, fiona):
    proposed = give_up(noted, noted.frank)
    assert give_up(noted, fiona) == proposed
    with pytest.raises(services.NotTheSecond):
        services.decide_write_off(write_off=proposed, approve=True, by=noted.frank, now=NOW)
    with pytest.raises(IntegrityError, match="decided_by_another"), transaction.atomic():
        WriteOff.objects.filter(pk=proposed.pk).update(decided_by=noted.frank)

    services.decide_write_off(write_off=proposed, approve=True, by=fiona, now=NOW)

    assert selectors.outstanding([noted.may.pk])[noted.may.pk, "USD"] == 0
    bands = {band.place: (band.received, band.waiting) for band in selectors.bands(noted.label)}
    assert bands["payable"] == (D(0), D("10.00000001"))
    with pytest.raises(services.NothingDue):
        give_up(noted, noted.frank)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        WriteOff.objects.filter(pk=proposed.pk).update(amount=D(1))


def test_write_off_of_more_than_is_still_due_is_refused(noted, fiona):
    proposed = give_up(noted, noted.frank)
    enter(noted, imported(noted).file.lines.get(number=1), noted.may)

    with pytest.raises(services.MoreThanDue):
        services.decide_write_off(write_off=proposed, approve=True, by=fiona, now=NOW)
    proposed.refresh_from_db()
    assert (proposed.status, proposed.decided_by) == ("proposed", None)


def test_nobody_writes_off_for_a_store_of_their_own(noted, fiona):
    from sales.models import LicenseeMember

    LicenseeMember.objects.create(licensee=noted.licensee, user=noted.frank)

    with pytest.raises(services.OwnStore):
        give_up(noted, noted.frank)


def test_bankrupt_store_leaves_a_list_for_the_court(noted, fiona, client_of):
    """40 % of May is never paid: the claimant is paid 60 %, and the list says who is owed the rest."""
    enter(noted, imported(noted).file.lines.get(number=1), noted.may)
    services.decide_write_off(write_off=give_up(noted, noted.frank), approve=True, by=fiona, now=NOW)

    content = client_of(noted.frank).get("/finance/stores/allofmp3/unpaid.csv").content.decode()

    rows = list(csv.DictReader(io.StringIO(content)))
    note = next(row for row in rows if row["number"] == "ALLOFMP3-00001")
    assert (note["received"], note["written_off"], note["unpaid"]) == ("18.00000000", "12.00000001", "0.00000000")
    owners = {row["number"]: (D(row["received"]), D(row["unpaid"])) for row in rows if row["row"] == "owner"}
    sixty = (D("10.00000001") * 18 / D("30.00000001")).quantize(D("1e-8"), "ROUND_DOWN")
    assert owners[noted.label.public_id] == (sixty, D("13.33333334") - sixty)
    assert sum(unpaid for _, unpaid in owners.values()) - D("15.33333334") < D("1e-7")
    (free,) = selectors.free_parts("USD", [f"holder:{noted.label.pk}"]).values()
    assert sum(part.amount for part in free) == sixty


def test_pages_show_a_store_its_own_account_and_finance_its_tools(noted, fiona, client_of, store, stranger):
    address = "/finance/stores/allofmp3/"
    mine = client_of(store).get(address).content.decode()
    assert "ALLOFMP3-00001" in mine
    assert "write-off" not in mine
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(store).get(f"{address}unpaid.csv").status_code == 404

    client_of(noted.frank).post(f"{address}ALLOFMP3-00001/write-off/", {"reason": "Insolvent."})
    made = WriteOff.objects.get()
    assert made.public_id in client_of(fiona).get(address).content.decode()
    client_of(fiona).post(f"/finance/write-offs/{made.public_id}/decide/", {"decision": "approve"})
    made.refresh_from_db()
    assert made.status == "approved"


def test_imported_line_is_entered_on_the_page(noted, client_of):
    browser = client_of(noted.frank)
    file = io.BytesIO(TABLE.encode())
    file.name = "payments.csv"
    answer = browser.post("/finance/bank-files/", {"file": file}, follow=True)
    assert "ALLOFMP3-00001" in answer.content.decode(), "the note named in the text is offered"
    line = BankLine.objects.get(number=1)

    browser.post(f"/finance/bank-lines/{line.pk}/enter/", {"licensee": noted.licensee.pk, "notes": "ALLOFMP3-00001"})

    line.refresh_from_db()
    assert (line.outcome, line.remittance.amount) == ("entered", D(18))


def test_account_is_a_paper_and_a_table_with_the_store_s_name_and_its_ageing(noted, fiona, client_of):
    enter(noted, imported(noted).file.lines.get(number=1), noted.may)
    LateFeeRule.objects.create(licensee=noted.licensee, start=date(2007, 1, 1), percent_per_year=D(10))
    address = ["payouts:store_account_file", "allofmp3"]

    table = client_of(noted.store).get(reverse(address[0], args=[address[1], "csv"]))
    paper = client_of(noted.store).get(reverse(address[0], args=[address[1], "pdf"]) + "?lang=ru")

    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert [(row["what"], row["amount"], row["balance"]) for row in rows[:3]] == [
        ("note", "30.00000001", "30.00000001"),
        ("note", "3.33333333", "33.33333334"),
        ("payment", "-18.00000000", "15.33333334"),
    ]
    assert {row["what"]: row["amount"] for row in rows[3:]}["late_more"] == "15.33333334"
    text = text_of(paper.content)
    for words in ("AllofMP3", "ALLOFMP3-00001", "−18,00 USD", "15,33333334 USD", "Выписка по счёту", "По правилу"):
        assert words in text, words
    assert client_of(noted.stranger).get(reverse(address[0], args=[address[1], "pdf"])).status_code == 404
