"""What waits for the society's reviewers, of every kind, in one list: amount, age, kind, deadline."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import Count, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Authority, RightsHolder
from claims.models import Claim, Correction, Dispute, OptOut
from claims.selectors.agents import authorities_asked
from claims.selectors.claim import OPEN
from claims.selectors.claim_money import claim_money, line_counts
from claims.selectors.dispute import LIVE
from claims.selectors.people import Person, may_review
from claims.selectors.vault import documents_asked
from core.models import Event
from core.money import Money
from sales.models import MatchProposal

KINDS: dict[str, Promise] = {
    "claim": _("Claim"),
    "opt_out": _("Opt-out"),
    "holder": _("New holder"),
    "dispute": _("Dispute"),
    "authority": _("Letter of an agent"),
    "document": _("Document to check"),
    "correction": _("Correction"),
    "proposal": _("Proposed match"),
}
SORTS: dict[str, Promise] = {"deadline": _("Deadline"), "age": _("Age"), "money": _("Money")}
ROWS_MAX = 500
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class QueueRow:
    """One case that waits for a person."""

    kind: str
    public_id: str
    title: str
    status: str
    status_label: str
    since: datetime | None
    deadline_at: datetime | None
    url: str
    lines: int = 0
    amounts: list[Money] = field(default_factory=list)

    @property
    def kind_label(self) -> Promise:
        """The kind in words."""
        return KINDS[self.kind]


def queue_for(user: Person, *, sort: str = "deadline", kind: str = "") -> list[QueueRow]:
    """This will list everything waiting for a reviewer; empty for anybody else."""
    if not may_review(user):
        return []
    makers = {"claim": _claims, "opt_out": _opt_outs, "holder": _holders, "dispute": _disputes}
    makers |= {"authority": _authorities, "document": _documents}
    makers |= {"correction": _corrections, "proposal": _proposals}
    rows = [row for name, make in makers.items() if kind in ("", name) for row in make()]
    if sort == "money":
        return sorted(rows, key=lambda row: -max((money.amount for money in row.amounts), default=Decimal(0)))
    if sort == "age":
        return sorted(rows, key=lambda row: _moment(row.since))
    return sorted(rows, key=lambda row: (_moment(row.deadline_at), _moment(row.since)))


def _moment(moment: datetime | None) -> datetime:
    return moment or _NEVER


def _claims() -> Iterable[QueueRow]:
    claims = list(Claim.objects.filter(status__in=OPEN).select_related("holder").order_by("filed_at")[:ROWS_MAX])
    ids = [claim.pk for claim in claims]
    lines, amounts = line_counts(ids), claim_money(ids)
    for claim in claims:
        yield QueueRow(
            "claim",
            claim.public_id,
            claim.holder.name,
            claim.status,
            claim.get_status_display(),
            claim.filed_at,
            claim.deadline_at,
            reverse("claims:review_claim", kwargs={"claim_id": claim.public_id}),
            lines[claim.pk],
            amounts[claim.pk],
        )


def _opt_outs() -> Iterable[QueueRow]:
    waiting = (OptOut.Status.REQUESTED, OptOut.Status.UNDER_REVIEW, OptOut.Status.EVIDENCE_REQUESTED)
    cases = OptOut.objects.filter(status__in=waiting).select_related("holder").order_by("requested_at")[:ROWS_MAX]
    for case in cases.annotate(line_count=Count("lines")):
        yield QueueRow(
            "opt_out",
            case.public_id,
            case.holder.name,
            case.status,
            case.get_status_display(),
            case.requested_at,
            case.deadline_at,
            reverse("claims:review_opt_out", kwargs={"opt_out_id": case.public_id}),
            case.line_count,
        )


def _holders() -> Iterable[QueueRow]:
    status = RightsHolder.Status
    old_paper = Q(status=status.VERIFIED, verify_again_date__lte=Now())
    holders = list(RightsHolder.objects.filter(Q(status=status.UNDER_REVIEW) | old_paper).order_by("pk")[:ROWS_MAX])
    asked = dict(
        Event.objects.filter(
            noun=RightsHolder._meta.label, object_id__in=[each.pk for each in holders], to_status="under_review"
        ).values_list("object_id", "at")
    )
    for each in holders:
        yield QueueRow(
            "holder",
            each.public_id,
            each.name,
            each.status,
            each.get_status_display(),
            asked.get(each.pk, each.created_at),
            None,
            reverse("claims:review_holder", kwargs={"holder_id": each.public_id}),
        )


def _authorities() -> Iterable[QueueRow]:
    asked = list(authorities_asked()[:ROWS_MAX])
    since = Event.objects.filter(noun=Authority._meta.label, object_id__in=[each.pk for each in asked])
    moments = dict(since.values_list("object_id", "at"))
    for each in asked:
        yield QueueRow(
            "authority",
            each.public_id,
            f"{each.principal.name} > {each.agent.name}",
            each.status,
            each.get_status_display(),
            moments.get(each.pk, each.created_at),
            None,
            reverse("claims:authority", kwargs={"authority_id": each.public_id}),
        )


def _documents() -> Iterable[QueueRow]:
    for each in documents_asked()[:ROWS_MAX]:
        yield QueueRow(
            "document",
            each.public_id,
            each.holder.name,
            each.status,
            each.get_status_display(),
            each.uploaded_at,
            None,
            reverse("claims:document", kwargs={"document_id": each.public_id}),
        )


def _disputes() -> Iterable[QueueRow]:
    disputes = Dispute.objects.filter(status__in=LIVE).select_related("track").order_by("opened_at")[:ROWS_MAX]
    for case in disputes.prefetch_related("parties__holder"):
        yield QueueRow(
            "dispute",
            case.public_id,
            " / ".join(party.holder.name for party in case.parties.all()),
            case.status,
            case.get_status_display(),
            case.opened_at,
            case.deadline_at,
            reverse("claims:review_dispute", kwargs={"dispute_id": case.public_id}),
            1,
        )


def _corrections() -> Iterable[QueueRow]:
    cases = Correction.objects.filter(status=Correction.Status.ASKED).order_by("asked_at")[:ROWS_MAX]
    for case in cases.select_related("source_track", "target_track", "source_work"):
        yield QueueRow(
            "correction",
            case.public_id,
            f"{case.get_kind_display()}: {case.source_track or case.source_work or case.target_track or '–'}",
            case.status,
            case.get_status_display(),
            case.asked_at,
            None,
            reverse("claims:correction", kwargs={"correction_id": case.public_id}),
            amounts=[Money(Decimal(amount), currency) for currency, amount in case.money],
        )


def _proposals() -> Iterable[QueueRow]:
    waiting = MatchProposal.objects.filter(status=MatchProposal.Status.PROPOSED).order_by("proposed_at")[:ROWS_MAX]
    for case in waiting.select_related("holder", "store_key"):
        yield QueueRow(
            "proposal",
            case.public_id,
            f"{case.holder.name}: {case.store_key}",
            case.status,
            case.get_status_display(),
            case.proposed_at,
            None,
            reverse("claims:proposal", kwargs={"proposal_id": case.public_id}),
        )
