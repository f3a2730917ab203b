"""Once a week everybody who acts for a party of an open dispute gets one letter about all of them.

A row per week is the proof that it was written: after an outage the next sweep writes the week's letter, and no sweep,
however often or late, writes it twice. Weeks that passed meanwhile are not made up for: it says what is open now.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction

from catalog.models import Authority
from claims import selectors
from claims.models import CaseMail, DisputeDigest, DisputeParty
from claims.services.case_mail import tell_counted
from core.workflow import record_event


def write_digest(*, now: datetime) -> int:
    """This will write this week's letters, unless they are written; returns how many people are told."""
    week = now.date() - timedelta(days=now.weekday())
    with transaction.atomic():
        digest, is_new = DisputeDigest.objects.get_or_create(week=week, defaults={"written_at": now})
        if not is_new:
            return 0
        event = record_event(digest, "", "written", by=None, now=now)
        return tell_counted(event, CaseMail.Topic.DISPUTE_DIGEST, _open_sides(), now)


def _open_sides() -> Counter[tuple[int, Authority | None]]:
    """How many open disputes each party has, with the authority under which an agent may speak for it."""
    sides = DisputeParty.objects.filter(dispute__status__in=selectors.LIVE).order_by()
    rows = sides.values_list("holder_id", "claim_line__claim__authority_id", "share__authority_id")
    counted = Counter((holder, claimed or held) for holder, claimed, held in rows)
    papers = Authority.objects.in_bulk({paper for _, paper in counted if paper})
    return Counter({(holder, papers.get(paper or 0)): count for (holder, paper), count in counted.items()})
