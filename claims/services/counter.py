"""Objections of stores, contests of other holders, counter-notices under 17 USC 512: filed, answered, decided.

The tracks stay out meanwhile. The end of a clock puts the case before a person as late and does nothing else. What a
person accepts becomes facts: a row of the notice is excused, or tracks come back by an order with the same reasons.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from json import dumps, loads
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from catalog.models import RightsHolder, Withdrawal
from claims import selectors
from claims.formats.evidence_file import RefusedFile, recognise
from claims.models import (
    CaseMail,
    Clock,
    CounterDocument,
    CounterNotice,
    Decision,
    EvidenceDocument,
    NoticeRow,
    OptOut,
    Reentry,
    TakedownNotice,
)
from claims.services.case_mail import tell_holders_of
from claims.services.clock import clock_for, end_clocks, holidays_of, start_clock
from claims.services.errors import (
    CaseClosed,
    DecidedBefore,
    DecidesOwnCase,
    KnownAlready,
    NotAReviewer,
    OtherRegime,
    ProofNeeded,
    SuitFiled,
    SwornIncomplete,
    TooEarly,
    WordsNeeded,
)
from claims.services.evidence import EvidenceRefused, MayNotWrite, require_writer
from claims.services.moves import move
from claims.services.queue import require_free, touch
from claims.services.record import record_decision
from claims.services.reentry import Back, return_tracks
from claims.services.takedown import close_if_done, object_rows
from core import vault
from core.business import add_days
from core.models import Note
from core.workflow import events_of, record_event

Ground = CounterNotice.Ground
Status = CounterNotice.Status
OPEN = (Status.FILED, Status.UNDER_REVIEW)
STORE_GROUNDS = (Ground.NOT_THIS_TRACK, Ground.DIRECT_LICENCE, Ground.OTHER, Ground.USC_512)
SWORN_FIELDS = ("name", "address", "phone", "signature")
SWORN_ELEMENTS = ("good_faith", "jurisdiction")
"""17 USC 512(g)(3)(C) and (D): good faith under penalty of perjury; consent to jurisdiction and service of process."""


@dataclass(frozen=True, slots=True)
class Countered:
    """What a store says against rows of a notice; `paper` (name, bytes) is shown, `sworn` is what 512(g)(3) asks."""

    ground: str
    words: str
    paper: tuple[str, bytes] | None = None
    sworn: Mapping[str, str] = field(default_factory=dict)
    confirmed: Collection[str] = ()


# A store --------------------------------------------------------------------------------------------------------------
def file_counter_notice(
    *,
    notice: TakedownNotice,
    said: Countered,
    by: User,
    now: datetime,
    row_ids: Collection[int] | None = None,
) -> CounterNotice:
    """This will keep what a store says against rows (None: all open ones) and open a case. The tracks stay out.

    Said again of rows about which it was dismissed, it is an appeal: another person decides it, and that is the end.

    A direct licence needs its document. A counter-notice under 17 USC 512 is taken only against an opt-out whose sender
    chose that law, with all its elements.

    Raises: NotYourNotice, WordsNeeded, NoRowsChosen, ProofNeeded, OtherRegime, SwornIncomplete, EvidenceRefused,
    KnownAlready, MoveNotAllowed.
    """
    _require_said(said)
    with transaction.atomic():
        rows = object_rows(notice=notice, reason=said.words, by=by, now=now, row_ids=row_ids)
        if said.ground == Ground.USC_512:
            _require_512(notice.opt_out, said)
        counter = CounterNotice(
            ground=said.ground,
            opt_out=notice.opt_out,
            notice=notice,
            licensee=notice.licensee,
            appeal_of=_appealed(CounterNotice.objects.filter(rows__in=rows)),
            confirmed=sorted(set(said.confirmed) & set(SWORN_ELEMENTS)) if said.ground == Ground.USC_512 else [],
        )
        if said.ground == Ground.USC_512:
            sworn = {name: said.sworn[name].strip() for name in SWORN_FIELDS}
            counter.sworn_sealed = vault.encrypt(_key(counter), dumps(sworn, ensure_ascii=False).encode())
        _open(counter, said.words, by, now)
        counter.rows.set(rows)
        if said.paper is not None:
            _keep_paper(counter, said.paper, by, now)
    return counter


def object_to_notice(
    *, notice: TakedownNotice, reason: str, by: User, now: datetime, row_ids: Collection[int] | None = None
) -> int:
    """This will keep a store's objection in its words alone, and say how many rows it is about.

    Raises: as `file_counter_notice`.
    """
    said = Countered(Ground.OTHER, reason)
    return file_counter_notice(notice=notice, said=said, by=by, now=now, row_ids=row_ids).rows.count()


def _require_said(said: Countered) -> None:
    if said.ground not in STORE_GROUNDS or not said.words.strip():
        raise WordsNeeded
    if said.ground == Ground.DIRECT_LICENCE and said.paper is None:
        raise ProofNeeded


def _require_512(opt_out: OptOut, said: Countered) -> None:
    if opt_out.basis != OptOut.Basis.USC_512:
        raise OtherRegime
    given = all(said.sworn.get(name, "").strip() for name in SWORN_FIELDS)
    if not given or not set(SWORN_ELEMENTS) <= set(said.confirmed):
        raise SwornIncomplete


def _keep_paper(counter: CounterNotice, paper: tuple[str, bytes], by: User, now: datetime) -> None:
    name, content = paper
    try:
        file = recognise(name, content)
    except RefusedFile as error:
        raise EvidenceRefused(error.code) from error
    CounterDocument.objects.create(
        counter=counter,
        name_sealed=vault.encrypt(_key(counter), file.name.encode()),
        content_type=file.content_type,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        stored=default_storage.save(f"counter/{uuid4().hex}", ContentFile(vault.encrypt(_key(counter), content))),
        uploaded_by=by,
        uploaded_at=now,
    )


def _key(counter: CounterNotice) -> str:
    return f"licensee:{counter.licensee_id}"


def sworn_of(counter: CounterNotice) -> dict[str, str]:
    """This will unseal who swore a counter-notice; nothing where there is none or the store's key is gone."""
    if not counter.sworn_sealed:
        return {}
    try:
        return dict(loads(vault.decrypt(_key(counter), bytes(counter.sworn_sealed))))
    except vault.VaultError:
        return {}


