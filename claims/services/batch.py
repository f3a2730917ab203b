"""Pennies: small claims of low risk approved together, after one person has looked at a drawn sample.

The sum that may go to one holder, person or agent this way is a running total over all batches, never per claim. Each
claim is decided in a transaction of its own, by the same service as any other; what does not fit is passed over, with
the reason, and waits in the queue.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from math import ceil
from random import Random
from secrets import token_hex

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Sum

from accounts.models import User
from catalog.models import RightsHolder
from claims import selectors
from claims.models import BatchClaim, Check, Claim, LightApproval, Proof, ReviewBatch
from claims.services.decision import LineDecision, decide_claim
from claims.services.errors import (
    AboveRunningTotal,
    NotAReviewer,
    NothingForBatch,
    NotStaff,
    Refused,
    SampleNotGood,
    SampleNotSeen,
)
from claims.services.moves import move as move_case
from core.money import Money
from core.workflow import MovedMeanwhile, MoveNotAllowed, move, record_event

Status = ReviewBatch.Status
Verdict = BatchClaim.Verdict
ALARMS = ("overlap", "shares", "withdrawn", "fraud", "duplicate")
"""Checks that must pass for a claim to be one of many."""
LOCK = 7_061_004
Totals = dict[tuple[str, int, str], Decimal]


def draft_batch(*, by: User, now: datetime) -> ReviewBatch:
    """This will gather small claims and draw the sample to look at. Raises: NotAReviewer, NothingForBatch."""
    if not selectors.may_review(by):
        raise NotAReviewer
    rules = selectors.rules_on(now.date())
    with transaction.atomic():
        claims = _fitting(_candidates(by, now), rules)[: rules.count("batch_size")]
        if not claims:
            raise NothingForBatch
        size = sample_size(len(claims), rules)
        batch = ReviewBatch.objects.create(seed=token_hex(16), sample_size=size, by=by, drafted_at=now)
        drawn = draw(batch.seed, [claim.pk for claim in claims], size)
        BatchClaim.objects.bulk_create(
            BatchClaim(batch=batch, claim=claim, is_sample=claim.pk in drawn) for claim in claims
        )
        record_event(batch, "", Status.DRAFTED, by=by, now=now)
    return batch


def sample_size(count: int, rules: selectors.Rules) -> int:
    """This will say how many of a batch are looked at: a number at least, a percent at least, never more than all."""
    share = ceil(count * rules.number("sample_percent") / 100)
    return min(count, max(rules.count("sample_size"), share, 1))


def draw(seed: str, claim_ids: Iterable[int], size: int) -> set[int]:
    """This will draw the sample; the same seed draws the same again."""
    return set(Random(seed).sample(sorted(claim_ids), size))  # noqa: S311 - has to be drawn again by anybody


def judge_sample(*, batch: ReviewBatch, claim: Claim, is_good: bool, by: User, now: datetime) -> None:
    """This will note what the look at a drawn claim found; one that is not in order dissolves the batch.

    Raises: NotStaff, MoveNotAllowed.
    """
    with transaction.atomic():
        batch = _own(batch, by)
        verdict = Verdict.GOOD if is_good else Verdict.BAD
        batch.claims.filter(claim=claim, is_sample=True).update(viewed_at=now, verdict=verdict)
        record_event(batch, batch.status, batch.status, by=by, now=now, reason_code=f"sample_{verdict}")
        if not is_good:
            _end(batch, Status.DISSOLVED, by, now)


def dissolve_batch(*, batch: ReviewBatch, by: User, now: datetime) -> None:
    """This will let a batch go; its claims wait in the queue as before. Raises: NotStaff, MoveNotAllowed."""
    with transaction.atomic():
        _end(_own(batch, by), Status.DISSOLVED, by, now)


def approve_batch(*, batch: ReviewBatch, by: User, now: datetime) -> ReviewBatch:
    """This will approve every claim of a batch whose whole sample was found in order; each that still fits.

    Killed half-way it is called again and goes on: a claim that has its result is not touched.

    Raises: NotStaff, SampleNotSeen, SampleNotGood, MoveNotAllowed.
    """
    batch = _own(batch, by)
    sample = list(batch.claims.filter(is_sample=True).values_list("verdict", flat=True))
    if Verdict.BAD in sample:
        raise SampleNotGood
    if len(sample) != sample.count(Verdict.GOOD):
        raise SampleNotSeen
    for each in batch.claims.filter(result="").select_related("claim__holder", "claim__authority").order_by("pk"):
        each.result = _approve_one(batch, each.claim, by, now)
        each.save(update_fields=["result"])
    with transaction.atomic():
        _end(_own(batch, by), Status.APPROVED, by, now)
    return batch


def _approve_one(batch: ReviewBatch, claim: Claim, by: User, now: datetime) -> str:
    """Approve one claim of a batch, or say by a code why not."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])  # running totals are read and raised by one
            rules, sums = selectors.rules_on(now.date()), selectors.money_of_claim(claim)
            claim.refresh_from_db()
            if claim.proof != Proof.LIGHT or not _fits(claim, sums, _totals([claim]), rules):
                raise AboveRunningTotal
            LightApproval.objects.bulk_create(
                LightApproval(
                    claim=claim,
                    batch=batch,
                    holder=claim.holder,
                    agent=claim.authority.agent if claim.authority else None,
                    person=claim.created_by,
                    currency=money.currency,
                    amount=money.amount,
                )
                for money in sums
            )
            if claim.status == Claim.Status.FILED:
                move_case(claim, Claim.Status.UNDER_REVIEW, by=by, now=now)
            lines = claim.lines.values_list("pk", flat=True)
            decide_claim(
                claim=claim, decisions={pk: LineDecision("accepted") for pk in lines}, by=by, now=now, batch=batch
            )
    except Refused as refusal:
        return refusal.code
    except (MoveNotAllowed, MovedMeanwhile):
        return "case_closed"
    return "approved"


