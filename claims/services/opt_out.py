"""The holder's side of an opt-out: put together, sent with proof and signature, taken back.

Nothing here moves money or ends a licence: an opt-out that was sent is a request. It gives up no accrued money and says
nowhere that a licence ever existed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json import dumps, loads

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Authority, RightsHolder, TerritorySet
from catalog.rights import Right
from claims import attestations
from claims.formats.pasted_list import PastedRow
from claims.legal import BASES
from claims.models import CaseMessage, Claim, Clock, OptOut, OptOutLine, RepertoireList
from claims.pipeline.list_cases import settle_opt_out_lines, write_opt_out_lines
from claims.selectors.track_rows import find_rows
from claims.services.checks import start_checks
from claims.services.claim import ask_for_verification
from claims.services.clock import end_clock, resume_clock, start_clock
from claims.services.errors import AuthorityNeeded, BadPeriod, ListBusy, ListTooLong, NoRole, NoRows, NoTrackFound
from claims.services.evidence import attestation_text, party, require_writer, sign
from claims.services.list_choice import use_list
from claims.services.message import keep_message
from claims.services.moves import move
from claims.services.suspension import require_may_send
from core import vault
from core.workflow import MovedMeanwhile, record_event
from sales.models import Licensee

Status = OptOut.Status
Outcome = OptOutLine.Outcome
ROWS_MAX = 5000


class OptOutIncomplete(Exception):
    """Fields that the chosen ground needs are missing; `fields` names each."""

    code = "opt_out_incomplete"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(_("Some fields are needed before this can be sent."))
        self.names = tuple(names)
        self.fields = [{"name": name, "code": "required", "detail": _("This field is needed.")} for name in names]


@dataclass(frozen=True, slots=True)
class OptOutTerms:
    """What is to leave which stores, where and when. No `licensees`: all stores. No `start`: the day it is granted."""

    rights: Sequence[str]
    territories: TerritorySet
    licensees: Sequence[Licensee] = ()
    start: date | None = None
    end: date | None = None
    basis: str = OptOut.Basis.OWNER_OPT_OUT
    standing: str = OptOut.Standing.SELF
    authority: Authority | None = None
    is_name_public: bool = False


@dataclass(frozen=True, slots=True)
class Sworn:
    """What the sender states and signs: contact, the elements of the ground one by one, reasons, a typed name."""

    contact: Mapping[str, str]
    confirmed: Collection[str]
    signature: str
    explanation: str = ""
    language: str = "en"


def draft_opt_out(
    *,
    holder: RightsHolder,
    terms: OptOutTerms,
    rows: Sequence[PastedRow] = (),
    chosen: Mapping[int, int] | None = None,
    repertoire: RepertoireList | None = None,
    claim: Claim | None = None,
    by: User,
    now: datetime,
) -> OptOut:
    """This will keep a draft with every row looked up. `chosen`: row number -> track, for rows that may be several.

    With `repertoire` the rows are those of a list that was looked up, and what leaves is what was chosen there.
    `claim`: the claim it is signed together with.

    Raises: MayNotWrite, NoRole, BadPeriod, NoRows, ListTooLong, AuthorityNeeded, ListBusy, NothingChosen.
    """
    require_writer(by, holder, terms.authority, now=now)
    _require_sound(holder, terms, rows, repertoire)
    with transaction.atomic():
        if repertoire is not None:
            use_list(found=repertoire, holder=holder, by=by, now=now)
        opt_out = OptOut(holder=holder, created_by=by, created_at=now, repertoire=repertoire, claim=claim)
        _write_terms(opt_out, terms)
        _write_lines(opt_out, rows, chosen or {})
        record_event(opt_out, "", Status.DRAFT, by=by, now=now)
    return opt_out


def change_opt_out(
    *,
    opt_out: OptOut,
    holder: RightsHolder,
    terms: OptOutTerms,
    rows: Sequence[PastedRow] = (),
    chosen: Mapping[int, int] | None = None,
    by: User,
    now: datetime,
) -> OptOut:
    """This will put other terms and rows into a draft; one made from a list takes the list's choice as it is now.

    Raises: as `draft_opt_out`, MovedMeanwhile.
    """
    require_writer(by, opt_out.holder, opt_out.authority, now=now)
    require_writer(by, holder, terms.authority, now=now)
    _require_sound(holder, terms, rows, opt_out.repertoire)
    with transaction.atomic():
        locked = lock(opt_out)
        if locked.status != Status.DRAFT:
            raise MovedMeanwhile(f"{opt_out}: no longer a draft")
        if locked.repertoire is not None:
            use_list(found=locked.repertoire, holder=holder, by=by, now=now)
        if holder != locked.holder:
            locked.evidence_uses.all().delete()  # documents belong to the holder they were shown for
            locked.holder = holder
        locked.lines.all().delete()
        _write_terms(locked, terms)
        _write_lines(locked, rows, chosen or {})
    return locked


def request_opt_out(*, opt_out: OptOut, sworn: Sworn, by: User, now: datetime) -> OptOut:
    """This will send a draft: legal elements kept, contact and signature sealed, checks started.

    Rows without one certain track stay in the case and say why nothing leaves for them.

    Raises: MayNotWrite, SenderSuspended, TooManyOptOuts, OptOutIncomplete, NoTrackFound, SignatureMissing,
    MovedMeanwhile, MoveNotAllowed.
    """
    require_writer(by, opt_out.holder, opt_out.authority, now=now)
    missing = missing_elements(opt_out.basis, sworn)
    if missing:
        raise OptOutIncomplete(missing)
    with transaction.atomic():
        locked = lock(opt_out)
        if locked.repertoire is not None and locked.repertoire.status != RepertoireList.Status.CONFIRMED:
            raise ListBusy
        require_may_send(holder=locked.holder, by=by, now=now)
        settle_opt_out_lines(locked)
        if not locked.lines.filter(outcome=Outcome.PENDING).exists():
            raise NoTrackFound
        key = party(locked.holder)
        contact = {name: value.strip() for name, value in sworn.contact.items() if value.strip()}
        locked.contact_sealed = vault.encrypt(key, dumps(contact, ensure_ascii=False).encode())
        if sworn.explanation.strip():
            locked.explanation_sealed = vault.encrypt(key, sworn.explanation.strip().encode())
        locked.confirmed = sorted(set(sworn.confirmed))
        locked.requested_at = now
        locked.deadline_at = start_clock(locked.public_id, Clock.Purpose.OPT_OUT_DECISION, now).due_at
        locked.save(update_fields=["contact_sealed", "explanation_sealed", "confirmed", "requested_at", "deadline_at"])
        ask_for_verification(locked.holder, by=by, now=now)
        text = attestation_text(attestations.OPT_OUT, sworn.language)
        sign(text=text, signature=sworn.signature, by=by, now=now, opt_out=locked)
        move(locked, Status.REQUESTED, by=by, now=now)
        start_checks(opt_out=locked)
    return locked


def answer_opt_out(*, opt_out: OptOut, answer: str, by: User, now: datetime) -> OptOut:
    """This will give a case back to review after more proof was shown; the checks run again.

    Raises: MayNotWrite, MoveNotAllowed, MovedMeanwhile.
    """
    require_writer(by, opt_out.holder, opt_out.authority, now=now)
    with transaction.atomic():
        keep_message(opt_out, answer, side=CaseMessage.Side.HOLDER, kind=CaseMessage.Kind.ANSWER, by=by, now=now)
        end_clock(opt_out.public_id, Clock.Purpose.OPT_OUT_ANSWER, now)
        due = resume_clock(opt_out.public_id, Clock.Purpose.OPT_OUT_DECISION, now)
        OptOut.objects.filter(pk=opt_out.pk).update(deadline_at=due)
        move(opt_out, Status.UNDER_REVIEW, by=by, now=now, reason_code="answered")
        start_checks(opt_out=opt_out)
    return opt_out


def retract_opt_out(*, opt_out: OptOut, by: User, now: datetime, reason: str = "") -> OptOut:
    """This will take a case back before it is decided. Raises: MayNotWrite, MoveNotAllowed, MovedMeanwhile."""
    require_writer(by, opt_out.holder, opt_out.authority, now=now)
    return move(opt_out, Status.RETRACTED, by=by, now=now, reason=reason)


def withdraw_name(*, opt_out: OptOut, by: User, now: datetime) -> None:
    """This will no longer name the holder in the register, from the next look on, whatever became of the case.

    Files that were given away before keep the name. Asked again it changes nothing. Raises: MayNotWrite.
    """
    require_writer(by, opt_out.holder, opt_out.authority, now=now)
    with transaction.atomic():
        if OptOut.objects.filter(pk=opt_out.pk, is_name_public=True).update(is_name_public=False):
            record_event(opt_out, opt_out.status, opt_out.status, by=by, now=now, reason_code="name_withdrawn")


def missing_elements(basis: str, sworn: Sworn) -> list[str]:
    """This will name the fields that the ground needs and that are empty, in the order of the form."""
    ground = BASES[basis]
    missing = [f"contact_{name}" for name in ground.contact if not sworn.contact.get(name, "").strip()]
    if ground.needs_explanation and not sworn.explanation.strip():
        missing.append("explanation")
    missing += [name for name in ground.elements if name not in sworn.confirmed]
    return missing if sworn.signature.strip() else [*missing, "signature"]


def contact_of(opt_out: OptOut) -> dict[str, str]:
    """This will unseal the sender's contact; nothing where there is none or the holder was erased."""
    if not opt_out.contact_sealed:
        return {}
    try:
        return dict(loads(vault.decrypt(party(opt_out.holder), bytes(opt_out.contact_sealed))))
    except vault.VaultError:
        return {}


