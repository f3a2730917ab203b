"""A claim on what the report sold, from the search to the award."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum

from catalog import territories
from catalog.models import RightsShare, Track
from claims import selectors as cases
from claims import services as claims
from claims.models import Check, Claim
from payouts import selectors as money
from roms_portal.demo import cases as demo
from roms_portal.walkthrough.state import Figures, Walk, amounts, expect, work_until

HOLDER = "Walkthrough Records"
TRACKS_CLAIMED = 5
ZERO = Decimal(0)


def find(state: Walk) -> Figures:
    """Somebody asks "is there money for me?"."""
    taken = RightsShare.objects.filter(track__isnull=False).values("track")
    best = (
        Track.objects.filter(sales__report=state.report)
        .exclude(pk__in=taken)
        .exclude(claim_lines__claim__isnull=False)
        .annotate(royalty=Sum("sales__royalty"))
        .filter(royalty__gt=0)
        .order_by("-royalty", "pk")
    )
    state.tracks = list(best[:TRACKS_CLAIMED])
    expect(state.tracks, "no track of the report has unclaimed money")
    waiting = cases.waiting_for_tracks([track.pk for track in state.tracks])
    for found in waiting.values():
        for by_currency in found.by_right.values():
            for currency, amount in by_currency.items():
                total = amount.received + amount.unpaid
                state.waiting[currency] = state.waiting.get(currency, ZERO) + total
    first = state.tracks[0]
    hits = cases.unclaimed_search(f"{first.artist} {first.title}")
    expect(first in [hit.track for hit in hits], f"the search does not find {first}")
    return {"tracks": [str(track) for track in state.tracks], "unclaimed": amounts(state.waiting)}


def file_claim(state: Walk) -> Figures:
    """The holder claims, signs and files, under reservation of rights."""
    state.holder = demo.holder(HOLDER, "company", "GB", state.cast["alice"], state.cast["rita"], state.now)
    roles = {role: Decimal(100) for role in Claim.Role.values}
    terms = claims.Terms(percents=roles, territories=territories.worldwide(), choice=RightsShare.Choice.RESERVE)
    by = state.cast["alice"]
    claim = claims.create_draft(
        holder=state.holder, track_ids=[track.pk for track in state.tracks], terms=terms, by=by, now=state.now
    )
    demo.show_proof(state.holder, by, state.now, claim=claim)
    state.claim = claims.file_claim(claim=claim, signature="Alice", language="en", by=by, now=state.now)
    return {"claim": claim.public_id, "lines": claim.lines.count(), "choice": claim.choice}


def check(state: Walk) -> Figures:
    """The automatic checks look at it."""
    checks = Check.objects.filter(claim=state.claim)
    work_until(state, lambda: not checks.filter(result=Check.Result.WAITING).exists())
    results = dict(checks.values_list("name", "result"))
    expect(results and Check.Result.WAITING not in results.values(), f"checks are not done: {results}")
    return results


def approve(state: Walk) -> Figures:
    """A reviewer who has nothing to do with it approves, above a sum a second one too; the whole past is posted."""
    rita = state.cast["rita"]
    claim = claims.start_review(claim=Claim.objects.get(pk=state.claim.pk), by=rita, now=state.now)
    claim = claims.approve_claim(claim=claim, by=rita, now=state.now)
    if claim.status == Claim.Status.UNDER_REVIEW:
        claims.confirm_decision(claim=claim, by=state.cast["sofia"], now=state.now)
    work_until(state, lambda: Claim.objects.filter(pk=claim.pk, status=Claim.Status.AWARDED).exists())
    claim.refresh_from_db()
    expect(claim.status == Claim.Status.AWARDED, f"the claim is {claim.status}")
    return {"claim": claim.public_id, "outcomes": _outcomes(claim.lines.values_list("outcome", flat=True))}


def _outcomes(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def award(state: Walk) -> Figures:
    """The balance is exactly what was found waiting."""
    sums: dict[str, Decimal] = {}
    for band in money.bands(state.holder):
        sums[band.currency] = sums.get(band.currency, ZERO) + band.amount
    expect(sums == state.waiting, f"awarded {amounts(sums)}, waiting was {amounts(state.waiting)}")
    return {"balance": amounts(sums)}
