"""Money in from the store and out to the holder, with its papers and the whole ledger checked."""

from core.money import Money, round_for_payout
from ledger.publishing import signer
from ledger.verify import verify
from payouts import selectors as money
from payouts import services as payouts
from payouts.formats.statement_csv import as_csv, digest
from roms_portal.demo.payouts import WAIT, give_account, pay_out
from roms_portal.management.commands.verify_ledger import FURTHER
from roms_portal.proving import NotProved, paper_with_proofs
from roms_portal.walkthrough.claim import award
from roms_portal.walkthrough.state import Figures, StepFailed, Walk, amounts, expect


def pay_note(state: Walk) -> Figures:
    """The store pays its note; the money of the report counts as received."""
    figures: Figures = {}
    for note in payouts.issue_amounts_due(report=state.report, now=state.now):
        due = money.outstanding([state.report.pk])[state.report.pk, note.currency]
        if due > 0:
            amount = payouts.up_to_coin(due, note.currency)
            payouts.record_remittance(
                licensee=state.licensee,
                payer="Xrost",
                amount=Money(amount, note.currency),
                received_date=state.now.date(),
                reference=f"{note.number}-walkthrough",
                allocations=[payouts.Allocation(state.report)],
                by=state.cast["frank"],
                now=state.now,
            )
        left = money.outstanding([state.report.pk])[state.report.pk, note.currency]
        expect(left == 0, f"{note.number}: {left} {note.currency} still due")
        figures[note.number] = {"due": f"{note.amount:f}", "paid": f"{note.payable:f}", "currency": note.currency}
    return figures


def keep_statement(state: Walk) -> Figures:
    """The holder reads a statement and keeps it."""
    start, end = money.statement_period(state.holder, state.now.date())
    facts = money.statement_facts(holder=state.holder, start=start, end=end)
    kept = payouts.keep_statement(holder=state.holder, start=start, end=end, by=state.cast["alice"], now=state.now)
    expect(kept.sha256 == digest(as_csv(facts)), "page and file of the statement differ")
    expect(facts.wording == "reserve", "the statement lacks the reservation of rights")
    closing = {row.currency: row.amount for row in facts.closing if row.place == "payable"}
    expect(closing == state.waiting, f"the statement closes with {amounts(closing)}")
    return {
        "statement": kept.public_id,
        "movements": kept.row_count,
        "payable": amounts(closing),
        "received": amounts({row.currency: row.received for row in facts.closing}),
        "sha256": kept.sha256,
    }


def enter_payee(state: Walk) -> Figures:
    """The holder enters a bank account, a second person confirms it, and its waiting period begins."""
    currency = max(state.waiting, key=lambda code: state.waiting[code])
    payee = give_account(state.holder, currency, state.cast["alice"], state.cast["frank"], state.now)
    expect(payee.payable_from and payee.payable_from > state.now, "the account has no waiting period")
    return {"payee": payee.public_id, "currency": payee.currency, "paid_to_from": str(payee.payable_from)}


def pay_holder(state: Walk) -> Figures:
    """One person drafts, another approves, the bank gets its file and answers: everything that is a coin is paid."""
    figures: Figures = {}
    for currency, waiting in sorted(state.waiting.items()):
        batch = pay_out(currency, state.cast, state.now + WAIT)
        payment = batch.payments.get(holder=state.holder)
        coins = round_for_payout(Money(waiting, currency))[0].amount
        if payment.payee is not None or payment.reason != "no_rate":
            expect(payment.gross == coins, f"{payment.gross} {currency} paid, {coins} were payable in coins")
            expect(not coins or payment.status == "settled", f"the payment is {payment.status}: {payment.reason}")
        figures[currency] = {
            "batch": batch.public_id,
            "state": payment.get_status_display() if not payment.reason else payment.reason,
            "gross": f"{payment.gross:f}",
            "net": f"{payment.net:f}",
            "stays": f"{waiting - payment.gross:f}",
        }
    award(state)
    return figures


def prove_paper(state: Walk) -> Figures:
    """The holder keeps a statement of the payout as a paper; a stranger's program proves every movement of it."""
    try:
        return paper_with_proofs(holder=state.holder, by=state.cast["alice"], now=state.now, signed_at=state.now + WAIT)
    except NotProved as fault:
        raise StepFailed(str(fault)) from fault


def check_ledger(state: Walk) -> Figures:
    """The whole ledger is recomputed."""
    report = verify(vkey=signer().vkey, further=FURTHER)
    expect(report.ok, f"verify_ledger: {report.checks[-1].name}: {report.checks[-1].fault}")
    return {"entries": report.entries, "postings": report.postings, "log": report.log_size, "root": report.root}
