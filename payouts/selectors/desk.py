"""What waits for the money office: for the home page of finance."""

from typing import NamedTuple

from accounts.models import User
from claims import selectors as claims
from claims.models import PlannedRun
from payouts.models import ErasureRequest, InstalmentPlan, PayoutBatch, ScreeningCase, StoreRefund, WriteOff
from payouts.selectors.access import Person, is_finance
from payouts.selectors.account import refunds_for, write_offs_for
from payouts.selectors.bank import bank_lines_waiting
from payouts.selectors.batch import batches_for
from payouts.selectors.closing import closes_for
from payouts.selectors.conversion import conversions_for
from payouts.selectors.erasure import erasures_for
from payouts.selectors.instalment import plans_waiting_for
from payouts.selectors.payee import payees_waiting
from payouts.selectors.screening import screening_cases_for
from payouts.selectors.tax import tax_residences_waiting


class Duty(NamedTuple):
    """A pile of one kind: its code, how many lie in it, and the store it is about where its page is a store's."""

    code: str
    waiting: int
    store: str = ""


def duties_of(user: Person) -> list[Duty]:
    """This will count what waits for this person; what they began themselves waits for somebody else."""
    if not (isinstance(user, User) and is_finance(user)):
        return []
    batches, runs = batches_for(user), claims.planned_runs_for(user)
    write_offs = write_offs_for(user).filter(status=WriteOff.Status.PROPOSED).exclude(proposed_by=user)
    stores = write_offs.values_list("report__licensee__code", flat=True)
    paid_before = claims.paid_before_for(user)
    found = [
        Duty("approve_batch", batches.filter(status=PayoutBatch.Status.DRAFTED).exclude(drafted_by=user).count()),
        Duty("send_batch", batches.filter(status=PayoutBatch.Status.APPROVED).count()),
        Duty("bank_line", bank_lines_waiting(user).count()),
        Duty("payee", payees_waiting().exclude(proposed_by=user).count()),
        Duty("residence", tax_residences_waiting().count()),
        Duty("screening", screening_cases_for(user).filter(status=ScreeningCase.Status.OPEN).count()),
        Duty("run", runs.filter(status=PlannedRun.Status.COUNTED).exclude(ordered_by=user).count()),
        Duty("close", closes_for(user).filter(status="proposed").exclude(proposed_by=user).count()),
        Duty("paid_before", paid_before.filter(status="proposed").exclude(proposed_by=user).count()),
        Duty("write_off", write_offs.count(), stores.first() or ""),
        Duty("erasure", _erasures_waiting(user)),
        *_store_duties(user),
    ]
    return [duty for duty in found if duty.waiting]


def _erasures_waiting(user: User) -> int:
    """Count who asked to be forgotten and waits for this person: to be looked at, or for a second one."""
    found = erasures_for(user)
    proposed = found.filter(status=ErasureRequest.Status.PROPOSED).exclude(proposed_by=user)
    return found.filter(status=ErasureRequest.Status.ASKED).count() + proposed.count()


def _store_duties(user: User) -> list[Duty]:
    """Count what two persons decide about stores and their payments."""
    refunds = refunds_for(user).filter(status=StoreRefund.Status.PROPOSED).exclude(proposed_by=user)
    plans = plans_waiting_for(user).filter(status=InstalmentPlan.Status.PROPOSED).exclude(proposed_by=user)
    changes = conversions_for(user).filter(status="proposed").exclude(proposed_by=user)
    return [
        Duty("conversion", changes.count()),
        Duty("refund", refunds.count(), refunds.values_list("licensee__code", flat=True).first() or ""),
        Duty("instalments", plans.count(), plans.values_list("licensee__code", flat=True).first() or ""),
    ]
