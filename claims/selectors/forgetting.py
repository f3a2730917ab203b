"""What ended cases no longer need, and until when it is kept."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from claims.models import Appeal, CaseMessage, Claim, EvidenceDocument, EvidenceUse, HouseRule, OptOut
from core.models import Event

Case = type[Claim] | type[OptOut]
LOST: dict[Case, tuple[str, ...]] = {
    Claim: (Claim.Status.REJECTED, Claim.Status.RETRACTED),
    OptOut: (OptOut.Status.REFUSED, OptOut.Status.RETRACTED),
}
"""Refused or withdrawn: what was shown for them proves nothing that is in force."""
ENDED: dict[Case, tuple[str, ...]] = {
    Claim: (*LOST[Claim], Claim.Status.AWARDED, Claim.Status.REVOKED),
    OptOut: LOST[OptOut],
}
"""Nothing is written to any more. An opt-out that was granted goes on: stores answer, others contest."""
KEPT_FOR = ("keep_evidence_days", "keep_message_days")
_OPEN = (Appeal.Status.FILED, Appeal.Status.UNDER_REVIEW)


def documents_to_forget(before: datetime) -> QuerySet[EvidenceDocument]:
    """This will list documents shown for nothing but cases that were refused or withdrawn before a moment.

    Not what a reviewer has checked or shall check (it proves later claims), nor what anything else refers to.
    """
    uses = EvidenceUse.objects.filter(document=OuterRef("pk"))
    over = Q(claim__in=_ended(Claim, LOST, before)) | Q(opt_out__in=_ended(OptOut, LOST, before))
    own = EvidenceDocument.objects.filter(status__in=(EvidenceDocument.Status.KEPT, EvidenceDocument.Status.REFUSED))
    return own.exclude(stored="").filter(Exists(uses)).exclude(Exists(uses.exclude(over))).exclude(_is_referred(before))


def _is_referred(before: datetime) -> Any:
    """Whether anything but a case refers to a document: answers, objections, tax forms, an appeal not long over."""
    found: Any = Q()
    for field in EvidenceDocument._meta.get_fields(include_hidden=True):
        own: Any = field.remote_field
        is_from_outside = field.auto_created and not field.concrete and not own.model._meta.auto_created
        if is_from_outside and own.model is not EvidenceUse:
            rows = own.model._default_manager.filter(**{own.name: OuterRef("pk")})
            found |= Exists(rows.exclude(_appeal_over(before)) if own.model is Appeal else rows)
    return found


def _appeal_over(before: datetime) -> Any:
    late = Event.objects.filter(noun=Appeal._meta.label, object_id=OuterRef("pk"), at__gte=before)
    return ~Q(status__in=_OPEN) & ~Exists(late)


def messages_to_forget(before: datetime) -> QuerySet[CaseMessage]:
    """This will list messages that still have words, of cases that ended before a moment."""
    cases = [_ended(case, ENDED, before).values("public_id") for case in ENDED]
    over = Q(case__in=cases[0]) | Q(case__in=cases[1])
    return CaseMessage.objects.filter(over).exclude(sealed=b"")


def _ended(case: Case, statuses: dict[Case, tuple[str, ...]], before: datetime) -> QuerySet[Any]:
    """Cases in one of these states that moved last, and were appealed last, before a moment."""
    moved = Event.objects.filter(noun=case._meta.label, object_id=OuterRef("pk"), at__gte=before)
    moves = moved.filter(to_status__in=statuses[case]).exclude(from_status=F("to_status"))
    name = "claim" if case is Claim else "opt_out"
    appeals = Appeal.objects.filter(**{name: OuterRef("pk")}).exclude(_appeal_over(before))
    manager: Any = case._default_manager
    ended: QuerySet[Any] = manager.filter(status__in=statuses[case]).exclude(Exists(moves)).exclude(Exists(appeals))
    return ended


class KeptFor(NamedTuple):
    """One period as a holder reads it: its code, how many days (0: without end), and by which law."""

    code: str
    days: int
    why: str


def kept_for(day: date) -> list[KeptFor]:
    """This will say how long documents and messages of ended cases are kept by the rules of a day."""
    rows = {
        row.code: row for row in HouseRule.objects.filter(code__in=KEPT_FOR, start__lte=day).order_by("start", "pk")
    }
    return [KeptFor(code, int(rows[code].value), rows[code].why) for code in KEPT_FOR if code in rows]


def kept_until(case: Claim | OptOut) -> dict[str, date]:
    """This will say until which day an ended case's documents and messages are kept, by the code of the period.

    What is kept without end is not in it, and nothing while an appeal is open.
    """
    kind = type(case)
    periods = {each.code: each.days for each in kept_for(timezone.now().date()) if each.days}
    wanted = {"keep_evidence_days": LOST[kind], "keep_message_days": ENDED[kind]}
    codes = [code for code in wanted if code in periods and case.status in wanted[code]]
    if not codes or case.appeals.filter(status__in=_OPEN).exists():
        return {}
    moves = Event.objects.filter(noun=kind._meta.label, object_id=case.pk).exclude(from_status=F("to_status"))
    ends = [moves.aggregate(at=Max("at"))["at"], *_appeals_ended(case.appeals.values_list("pk", flat=True))]
    last: datetime | None = max((end for end in ends if end), default=None)
    return {code: last.date() + timedelta(days=periods[code]) for code in codes} if last else {}


def _appeals_ended(ids: Iterable[int]) -> list[datetime]:
    return list(Event.objects.filter(noun=Appeal._meta.label, object_id__in=list(ids)).values_list("at", flat=True))
