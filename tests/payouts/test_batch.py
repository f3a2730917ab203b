"""Money leaving the house: who may, what leaves, what the bank answers, and that nothing is paid twice."""

import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from lxml import etree

from catalog import services as catalog
from catalog.models import HolderMember
from claims.models import Decision
from core.money import Money
from ledger import selectors as ledger_facts
from payouts import selectors, services
from payouts.formats import pain001, rates
from payouts.models import Payee, Payment, PayoutBatch, PayoutMinimum
from tests import factories
from tests.payouts.bank_files import camt, pain002
from tests.payouts.paying import (
    DAY,
    DEBTOR,
    NOW,
    approve,
    draft,
    fund,
    left_out,
    places,
    send,
    sent,
    staff,
    state,
    take,
)
from tests.payouts.world import award, posted_report

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def world(paid_world):
    return paid_world


# Drafting -----------------------------------------------------------------------------------------------------------
def test_draft_pays_what_the_store_paid_in_the_payee_s_currency_and_says_the_rate(world):
    payment = draft(world).payments.get()

    assert (payment.available, payment.paid_currency, payment.rate_source) == (D("10.00000001"), "EUR", "ECB")
    assert payment.rate_date == date(2007, 9, 3)
    rate = D(1) / D("1.3632")  # the ECB's dollar of that day
    assert payment.rate == rate.quantize(D("1e-10"))
    assert payment.paid == D("7.33")
    assert payment.gross == payment.net
    assert payment.gross <= payment.available
    assert places(world.label)["payable"] == D("10.00000001"), "a draft posts nothing"


def test_day_without_a_rate_uses_the_last_before_and_says_so(world):
    sunday = datetime(2007, 9, 2, 9, tzinfo=UTC)

    assert draft(world, sunday).payments.get().rate_date == date(2007, 8, 31)


def test_currency_without_a_rate_waits(world, alice, frank):
    holder = factories.a_holder(owner=alice)
    payee = factories.a_payee(holder, by=alice, second=frank, scheme="ru", now=NOW - 30 * DAY)
    assert payee.currency == "RUB"
    award(holder, world.star, "phonogram", world.may, D(5))
    late = datetime(2023, 6, 1, tzinfo=UTC)

    assert left_out(draft(world, late))[holder.public_id] == "no_rate"
    assert rates.rate_on(date(2007, 6, 29), "EUR", "RUB").rate > 30
    with pytest.raises(rates.NoRate):
        rates.rate_on(date(2004, 1, 5), "EUR", "RUB")


def test_only_received_money_is_paid_and_instalments_never_twice(world, alice, frank):
    other = factories.a_holder(owner=alice)
    factories.a_payee(other, by=alice, second=frank, scheme="us", now=NOW - 30 * DAY)
    april = posted_report(world.licensee, date(2007, 4, 1), {(world.star, "phonogram"): D(100)})
    award(other, world.star, "phonogram", april, D(100))
    first = draft(world)
    assert not first.payments.filter(holder=other).exists(), "nothing of it was received"

    services.discard_batch(batch=first, by=frank, now=NOW)
    fund(world.licensee, april, "60", frank)
    batch = draft(world)
    approve(world, batch)
    send(world, batch)
    payment = batch.payments.get(holder=other)
    take(world, pain002(batch, [(payment, "ACSC", "")]))

    assert payment.gross == D(60)
    assert places(other) == {"paid": D(60), "payable": D(40)}
    bands = {band.place: (band.received, band.waiting) for band in selectors.bands(other) if band.amount}
    assert bands == {"paid": (D(60), D(0)), "payable": (D(0), D(40))}, "the rest is the store's debt"
    with pytest.raises(services.NothingToPay):
        draft(world, NOW + DAY, currency="EUR")
    assert not draft(world, NOW + DAY).payments.filter(holder=other).exists(), "asked again, nothing more"


def test_less_than_the_minimum_is_carried_over(world, client_of):
    PayoutMinimum.objects.create(currency="USD", start=date(2000, 1, 1), amount=D(50))

    batch = draft(world)

    assert left_out(batch) == {world.label.public_id: "below_minimum"}
    page = client_of(world.alice).get(f"/money/{world.label.public_id}/").content.decode()
    assert page.count("Less than the smallest amount that is paid") == 1
    assert 'value="50.00000000"' in page
    assert approve(world, batch).status == "approved"
    assert places(world.label)["payable"] == D("10.00000001")


