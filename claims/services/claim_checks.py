"""Automatic looks at a claim: small functions, each a result, a reason and its figures."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from catalog.models import RightsHolder, RightsShare, TrackIsrc, Withdrawal
from catalog.rights import Right
from claims import selectors
from claims.models import Check, Claim
from claims.services.finding import Finding

Result = Check.Result
CLAIMS_NAMED = 10


def identity(claim: Claim) -> Finding:
    """Is the holder verified?"""
    status = claim.holder.status
    if status == RightsHolder.Status.VERIFIED:
        return Finding(Result.PASSED, "holder_verified")
    if status == RightsHolder.Status.REFUSED:
        return Finding(Result.FAILED, "holder_refused")
    return Finding(Result.WARNED, "holder_under_review")


def identifier(claim: Claim) -> Finding:
    """Are the tracks certain: in the catalogue, not merged away, with an ISRC of their own?"""
    lines = claim.lines.order_by()
    tracks = lines.aggregate(n=Count("track", distinct=True))["n"]
    if merged := lines.filter(track__merged_into__isnull=False).aggregate(n=Count("track", distinct=True))["n"]:
        return Finding(Result.WARNED, "tracks_merged", {"count": merged})
    own = TrackIsrc.objects.filter(track=OuterRef("track"))
    if bare := lines.filter(~Exists(own)).aggregate(n=Count("track", distinct=True))["n"]:
        return Finding(Result.WARNED, "tracks_without_isrc", {"count": bare, "tracks": tracks})
    twin = TrackIsrc.objects.filter(isrc=OuterRef("isrc")).exclude(track=OuterRef("track"))
    shared = TrackIsrc.objects.filter(Exists(twin), track__in=lines.values("track_id"))
    if twins := shared.aggregate(n=Count("track", distinct=True))["n"]:
        return Finding(Result.WARNED, "tracks_sharing_isrc", {"count": twins, "tracks": tracks})
    return Finding(Result.PASSED, "tracks_known", {"tracks": tracks})


def duplicate(claim: Claim) -> Finding:
    """Does the holder claim, or have, the same already?"""
    same = Q(holder=claim.holder_id) & ~Q(pk=claim.pk) & Q(status__in=selectors.OPEN)
    others = Claim.objects.filter(
        same, lines__track__in=claim.lines.values("track_id"), lines__right__in=_rights(claim)
    )
    if found := list(others.distinct().order_by("pk").values_list("public_id", flat=True)):
        return Finding(Result.WARNED, "already_claimed", _named(found))
    held = RightsShare.objects.filter(holder=claim.holder_id, right=OuterRef("right")).exclude(start=F("end"))
    mine = claim.lines.filter(
        Exists(held.filter(track=OuterRef("track"))) | Exists(held.filter(work__track_parts__track=OuterRef("track")))
    ).count()
    if mine:
        return Finding(Result.WARNED, "already_held", {"count": mine})
    return Finding(Result.PASSED, "no_duplicate")


def shares(claim: Claim) -> Finding:
    """Is there room under 100 % beside the shares recorded?"""
    crowded = len({each.line.pk for each in selectors.pieces_of(claim) if each.is_crowded})
    if crowded:
        return Finding(Result.WARNED, "above_hundred", {"count": crowded})
    return Finding(Result.PASSED, "room_left")


def overlap(claim: Claim) -> Finding:
    """Do other holders claim the same at this moment?"""
    rivals = list(selectors.rival_lines(claim).values_list("claim__public_id", flat=True))
    if rivals:
        return Finding(Result.WARNED, "other_claims", _named(rivals))
    return Finding(Result.PASSED, "no_overlap")


def withdrawn(claim: Claim) -> Finding:
    """Is a track withdrawn from stores, and by whom?"""
    out = Withdrawal.objects.filter(right=OuterRef("right")).exclude(start=F("end"))
    here = out.filter(Q(track=OuterRef("track")) | Q(work__track_parts__track=OuterRef("track")))
    by_other = claim.lines.filter(Exists(here.exclude(holder=claim.holder_id))).count()
    if by_other:
        return Finding(Result.WARNED, "withdrawn_by_other", {"count": by_other})
    by_self = claim.lines.filter(Exists(here.filter(holder=claim.holder_id))).count()
    if by_self:
        return Finding(Result.PASSED, "withdrawn_by_self", {"count": by_self})
    return Finding(Result.PASSED, "not_withdrawn")


def value(claim: Claim) -> Finding:
    """How much money waits?"""
    amounts = selectors.claim_amounts(claim).waiting
    if not amounts:
        return Finding(Result.PASSED, "no_money_waiting")
    return Finding(Result.PASSED, "money_waiting", {"amounts": ", ".join(str(amount.total) for amount in amounts)})


def evidence(claim: Claim) -> Finding:
    """Is a document shown?"""
    if count := claim.evidence_uses.count():
        return Finding(Result.PASSED, "evidence_there", {"count": count})
    return Finding(Result.WARNED, "evidence_missing")


def authority(claim: Claim) -> Finding:
    """Does the authority of an agent cover the claim?"""
    paper = claim.authority
    if paper is None:
        return Finding(Result.PASSED, "authority_in_order")
    covers = (
        "collect" in paper.purposes
        and set(_rights(claim)) <= set(paper.rights)
        and (not paper.tracks.exists() or not claim.lines.exclude(track__in=paper.tracks.all()).exists())
    )
    if covers:
        return Finding(Result.PASSED, "authority_in_order")
    return Finding(Result.FAILED, "authority_too_narrow")


CHECKS: dict[str, Callable[[Claim], Finding]] = {
    "identity": identity,
    "identifier": identifier,
    "duplicate": duplicate,
    "shares": shares,
    "overlap": overlap,
    "withdrawn": withdrawn,
    "value": value,
    "evidence": evidence,
    "authority": authority,
}


def names_for(claim: Claim) -> list[str]:
    """This will name the checks of a claim: that of the authority only where an agent claims."""
    return [name for name in CHECKS if name != "authority" or claim.authority_id]


def _rights(claim: Claim) -> set[str]:
    return set(claim.lines.order_by().values_list("right", flat=True).distinct()) or set(Right.values)


def _named(public_ids: list[str]) -> dict[str, Any]:
    different = list(dict.fromkeys(public_ids))
    more = " ..." if len(different) > CLAIMS_NAMED else ""
    return {"count": len(public_ids), "claims": ", ".join(different[:CLAIMS_NAMED]) + more}
