"""The thread of a case: what the holder and ROMS write to each other, sealed under the holder's key."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from claims import selectors
from claims.models import CaseMail, CaseMessage, Claim, OptOut
from claims.services.case_mail import tell_sender
from claims.services.errors import CaseClosed, DecidesOwnCase, WordsNeeded
from claims.services.evidence import party, require_writer
from core import vault
from core.workflow import record_event

Side, Kind = CaseMessage.Side, CaseMessage.Kind
TOPICS: dict[type, CaseMail.Topic] = {Claim: CaseMail.Topic.CLAIM_MESSAGE, OptOut: CaseMail.Topic.OPT_OUT_MESSAGE}


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a page shows it; `who` is a name for staff, and for the holder "ROMS" or a colleague."""

    message: CaseMessage
    text: str
    who: str


def keep_message(case: Claim | OptOut, text: str, *, side: str, kind: str, by: User, now: datetime) -> CaseMessage:
    """This will add a message to the thread; who may write has been decided by the caller. Raises: WordsNeeded."""
    if not text.strip():
        raise WordsNeeded
    return CaseMessage.objects.create(
        case=case.public_id,
        holder=case.holder,
        side=side,
        kind=kind,
        by=by,
        at=now,
        sealed=vault.encrypt(party(case.holder), text.strip().encode()),
    )


def write_message(*, case: Claim | OptOut, text: str, by: User, now: datetime) -> CaseMessage:
    """This will write to the other side of an open case: a reviewer to the holder, or the holder to ROMS.

    Raises: MayNotWrite, DecidesOwnCase, WordsNeeded, CaseClosed.
    """
    case.refresh_from_db(fields=["status"])  # it may have been decided while the page was open
    if case.status not in selectors.OPEN_STATUSES[type(case)]:
        raise CaseClosed
    agents = [case.authority.agent_id] if case.authority else []
    own = selectors.is_member(by, [case.holder_id, *agents])
    is_staff = selectors.may_review(by) and not own
    if not is_staff:
        require_writer(by, case.holder, case.authority, now=now)
    elif by.pk == case.created_by_id:
        raise DecidesOwnCase
    with transaction.atomic():
        side = Side.ROMS if is_staff else Side.HOLDER
        message = keep_message(case, text, side=side, kind=Kind.MESSAGE, by=by, now=now)
        record_event(case, case.status, case.status, by=by, now=now, reason_code="message")
        if is_staff:
            tell_sender(case, TOPICS[type(case)], now)
    return message


def thread_of(case: Claim | OptOut, viewer: User) -> list[Said]:
    """This will read the thread of a case, oldest first; what was erased reads as nothing."""
    said = []
    staff = selectors.may_review(viewer)
    rows = list(CaseMessage.objects.filter(case=case.public_id).select_related("by", "holder").order_by("pk"))
    near = selectors.colleagues_of(viewer, {row.by_id for row in rows})
    for row in rows:
        try:
            text = vault.decrypt(party(row.holder), bytes(row.sealed)).decode()
        except vault.VaultError:
            text = ""
        known = staff or (row.side == Side.HOLDER and row.by_id in near)
        who = str(row.by) if known else str(Side(row.side).label)
        said.append(Said(row, text, who))
    return said
