"""Automatic looks at a case, each its own task, shown as soon as it has finished. They inform; a person decides."""

from datetime import datetime

from django.db import transaction

from claims import tasks
from claims.models import Check, Claim, OptOut
from claims.services import claim_checks, opt_out_checks
from claims.services.finding import Finding
from claims.services.risk import score_case


def start_checks(*, claim: Claim | None = None, opt_out: OptOut | None = None) -> None:
    """This will set every check of a case to waiting and hurry a task for each; the sweep finds forgotten ones."""
    names = claim_checks.names_for(claim) if claim is not None else list(opt_out_checks.CHECKS)
    with transaction.atomic():
        for name in names:
            check, _created = Check.objects.update_or_create(
                claim=claim,
                opt_out=opt_out,
                name=name,
                defaults={"result": Check.Result.WAITING, "reason": "", "params": {}, "finished_at": None},
            )
            tasks.hurry(tasks.run_check, check_id=check.pk)


def run_check(*, check_id: int, now: datetime) -> Check | None:
    """This will do one check and write down what it found; any number of times, None once its case is decided."""
    checks = Check.objects.select_related("claim__holder", "claim__authority", "opt_out__holder")
    check = checks.filter(pk=check_id).first()
    if check is None:
        return None
    case = check.claim or check.opt_out
    assert case is not None
    found = _look(check)
    check.result, check.reason, check.params, check.finished_at = found.result, found.reason, dict(found.params), now
    row = Check.objects.filter(pk=check_id)  # gone when the case was decided meanwhile
    is_kept = row.update(result=found.result, reason=found.reason, params=check.params, finished_at=now)
    if is_kept:
        score_case(case, now=now)
    return check if is_kept else None


def drop_waiting_checks(claim: Claim) -> None:
    """This will drop the checks of a decided claim that nobody has done: they could only describe its outcome."""
    claim.checks.filter(result=Check.Result.WAITING).delete()


def _look(check: Check) -> Finding:
    if check.claim is not None:
        return claim_checks.CHECKS[check.name](check.claim)
    assert check.opt_out is not None
    return opt_out_checks.CHECKS[check.name](check.opt_out)


def checks_waiting(*, limit: int = 500) -> list[int]:
    """This will name checks nobody has done yet."""
    waiting = Check.objects.filter(result=Check.Result.WAITING, holder=None).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:limit])
