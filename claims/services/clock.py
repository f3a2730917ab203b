"""Running the clocks of cases. A clock reminds, then calls a person; it moves no money, no right and no status.

Sweeps find due rows by themselves, so an outage only makes them late; what was said once is not said again.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F

from claims import selectors
from claims.models import Appeal, CaseClock, CaseMail, Claim, Clock, CounterNotice, Dispute, Holiday, OptOut
from claims.services.case_mail import tell_sender
from claims.services.queue import touch
from core.business import add_days, days_between
from core.workflow import record_event

Purpose = Clock.Purpose
ANSWERS: dict[str, CaseMail.Topic] = {
    Purpose.CLAIM_ANSWER: CaseMail.Topic.CLAIM_REMINDED,
    Purpose.OPT_OUT_ANSWER: CaseMail.Topic.OPT_OUT_REMINDED,
}
Timed = Claim | OptOut | Dispute | Appeal | CounterNotice
CASES: dict[str, type[Timed]] = {"CLM": Claim, "OPT": OptOut, "DIS": Dispute, "APL": Appeal, "CTN": CounterNotice}


class NoClock(Exception):
    """No clock of this purpose is set: staff must add one."""


def clock_for(purpose: str, day: date) -> Clock:
    """This will find the clock of a purpose that is used on a day, by the house's sets first. Raises: NoClock."""
    clocks = Clock.objects.filter(purpose=purpose, start__lte=day).select_related("of")
    found = clocks.order_by("of__basis", "-start", "-pk").first()
    if found is None:
        raise NoClock(purpose)
    return found


def start_clock(case: str, purpose: str, now: datetime, *, days: int | None = None) -> CaseClock:
    """This will start a clock for a case, for its own time or, where a person says so, for other `days`."""
    end_clock(case, purpose, now)
    row = new_clock(case, purpose, now, days=days)
    row.save()
    return row


def new_clock(case: str, purpose: str, now: datetime, *, days: int | None = None) -> CaseClock:
    """This will make, and not yet write, a clock of a case. Raises: NoClock."""
    clock = clock_for(purpose, now.date())
    length = clock.days if days is None else days
    due = add_days(now, length, business=clock.is_business, holidays=holidays_of(clock))
    return CaseClock(case=case, clock=clock, started_at=now, due_at=due)


def pause_clock(case: str, purpose: str, now: datetime) -> None:
    """This will stop a clock while the other side has to act; nothing where none runs."""
    _open(case, purpose).filter(paused_at=None).update(paused_at=now)


def resume_clock(case: str, purpose: str, now: datetime) -> datetime | None:
    """This will let a paused clock go on with the time it had left; returns when it is due now."""
    with transaction.atomic():
        row = _open(case, purpose).select_related("clock").select_for_update(of=("self",)).first()
        if row is None:
            return None
        if row.paused_at is not None:
            off = holidays_of(row.clock)
            left = days_between(row.paused_at, row.due_at, business=row.clock.is_business, holidays=off)
            row.due_at = add_days(now, left, business=row.clock.is_business, holidays=off)
            row.paused_at = None
            row.save(update_fields=["due_at", "paused_at"])
        return row.due_at


def end_clock(case: str, purpose: str, now: datetime) -> None:
    """This will end a clock: what it waited for has happened."""
    _open(case, purpose).update(ended_at=now)


def end_clocks(case: str, now: datetime) -> None:
    """This will end all clocks of a case."""
    CaseClock.objects.filter(case=case, ended_at=None).update(ended_at=now)


def sweep_clocks(*, now: datetime, limit: int = 1000) -> int:
    """This will remind of what is due soon and call a person for what is over; once each, however late it comes."""
    rows = CaseClock.objects.filter(ended_at=None, paused_at=None).select_related("clock").order_by("due_at", "pk")
    done = 0
    for row in rows.filter(escalated_at=None, due_at__lte=now)[:limit]:
        done += _escalate(row, now)
    soon = rows.filter(reminded_at=None, escalated_at=None, clock__remind_days__gt=0, due_at__gt=now)
    for row in soon.filter(
        due_at__lte=ExpressionWrapper(now + F("clock__remind_days") * timedelta(days=1), DateTimeField())
    )[:limit]:
        done += _remind(row, now)
    return done


def holidays_of(clock: Clock) -> frozenset[date]:
    """This will give the holidays a clock leaves out."""
    if not clock.is_business or not clock.calendar:
        return frozenset()
    return frozenset(Holiday.objects.filter(calendar=clock.calendar).values_list("day", flat=True))


def _remind(row: CaseClock, now: datetime) -> int:
    with transaction.atomic():
        if not CaseClock.objects.filter(pk=row.pk, reminded_at=None, ended_at=None).update(reminded_at=now):
            return 0
        case = _case(row.case)
        if isinstance(case, (Claim, OptOut)) and row.clock.purpose in ANSWERS:
            record_event(case, case.status, case.status, by=None, now=now, reason_code="reminded")
            tell_sender(case, ANSWERS[row.clock.purpose], now)
    return 1


def _escalate(row: CaseClock, now: datetime) -> int:
    """Note that time ran out: the case stands in the queue as late, and a person decides what follows."""
    with transaction.atomic():
        if not CaseClock.objects.filter(pk=row.pk, escalated_at=None, ended_at=None).update(escalated_at=now):
            return 0
        case = _case(row.case)
        if isinstance(case, Dispute):
            _call_panel(case, row, now)
        if case is not None:
            record_event(case, case.status, case.status, by=None, now=now, reason_code="escalated")
            touch(case, now)
    return 1


def _call_panel(dispute: Dispute, row: CaseClock, now: datetime) -> None:
    """This will mark a dispute that waits for reviewers; when the time to answer is over, theirs begins."""
    Dispute.objects.filter(pk=dispute.pk, escalated_at=None).update(escalated_at=now)
    if row.clock.purpose == Purpose.DISPUTE_ANSWER:
        start_panel_clock(dispute, now)


def start_panel_clock(dispute: Dispute, now: datetime) -> None:
    """This will end the clock of the parties' answers and start that of the decision, unless it runs."""
    end_clock(dispute.public_id, Purpose.DISPUTE_ANSWER, now)
    if not _open(dispute.public_id, Purpose.DISPUTE_DECISION).exists():
        dispute.deadline_at = start_clock(dispute.public_id, Purpose.DISPUTE_DECISION, now).due_at
        Dispute.objects.filter(pk=dispute.pk).update(deadline_at=dispute.deadline_at)


def _case(public_id: str) -> Timed | None:
    model = CASES.get(public_id[:3])
    return None if model is None else model.objects.filter(public_id=public_id).first()


def _open(case: str, purpose: str) -> "selectors.Clocks":
    return CaseClock.objects.filter(case=case, clock__purpose=purpose, ended_at=None)
