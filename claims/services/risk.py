"""What the checks of a case come to: a risk from 0 to 100, and the proof it asks for.

A failed check counts its weight, a warning half of it; the weights and limits are house rules. Small sums at low risk
are proved lightly, large sums or a high risk fully. The score decides what is asked, never the case.
"""

from datetime import datetime
from decimal import Decimal

from claims import selectors
from claims.models import Check, Claim, OptOut, Proof
from claims.services.queue import touch
from core.money import Money

HIGHEST = 100


def score_case(case: Claim | OptOut, *, now: datetime) -> None:
    """This will write down risk and proof once all checks of a case are done, and nothing before."""
    checks = list(case.checks.all())
    if not checks or any(check.result == Check.Result.WAITING for check in checks):
        type(case).objects.filter(pk=case.pk).exclude(proof="").update(risk_score=None, proof="")
        return
    rules = selectors.rules_on(now.date())
    points = sum((_points(check, rules) for check in checks), Decimal(0))
    score = min(HIGHEST, int(points))
    sums = selectors.money_of_claim(case) if isinstance(case, Claim) else []
    proof = proof_for(score, sums, rules)
    type(case).objects.filter(pk=case.pk).update(risk_score=score, proof=proof)
    case.risk_score, case.proof = score, proof
    touch(case, now)


def proof_for(score: int, sums: list[Money], rules: selectors.Rules) -> Proof:
    """This will say which proof a risk and these sums ask for."""
    if score >= rules.number("full_points") or rules.is_above("full_money", sums):
        return Proof.FULL
    if score <= rules.number("light_points") and not rules.is_above("light_money", sums):
        return Proof.LIGHT
    return Proof.USUAL


def has_title(claim: Claim) -> bool:
    """This will tell whether a document of title is shown for a claim, or checked ones in the vault prove all of it."""
    if claim.evidence_uses.filter(document__kind__in=selectors.title_kinds()).exists():
        return True
    day = (claim.filed_at or claim.created_at).date()
    return claim.lines.exists() and selectors.claim_lines_proved(claim, day).count() == claim.lines.count()


def _points(check: Check, rules: selectors.Rules) -> Decimal:
    weight = rules.weight(check.name)
    if check.result == Check.Result.FAILED:
        return weight
    return weight / 2 if check.result == Check.Result.WARNED else Decimal(0)