def explanation_of(opt_out: OptOut) -> str:
    """This will unseal the sender's own words; nothing where there are none or the holder was erased."""
    if not opt_out.explanation_sealed:
        return ""
    try:
        return vault.decrypt(party(opt_out.holder), bytes(opt_out.explanation_sealed)).decode()
    except vault.VaultError:
        return ""


def lock(opt_out: OptOut) -> OptOut:
    """This will lock a case until the caller's commit. Raises: MovedMeanwhile when it is not as it was read."""
    locked = (
        OptOut.objects.select_for_update(of=("self",))
        .select_related("holder", "territories", "repertoire")
        .get(pk=opt_out.pk)
    )
    if locked.status != opt_out.status:
        raise MovedMeanwhile(f"{opt_out}: no longer {opt_out.status}")
    return locked


def _require_sound(
    holder: RightsHolder, terms: OptOutTerms, rows: Sequence[PastedRow], repertoire: RepertoireList | None
) -> None:
    if not terms.rights or not set(terms.rights) <= set(Right.values):
        raise NoRole
    if terms.start and terms.end and terms.end <= terms.start:
        raise BadPeriod
    if repertoire is not None and repertoire.holder_id != holder.pk:
        raise AuthorityNeeded
    if not rows and repertoire is None:
        raise NoRows
    if len(rows) > ROWS_MAX:
        raise ListTooLong
    acts = terms.standing == OptOut.Standing.AGENT
    if acts != (terms.authority is not None) or (terms.authority and terms.authority.principal_id != holder.pk):
        raise AuthorityNeeded