@pytest.mark.parametrize("reason", ["no_payee", "account_changes", "cooling_off", "not_verified", "suspended"])
def test_holder_who_cannot_be_paid_is_left_out_with_the_reason(world, alice, frank, reason):
    holder = factories.a_holder(owner=alice)
    award(holder, world.star, "phonogram", world.may, D(5))
    if reason != "no_payee":
        at = NOW - (3 if reason == "cooling_off" else 30) * DAY
        factories.a_payee(holder, by=alice, second=frank, now=at)
    if reason == "account_changes":
        account = factories.an_account("us")
        services.propose_payee(holder=holder, account=account, currency="USD", by=alice, now=NOW)
    if reason == "not_verified":
        type(holder).objects.filter(pk=holder.pk).update(status="under_review")
    if reason == "suspended":
        services.order_hold(holder=holder, reason="A letter.", by=frank, now=NOW)

    assert left_out(draft(world))[holder.public_id] == reason


def test_only_the_money_office_touches_batches(world, alice, rita):
    batch = draft(world)
    for somebody in (alice, rita):
        with pytest.raises(services.NotFinance):
            services.draft_batch(currency="USD", by=somebody, now=NOW)
        with pytest.raises(services.NotFinance):
            services.approve_batch(batch=batch, by=somebody, now=NOW)


def test_second_draft_pays_nobody_who_is_in_the_first(world):
    draft(world)

    assert left_out(draft(world)) == {world.label.public_id: "being_paid"}


# Approving ----------------------------------------------------------------------------------------------------------
def test_drafter_never_approves_and_the_database_agrees(world):
    batch = draft(world)

    with pytest.raises(services.NotTheSecond):
        services.approve_batch(batch=batch, by=world.frank, now=NOW)
    with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
        PayoutBatch.objects.filter(pk=batch.pk).update(approved_by=world.frank, approved_at=NOW)


def test_neither_a_member_nor_who_decided_the_claim_approves(world, alice):
    tom = staff("tom", "supervisor")
    claim = factories.a_reviewed_claim(alice, world.label, reviewer=tom)
    from claims import services as claims

    claims.reject_claim(claim=claim, reason="identity_unclear", by=tom, now=NOW)
    batch = draft(world)

    with pytest.raises(services.DecidedThemselves):
        services.approve_batch(batch=batch, by=tom, now=NOW)
    HolderMember.objects.create(holder=world.label, user=world.sue, role="reader")
    with pytest.raises(services.OwnHolder):
        approve(world, batch)


def test_who_acts_for_a_holder_drafts_no_payment_to_it(world, client_of, monkeypatch):
    HolderMember.objects.create(holder=world.label, user=world.frank, role="reader")

    with pytest.raises(services.OwnHolder):
        draft(world)
    monkeypatch.setattr(sys.modules["payouts.views.batch"], "timezone", SimpleNamespace(now=lambda: NOW))
    page = client_of(world.frank).post(reverse("payouts:batches"), {"currency": "USD"})

    assert "somebody else must draft" in page.content.decode()
    assert not PayoutBatch.objects.exists()


def test_the_first_of_two_reviewers_and_who_left_the_holder_approve_as_little(world, alice, rita):
    tom, claim = staff("tom", "supervisor"), factories.a_claim(alice, world.label)
    Decision.objects.create(case=claim.public_id, outcome="approved", proposed_by=tom, by=rita, at=NOW)
    HolderMember.objects.create(holder=world.label, user=world.sue, role="reader")
    catalog.remove_member(holder=world.label, user=world.sue, by=alice, now=NOW)
    batch = draft(world)

    with pytest.raises(services.DecidedThemselves):
        services.approve_batch(batch=batch, by=tom, now=NOW)
    with pytest.raises(services.OwnHolder):
        approve(world, batch)
    with pytest.raises(services.OwnHolder):
        services.order_hold(holder=world.label, reason="Why.", by=world.sue, now=NOW)


