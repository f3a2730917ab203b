"""Opening disputes: all that one decision leads to, in a fixed number of statements.

Of one subject, right, place and day at most one dispute is open. Who comes later joins it; where that concerns only
some of its days or territories, that part is cut out and goes on by itself, with all that was said and ordered.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import TypeVar

from django.db.models import F, Model, Q

from accounts.models import User
from catalog.models import RightsShare
from claims import selectors
from claims.conflict import Piece, Rest, common, outside
from claims.models import CaseClock, Claim, ClaimLine, Clock, Dispute, DisputeAnswer, DisputeParty, EvidenceUse
from claims.services.clock import new_clock
from claims.services.queue import touch_all
from claims.services.shares import Sets
from core.models import Event

JOINED, CUT = "joined", "cut_out"
ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Fight:
    """A piece of a claim's line that does not fit: what is asked for there, and the undisputed share recorded of it."""

    line: ClaimLine
    subject: selectors.Subject
    piece: Piece
    percent: Decimal
    share: RightsShare | None


@dataclass(slots=True)
class _Case:
    """An open dispute, or one to be opened, with its parties by holder; `reasons` are the codes of its Events.

    `raised` are the parties that ask for more than before; of two hundred who were there all along none is written.
    """

    dispute: Dispute
    parties: dict[int, DisputeParty]
    reasons: list[str] = field(default_factory=list)
    raised: list[DisputeParty] = field(default_factory=list)
    cut_from: str = ""
    """The dispute whose clocks and history go on for this part of it too."""

    @property
    def extent(self) -> Rest:
        """Where and when it is."""
        return Rest(self.dispute.territories.bits, self.dispute.start, self.dispute.end)

    def move_to(self, extent: Rest, sets: Sets) -> None:
        """This will let it be about other days and territories."""
        self.dispute.territories = sets[extent.territories]
        self.dispute.start, self.dispute.end = extent.start, extent.end

    def copy(self, extent: Rest, sets: Sets) -> "_Case":
        """This will make another about a part of it, with the same parties and what they said."""
        old = self.dispute
        kept = {
            name: getattr(old, name)
            for name in ("track_id", "work_id", "right", "status", "opened_at", "deadline_at", "escalated_at")
        }
        fresh = Dispute(**kept, hold_ordered_by_id=old.hold_ordered_by_id, reopens_id=old.reopens_id)
        fields = ("holder_id", "percent", "claim_line", "share_id", "answer", "asks", "asks_start", "asks_end")
        parties = {
            holder: DisputeParty(
                **{name: getattr(party, name) for name in (*fields, "split", "answered_at")}, dispute=fresh
            )
            for holder, party in self.parties.items()
        }
        made = _Case(fresh, parties, [CUT], cut_from=self.cut_from or ("" if old.pk is None else old.public_id))
        made.move_to(extent, sets)
        return made


Cases = dict[tuple[selectors.Subject, str], list[_Case]]


def open_disputes(*, claim: Claim, fights: Sequence[Fight], by: User, now: datetime) -> list[Dispute]:
    """This will open, or join the claim's holder to, the disputes about these pieces, and return them.

    Called under the locks of the claim and of its tracks. What is undisputed is recorded already; this moves no money.
    """
    if not fights:
        return []
    shares = _shares({fight.subject for fight in fights})
    cases = _live({fight.subject for fight in fights})
    told: dict[int, _Case] = {}
    sets = Sets()
    for fight in fights:
        there = cases[fight.subject, fight.line.right]
        rest = [Rest(fight.piece.territories, fight.piece.start, fight.piece.end)]
        for case in list(there):
            part = common(case.extent, fight.piece.territories, fight.piece.start, fight.piece.end)
            if part is not None:
                case = _cut_out(case, part, there, sets)
                told[id(case)] = case
                _join(case, fight, shares)
                rest = [left for each in rest for left in outside(each, *part)]
        for each in rest:
            case = _Case(_new(fight, now), {}, [claim.public_id])
            case.move_to(each, sets)
            there.append(case)
            told[id(case)] = case
            _join(case, fight, shares)
    _write([case for there in cases.values() for case in there], by, now)
    return [case.dispute for case in told.values()]


