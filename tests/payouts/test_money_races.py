"""What was paid before, late certificates, conversions: two persons at once, twice, and beside a payout run."""

import time
from datetime import date
from threading import Event

import pytest

from claims import selectors as claims
from claims import services as cases
from claims.models import PaidBefore
from core.workflow import MovedMeanwhile, MoveNotAllowed
from ledger import selectors as ledger_facts
from payouts import services
from payouts.models import Conversion, Payment, PayoutBatch, TaxCorrection, TaxResidence, WithholdingRate
from payouts.services.tax_back import correct_tax
from tests.payouts import test_conversion as conversion
from tests.payouts.bank_files import pain002
from tests.payouts.paying import DAY, NOW, D, approve, draft, fund, places, send, sent, staff, take
from tests.payouts.test_late_certificate import LATER, dollars, pay_the_office, settled
from tests.payouts.test_paid_before import accept, is_sound, record
from tests.payouts.test_payout_races import at_once
from tests.payouts.world import award, posted_report

pytestmark = pytest.mark.slow
TIMES = 4
"""How often each race is run: who comes first is chance."""


@pytest.fixture
def world(committed_db, paid_world):
    paid_world.tom = staff("tom", "finance")
    return paid_world


def earn(world, month, usd):
    """More comes in for the label, from a report of its own."""
    report = posted_report(world.licensee, month, {(world.kino, "phonogram"): D(usd)})
    fund(world.licensee, report, usd, world.frank)
    award(world.label, world.kino, "phonogram", report, D(usd))


def again(payment):
    return PaidBefore.objects.get(pk=payment.pk)


def one_won(faults):
    """Tell that one of two did it and the other was told so."""
    assert sorted(fault is None for fault in faults) == [False, True], faults
    assert isinstance(next(fault for fault in faults if fault), MovedMeanwhile | MoveNotAllowed), faults


# Paid before ---------------------------------------------------------------------------------------------------------
def test_two_who_accept_at_once_let_it_count_once(world):
    for n in range(TIMES):
        payment = record(world, "1.00", reference=f"receipt {n}")

        one_won(
            at_once(lambda p=payment: accept(world, again(p)), lambda p=payment: accept(world, again(p), by=world.tom))
        )

        assert places(world.label)["paid"] == n + 1
    is_sound()


def test_accepted_and_refused_at_once_it_is_one_of_both(world):
    for n in range(TIMES):
        payment = record(world, "1.00", reference=f"receipt {n}")

        one_won(
            at_once(
                lambda p=payment: accept(world, again(p)),
                lambda p=payment: accept(world, again(p), by=world.tom, accept=False, reason="Another's."),
            )
        )

    accepted = PaidBefore.objects.filter(status="accepted").count()
    assert places(world.label).get("paid", 0) == accepted
    is_sound()


def test_the_same_receipt_recorded_by_two_at_once_is_recorded_once(world):
    faults = at_once(lambda: record(world, "1.00"), lambda: record(world, "1.00", by=world.tom))

    assert sorted(fault is None for fault in faults) == [False, True]
    assert isinstance(next(fault for fault in faults if fault), cases.BadPaidBefore)
    assert PaidBefore.objects.count() == 1


def test_two_receipts_accepted_at_once_cover_no_more_than_there_is(world):
    """7 and 7 were paid before, 10.00000001 is payable: the rest waits for later money."""
    first, second = record(world, "7.00"), record(world, "7.00", reference="receipt 2")

    assert at_once(
        lambda: accept(world, again(first)), lambda: accept(world, again(second), by=world.tom)
    ) == [None, None]  # fmt: skip

    assert sum(claims.covered([first, second]).values()) == places(world.label)["paid"] == D("10.00000001")
    assert "payable" not in places(world.label)
    is_sound()