def test_figures_of_a_payment_never_change(world):
    payment = draft(world).payments.get()

    for change in ({"gross": D(1)}, {"paid": D(99)}, {"payee": None}):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**change)


def test_approved_money_is_on_its_way_and_the_remainder_stays(world):
    batch = draft(world)
    payment = batch.payments.get()
    approve(world, batch)

    assert places(world.label)["in_payout"] == payment.gross
    assert places(world.label)["payable"] == D("10.00000001") - payment.gross


@pytest.mark.parametrize("between", ["drafted", "approved"])
@pytest.mark.parametrize("what", ["suspended", "account_changes", "not_verified"])
def test_holder_stopped_between_draft_and_bank_is_not_paid(world, alice, frank, what, between):
    batch = draft(world)
    payment = batch.payments.get()
    if between == "approved":
        approve(world, batch)
    if what == "suspended":
        services.order_hold(holder=world.label, reason="A letter.", by=frank, now=NOW)
    elif what == "account_changes":
        account = factories.an_account("us")
        services.propose_payee(holder=world.label, account=account, currency="USD", by=alice, now=NOW)
    else:
        type(world.label).objects.filter(pk=world.label.pk).update(status="under_review")

    if between == "drafted":
        approve(world, batch)
    with pytest.raises(services.NothingToPay):
        send(world, batch)
    batch.refresh_from_db()
    services.discard_batch(batch=batch, by=frank, now=NOW)

    payment.refresh_from_db()
    assert payment.status == "dropped"
    assert payment.reason in (what, "discarded")
    assert places(world.label)["payable"] == D("10.00000001")


def test_thief_who_changes_the_account_gets_nothing(world, alice, frank):
    """The account is changed and even confirmed after the batch was approved: the payment goes nowhere."""
    batch = draft(world)
    approve(world, batch)
    account = factories.an_account("us")
    thief = services.propose_payee(holder=world.label, account=account, currency="USD", by=alice, now=NOW)
    services.confirm_payee(payee=thief, by=frank, now=NOW + DAY)

    with pytest.raises(services.NothingToPay):
        send(world, batch, NOW + 2 * DAY)
    services.end_payee(payee=Payee.objects.get(pk=thief.pk), reason="Not us.", by=alice, now=NOW + 3 * DAY)
    batch.refresh_from_db()
    services.discard_batch(batch=batch, by=frank, now=NOW + 3 * DAY)

    again = draft(world, NOW + 3 * DAY).payments.get()
    assert (again.status, again.payee.currency) == ("drafted", "EUR")


def test_less_payable_than_drafted_drops_the_payment(world):
    batch = draft(world)
    true = factories.a_holder()
    move_to(world, true, D("0"), D("5"))

    approve(world, batch)

    payment = batch.payments.get()
    assert (payment.status, payment.reason) == ("dropped", "less_available")


# The bank -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("version", pain001.VERSIONS)
def test_bank_file_fits_its_schema_for_every_kind_of_account(world, alice, frank, version):
    for scheme in ("ru", "us", "gb", "other"):
        holder = factories.a_holder(f"Пример {scheme}", owner=alice)
        award(holder, world.star, "phonogram", world.may, D("4.5"), place="payable")
        currency = {"other": "JPY"}.get(scheme, "EUR")
        factories.a_payee(holder, by=alice, second=frank, scheme=scheme, currency=currency, now=NOW - 30 * DAY)
    batch = draft(world)
    approve(world, batch)
    made = send(world, batch, version=version)

    content = services.bank_file(batch=batch, debtor=DEBTOR, by=frank, now=NOW)

    pain001.check(content, version)
    root = etree.fromstring(content)
    ns = {"p": root.nsmap[None]}
    assert root.findtext(".//p:GrpHdr/p:NbOfTxs", namespaces=ns) == "5"
    assert D(root.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=ns)) == made.control_sum
    amounts = {
        one.findtext("p:PmtId/p:EndToEndId", namespaces=ns): one.find("p:Amt/p:InstdAmt", ns)
        for one in root.iterfind(".//p:CdtTrfTxInf", ns)
    }
    for payment in batch.payments.all():
        found = amounts[payment.public_id]
        assert (D(found.text), found.get("Ccy")) == (payment.paid, payment.paid_currency)
    assert services.bank_file(batch=batch, debtor=DEBTOR, by=frank, now=NOW + DAY) == content
    assert send(world, batch) == made, "sent again, the first file stands"
    other = services.Debtor(name="ROMS", iban="DE89370400440532013000", bic="COBADEFF")
    with pytest.raises(services.FileNotTheSame):
        services.bank_file(batch=batch, debtor=other, by=frank, now=NOW)