def start_answer_clocks(disputes: Sequence[Dispute], now: datetime) -> None:
    """This will start the clock of the parties' answers for these disputes, and write down when it ends."""
    made = [new_clock(each.public_id, Clock.Purpose.DISPUTE_ANSWER, now) for each in disputes[:1]]
    for dispute in disputes:
        dispute.deadline_at = made[0].due_at
    CaseClock.objects.bulk_create(
        [
            CaseClock(case=each.public_id, clock=made[0].clock, started_at=now, due_at=made[0].due_at)
            for each in disputes
        ],
        batch_size=ROWS_AT_ONCE,
    )


def _copy_clocks(parts: Sequence[_Case]) -> None:
    """This will let the clocks that run for a dispute run for what is cut out of it too: it is due on the same day."""
    running: dict[str, list[CaseClock]] = defaultdict(list)
    for row in CaseClock.objects.filter(case__in={part.cut_from for part in parts}, ended_at=None).order_by("pk"):
        running[row.case].append(row)
    kept = ("clock_id", "started_at", "due_at", "paused_at", "reminded_at", "escalated_at")
    CaseClock.objects.bulk_create(
        [
            CaseClock(case=part.dispute.public_id, **{name: getattr(row, name) for name in kept})
            for part in parts
            for row in running[part.cut_from]
        ],
        batch_size=ROWS_AT_ONCE,
    )


def _copy_history(parts: Sequence[_Case]) -> None:
    """This will let what was said and done in a dispute, proof and all, stand in what is cut out of it too."""
    old = {each.public_id: each for each in Dispute.objects.filter(public_id__in={part.cut_from for part in parts})}
    answers: dict[int, list[DisputeAnswer]] = defaultdict(list)
    for row in (
        DisputeAnswer.objects.filter(dispute__in=old.values())
        .select_related("party")
        .prefetch_related("documents")
        .order_by("pk")
    ):
        answers[row.dispute_id].append(row)
    events: dict[int, list[Event]] = defaultdict(list)
    done = Event.objects.filter(noun=Dispute._meta.label, object_id__in=[each.pk for each in old.values()])
    for event in done.order_by("pk"):
        events[event.object_id].append(event)
    said = [
        (_copied(row, dispute=part.dispute, party=part.parties[row.party.holder_id]), row)
        for part in parts
        for row in answers[old[part.cut_from].pk]
    ]
    DisputeAnswer.objects.bulk_create([fresh for fresh, _ in said], batch_size=ROWS_AT_ONCE)
    shown = DisputeAnswer.documents.through
    shown.objects.bulk_create(
        [
            shown(disputeanswer=fresh, evidencedocument=document)
            for fresh, row in said
            for document in row.documents.all()
        ],
        batch_size=ROWS_AT_ONCE,
    )
    Event.objects.bulk_create(
        [_copied(event, object_id=part.dispute.pk) for part in parts for event in events[old[part.cut_from].pk]],
        batch_size=ROWS_AT_ONCE,
    )


Row = TypeVar("Row", bound=Model)


def _copied(row: Row, **changed: object) -> Row:
    """The same row, not yet written, with other values for some fields."""
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    fresh = type(row)(**kept)
    for name, value in changed.items():
        setattr(fresh, name, value)
    return fresh


def group_key(right: str, holders: Iterable[int], documents: Iterable[int]) -> str:
    """This will give what disputes are grouped by: the parties, the right they fight for, and the documents shown."""
    return sha256(repr((right, sorted(holders), sorted(documents))).encode()).hexdigest()[:32]


def _new(fight: Fight, now: datetime) -> Dispute:
    kind, row = fight.subject
    return Dispute(
        track_id=fight.line.track_id,
        work_id=row if kind == "work" else None,
        right=fight.line.right,
        opened_at=now,
    )


def _cut_out(case: _Case, part: Rest, there: list[_Case], sets: Sets) -> _Case:
    """This will part a dispute so that one is about exactly `part`, and return that one."""
    left = outside(case.extent, *part)
    if not left:
        return case
    made = case.copy(part, sets)
    there += [made, *(case.copy(extent, sets) for extent in left[1:])]
    case.move_to(left[0], sets)
    case.reasons.append(CUT)
    return made