@pytest.mark.parametrize("step", ["draft", "approve"])
def test_accepted_beside_a_payout_run_no_cent_is_paid_twice(world, step):
    """Who comes first decides whether the run or the receipt takes the money; never both."""
    for n in range(TIMES):
        earn(world, date(2008, n + 1, 1), "10.00")
        payment = record(world, "4.00", reference=f"receipt {n}")
        before = {step: None} if step == "draft" else {step: draft(world, NOW + n * DAY)}

        def run(n=n, before=before):
            if step == "draft":
                before[step] = draft(world, NOW + n * DAY)
            else:
                approve(world, before[step], NOW + n * DAY)

        assert at_once(run, lambda p=payment: accept(world, again(p))) == [None, None]

        batch = before[step]
        if step == "draft":
            approve(world, batch, NOW + n * DAY)
        batch.refresh_from_db()
        (made,) = batch.payments.all()
        assert made.status in ("approved", "dropped")
        if made.status == "approved":
            send(world, batch, NOW + n * DAY)
            take(world, pain002(batch, [(made, "ACSC", "")], number=f"S-{n}"), NOW + n * DAY)
        is_sound()
    earn(world, date(2009, 1, 1), "30.00")
    batch = draft(world, NOW + 9 * DAY)
    whole = D("10.00000001") + 10 * TIMES + 30
    gone = sum((one.gross for one in Payment.objects.filter(status="settled")), D(0))
    assert sum(claims.covered(list(PaidBefore.objects.all())).values()) == 4 * TIMES
    assert batch.payments.get().available == whole - 4 * TIMES - gone
    is_sound()


def test_two_runs_at_once_let_what_was_paid_before_count_once_for_new_money(world):
    payment = accept(world, record(world, "12.00"))
    for n in range(TIMES):
        earn(world, date(2008, n + 1, 1), "0.30")

        def job():
            try:
                draft(world)
            except services.NothingToPay:
                return

        assert at_once(job, job) == [None, None]

        assert claims.covered([payment])[payment.pk] == D("10.00000001") + D("0.30") * (n + 1)
    is_sound()


# Late certificates ---------------------------------------------------------------------------------------------------
@pytest.fixture
def taxed(world):
    """Who has shown nothing pays 30 %, a German 15 %; 10.00 USD was paid and 3.00 kept."""
    for country, percent in (("", 30), ("DE", 15)):
        WithholdingRate.objects.create(country=country, start=date(2000, 1, 1), percent=percent)
    dollars(world, NOW - 20 * DAY)
    return world


def shown(world, now=LATER):
    return services.show_tax_residence(
        holder=world.label, country="DE", start=date(2007, 1, 1), end=date(2009, 1, 1), by=world.alice, now=now,
        name="c.pdf", content=b"%PDF-1.4\nDE\n%%EOF",
    )  # fmt: skip


def decided(residence, by, now=LATER, **how):
    found = TaxResidence.objects.get(pk=residence.pk)
    return services.decide_tax_residence(residence=found, **{"accept": True, "by": by, "now": now} | how)


def given_back(world):
    return sum((one.given_back for one in TaxCorrection.objects.all()), D(0))


def held(place, owner=""):
    return ledger_facts.balance(f"{owner}:{place}" if owner else place, "USD").amount


def test_certificate_accepted_by_two_at_once_gives_back_once(taxed):
    settled(taxed)
    paper = shown(taxed)

    one_won(at_once(lambda: decided(paper, taxed.frank), lambda: decided(paper, taxed.tom)))

    assert (TaxCorrection.objects.count(), given_back(taxed), held("tax_owed")) == (1, D("1.50"), D("1.50"))
    is_sound()


def test_certificate_shown_twice_at_once_is_one_paper(taxed):
    assert at_once(lambda: shown(taxed), lambda: shown(taxed)) == [None, None]

    assert TaxResidence.objects.count() == 1


def test_certificate_accepted_while_the_bank_answers_corrects_the_payment_once(taxed):
    batch, payment = sent(taxed)
    paper, answer = shown(taxed), pain002(batch, [(payment, "ACSC", "")])

    assert at_once(
        lambda: decided(paper, taxed.tom), lambda: take(taxed, answer, LATER)
    ) == [None, None]  # fmt: skip

    assert (TaxCorrection.objects.count(), given_back(taxed)) == (1, D("1.50"))
    is_sound()


