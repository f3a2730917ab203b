"""The evidence vault: a document proved once, with scope and end, serves every later claim and opt-out in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog.models import TerritorySet, Track
from claims import selectors
from claims.models import Claim, EvidenceDocument, EvidenceUse, OptOut
from claims.services.errors import (
    BadPeriod,
    CaseClosed,
    DecidesOwnCase,
    DocumentForgotten,
    DocumentOfAnother,
    NotAReviewer,
    ScopeNeeded,
    WordsNeeded,
)
from claims.services.evidence import EVIDENCE_TAKEN, require_writer
from claims.services.moves import move
from core.workflow import record_event

Status = EvidenceDocument.Status


@dataclass(frozen=True, slots=True)
class Scope:
    """What a document proves: rights, where, which of the holder's tracks (none named: all), on which days."""

    rights: Collection[str]
    territory_set: TerritorySet
    tracks: Collection[Track] = ()
    valid_from: date | None = None
    valid_until: date | None = None


def ask_check(*, document: EvidenceDocument, by: User, now: datetime) -> EvidenceDocument:
    """This will put a document of the vault before a reviewer. Raises: as `move`, MayNotWrite, DocumentForgotten."""
    require_writer(by, document.holder, now=now)
    if not document.stored:
        raise DocumentForgotten
    return move(document, Status.ASKED, by=by, now=now)


def check_document(*, document: EvidenceDocument, scope: Scope, by: User, now: datetime) -> EvidenceDocument:
    """This will note what a document proves, after a reviewer has read it.

    Raises: NotAReviewer, DecidesOwnCase, ScopeNeeded, BadPeriod, MoveNotAllowed, MovedMeanwhile.
    """
    _require_judge(by, document)
    if not scope.rights:
        raise ScopeNeeded
    if scope.valid_from and scope.valid_until and scope.valid_until <= scope.valid_from:
        raise BadPeriod
    with transaction.atomic():
        EvidenceDocument.objects.filter(pk=document.pk).update(
            rights=sorted(set(scope.rights)),
            territories=scope.territory_set,
            valid_from=scope.valid_from,
            valid_until=scope.valid_until,
            checked_by=by,
            checked_at=now,
        )
        document.tracks.set(scope.tracks)
        if document.status == Status.CHECKED:
            record_event(document, Status.CHECKED, Status.CHECKED, by=by, now=now, reason_code="scope_changed")
        else:
            move(document, Status.CHECKED, by=by, now=now)
        document.refresh_from_db()
    return document


def refuse_document(*, document: EvidenceDocument, by: User, now: datetime, reason: str) -> EvidenceDocument:
    """This will note that a document proves nothing, or no longer does, and why; cases decided on it stand.

    Raises: NotAReviewer, DecidesOwnCase, WordsNeeded, MoveNotAllowed, MovedMeanwhile.
    """
    _require_judge(by, document)
    if not reason.strip():
        raise WordsNeeded
    return move(document, Status.REFUSED, by=by, now=now, reason=reason)


def show_document(
    *,
    document: EvidenceDocument,
    by: User,
    now: datetime,
    claim: Claim | None = None,
    opt_out: OptOut | None = None,
) -> EvidenceUse:
    """This will show a document of the vault for a case of the same holder; again changes nothing.

    Raises: MayNotWrite, CaseClosed, DocumentOfAnother, DocumentForgotten.
    """
    case = claim or opt_out
    assert case is not None
    require_writer(by, case.holder, case.authority, now=now)
    if case.status not in EVIDENCE_TAKEN[type(case)]:
        raise CaseClosed
    if document.holder_id != case.holder_id:
        raise DocumentOfAnother
    with transaction.atomic():
        if not EvidenceDocument.objects.select_for_update(no_key=True).get(pk=document.pk).stored:
            raise DocumentForgotten
        return EvidenceUse.objects.get_or_create(document=document, claim=claim, opt_out=opt_out)[0]


def _require_judge(by: User, document: EvidenceDocument) -> None:
    if not selectors.may_review(by):
        raise NotAReviewer
    if document.uploaded_by_id == by.pk or selectors.is_member(by, [document.holder_id]):
        raise DecidesOwnCase
