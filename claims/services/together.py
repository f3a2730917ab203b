"""Paid to date, removed from tomorrow: a claim and an opt-out made in one form and signed with one signature.

They stay two cases with two decisions. Neither waits for the other, and opting out gives up no accrued money.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog.models import Authority
from claims.formats.pasted_list import PastedRow, read_row
from claims.models import Claim, OptOut
from claims.services.claim import RIGHT_OF, file_claim, retract_claim
from claims.services.errors import AuthorityNeeded
from claims.services.opt_out import OptOutTerms, Sworn, change_opt_out, draft_opt_out, request_opt_out, retract_opt_out
from sales.models import Licensee


@dataclass(frozen=True, slots=True)
class Leaving:
    """From which day the tracks of a claim shall leave which stores (none: all)."""

    start: date
    licensees: Sequence[Licensee] = ()


def leave_with(*, claim: Claim, leaving: Leaving | None, by: User, now: datetime) -> OptOut | None:
    """This will draft, change or drop the opt-out that goes with the draft of a claim: same owner, tracks and rights.

    Raises: as `draft_opt_out`.
    """
    with transaction.atomic():
        found = OptOut.objects.select_related("holder", "repertoire").filter(claim=claim).first()
        if leaving is None:
            if found is not None:
                retract_opt_out(opt_out=found, by=by, now=now)
                OptOut.objects.filter(pk=found.pk).update(claim=None)
            return None
        terms, rows = _terms(claim, leaving), _rows(claim)
        if found is not None:
            return change_opt_out(opt_out=found, holder=claim.holder, terms=terms, rows=rows, by=by, now=now)
        return draft_opt_out(
            holder=claim.holder, terms=terms, rows=rows, repertoire=claim.repertoire, claim=claim, by=by, now=now
        )


def file_together(*, claim: Claim, sworn: Sworn, by: User, now: datetime) -> Claim:
    """This will file a claim and send the opt-out that goes with it, both or neither, under one signature.

    Raises: as `file_claim` and `request_opt_out`.
    """
    with transaction.atomic():
        filed = file_claim(claim=claim, signature=sworn.signature, language=sworn.language, by=by, now=now)
        found = (
            OptOut.objects.select_related("holder", "authority").filter(claim=claim, status=OptOut.Status.DRAFT).first()
        )
        if found is not None:
            request_opt_out(opt_out=found, sworn=sworn, by=by, now=now)
    return filed


def retract_together(*, claim: Claim, by: User, now: datetime) -> Claim:
    """This will take back a claim, and with a draft the draft of its opt-out. Raises: as `retract_claim`."""
    with transaction.atomic():
        was_draft = claim.status == Claim.Status.DRAFT
        retracted = retract_claim(claim=claim, by=by, now=now)
        found = OptOut.objects.filter(claim=claim, status=OptOut.Status.DRAFT).first() if was_draft else None
        if found is not None:
            retract_opt_out(opt_out=found, by=by, now=now)
    return retracted


def _terms(claim: Claim, leaving: Leaving) -> OptOutTerms:
    first = claim.lines.select_related("territories").order_by("pk").first()
    assert first is not None  # a draft has lines
    paper = claim.authority
    if paper is not None and Authority.Purpose.TAKE_DOWN not in paper.purposes:
        raise AuthorityNeeded
    return OptOutTerms(
        rights=[RIGHT_OF[Claim.Role(role)] for role in claim.roles],
        territories=first.territories,
        licensees=leaving.licensees,
        start=leaving.start,
        standing=claim.standing,
        authority=paper,
    )


def _rows(claim: Claim) -> list[PastedRow]:
    """The tracks of a claim that was not made from a list, as rows of their numbers."""
    if claim.repertoire_id:
        return []
    tracks = claim.lines.order_by("track_id").values_list("track__public_id", flat=True).distinct()
    return [read_row(public_id, number) for number, public_id in enumerate(tracks, 1)]
