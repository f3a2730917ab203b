"""Writing down a decision: who, when, why, and the facts it stood on. Only added, never changed."""

from datetime import datetime
from typing import Any

from accounts.models import User
from claims import selectors
from claims.models import Claim, Decision, DecisionProposal, ReviewBatch
from core.models import Note


def record_decision(
    *,
    case: str,
    outcome: str,
    by: User,
    now: datetime,
    reason_code: str = "",
    note: str = "",
    facts: dict[str, Any] | None = None,
    proposal: DecisionProposal | None = None,
    undoes: Decision | None = None,
    batch: ReviewBatch | None = None,
) -> Decision:
    """This will add one decision; the words go into a row that can be erased."""
    words = Note.objects.create(text=note, created_at=now) if note.strip() else None
    return Decision.objects.create(
        case=case,
        outcome=outcome,
        reason_code=reason_code,
        note=words,
        proposed_by=proposal.by if proposal else None,
        by=by,
        at=now,
        facts=facts or {},
        undoes=undoes,
        batch=batch,
    )


def facts_of_decision(claim: Claim) -> dict[str, Any]:
    """This will gather what a decision about a claim stands on: shares and disputes seen, risk, proof, sums, papers."""
    return {
        **claim.facts,
        "risk": claim.risk_score,
        "proof": claim.proof,
        "sums": [[money.currency, f"{money.amount:f}"] for money in selectors.money_of_claim(claim)],
        "documents": sorted(claim.evidence_uses.values_list("document__public_id", flat=True)),
    }
