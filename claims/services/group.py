"""One decision for many claims of the same parties, ground and documents, with exceptions for single lines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from claims.models import Claim
from claims.services.claim import start_review
from claims.services.decision import LineDecision, decide_claim
from claims.services.errors import Refused
from core.workflow import MovedMeanwhile, MoveNotAllowed


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one claim of a group: its new status, or the code why nothing was decided."""

    claim: Claim
    code: str = ""


def decide_group(
    *,
    claims: Collection[Claim],
    common: LineDecision,
    own: Mapping[int, LineDecision],
    by: User,
    now: datetime,
    note: str = "",
) -> list[Decided]:
    """This will decide each claim, every line as `common` but those in `own` (by line id) as they say.

    Each claim is a transaction of its own, by the same service as a single decision: one that is refused (changed
    facts, somebody else's, too little proof) stays as it was and is named with the code.
    """
    done = []
    for claim in claims:
        try:
            if claim.status == Claim.Status.FILED:
                claim = start_review(claim=claim, by=by, now=now)
            lines = claim.lines.values_list("pk", flat=True)
            decisions = {pk: own.get(pk, common) for pk in lines}
            done.append(Decided(decide_claim(claim=claim, decisions=decisions, by=by, now=now, note=note)))
        except Refused as refusal:
            done.append(Decided(claim, refusal.code))
        except (MoveNotAllowed, MovedMeanwhile):
            done.append(Decided(claim, "case_closed"))
    return done
