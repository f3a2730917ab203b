"""Automatic looks at an opt-out: small functions, each a result, a reason and its figures."""

from collections.abc import Callable
from datetime import date, timedelta

from catalog.models import Authority
from claims import selectors
from claims.models import Check, OptOut, OptOutLine
from claims.pipeline import opt_out_standing
from claims.services.finding import Finding
from claims.services.fraud import marks_of
from claims.services.suspension import mistaken_since

Result = Check.Result


def ownership(opt_out: OptOut) -> Finding:
    """Is a share of every track recorded for the holder, or does proof have to be looked at?"""
    found = opt_out_standing.recorded(opt_out, _day(opt_out))
    if not found.bare:
        return Finding(Result.PASSED, "owned_by_record", {"tracks": found.tracks})
    figures = {"count": found.bare, "tracks": found.tracks}
    if found.anothers:
        return Finding(Result.FAILED, "owned_by_another", {**figures, "count": found.anothers})
    if opt_out.evidence_uses.exists():
        return Finding(Result.WARNED, "owned_by_evidence", figures)
    return Finding(Result.FAILED, "owned_by_nothing", figures)


def partial(opt_out: OptOut) -> Finding:
    """Do others hold shares in the same rights? They are told, and may contest."""
    found = opt_out_standing.recorded(opt_out, _day(opt_out))
    if not found.shared:
        return Finding(Result.PASSED, "no_other_holders")
    figures = {"count": found.shared, "tracks": found.tracks, "holders": found.other_holders}
    return Finding(Result.WARNED, "other_holders", figures)


def disputed(opt_out: OptOut) -> Finding:
    """Is anybody's ownership of these tracks under dispute?"""
    count = opt_out_standing.count_disputed(opt_out, _day(opt_out))
    if count:
        return Finding(Result.WARNED, "tracks_disputed", {"count": count})
    return Finding(Result.PASSED, "tracks_undisputed")


def already_out(opt_out: OptOut) -> Finding:
    """Are tracks out already, or asked for in another open case of the same holder?"""
    named = opt_out.lines.filter(track__isnull=False).values("track")
    tracks = named.distinct().count()
    if out := opt_out_standing.count_out(opt_out, _day(opt_out)):
        return Finding(Result.WARNED, "tracks_already_out", {"count": out, "tracks": tracks})
    waiting = (OptOut.Status.REQUESTED, OptOut.Status.UNDER_REVIEW, OptOut.Status.EVIDENCE_REQUESTED)
    same = OptOutLine.objects.filter(track__in=named, opt_out__holder=opt_out.holder_id, opt_out__status__in=waiting)
    again = same.exclude(opt_out=opt_out).values("track").distinct().count()
    if again:
        return Finding(Result.WARNED, "tracks_asked_before", {"count": again, "tracks": tracks})
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


def _day(opt_out: OptOut) -> date:
    return (opt_out.requested_at or opt_out.created_at).date()