def test_paid_by_the_bank_is_paid_for_ever(world):
    batch, payment = sent(world)

    take(world, pain002(batch, [(payment, "ACSC", "")]))

    assert state(payment) == "settled"
    assert PayoutBatch.objects.get().status == "settled"
    assert places(world.label)["paid"] == payment.gross
    assert "in_payout" not in places(world.label)
    assert ledger_facts.balance(f"holder:{world.label.pk}:paid_out", "USD").amount == payment.gross


def test_same_answer_twice_changes_nothing_and_another_under_its_number_is_refused(world):
    batch, payment = sent(world)
    content = pain002(batch, [(payment, "ACSC", "")])
    assert take(world, content).is_new

    assert not take(world, content).is_new
    with pytest.raises(services.BankFileChanged):
        take(world, content.replace(b"ACSC", b"RJCT"))
    take(world, camt(54, [(payment, -1)], number="N-2"))
    assert places(world.label)["paid"] == payment.gross


def test_refused_by_the_bank_is_payable_again_but_not_to_that_account(world):
    batch, payment = sent(world)

    take(world, pain002(batch, [(payment, "RJCT", "AC01")]))

    assert state(payment) == "refused"
    assert PayoutBatch.objects.get().status == "returned"
    assert places(world.label)["payable"] == D("10.00000001")
    assert left_out(draft(world, NOW + DAY)) == {world.label.public_id: "account_failed"}


def test_returned_payment_is_reversed_and_paid_again_to_a_new_account(world, alice, frank):
    _, payment = sent(world)
    take(world, camt(53, [(payment, -1)], number="N-1"))
    assert state(payment) == "settled"

    take(world, camt(54, [(payment, 1)], number="N-2", returned="AC04"))

    assert state(payment) == "returned"
    assert places(world.label)["payable"] == D("10.00000001")
    assert "paid" not in places(world.label)
    assert ledger_facts.balance("bank", "USD") == Money(D("30.01"), "USD")
    assert PayoutBatch.objects.get().status == "returned"
    payee = factories.a_payee
    services.end_payee(payee=Payee.objects.get(), reason="Closed.", by=alice, now=NOW)
    payee(world.label, by=alice, second=frank, scheme="us", now=NOW)
    again = draft(world, NOW + 30 * DAY).payments.get()
    assert (again.status, again.paid, again.paid_currency) == ("drafted", D(10), "USD")


def test_partial_answer_leaves_the_rest_waiting(world, alice, frank):
    other = factories.a_holder(owner=alice)
    award(other, world.star, "phonogram", world.may, D(5))
    factories.a_payee(other, by=alice, second=frank, now=NOW - 30 * DAY)
    batch, payment = sent(world)

    take(world, pain002(batch, [(payment, "ACSC", "")]))

    assert PayoutBatch.objects.get().status == "sent"
    rest = batch.payments.get(holder=other)
    assert rest.status == "sent"
    take(world, pain002(batch, [], status="ACSC", number="S-2"))
    assert state(rest) == "settled"
    assert PayoutBatch.objects.get().status == "settled"


def test_answer_to_another_order_or_with_wrong_totals_leaves_no_trace(world):
    batch, payment = sent(world)
    good = pain002(batch, [(payment, "ACSC", "")])

    for spoilt in (
        good.replace(batch.public_id.encode(), b"BAT-00000000000"),
        good.replace(b"<OrgnlNbOfTxs>1<", b"<OrgnlNbOfTxs>2<"),
        good.replace(f"<OrgnlCtrlSum>{payment.paid:.2f}<".encode(), b"<OrgnlCtrlSum>9999.99<"),
    ):
        with pytest.raises(services.OrderDiffers):
            take(world, spoilt)
    assert not selectors.bank_files_for(world.frank).exists()
    assert state(payment) == "sent"


