"""The panel of two: a dispute the parties do not settle ends when two reviewers, each alone, find the same.

Both votes are taken under the dispute's lock, so of any number of reviewers who vote at once exactly one is the second,
and the dispute ends once. Who judged it before an appeal opened it anew does not judge it again.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from claims import selectors
from claims.agreement import Stretch
from claims.models import Decision, Dispute, DisputeVerdict, QueueItem
from claims.services.dispute import end, lock_live, require_fit, require_judge, write_shares
from claims.services.errors import BadSettlement, DecidedBefore, NeedsAnother, WordsNeeded
from claims.services.queue import touch
from core.models import Note
from core.workflow import record_event

VOTED = "verdict"


def decide_dispute(
    *, dispute: Dispute, percents: Mapping[int, Decimal], by: User, now: datetime, reason: str
) -> Dispute:
    """This will keep a reviewer's verdict, a percent for each party (by holder id), with reasons.

    When another reviewer's latest verdict says the same, the dispute ends with it, in its days and territories; what is
    given up by all stays unclaimed. Else it waits for another. Locks the dispute, then its tracks by their ids.

    Raises: NotAReviewer, DecidesOwnCase, LeasedByAnother, DecidedBefore, WordsNeeded, BadSettlement, CaseClosed,
    NeedsAnother, when it is the same as this reviewer said before.
    """
    require_judge(by, dispute, now)
    if by.pk in selectors.judges_before(dispute):
        raise DecidedBefore
    if not reason.strip():
        raise WordsNeeded
    with transaction.atomic():
        dispute = lock_live(dispute)
        parties = list(dispute.parties.select_related("claim_line__claim", "share"))
        if {party.holder_id for party in parties} != set(percents) or any(
            not 0 <= each <= 100 for each in percents.values()
        ):
            raise BadSettlement
        stretch = Stretch(dispute.start, dispute.end, percents)
        require_fit(dispute, [stretch])
        said = {str(holder): f"{part.quantize(Decimal('0.000001')):f}" for holder, part in sorted(percents.items())}
        votes = selectors.verdicts_of(dispute)
        if any(vote.by_id == by.pk and vote.percents == said for vote in votes):
            raise NeedsAnother
        note = Note.objects.create(text=reason.strip(), created_at=now)
        DisputeVerdict.objects.create(dispute=dispute, percents=said, note=note, by=by, at=now)
        record_event(dispute, dispute.status, dispute.status, by=by, now=now, reason_code=VOTED)
        first = next((vote for vote in votes if vote.by_id != by.pk and vote.percents == said), None)
        if first is None:
            _wait_for_another(dispute, now)
            return dispute
        write_shares(dispute, parties, [stretch], by, now)
        Decision.objects.create(
            case=dispute.public_id,
            outcome=Decision.Outcome.DECIDED,
            note=note,
            proposed_by=first.by,
            by=by,
            at=now,
            facts={"percents": said, "first": first.note_id},
        )
        end(dispute, Dispute.Status.DECIDED, by, now, f"{first.note.text}\n\n{reason.strip()}")
    return dispute


def _wait_for_another(dispute: Dispute, now: datetime) -> None:
    """Give the dispute back to the queue, for somebody who has not voted."""
    touch(dispute, now)
    QueueItem.objects.filter(kind="dispute", object_id=dispute.pk).update(
        leased_by=None, lease_until=None, handed_to=None
    )