def open_paper(*, paper: CounterDocument, by: User, now: datetime) -> tuple[str, bytes]:
    """This will unseal a store's document for one look, and write down who looked. Raises: core.vault.VaultError."""
    record_event(paper, "", "looked", by=by, now=now)
    key = _key(paper.counter)
    with default_storage.open(paper.stored) as file:
        return vault.decrypt(key, bytes(paper.name_sealed)).decode(), vault.decrypt(key, file.read())


# Another holder -------------------------------------------------------------------------------------------------------
def contest_withdrawals(
    *,
    withdrawals: Collection[Withdrawal],
    holder: RightsHolder,
    words: str,
    by: User,
    now: datetime,
    documents: Collection[EvidenceDocument] = (),
) -> CounterNotice:
    """This will open a case of another holder against withdrawals of one opt-out, on a recorded share or a document.

    Once dismissed, it can be said once more, as an appeal that another person decides.

    Raises: MayNotWrite, WordsNeeded, DecidesOwnCase, CaseClosed, ProofNeeded, KnownAlready.
    """
    require_writer(by, holder, now=now)
    facts = list(withdrawals)
    sources = {one.source for one in facts}
    opt_out = OptOut.objects.filter(public_id__in=sources).first() if len(sources) == 1 else None
    if opt_out is None or any(one.end is not None and one.end <= now.date() for one in facts):
        raise CaseClosed
    if holder.pk in {opt_out.holder_id, *(one.holder_id for one in facts)}:
        raise DecidesOwnCase
    if not words.strip():
        raise WordsNeeded
    own = [each for each in documents if each.holder_id == holder.pk]
    if not own and not all(selectors.holds_in(holder, one, now.date()) for one in facts):
        raise ProofNeeded
    with transaction.atomic():
        OptOut.objects.select_for_update(of=("self",)).get(pk=opt_out.pk)
        if CounterNotice.objects.filter(holder=holder, withdrawals__in=facts, status__in=OPEN).exists():
            raise KnownAlready
        before = CounterNotice.objects.filter(holder=holder, withdrawals__in=facts)
        counter = CounterNotice(
            ground=Ground.NOT_THE_OWNER, opt_out=opt_out, holder=holder, appeal_of=_appealed(before)
        )
        _open(counter, words, by, now)
        counter.withdrawals.set(facts)
        counter.documents.set(own)
    return counter