def _candidates(by: User, now: datetime) -> list[Claim]:
    items = selectors.to_take(by, now, kind="claim").filter(proof=Proof.LIGHT, handed_to=None)
    free = items.exclude(leased_by__isnull=False, lease_until__gt=now)
    alarm = Check.objects.filter(claim=OuterRef("pk"), name__in=ALARMS).exclude(result=Check.Result.PASSED)
    busy = BatchClaim.objects.filter(claim=OuterRef("pk"), batch__status=Status.DRAFTED)
    claims = Claim.objects.filter(
        ~Exists(alarm), ~Exists(busy), pk__in=free.values("object_id"), holder__status=RightsHolder.Status.VERIFIED
    )
    return list(claims.select_related("holder", "authority").order_by("filed_at", "pk")[:2000])


def _fitting(claims: list[Claim], rules: selectors.Rules) -> list[Claim]:
    """Those claims that fit under the running totals together, in their order."""
    totals, sums = _totals(claims), selectors.claim_money([claim.pk for claim in claims])
    chosen = []
    for claim in claims:
        if _fits(claim, sums[claim.pk], totals, rules):
            chosen.append(claim)
            for money in sums[claim.pk]:
                for key in _keys(claim):
                    totals[*key, money.currency] += money.amount
    return chosen


def _fits(claim: Claim, sums: list[Money], totals: Totals, rules: selectors.Rules) -> bool:
    return all(
        totals[*key, money.currency] + money.amount <= rules.limit("light_money", money.currency)
        for money in sums
        for key in _keys(claim)
    )


def _keys(claim: Claim) -> list[tuple[str, int]]:
    keys = [("holder", claim.holder_id), ("person", claim.created_by_id)]
    return [*keys, ("agent", claim.authority.agent_id)] if claim.authority else keys


def _totals(claims: Collection[Claim]) -> Totals:
    """What was approved in batches so far, per holder, person, agent and currency."""
    totals: Totals = defaultdict(Decimal)
    keys = {key for claim in claims for key in _keys(claim)}
    for name in ("holder", "person", "agent"):
        ids = [pk for kind, pk in keys if kind == name]
        rows = LightApproval.objects.filter(**{f"{name}__in": ids}).order_by().values_list(f"{name}_id", "currency")
        for pk, currency, amount in rows.annotate(total=Sum("amount")):
            totals[name, pk, currency] = amount
    return totals


def _own(batch: ReviewBatch, by: User) -> ReviewBatch:
    """Lock a batch for who drafted it: who looks at the sample is who approves."""
    locked = ReviewBatch.objects.get(pk=batch.pk)
    if locked.by_id != by.pk or not selectors.may_review(by):
        raise NotStaff
    if locked.status != Status.DRAFTED:
        raise MoveNotAllowed(f"{locked}: {locked.status}")
    return locked


def _end(batch: ReviewBatch, to: str, by: User, now: datetime) -> None:
    move(batch, to, by=by, now=now)
    ReviewBatch.objects.filter(pk=batch.pk).update(ended_at=now)
