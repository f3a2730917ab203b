"""Automatic looks at an opt-out: small functions, each a result, a reason and its figures."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from catalog.models import Authority
from claims import selectors
from claims.models import Check, OptOut, OptOutLine
from claims.selectors.opt_out import Standing, standings
from claims.services.finding import Finding
from claims.services.fraud import marks_of
from claims.services.suspension import mistaken_since

Result = Check.Result
WHOLE = Decimal(100)


def ownership(opt_out: OptOut) -> Finding:
    """Is a share of every track recorded for the holder, or does proof have to be looked at?"""
    found = _standings(opt_out)
    bare = sum(not _owns(opt_out, standing) for standing in found.values())
    if not bare:
        return Finding(Result.PASSED, "owned_by_record", {"tracks": len(found)})
    figures = {"count": bare, "tracks": len(found)}
    taken = sum(_is_anothers(opt_out, standing) for standing in found.values())
    if taken:
        return Finding(Result.FAILED, "owned_by_another", {**figures, "count": taken})
    if opt_out.evidence_uses.exists():
        return Finding(Result.WARNED, "owned_by_evidence", figures)
    return Finding(Result.FAILED, "owned_by_nothing", figures)


def partial(opt_out: OptOut) -> Finding:
    """Do others hold shares in the same rights? They are told, and may contest."""
    found = _standings(opt_out)
    shared = [standing for standing in found.values() if standing.other_holders]
    if not shared:
        return Finding(Result.PASSED, "no_other_holders")
    holders = len(set().union(*(standing.other_holders for standing in shared)))
    return Finding(Result.WARNED, "other_holders", {"count": len(shared), "tracks": len(found), "holders": holders})


def disputed(opt_out: OptOut) -> Finding:
    """Is anybody's ownership of these tracks under dispute?"""
    count = sum(standing.disputed for standing in _standings(opt_out).values())
    if count:
        return Finding(Result.WARNED, "tracks_disputed", {"count": count})
    return Finding(Result.PASSED, "tracks_undisputed")


def already_out(opt_out: OptOut) -> Finding:
    """Are tracks out already, or asked for in another open case of the same holder?"""
    found = _standings(opt_out)
    out = sum(bool(standing.out) and not standing.rights_left(opt_out.rights) for standing in found.values())
    if out:
        return Finding(Result.WARNED, "tracks_already_out", {"count": out, "tracks": len(found)})
    waiting = (OptOut.Status.REQUESTED, OptOut.Status.UNDER_REVIEW, OptOut.Status.EVIDENCE_REQUESTED)
    same = OptOutLine.objects.filter(track__in=found, opt_out__holder=opt_out.holder_id, opt_out__status__in=waiting)
    again = same.exclude(opt_out=opt_out).values("track").distinct().count()
    if again:
        return Finding(Result.WARNED, "tracks_asked_before", {"count": again, "tracks": len(found)})
    return Finding(Result.PASSED, "tracks_not_out")


def rows(opt_out: OptOut) -> Finding:
    """Was every row found to be one certain track?"""
    total = opt_out.lines.count()
    lost = opt_out.lines.filter(outcome=OptOutLine.Outcome.UNKNOWN).count()
    if lost:
        return Finding(Result.WARNED, "rows_without_track", {"count": lost, "rows": total})
    return Finding(Result.PASSED, "rows_all_found", {"rows": total})


def evidence(opt_out: OptOut) -> Finding:
    """Is a document shown, or do checked ones in the vault prove every row?"""
    rows, proved = opt_out.lines.count(), selectors.opt_out_lines_proved(opt_out, _day(opt_out)).count()
    if rows and proved == rows:
        return Finding(Result.PASSED, "vault_covers", {"count": proved, "lines": rows})
    if count := opt_out.evidence_uses.count():
        return Finding(Result.PASSED, "evidence_there", {"count": count})
    return Finding(Result.WARNED, "evidence_missing")


def fraud(opt_out: OptOut) -> Finding:
    """Is anything of the opt-out known from a fraud?"""
    if marks := marks_of(opt_out):
        return Finding(Result.FAILED, "known_from_fraud", {"marks": ", ".join(mark.hint for mark in marks)})
    return Finding(Result.PASSED, "nothing_known")


def abuse(opt_out: OptOut) -> Finding:
    """Did what this holder sent lately turn out mistaken: refused, contested with success, taken back?"""
    now = opt_out.requested_at or opt_out.created_at
    rules = selectors.rules_on(now.date())
    days = rules.count("opt_out_days")
    count = mistaken_since(opt_out.holder, now - timedelta(days=days))
    if count > rules.count("opt_out_mistaken"):
        return Finding(Result.FAILED, "many_mistaken", {"count": count, "days": days})
    if count:
        return Finding(Result.WARNED, "some_mistaken", {"count": count, "days": days})
    return Finding(Result.PASSED, "nothing_mistaken")


def authority(opt_out: OptOut) -> Finding:
    """Does the authority of an agent cover the opt-out?"""
    paper = opt_out.authority
    if paper is None:
        return Finding(Result.PASSED, "sender_is_holder")
    tracks = set(opt_out.lines.filter(track__isnull=False).values_list("track_id", flat=True))
    covers = (
        Authority.Purpose.TAKE_DOWN in paper.purposes
        and set(opt_out.rights) <= set(paper.rights)
        and not opt_out.territories.bits & ~paper.territories.bits
        and (not paper.tracks.exists() or tracks <= set(paper.tracks.values_list("pk", flat=True)))
        and (paper.end is None or paper.end > _day(opt_out))
    )
    return Finding(Result.PASSED, "authority_in_order") if covers else Finding(Result.FAILED, "authority_too_narrow")


CHECKS: dict[str, Callable[[OptOut], Finding]] = {
    "ownership": ownership,
    "partial": partial,
    "disputed": disputed,
    "already_out": already_out,
    "rows": rows,
    "evidence": evidence,
    "fraud": fraud,
    "abuse": abuse,
    "authority": authority,
}


def _standings(opt_out: OptOut) -> dict[int, Standing]:
    return standings(opt_out, _day(opt_out))


def _day(opt_out: OptOut) -> date:
    return (opt_out.requested_at or opt_out.created_at).date()


def _owns(opt_out: OptOut, standing: Standing) -> bool:
    """Any part of any of the rights is enough: a licence needs the consent of all."""
    return any(standing.own.get(right) for right in opt_out.rights)


def _is_anothers(opt_out: OptOut, standing: Standing) -> bool:
    """Others hold the whole of every right that is to be withdrawn."""
    return all(standing.others.get(right, 0) >= WHOLE for right in opt_out.rights)


def is_rivals(opt_out: OptOut, standing: Standing) -> bool:
    """This will tell whether only others have recorded shares in what is to leave."""
    return bool(standing.other_holders) and not _owns(opt_out, standing)
