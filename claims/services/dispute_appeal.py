"""What an appeal means for a dispute that two reviewers decided: another looks, and it may be opened anew beside it.

The shares stay as they were decided until the dispute that is opened anew ends; those paid go on being paid.
"""

from datetime import datetime

from accounts.models import User
from catalog.models import RightsHolder
from claims import selectors
from claims.conflict import Rest, common
from claims.models import CaseMail, Decision, Dispute, DisputeParty
from claims.services.case_mail import tell_parties
from claims.services.dispute import lock_tracks
from claims.services.dispute_opening import start_answer_clocks
from claims.services.errors import NotAParty, NothingRefused
from claims.services.queue import touch
from core.workflow import record_event


def appellant_of(dispute: Dispute, by: User, now: datetime) -> RightsHolder:
    """This will give the party somebody appeals for. Raises: NotAParty."""
    own = selectors.own_parties(dispute, by, now.date())
    if not own:
        raise NotAParty
    return own[0].holder


def judges_of(dispute: Dispute) -> Decision:
    """This will give the decision of the panel. Raises: NothingRefused."""
    if not selectors.may_be_appealed(dispute):
        raise NothingRefused
    decision = Decision.objects.filter(case=dispute.public_id, outcome=Decision.Outcome.DECIDED).first()
    if decision is None:
        raise NothingRefused
    return decision


def open_anew(first: Dispute, reason_code: str, by: User, now: datetime) -> Dispute:
    """This will open a decided dispute anew, with all its parties, for a panel of two others.

    Where another about some of its days and territories is open meanwhile, it goes on in that one. Locks the tracks,
    so that no decision opens one beside it.
    """
    lock_tracks(first)
    subject = {"work": first.work} if first.work_id else {"track": first.track, "work": None}
    near = Dispute.objects.filter(**subject, right=first.right, status__in=selectors.LIVE)
    for other in near.select_related("territories").order_by("pk"):
        if common(Rest(other.territories.bits, other.start, other.end), first.territories.bits, first.start, first.end):
            if other.reopens_id is None:
                Dispute.objects.filter(pk=other.pk).update(reopens=first)
            return other
    dispute = Dispute(
        track=first.track,
        work=first.work,
        right=first.right,
        territories=first.territories,
        start=first.start,
        end=first.end,
        opened_at=now,
        group_key=first.group_key,
        reopens=first,
    )
    start_answer_clocks([dispute], now)
    dispute.save()
    DisputeParty.objects.bulk_create(
        DisputeParty(
            dispute=dispute,
            holder_id=party.holder_id,
            percent=party.percent,
            claim_line=party.claim_line,
            share=party.share,
        )
        for party in first.parties.select_related("claim_line", "share").order_by("pk")
    )
    record_event(dispute, "", dispute.status, by=by, now=now, reason_code=reason_code)
    touch(dispute, now)
    tell_parties(dispute, CaseMail.Topic.DISPUTE_OPENED, now)
    return dispute