def _appealed(before: QuerySet[CounterNotice]) -> CounterNotice | None:
    """What a new one appeals: the one dismissed about the same. Raises: KnownAlready, when an appeal was dismissed."""
    first = before.filter(status=Status.DISMISSED).order_by("-pk").first()
    if first is not None and first.appeal_of_id is not None:
        raise KnownAlready
    return first


def _open(counter: CounterNotice, words: str, by: User, now: datetime) -> None:
    counter.words = Note.objects.create(text=words.strip(), created_at=now)
    counter.filed_by, counter.filed_at = by, now
    if counter.ground == Ground.USC_512:
        after = clock_for(Clock.Purpose.COUNTER_WAIT, now.date())
        counter.restore_from = add_days(now, after.days, business=after.is_business, holidays=holidays_of(after))
    try:
        with transaction.atomic():
            counter.save()
    except IntegrityError as error:
        raise KnownAlready from error
    is_512 = counter.ground == Ground.USC_512
    purpose = Clock.Purpose.COUNTER_RESTORE if is_512 else Clock.Purpose.COUNTER_DECISION
    counter.deadline_at = start_clock(counter.public_id, purpose, now).due_at
    counter.save(update_fields=["deadline_at"])
    record_event(counter, "", Status.FILED, by=by, now=now)
    touch(counter, now)
    event = events_of(counter).last()
    assert event is not None
    about = [(counter.opt_out.holder_id, counter.opt_out.public_id)]
    tell_holders_of(event, CaseMail.Topic.OPT_OUT_COUNTER, about, now)


def _hold(counter: CounterNotice) -> CounterNotice:
    """Lock the opt-out it is about, then the case: in the order in which a return locks them."""
    OptOut.objects.select_for_update(of=("self",)).get(pk=counter.opt_out_id)
    return CounterNotice.objects.select_for_update(of=("self",)).get(pk=counter.pk)


# What follows ---------------------------------------------------------------------------------------------------------
def retract_counter_notice(*, counter: CounterNotice, by: User, now: datetime) -> None:
    """This will take an objection or contest back, by its own side. Raises: MayNotWrite, MoveNotAllowed."""
    _require_own_side(counter, by)
    with transaction.atomic():
        _hold(counter)
        move(counter, Status.RETRACTED, by=by, now=now)
        _close(counter, by, now)


def note_suit(*, counter: CounterNotice, reason: str, by: User, now: datetime) -> None:
    """This will keep the sender's word that it has gone to court: under 512(g)(2)(C) nothing is restored then.

    Raises: MayNotWrite, WordsNeeded, CaseClosed.
    """
    require_writer(by, counter.opt_out.holder, counter.opt_out.authority, now=now)
    if not reason.strip():
        raise WordsNeeded
    with transaction.atomic():
        open_512 = CounterNotice.objects.filter(pk=counter.pk, ground=Ground.USC_512, status__in=OPEN)
        if not open_512.filter(suit_filed_at=None).update(suit_filed_at=now):
            raise CaseClosed
        record_event(counter, counter.status, "suit_filed", by=by, now=now, reason=reason)


def may_decide_counter(user: User, counter: CounterNotice, now: datetime) -> bool:
    """This will tell whether a person may decide this very case."""
    try:
        _require_decider(user, counter, now)
    except (NotAReviewer, DecidesOwnCase, DecidedBefore):
        return False
    return True


