"""Payouts with two people at once, and with a process that dies at any step."""

import threading

import pytest
from django.db import connection

from core.workflow import MovedMeanwhile, MoveNotAllowed
from payouts import selectors, services
from payouts.models import Payment, PayoutBatch, StoreRefund
from tests.payouts.bank_files import camt, pain002
from tests.payouts.paying import NOW, D, approve, draft, places, send, sent, staff, state, take
from tests.payouts.test_instalments import propose, with_credit
from tests.payouts.test_note import assert_sound


@pytest.fixture
def world(committed_db, paid_world):
    return paid_world


def at_once(*jobs):
    """Run jobs in threads; give what each raised, or None."""
    faults = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(index):
        gate.wait()
        try:
            jobs[index]()
        except Exception as error:
            faults[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.mark.slow
def test_two_approve_at_once_and_one_wins(world):
    tom = staff("tom", "finance")
    batch = draft(world)

    def job(by):
        return lambda: services.approve_batch(batch=PayoutBatch.objects.get(pk=batch.pk), by=by, now=NOW)

    faults = at_once(job(world.sue), job(tom))

    assert sorted(fault is None for fault in faults) == [False, True]
    assert isinstance(next(fault for fault in faults if fault), MovedMeanwhile | MoveNotAllowed)
    assert places(world.label)["in_payout"] == batch.payments.get().gross
    batch.refresh_from_db()
    assert batch.approved_by == (world.sue if faults[0] is None else tom)


@pytest.mark.slow
def test_two_drafts_at_once_pay_nobody_twice(world):
    assert at_once(lambda: draft(world), lambda: draft(world)) == [None, None]

    assert Payment.objects.filter(status="drafted").count() == 1


@pytest.mark.slow
def test_answer_taken_in_by_two_at_once_settles_once(world):
    batch, payment = sent(world)
    content = pain002(batch, [(payment, "ACSC", "")])

    assert at_once(lambda: take(world, content), lambda: take(world, content)) == [None, None]

    assert places(world.label)["paid"] == payment.gross
    assert batch.payments.get().bank_lines.count() == 1


class Killed(BaseException):
    """The process died here."""


@pytest.mark.slow
@pytest.mark.parametrize("step", ["approve", "send", "settle", "return"])
def test_killed_at_any_step_and_repeated_it_ends_as_if_it_had_happened_once(world, monkeypatch, step):
    batch = draft(world)
    payment = batch.payments.get()
    steps = {
        "approve": lambda: approve(world, batch),
        "send": lambda: send(world, batch),
        "settle": lambda: take(world, pain002(batch, [(payment, "ACSC", "")])),
        "return": lambda: take(world, camt(54, [(payment, 1)], number="N-2", returned="AC04")),
    }
    for name, run in steps.items():
        if name == step:
            for at in ("move_many", "ledger.post_entries"):
                with monkeypatch.context() as patch:
                    dying(patch, at)
                    try:
                        run()
                    except Killed:
                        connection.close()
                    else:
                        break  # this step does not come that way; it is done
            else:
                run()
        else:
            run()

    assert state(payment) == "returned"
    assert places(world.label) == {"held": D("3.33333333"), "payable": D("10.00000001")}
    assert Payment.objects.get().bank_lines.count() == 2


def dying(patch, at):
    """Let the process die right after this call, before its transaction commits."""
    from ledger import services as ledger
    from payouts.services import bank, batch

    def after(call):
        def dead(*args, **kwargs):
            call(*args, **kwargs)
            raise Killed

        return dead

    if at == "move_many":
        patch.setattr(batch, "move_many", after(batch.move_many))
        patch.setattr(bank, "move_many", after(bank.move_many))
    else:
        patch.setattr(ledger, "post_entries", after(ledger.post_entries))


@pytest.mark.slow
def test_two_approving_a_refund_at_once_send_the_credit_back_once(world):
    with_credit(world)
    made = propose(world, "5.00")

    def job(by):
        return lambda: services.decide_refund(refund=StoreRefund.objects.get(pk=made.pk), approve=True, by=by, now=NOW)

    faults = at_once(job(world.sue), job(staff("tom", "finance")))

    assert sorted(fault is None for fault in faults) == [False, True]
    assert selectors.unallocated(world.licensee, "USD").amount == D("0.00999999")
    assert_sound()