def test_certificate_accepted_beside_tax_paid_on_gives_back_what_is_still_in_the_house(taxed):
    """The office is paid 2.00 of the 3.00: before it 1.50 goes back and 2.00 is too much, after it 1.00 goes back."""
    settled(taxed)
    paper = shown(taxed)

    accepted, paid_on = at_once(
        lambda: decided(paper, taxed.tom), lambda: pay_the_office(taxed, D("2.00"), LATER)
    )  # fmt: skip

    assert accepted is None
    (made,) = TaxCorrection.objects.all()
    if paid_on is None:
        assert (made.given_back, made.ask_back, held("tax_owed")) == (D("1.00"), D("0.50"), 0)
    else:
        assert isinstance(paid_on, services.BadBooking)
        assert (made.given_back, made.ask_back, held("tax_owed")) == (D("1.50"), 0, D("1.50"))
    is_sound()


def test_answer_of_the_bank_and_tax_paid_on_at_once_wait_for_each_other(taxed, monkeypatch):
    """Both move the tax that is owed, and the answer corrects it too: the office comes just before it does."""
    settled(taxed)
    earn(taxed, date(2008, 1, 1), "10.00")
    batch, payment = sent(taxed, LATER)
    decided(shown(taxed), taxed.tom)
    answer, posted = pain002(batch, [(payment, "ACSC", "")], number="A-1"), Event()

    def correct_later(**how):
        posted.set()
        time.sleep(0.3)
        return correct_tax(**how)

    def office():
        posted.wait()
        pay_the_office(taxed, D("0.10"), LATER)

    monkeypatch.setattr("payouts.services.batch.correct_tax", correct_later)

    assert at_once(lambda: take(taxed, answer, LATER), office) == [None, None]

    assert (given_back(taxed), held("tax_owed")) == (D("3.00"), D("2.90"))
    is_sound()


@pytest.mark.parametrize("step", ["draft", "approve", "send"])
def test_certificate_accepted_beside_a_run_taxes_every_payment_rightly_in_the_end(taxed, step):
    settled(taxed)
    earn(taxed, date(2008, 1, 1), "10.00")
    paper, made = shown(taxed), {}
    steps = {
        "draft": lambda: made.update(batch=draft(taxed, LATER)),
        "approve": lambda: approve(taxed, made["batch"], LATER),
        "send": lambda: send(taxed, made["batch"], LATER),
    }
    for name, run in steps.items():
        if name == step:
            assert at_once(run, lambda: decided(paper, taxed.tom)) == [None, None]
        else:
            run()
    batch = PayoutBatch.objects.get(pk=made["batch"].pk)
    payment = batch.payments.get()
    take(taxed, pain002(batch, [(payment, "ACSC", "")], number="S-2"), LATER)

    paid = Payment.objects.filter(status="settled")
    net = sum((one.net for one in paid), D(0)) + held("tax_back", f"holder:{taxed.label.pk}")
    assert net == sum((one.gross for one in paid), D(0)) * D("0.85")
    assert sum((one.gross for one in paid), D(0)) == 20
    is_sound()


# What the bank changed -----------------------------------------------------------------------------------------------
def test_two_who_book_at_once_what_the_bank_changed_book_it_once(world):
    made = conversion.propose(world, conversion.pay(world, "25.00", world.june))

    def job(by):
        return lambda: conversion.decide(Conversion.objects.get(pk=made.pk), by)

    one_won(at_once(job(world.sue), job(world.tom)))

    assert ledger_facts.balance("fx_difference", "USD").amount == 0
    conversion.assert_sound()


def test_two_who_tell_of_one_payment_at_once_tell_once(world):
    euros = conversion.pay(world, "25.00", world.june)

    faults = at_once(
        lambda: conversion.propose(world, euros),
        lambda: conversion.propose(world, euros, reference="FX-2", by=world.tom),
    )

    assert sorted(fault is None for fault in faults) == [False, True]
    assert isinstance(next(fault for fault in faults if fault), services.BadConversion)
    assert Conversion.objects.count() == 1