def _join(case: _Case, fight: Fight, shares: dict[tuple[selectors.Subject, str, int], RightsShare]) -> None:
    """This will make the claim's holder, and whoever else has or claims something there, a party."""
    claim = fight.line.claim
    holder = claim.holder.merged_into_id or claim.holder_id
    own = case.parties.get(holder)
    if own is None:
        case.parties[holder] = DisputeParty(
            dispute=case.dispute, holder_id=holder, percent=fight.percent, claim_line=fight.line, share=fight.share
        )
    elif own.percent < fight.percent:
        own.percent = fight.percent
        case.raised.append(own)
    if case.dispute.pk is not None:
        case.reasons.append(JOINED)
    for other, percent in fight.piece.others:
        if other not in case.parties:
            share = shares.get((fight.subject, fight.line.right, other))
            case.parties[other] = DisputeParty(
                dispute=case.dispute, holder_id=other, percent=min(percent, Decimal(100)), share=share
            )


def _live(subjects: Collection[selectors.Subject]) -> Cases:
    """The open disputes about these subjects, locked, by subject and right."""
    about = Q(work=None, track__in=[row for kind, row in subjects if kind == "track"]) | Q(
        work__in=[row for kind, row in subjects if kind == "work"]
    )
    rows = Dispute.objects.select_for_update(of=("self",)).filter(about, status__in=selectors.LIVE)
    cases: Cases = defaultdict(list)
    for dispute in rows.select_related("territories").prefetch_related("parties__claim_line").order_by("pk"):
        parties = {party.holder_id: party for party in dispute.parties.all()}
        cases[selectors.subject_of(dispute), dispute.right].append(_Case(dispute, parties))
    return cases


def _shares(subjects: Collection[selectors.Subject]) -> dict[tuple[selectors.Subject, str, int], RightsShare]:
    """The first share that each holder has of each subject and right."""
    tracks = [row for kind, row in subjects if kind == "track"]
    works = [row for kind, row in subjects if kind == "work"]
    rows = RightsShare.objects.filter(Q(track__in=tracks) | Q(work__in=works)).exclude(start=F("end")).order_by("-pk")
    return {
        (("work", row.work_id) if row.work_id else ("track", row.track_id or 0), row.right, row.holder_id): row
        for row in rows
    }


def _write(cases: Sequence[_Case], by: User, now: datetime) -> None:
    """This will write what is new or other than it was, each table at once."""
    changed = [case for case in cases if case.dispute.pk is None or case.reasons]
    _group(changed)
    opened = [case.dispute for case in changed if case.dispute.pk is None]
    begun = [dispute for dispute in opened if dispute.deadline_at is None]
    start_answer_clocks(begun, now)
    parts = [case for case in changed if case.dispute.pk is None and case.cut_from]
    if parts:
        _copy_clocks(parts)
    old = [case.dispute for case in changed if case.dispute.pk is not None]
    Dispute.objects.bulk_update(old, ["territories", "start", "end", "group_key"], batch_size=ROWS_AT_ONCE)
    Dispute.objects.bulk_create(opened, batch_size=ROWS_AT_ONCE)
    parties = [party for case in changed for party in case.parties.values()]
    known = {party.pk: party for case in changed for party in case.raised if party.pk is not None}
    DisputeParty.objects.bulk_update(known.values(), ["percent"], batch_size=ROWS_AT_ONCE)
    fresh = [party for party in parties if party.pk is None]
    DisputeParty.objects.bulk_create(fresh, batch_size=ROWS_AT_ONCE)
    if parts:
        _copy_history(parts)
    noun, new = Dispute._meta.label, {dispute.pk for dispute in opened}
    Event.objects.bulk_create(
        [
            Event(
                noun=noun,
                object_id=case.dispute.pk,
                from_status="" if case.dispute.pk in new else case.dispute.status,
                to_status=case.dispute.status,
                by=by,
                at=now,
                reason_code=reason,
            )
            for case in changed
            for reason in dict.fromkeys(case.reasons)
        ],
        batch_size=ROWS_AT_ONCE,
    )
    touch_all("dispute", [case.dispute.pk for case in changed], now)


def _group(cases: Sequence[_Case]) -> None:
    """This will say with which others each dispute belongs together."""
    claims = {
        party.claim_line_id: party.claim_line.claim_id
        for case in cases
        for party in case.parties.values()
        if party.claim_line is not None
    }
    shown: dict[int, set[int]] = defaultdict(set)
    uses = EvidenceUse.objects.filter(claim__in=set(claims.values()))
    for claim_id, document in uses.values_list("claim_id", "document_id"):
        shown[claim_id or 0].add(document)
    for case in cases:
        lines = [party.claim_line_id for party in case.parties.values() if party.claim_line_id]
        documents = {document for line in lines for document in shown[claims[line]]}
        case.dispute.group_key = group_key(case.dispute.right, case.parties, documents)