def _write_terms(opt_out: OptOut, terms: OptOutTerms) -> None:
    opt_out.rights = sorted(set(terms.rights))
    opt_out.territories = terms.territories
    opt_out.start, opt_out.end = terms.start, terms.end
    opt_out.basis, opt_out.standing = terms.basis, terms.standing
    opt_out.authority, opt_out.is_name_public = terms.authority, terms.is_name_public
    opt_out.save()
    opt_out.licensees.set(terms.licensees)


def _write_lines(opt_out: OptOut, rows: Sequence[PastedRow], chosen: Mapping[int, int]) -> None:
    if opt_out.repertoire is not None:
        write_opt_out_lines(opt_out, opt_out.repertoire)
        return
    stores = list(opt_out.licensees.values_list("pk", flat=True))
    lines = []
    for found in find_rows(rows, licensee_ids=stores):
        track, candidates = found.track_id, list(found.candidates)
        if chosen.get(found.row.row_no) in candidates:
            track = chosen[found.row.row_no]
        lines.append(
            OptOutLine(
                opt_out=opt_out,
                row_no=found.row.row_no,
                typed=found.row.typed,
                found_by=found.found_by,
                track_id=track,
                candidates=candidates,
            )
        )
    OptOutLine.objects.bulk_create(lines, batch_size=1000)
