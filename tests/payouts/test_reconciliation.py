"""Books and bank line by line: what explains what, what is open on either side and for how long."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from core.money import Money
from payouts import selectors, services
from payouts.models import BankLine
from payouts.selectors import OpenEntries
from tests.payouts.bank_files import camt, pain002
from tests.payouts.paying import sent, staff, take
from tests.payouts.test_instalments import propose, with_credit
from tests.payouts.test_note import pay
from tests.payouts.world import NOW

pytestmark = pytest.mark.django_db
D = Decimal
TABLE = (
    "Date;Payer;Amount;Currency;Reference;Text\n"
    "2007-07-01;Bank;0.75;USD;I-1;interest\n"
    "2007-06-20;AllofMP3;5.00;USD;C-1;twice\n"
)


@pytest.fixture
def lines(world):
    """Two lines of the bank: its interest, and money of the store that was entered by hand before."""
    file = services.take_payments_table(content=TABLE.encode(), by=world.frank, now=NOW).file
    return file.lines.order_by("number")


def interest(world, amount="0.75"):
    money = Money(D(amount), "USD")
    return services.book_house(
        kind="interest", amount=money, day=date(2007, 7, 1), reference=amount, by=world.frank, now=NOW
    )


def explain(world, line, number):
    return services.explain_bank_line(line=line, number=number, by=world.frank, now=NOW)


def test_lines_and_entries_are_open_until_a_person_says_which_explains_which(world, lines, client_of):
    made = interest(world)
    with_credit(world)
    browser, page = client_of(world.frank), reverse("payouts:reconciliation")
    before = browser.get(page).text
    assert before.index("twice") < before.index("interest"), "the oldest first"
    assert made.public_id in before, "an entry that no line explains"

    browser.post(reverse("payouts:explain_bank_line", args=[lines[0].pk]), {"number": made.public_id.lower()})
    browser.post(reverse("payouts:explain_bank_line", args=[lines[1].pk]), {"number": "REM-NOSUCHTHING"})

    lines[0].refresh_from_db()
    assert [(line.outcome, line.booking) for line in BankLine.objects.order_by("number")] == [
        ("explained", made),
        ("waiting", None),
    ]
    after = browser.get(page).text
    assert made.public_id not in after
    assert made.public_id in browser.get(f"{page}?show=explained").text
    assert [entry.amount for entry in OpenEntries()[0:9]] == [5]
    assert client_of(world.store).get(page).status_code == 404


@pytest.mark.slow
def test_a_line_explains_one_entry_of_the_same_money_and_no_other_does(world, lines):
    other = interest(world, "0.74")
    with_credit(world)
    with pytest.raises(services.EntryDiffers, match=r"the line 0\.75"):
        explain(world, lines[0], other.public_id)
    with pytest.raises(services.NotFinance):
        services.explain_bank_line(line=lines[0], number=other.public_id, by=world.store, now=NOW)
    paid = world.licensee.remittances.get()
    assert explain(world, lines[1], paid.public_id).outcome == "entered"
    with pytest.raises(services.LineDone):
        explain(world, lines[1], paid.public_id)
    again = services.take_payments_table(content=(TABLE + "\n").encode(), by=world.frank, now=NOW).file.lines
    with pytest.raises(services.EntryDiffers, match="Another line explains"):
        explain(world, again.get(number=2), paid.public_id)
    for wrong in ({"outcome": "explained"}, {"booking": other}):
        with pytest.raises(IntegrityError, match="explains_one_thing"), transaction.atomic():
            BankLine.objects.filter(pk=lines[0].pk).update(**wrong)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        BankLine.objects.filter(pk=lines[0].pk).update(amount=1)


@pytest.mark.slow
def test_payments_to_holders_and_refunds_are_open_until_the_bank_tells(paid_world):
    batch, payment = sent(paid_world)
    take(paid_world, pain002(batch, [(payment, "ACSC", "")]))
    pay(paid_world.licensee, "5.00", paid_world.june, paid_world.frank, "2")
    services.decide_refund(refund=propose(paid_world, "1.00"), approve=True, by=staff("fiona", "finance"), now=NOW)

    open_entries = list(OpenEntries()[0:9])
    assert ("refund", D(-1)) in [(entry.kind, entry.amount) for entry in open_entries]
    assert [entry.number[:3] for entry in open_entries].count("REM") == 2
    assert payment.public_id in [entry.number for entry in open_entries], "an answer to the order is no line"

    take(paid_world, camt(53, [(payment, -1)], number="D-1"))

    assert payment.public_id not in [entry.number for entry in OpenEntries()[0:9]]
    (line,) = selectors.bank_lines_for(paid_world.frank, only_open=False)
    assert (line.outcome, selectors.explained_by(line)) == ("known", payment.public_id)
