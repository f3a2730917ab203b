"""Automatic looks at a claim: small functions, each a result, a reason and its figures."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from rapidfuzz.fuzz import token_set_ratio

from catalog.models import RightsHolder, RightsShare, TerritorySet, TrackIsrc, Withdrawal
from catalog.names import artist_key
from catalog.rights import Right
from claims import selectors
from claims.models import Check, Claim, EvidenceDocument
from claims.services.finding import Finding
from claims.services.fraud import marks_of

Result = Check.Result
CLAIMS_NAMED = 10


def identity(claim: Claim) -> Finding:
    """Is the holder verified?"""
    status = claim.holder.status
    if status == RightsHolder.Status.VERIFIED:
        return Finding(Result.PASSED, "holder_verified")
    if status == RightsHolder.Status.SUSPENDED:
        return Finding(Result.FAILED, "holder_suspended")
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
    """Does the holder claim, or have, the same already, or was paid for it before?"""
    same = Q(holder=claim.holder_id) & ~Q(pk=claim.pk) & Q(status__in=selectors.OPEN)
    others = Claim.objects.filter(
        same, lines__track__in=claim.lines.values("track_id"), lines__right__in=_rights(claim)
    )
    if found := list(others.distinct().order_by("pk").values_list("public_id", flat=True)):
        return Finding(Result.WARNED, "already_claimed", _named(found))
    if paid := selectors.paid_before_in(claim):
        return Finding(Result.WARNED, "paid_before", _named(paid))
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
    """Do other holders claim the same at this moment? A society and its member, an agent and its owner, are one."""
    rivals = list(selectors.rival_lines(claim).values_list("claim__public_id", flat=True))
    if rivals:
        return Finding(Result.WARNED, "other_claims", _named(rivals))
    if kin := list(selectors.kin_lines(claim).values_list("claim__public_id", flat=True)):
        return Finding(Result.PASSED, "same_interest", _named(kin))
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
    said = {"amounts": ", ".join(str(amount.total) for amount in amounts)}
    if selectors.rules_on(_day(claim)).is_above("full_money", [amount.total for amount in amounts]):
        return Finding(Result.WARNED, "large_sum", said)
    return Finding(Result.PASSED, "money_waiting", said)


def evidence(claim: Claim) -> Finding:
    """Is a document shown, or do checked ones in the vault prove every line?"""
    if count := claim.evidence_uses.count():
        return Finding(Result.PASSED, "evidence_there", {"count": count})
    proved, lines = _proved(claim)
    if proved == lines:
        return Finding(Result.PASSED, "vault_covers", {"count": proved, "lines": lines})
    return Finding(Result.WARNED, "evidence_missing")


def scope(claim: Claim) -> Finding:
    """Do the documents prove what is claimed: title, not only a person; a certificate where somebody inherited?"""
    kinds = set(claim.evidence_uses.values_list("document__kind", flat=True))
    count = claim.evidence_uses.count()
    if claim.standing == Claim.Standing.HEIR and EvidenceDocument.Kind.INHERITANCE not in kinds:
        return Finding(Result.WARNED, "no_inheritance")
    proved, lines = _proved(claim)
    if proved == lines:
        return Finding(Result.PASSED, "vault_covers", {"count": proved, "lines": lines})
    if kinds & selectors.title_kinds():
        return Finding(Result.PASSED, "documents_fit", {"count": count})
    if proved:
        return Finding(Result.WARNED, "vault_covers_some", {"count": proved, "lines": lines})
    if kinds:
        return Finding(Result.WARNED, "documents_of_identity", {"count": count})
    return Finding(Result.WARNED, "evidence_missing")


def _proved(claim: Claim) -> tuple[int, int]:
    """This will count the lines that checked documents of the vault prove, and all lines."""
    return selectors.claim_lines_proved(claim, _day(claim)).count(), claim.lines.count()


def velocity(claim: Claim) -> Finding:
    """Does the holder, or the person, claim more in a few days than is usual?"""
    rules, filed = selectors.rules_on(_day(claim)), claim.filed_at or claim.created_at
    days = rules.count("velocity_days")
    near = Claim.objects.filter(filed_at__gt=filed - timedelta(days=days), filed_at__lte=filed)
    count = near.filter(Q(holder=claim.holder_id) | Q(created_by=claim.created_by_id)).count()
    said = {"count": count, "days": days}
    if count > rules.count("velocity_claims"):
        return Finding(Result.WARNED, "many_claims", said)
    return Finding(Result.PASSED, "few_claims", said)


def bank_account(claim: Claim) -> Finding:
    """Is the bank account one that was used before?"""
    return Finding(Result.PASSED, "no_account_known")


def name_distance(claim: Claim) -> Finding:
    """Is the holder's name, or one of its other names, near the artist or the label of the tracks?"""
    lines = claim.lines.exclude(right=Right.WORK).order_by()
    named: dict[tuple[str, str], set[int]] = {}
    for track, artist, label in lines.values_list("track_id", "track__artist", "track__label").distinct():
        named.setdefault((artist_key(artist), artist_key(label)), set()).add(track)
    if not named:
        return Finding(Result.PASSED, "song_names")
    own = [claim.holder.name_key, *claim.holder.names.values_list("name_key", flat=True)]
    alike = {keys: max(token_set_ratio(mine, key) for mine in own for key in keys) for keys in named}
    least = int(min(alike.values()))
    limit = selectors.rules_on(_day(claim)).number("name_percent")
    far = sum((len(named[keys]) for keys, percent in alike.items() if percent < limit), 0)
    if far:
        tracks = len(set().union(*named.values()))
        return Finding(Result.WARNED, "names_far", {"count": far, "tracks": tracks, "percent": least})
    return Finding(Result.PASSED, "names_alike", {"percent": least})


def fraud(claim: Claim) -> Finding:
    """Is anything of the claim known from a fraud?"""
    if marks := marks_of(claim):
        return Finding(Result.FAILED, "known_from_fraud", {"marks": ", ".join(mark.hint for mark in marks)})
    return Finding(Result.PASSED, "nothing_known")


def authority(claim: Claim) -> Finding:
    """Does the authority of an agent cover the claim?"""
    paper = claim.authority
    if paper is None:
        return Finding(Result.PASSED, "authority_in_order")
    places = TerritorySet.objects.filter(pk__in=claim.lines.order_by().values("territories"))
    covers = (
        "collect" in paper.purposes
        and set(_rights(claim)) <= set(paper.rights)
        and not any(bits & ~paper.territories.bits for bits in places.values_list("bits", flat=True))
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
    "scope": scope,
    "velocity": velocity,
    "bank_account": bank_account,
    "name_distance": name_distance,
    "fraud": fraud,
    "authority": authority,
}


def names_for(claim: Claim) -> list[str]:
    """This will name the checks of a claim: that of the authority only where an agent claims."""
    return [name for name in CHECKS if name != "authority" or claim.authority_id]


def _day(claim: Claim) -> date:
    return (claim.filed_at or claim.created_at).date()


def _rights(claim: Claim) -> set[str]:
    return set(claim.lines.order_by().values_list("right", flat=True).distinct()) or set(Right.values)


def _named(public_ids: list[str]) -> dict[str, Any]:
    different = list(dict.fromkeys(public_ids))
    more = " ..." if len(different) > CLAIMS_NAMED else ""
    return {"count": len(public_ids), "claims": ", ".join(different[:CLAIMS_NAMED]) + more}
