"""Changing the terms of a filed claim before it is decided: a dated change, signed anew, the checks run again.

The case keeps its number, place in line and documents. What a reviewer has seen is no longer what is claimed, so the
facts are taken anew and a claim that two reviewers are deciding just now is left alone.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from accounts.models import User
from claims import attestations, selectors
from claims.models import Claim, ClaimAmendment, DecisionProposal
from claims.services.checks import start_checks
from claims.services.claim import Terms, facts_now, locked, require_party, write_terms
from claims.services.errors import BeingDecided, NothingAmended
from claims.services.evidence import SIGNATURE_MIN, SignatureMissing, attestation_text, party
from claims.services.queue import touch
from core import vault
from core.workflow import record_event

AMENDED = "amended"


def amend_claim(
    *, claim: Claim, terms: Terms, signature: str, language: str, by: User, now: datetime
) -> ClaimAmendment:
    """This will replace the terms of a filed claim that nobody has decided; its tracks stay.

    Raises: MayNotWrite, SignatureMissing, NothingAmended, BeingDecided, NoRole, BadPercent, BadPeriod, AuthorityNeeded,
    MoveNotAllowed, MovedMeanwhile.
    """
    if len(signature.strip()) < SIGNATURE_MIN:
        raise SignatureMissing
    with transaction.atomic():
        claim = locked(claim, *selectors.OPEN)
        require_party(by, claim, now)
        if claim.proposals.filter(status=DecisionProposal.Status.OPEN).exists():
            raise BeingDecided
        before = _described(claim)
        write_terms(claim, None, terms)
        after = _described(claim)
        if after == before:
            raise NothingAmended
        claim.facts = facts_now(claim)
        claim.save(update_fields=["facts"])
        amendment = ClaimAmendment.objects.create(
            claim=claim,
            before=before,
            after=after,
            text=attestation_text(attestations.CLAIM, language),
            signature_sealed=vault.encrypt(party(claim.holder), signature.strip().encode()),
            by=by,
            at=now,
        )
        record_event(claim, claim.status, claim.status, by=by, now=now, reason_code=AMENDED)
        touch(claim, now)
        start_checks(claim=claim)
    return amendment


def _described(claim: Claim) -> dict[str, Any]:
    rows = claim.lines.order_by("right", "percent", "territories", "start", "end")
    lines = rows.values_list("right", "percent", "territories__label", "start", "end").annotate(n=Count("pk"))
    return {
        "choice": claim.choice,
        "standing": claim.standing,
        "lines": [
            [right, f"{percent:f}", label, start and start.isoformat(), end and end.isoformat(), count]
            for right, percent, label, start, end, count in lines
        ],
    }