@pytest.mark.parametrize("content", [b"", b"<Document/>", b"%PDF-1.7", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_what_is_no_bank_file_is_refused(world, content):
    with pytest.raises(services.BadBankAnswer):
        take(world, content)


def test_bookings_that_do_not_come_to_their_sum_are_refused(world):
    _, payment = sent(world)
    good = camt(54, [(payment, -1), (payment, -1)], number="N-1", one_booking=True)

    with pytest.raises(services.BadBankAnswer, match="come to"):
        take(world, good.replace(f">{payment.paid * 2:f}<".encode(), b">1.00<"))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda p: {"amount": p.paid + 1}, "amount_differs"),
        (lambda p: {"amount": p.paid + D("0.001")}, "amount_differs"),
        (lambda p: {"currency": "USD"}, "amount_differs"),
        (lambda p: {"end_to_end": "PMT-00000000000"}, "unknown_payment"),
    ],
)
def test_line_that_does_not_fit_to_the_cent_waits_for_a_person(world, spoil, reason):
    _, payment = sent(world)

    taken = take(world, camt(54, [(payment, -1)], number="N-1", **spoil(payment)))

    (line,) = taken.file.lines.all()
    assert (line.outcome, line.reason) == ("waiting", reason)
    assert state(payment) == "sent"


def test_money_returned_before_it_left_waits_for_a_person(world):
    _, payment = sent(world)

    taken = take(world, camt(54, [(payment, 1)], number="N-1", returned="AC04"))

    assert taken.file.lines.get().reason == "state_differs"


def test_what_the_bank_took_for_the_exchange_stands_apart(world):
    _, payment = sent(world)

    take(world, camt(53, [(payment, -1)], number="N-1", booked=payment.net + D("0.02")))

    assert state(payment) == "settled"
    assert ledger_facts.balance("exchange_result", "USD").amount == D("0.02")
    assert ledger_facts.balance("bank", "USD").amount == D("30.01") - payment.net - D("0.02")


# Overpaid -----------------------------------------------------------------------------------------------------------
def test_true_owner_appears_after_payout(world, alice, charlie, frank):
    """What was paid to the wrong one is recoverable, set off in part only, and the true owner is paid in full."""
    batch, payment = sent(world)
    take(world, pain002(batch, [(payment, "ACSC", "")]))
    true = factories.a_holder("True owner", owner=charlie)
    factories.a_payee(true, by=charlie, second=frank, scheme="us", now=NOW - 30 * DAY)
    move_to(world, true, payment.gross, D("10.00000001"))
    assert places(world.label)["recoverable"] == -payment.gross
    july = posted_report(world.licensee, date(2007, 7, 1), {(world.star, "phonogram"): D(8)})
    award(world.label, world.star, "phonogram", july, D(8))
    fund(world.licensee, july, "8", frank)

    second = draft(world, NOW + DAY)
    of_label, of_true = second.payments.get(holder=world.label), second.payments.get(holder=true)
    approve(world, second, NOW + DAY)
    send(world, second, NOW + DAY)
    take(world, pain002(second, [], status="ACSC", number="S-2"))

    assert of_true.gross == D("10.00")
    assert of_label.set_off == D(4), "at most half of what could be paid, per run"
    assert places(world.label)["recoverable"] == D(4) - payment.gross
    assert of_label.gross <= D(4)
    assert places(world.label)["paid"] == payment.gross + of_label.gross


def move_to(world, true, gone, amount):
    """Move money of May's phonogram right to another holder, as a distribution after a changed share does."""
    from ledger import chart, recipes
    from ledger import services as ledger

    item, lot, label = chart.track_item(world.kino.pk, "phonogram"), world.may.pk, chart.holder(world.label.pk)
    ledger.post_entry(
        kind="distribution",
        idempotency_key="distribution:changed",
        event_at=NOW,
        postings=recipes.distribution(
            [
                recipes.Delta(item, chart.Place.PAYABLE, chart.holder(true.pk), "USD", lot, amount),
                recipes.Delta(item, chart.Place.PAYABLE, label, "USD", lot, gone - amount),
                recipes.Delta(item, chart.Place.RECOVERABLE, label, "USD", lot, -gone),
            ]
        ),
    )
