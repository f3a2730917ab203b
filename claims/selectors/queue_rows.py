"""What the queue says of a case, read from the case itself: one maker per kind, many cases at once."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from math import log10
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Now

from catalog.models import Authority, RightsHolder
from claims.models import (
    Appeal,
    CaseClock,
    Claim,
    ClaimLine,
    Correction,
    CounterNotice,
    DecisionProposal,
    Dispute,
    EvidenceDocument,
    EvidenceUse,
    Objection,
    OptOut,
    SenderSuspension,
)
from claims.models.queue import NEVER
from claims.selectors.appeal import makers_of, sides
from claims.selectors.claim import OPEN
from claims.selectors.claim_money import claim_money, line_counts
from claims.selectors.dispute import LIVE, judges_before
from claims.selectors.house_rule import Rules
from core.models import Event
from core.money import Money
from sales.models import MatchProposal

OPT_OUTS_OPEN = (OptOut.Status.REQUESTED, OptOut.Status.UNDER_REVIEW, OptOut.Status.EVIDENCE_REQUESTED)
OPEN_STATUSES: dict[type, tuple[Any, ...]] = {Claim: OPEN, OptOut: OPT_OUTS_OPEN}
OPEN_CASES: dict[str, tuple[Any, Q]] = {
    "claim": (Claim, Q(status__in=OPEN)),
    "opt_out": (OptOut, Q(status__in=OPT_OUTS_OPEN)),
    "holder": (
        RightsHolder,
        Q(status=RightsHolder.Status.UNDER_REVIEW)
        | Q(status=RightsHolder.Status.VERIFIED, verify_again_date__lte=Now()),
    ),
    "dispute": (Dispute, Q(status__in=LIVE)),
    "authority": (Authority, Q(status=Authority.Status.ASKED)),
    "document": (EvidenceDocument, Q(status=EvidenceDocument.Status.ASKED)),
    "correction": (Correction, Q(status=Correction.Status.ASKED)),
    "proposal": (MatchProposal, Q(status=MatchProposal.Status.PROPOSED)),
    "objection": (Objection, Q(status=Objection.Status.FILED)),
    "counter": (CounterNotice, Q(status__in=(CounterNotice.Status.FILED, CounterNotice.Status.UNDER_REVIEW))),
    "suspension": (SenderSuspension, Q(status=SenderSuspension.Status.APPEALED)),
    "appeal": (Appeal, Q(status__in=(Appeal.Status.FILED, Appeal.Status.UNDER_REVIEW))),
}
Row = dict[str, Any]


def queue_rows(kind: str, ids: Collection[int], rules: Rules, now: datetime) -> list[Row]:
    """This will describe those of these cases that are open, as the fields of their queue items."""
    rows = []
    for row in MAKERS[kind](ids):
        sums: list[Money] = row.pop("sums", [])
        row["money"] = [[money.currency, f"{money.amount:f}"] for money in sums]
        row["value"] = rules.in_queue(sums).quantize(Decimal("0.00000001"))
        row["due_at"] = row["due_at"] or NEVER
        row["urgency"] = urgency(row["value"], row["since"], row["due_at"], now)
        rows.append(row)
    return rows


def urgency(value: Decimal, since: datetime, due_at: datetime, now: datetime) -> Decimal:
    """This will multiply money (in powers of ten), age (in weeks) and nearness of the deadline; it orders, no more."""
    money = 1 + log10(1 + max(float(value), 0.0))
    weeks = 1 + max((now - since).days, 0) / 7
    left = (due_at - now).days
    nearness = 4 if due_at <= now else 2 if left < 3 else 1.5 if left < 7 else 1
    return Decimal(f"{money * weeks * nearness:.6f}")


def _claims(ids: Collection[int]) -> Iterator[Row]:
    claims = list(_open("claim", ids).select_related("holder", "authority").order_by("pk"))
    keys = [claim.pk for claim in claims]
    lines, sums = line_counts(keys), claim_money(keys)
    documents: dict[int, list[int]] = {}
    for claim_id, document in EvidenceUse.objects.filter(claim__in=keys).values_list("claim_id", "document_id"):
        documents.setdefault(claim_id, []).append(document)
    rivals, barred, late = _rivals(keys), _barred(keys), _late(claim.public_id for claim in claims)
    for claim in claims:
        agent = [claim.authority.agent_id] if claim.authority else []
        ground = (claim.holder_id, agent, sorted(claim.roles), claim.standing, claim.choice)
        parties = sorted(rivals.get(claim.pk, ()))
        yield {
            "object_id": claim.pk,
            "public_id": claim.public_id,
            "title": claim.holder.name,
            "status": claim.status,
            "is_waiting": claim.status == Claim.Status.EVIDENCE_REQUESTED and claim.public_id not in late,
            "since": claim.filed_at or claim.created_at,
            "due_at": claim.deadline_at,
            "line_count": lines[claim.pk],
            "sums": sums[claim.pk],
            "proof": claim.proof,
            "group_key": sha256(repr((ground, parties, sorted(documents.get(claim.pk, ())))).encode()).hexdigest(),
            "holder_ids": [claim.holder_id, *agent],
            "user_ids": [claim.created_by_id, *barred.get(claim.pk, ())],
        }


def _late(cases: Iterable[str]) -> set[str]:
    """Cases whose holder has let the time to answer pass: a person looks at them as they are."""
    rows = CaseClock.objects.filter(case__in=list(cases), ended_at=None, escalated_at__isnull=False)
    return set(rows.values_list("case", flat=True))


def _barred(claim_ids: Collection[int]) -> dict[int, list[int]]:
    """Who may not decide a claim any more: the first of two reviewers, and whose refusal an appeal reversed."""
    found: dict[int, list[int]] = {}
    proposed = DecisionProposal.objects.filter(claim__in=claim_ids, status=DecisionProposal.Status.OPEN)
    reversed_ = Appeal.objects.filter(reopened__in=claim_ids)
    pairs = [*proposed.values_list("claim_id", "by_id"), *reversed_.values_list("reopened_id", "first_decided_by_id")]
    for claim_id, user in pairs:
        found.setdefault(claim_id, []).append(user)
    return found


def _rivals(claim_ids: Collection[int]) -> dict[int, set[int]]:
    """The holders of other open claims about the same right of the same tracks, by claim."""
    lines = list(ClaimLine.objects.filter(claim__in=claim_ids).values_list("claim_id", "track_id", "right"))
    tracks = {track for _, track, _ in lines}
    others: dict[tuple[int, str], set[int]] = {}
    near = ClaimLine.objects.filter(track__in=tracks, claim__status__in=OPEN)
    for track, right, holder in near.values_list("track_id", "right", "claim__holder_id"):
        others.setdefault((track, right), set()).add(holder)
    own = dict(Claim.objects.filter(pk__in=claim_ids).values_list("pk", "holder_id"))
    found: dict[int, set[int]] = {}
    for claim_id, track, right in lines:
        found.setdefault(claim_id, set()).update(others.get((track, right), set()) - {own[claim_id]})
    return found


def _opt_outs(ids: Collection[int]) -> Iterator[Row]:
    cases = _open("opt_out", ids).select_related("holder", "authority").annotate(n=Count("lines"))
    cases = list(cases.order_by("pk"))
    late = _late(case.public_id for case in cases)
    asked = DecisionProposal.objects.filter(opt_out__in=cases, status=DecisionProposal.Status.OPEN)
    first = {opt_out: [user] for opt_out, user in asked.values_list("opt_out_id", "by_id")}
    for case in cases:
        agent = [case.authority.agent_id] if case.authority else []
        yield {
            "object_id": case.pk,
            "public_id": case.public_id,
            "title": case.holder.name,
            "status": case.status,
            "is_waiting": case.status == OptOut.Status.EVIDENCE_REQUESTED and case.public_id not in late,
            "since": case.requested_at or case.created_at,
            "due_at": case.deadline_at,
            "line_count": case.n,
            "proof": case.proof,
            "holder_ids": [case.holder_id, *agent],
            "user_ids": [case.created_by_id, *first.get(case.pk, ())],
        }


def _holders(ids: Collection[int]) -> Iterator[Row]:
    holders = list(_open("holder", ids).order_by("pk"))
    asked = Event.objects.filter(
        noun=RightsHolder._meta.label, object_id__in=[each.pk for each in holders], to_status="under_review"
    )
    since = dict(asked.order_by("pk").values_list("object_id", "at"))
    for each in holders:
        yield {
            "object_id": each.pk,
            "public_id": each.public_id,
            "title": each.name,
            "status": each.status,
            "since": since.get(each.pk, each.created_at),
            "due_at": None,
            "holder_ids": [each.pk],
            "user_ids": [each.created_by_id] if each.created_by_id else [],
        }


def _disputes(ids: Collection[int]) -> Iterator[Row]:
    disputes = _open("dispute", ids).prefetch_related(
        "parties__holder", "parties__claim_line__claim__authority", "parties__share__authority", "verdicts"
    )
    for case in disputes.order_by("pk"):
        parties = sorted(case.parties.all(), key=lambda party: party.pk)
        claims = [party.claim_line.claim for party in parties if party.claim_line]
        papers = [claim.authority for claim in claims] + [party.share.authority for party in parties if party.share]
        yield {
            "object_id": case.pk,
            "public_id": case.public_id,
            "title": " / ".join(party.holder.name for party in parties)[:300],
            "status": case.status,
            "since": case.opened_at,
            "due_at": case.deadline_at,
            "line_count": 1,
            "holder_ids": sorted({p.holder_id for p in parties} | {paper.agent_id for paper in papers if paper}),
            "user_ids": sorted({*(claim.created_by_id for claim in claims), *_judged(case)}),
            "group_key": case.group_key,
        }


def _judged(case: Dispute) -> set[int]:
    """Who has judged already, and who did before an appeal: others are asked next."""
    return {verdict.by_id for verdict in case.verdicts.all()} | (judges_before(case) if case.reopens_id else set())


def _authorities(ids: Collection[int]) -> Iterator[Row]:
    asked = list(_open("authority", ids).select_related("principal", "agent").order_by("pk"))
    since = Event.objects.filter(noun=Authority._meta.label, object_id__in=[each.pk for each in asked])
    moments = dict(since.order_by("-pk").values_list("object_id", "at"))
    for each in asked:
        yield {
            "object_id": each.pk,
            "public_id": each.public_id,
            "title": f"{each.principal.name} > {each.agent.name}"[:300],
            "status": each.status,
            "since": moments.get(each.pk, each.created_at),
            "due_at": None,
            "holder_ids": sorted({each.principal_id, each.agent_id}),
        }


def _documents(ids: Collection[int]) -> Iterator[Row]:
    for each in _open("document", ids).select_related("holder").order_by("pk"):
        yield {
            "object_id": each.pk,
            "public_id": each.public_id,
            "title": each.holder.name,
            "status": each.status,
            "since": each.uploaded_at,
            "due_at": None,
            "holder_ids": [each.holder_id],
            "user_ids": [each.uploaded_by_id],
        }


def _corrections(ids: Collection[int]) -> Iterator[Row]:
    cases = _open("correction", ids).select_related("source_track", "target_track", "source_work")
    for case in cases.order_by("pk"):
        subject = case.source_track or case.source_work or case.target_track or "–"
        yield {
            "object_id": case.pk,
            "public_id": case.public_id,
            "title": f"{case.get_kind_display()}: {subject}"[:300],
            "status": case.status,
            "since": case.asked_at,
            "due_at": None,
            "sums": [Money(Decimal(amount), currency) for currency, amount in case.money],
            "user_ids": [case.asked_by_id],
        }


def _proposals(ids: Collection[int]) -> Iterator[Row]:
    for case in _open("proposal", ids).select_related("holder", "store_key").order_by("pk"):
        yield {
            "object_id": case.pk,
            "public_id": case.public_id,
            "title": f"{case.holder.name}: {case.store_key}"[:300],
            "status": case.status,
            "since": case.proposed_at,
            "due_at": None,
            "holder_ids": [case.holder_id],
        }


def _appeals(ids: Collection[int]) -> Iterator[Row]:
    cases = _open("appeal", ids).select_related(
        "holder", "claim__authority", "opt_out__authority", "dispute", "counter__opt_out__authority"
    )
    cases = list(cases.order_by("pk"))
    sums = claim_money([case.claim_id for case in cases if case.claim_id])
    for case in cases:
        judges = {case.first_decided_by_id, *([case.also_decided_by_id] if case.also_decided_by_id else [])}
        yield {
            "object_id": case.pk,
            "public_id": case.public_id,
            "title": f"{case.holder.name}: {case.case.public_id}"[:300],
            "status": case.status,
            "since": case.filed_at,
            "due_at": case.deadline_at,
            "sums": sums[case.claim_id] if case.claim_id else [],
            "holder_ids": sorted(sides(case)),
            "user_ids": sorted({*judges, case.filed_by_id, *makers_of(case)}),
        }


def _objections(ids: Collection[int]) -> Iterator[Row]:
    for case in _open("objection", ids).select_related("holder", "window__claim").order_by("pk"):
        yield {
            "object_id": case.pk,
            "public_id": case.public_id,
            "title": f"{case.holder.name}: {case.window.claim.public_id}"[:300],
            "status": case.status,
            "since": case.filed_at,
            "due_at": case.window.closes_at,
            "holder_ids": sorted({case.holder_id, case.window.holder_id}),
            "user_ids": sorted({case.filed_by_id, case.window.claim.created_by_id}),
        }


def _counters(ids: Collection[int]) -> Iterator[Row]:
    cases = _open("counter", ids).select_related("holder", "licensee", "appeal_of", "opt_out__authority")
    for case in cases.order_by("pk"):
        agent = [case.opt_out.authority.agent_id] if case.opt_out.authority else []
        first = [case.appeal_of.decided_by_id] if case.appeal_of and case.appeal_of.decided_by_id else []
        yield {
            "object_id": case.pk,
            "public_id": case.public_id,
            "title": f"{(case.licensee or case.holder).name}: {case.opt_out.public_id}"[:300],
            "status": case.status,
            "since": case.filed_at,
            "due_at": case.deadline_at,
            "holder_ids": sorted({case.opt_out.holder_id, *agent, *([case.holder_id] if case.holder_id else [])}),
            "user_ids": sorted({case.filed_by_id, case.opt_out.created_by_id, *first}),
        }


def _suspensions(ids: Collection[int]) -> Iterator[Row]:
    for case in _open("suspension", ids).select_related("holder").order_by("pk"):
        yield {
            "object_id": case.pk,
            "public_id": case.public_id,
            "title": case.holder.name,
            "status": case.status,
            "since": case.appealed_at or case.at,
            "due_at": None,
            "holder_ids": [case.holder_id],
            "user_ids": sorted({case.by_id, *([case.appealed_by_id] if case.appealed_by_id else [])}),
        }


def _open(kind: str, ids: Collection[int]) -> Any:
    model, condition = OPEN_CASES[kind]
    return model.objects.filter(condition, pk__in=ids)


MAKERS: dict[str, Callable[[Collection[int]], Iterator[Row]]] = {
    "claim": _claims,
    "opt_out": _opt_outs,
    "holder": _holders,
    "dispute": _disputes,
    "authority": _authorities,
    "document": _documents,
    "correction": _corrections,
    "proposal": _proposals,
    "appeal": _appeals,
    "objection": _objections,
    "counter": _counters,
    "suspension": _suspensions,
}
