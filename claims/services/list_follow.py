"""Tracks that come later under a name somebody claimed: proposed as a list to look at, never taken without a signature.

Once a day what stands under a followed label, artist or release and no list of it has shown yet (new tracks, and old
ones linked to it since) is a new list of the holder's, looked up like any other; its people are told by mail, once.
What they make of it, a claim to be signed and reviewed or nothing, is theirs to say.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from claims import selectors
from claims.models import CaseMail, Claim, RepertoireList
from claims.services.case_mail import tell_holders
from claims.services.errors import NotByName
from claims.services.evidence import require_writer
from claims.services.repertoire import fill_list, last_track, picking
from core.workflow import record_event

Source = RepertoireList.Source
Status = RepertoireList.Status
NAMED = (Source.LABEL, Source.ARTIST, Source.RELEASE)
FOLLOWED, LEFT = "followed", "left"


def follow_list(*, found: RepertoireList, is_followed: bool, by: User, now: datetime) -> RepertoireList:
    """This will have tracks that come later under a list's name proposed to the holder, or no more.

    Raises: MayNotWrite, NotByName.
    """
    require_writer(by, found.holder, found.authority, now=now)
    if found.source not in NAMED:
        raise NotByName
    with transaction.atomic():
        found = RepertoireList.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if found.is_followed != is_followed:
            found.is_followed = is_followed
            found.save(update_fields=["is_followed"])
            record_event(
                found, found.status, found.status, by=by, now=now, reason_code=FOLLOWED if is_followed else LEFT
            )
    return found


def propose_later_tracks(*, now: datetime) -> int:
    """This will make a list of what came since under each followed name that was claimed; returns how many lists.

    Each is a transaction of its own that also moves on what was seen, so twice or after an outage it proposes once.
    """
    claimed = Claim.objects.exclude(status__in=(Claim.Status.DRAFT, Claim.Status.REJECTED, Claim.Status.RETRACTED))
    due = RepertoireList.objects.filter(is_followed=True, claims__in=claimed)
    due = due.exclude(source=Source.ARTIST, seen_track__gte=last_track())
    return sum(_propose(pk, now) for pk in due.order_by("pk").values_list("pk", flat=True).distinct())


def _propose(list_id: int, now: datetime) -> bool:
    with transaction.atomic():
        rows = RepertoireList.objects.select_for_update(of=("self",)).select_related("holder", "authority")
        first = rows.get(pk=list_id)
        if not first.is_followed:
            return False
        seen, first.seen_track = first.seen_track, last_track()
        first.save(update_fields=["seen_track"])
        paper = first.authority if first.authority and selectors.is_in_force(first.authority, now.date()) else None
        fresh = RepertoireList(
            holder=first.holder,
            authority=paper,
            purpose=RepertoireList.Purpose.CLAIM,
            source=first.source,
            selection=first.selection,
            rights=first.rights,
            follows=first,
            created_by=first.created_by,
            created_at=now,
        )
        seen = seen if first.source == Source.ARTIST else 0  # an artist's tracks are found by a name they are born with
        if not picking(fresh, after=seen):
            return False
        fresh.save()
        record_event(fresh, "", Status.RECEIVED, by=None, now=now)
        fill_list(fresh, after=seen, now=now)
        sides = [first.holder_id, *([paper.agent_id] if paper else [])]
        tell_holders(fresh, sides, CaseMail.Topic.TRACKS_LATER, now)
    return True