def decide_counter_notice(
    *, counter: CounterNotice, is_accepted: bool, reason: str, by: User, now: datetime
) -> CounterNotice:
    """This will accept or dismiss, in words, by a person who has nothing to do with either side.

    Accepted, rows of a store are excused; a counter-notice under 512 brings its tracks back to that store, a contest to
    all stores, each as an order with these reasons. Under 512 not before its days, and not after a suit.

    Raises: NotAReviewer, DecidesOwnCase, DecidedBefore, LeasedByAnother, WordsNeeded, TooEarly, SuitFiled,
    MoveNotAllowed, MovedMeanwhile.
    """
    _require_decider(by, counter, now)
    require_free(counter, by, now)
    if not reason.strip():
        raise WordsNeeded
    with transaction.atomic():
        locked = _hold(counter)
        if is_accepted and locked.ground == Ground.USC_512:
            if locked.suit_filed_at is not None:
                raise SuitFiled
            if locked.restore_from is not None and now < locked.restore_from:
                raise TooEarly
        if locked.status == Status.FILED:
            move(locked, Status.UNDER_REVIEW, by=by, now=now)
        CounterNotice.objects.filter(pk=locked.pk).update(decided_by=by, decided_at=now)
        move(locked, Status.ACCEPTED if is_accepted else Status.DISMISSED, by=by, now=now, reason=reason)
        outcome = Decision.Outcome.GRANTED if is_accepted else Decision.Outcome.REFUSED
        record_decision(case=locked.public_id, outcome=outcome, by=by, now=now, note=reason)
        if is_accepted:
            _follow(locked, reason, by, now)
        _close(locked, by, now)
        event = events_of(locked).last()
        assert event is not None
        about = [(locked.opt_out.holder_id, locked.opt_out.public_id)]
        if locked.holder_id is not None:
            about.append((locked.holder_id, locked.public_id))
        tell_holders_of(event, CaseMail.Topic.COUNTER_ENDED, about, now)
    counter.refresh_from_db()
    return counter


def _follow(counter: CounterNotice, reason: str, by: User, now: datetime) -> None:
    """What an accepted one does: rows excused, or tracks back by order."""
    if counter.ground in (Ground.USC_512, Ground.NOT_THE_OWNER):
        tracks = counter.rows.order_by().values("track_id")
        back = Back(track_ids=tracks, licensees=[counter.licensee] if counter.licensee else [])
        if counter.holder_id is not None:
            back = Back(only=counter.withdrawals.all())
        return_tracks(opt_out=counter.opt_out, back=back, ground=Reentry.Ground.ORDER, reason=reason, by=by, now=now)
    if counter.licensee_id is not None:
        objected = counter.rows.filter(state=NoticeRow.State.OBJECTED)
        ids = list(objected.values_list("pk", flat=True))
        NoticeRow.objects.filter(pk__in=ids).update(state=NoticeRow.State.EXCUSED, changed_at=now)


def _close(counter: CounterNotice, by: User, now: datetime) -> None:
    """End the clocks; rows still objected to are asked for again, and the notice goes on."""
    end_clocks(counter.public_id, now)
    if counter.notice_id is None:
        return
    notice = TakedownNotice.objects.select_for_update(of=("self",)).get(pk=counter.notice_id)
    late = notice.deadline_at is not None and notice.deadline_at <= now
    state = NoticeRow.State.OVERDUE if late else NoticeRow.State.ACKNOWLEDGED
    others = CounterNotice.objects.filter(status__in=OPEN, notice=notice).exclude(pk=counter.pk)
    rows = NoticeRow.objects.filter(notice=notice, counter_notices=counter, state=NoticeRow.State.OBJECTED)
    ids = list(rows.exclude(counter_notices__in=others).values_list("pk", flat=True))
    NoticeRow.objects.filter(pk__in=ids).update(state=state, changed_at=now)
    close_if_done(notice, by=by, now=now)
    if notice.status == TakedownNotice.Status.COUNTERED and not notice.rows.filter(state="objected").exists():
        to = TakedownNotice.Status.OVERDUE if late else TakedownNotice.Status.ACKNOWLEDGED
        if late:
            notice.rows.filter(state__in=("notified", "acknowledged")).update(state=NoticeRow.State.OVERDUE)
        move(notice, to, by=by, now=now, reason_code="objection_ended")


def _require_own_side(counter: CounterNotice, by: User) -> None:
    if not selectors.may_write_counter(by, counter):
        raise MayNotWrite


def _require_decider(by: User, counter: CounterNotice, now: datetime) -> None:
    if not selectors.may_review(by):
        raise NotAReviewer
    paper = counter.opt_out.authority
    parties = [counter.opt_out.holder_id, *([paper.agent_id] if paper else [])]
    parties += [counter.holder_id] if counter.holder_id else []
    own = by.pk in (counter.filed_by_id, counter.opt_out.created_by_id) or selectors.is_member(by, parties)
    if own or selectors.is_of_store(by, counter.licensee_id):
        raise DecidesOwnCase
    if counter.appeal_of is not None and counter.appeal_of.decided_by_id == by.pk:
        raise DecidedBefore
