"""The cases of the demo: an award, one under reservation, a claim in review, a conflict, an opt-out, a new holder."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from catalog import services as catalog
from catalog import territories
from catalog.models import HolderMember, RightsHolder, RightsShare, Track
from catalog.rights import Right
from claims import services as claims
from claims.formats.pasted_list import read_list
from claims.models import Claim, EvidenceDocument, OptOut
from payouts import services as payouts
from payouts.formats.account import read_account
from roms_portal.demo.payouts import WAIT, give_account, pay_out
from roms_portal.headless import work_off

LABEL = "Северный ветер"
RIVAL = "Red Pier Music"
NEWCOMER = "Old Quay Publishing"
PROOF = b"Demonstration only. This text stands for the contract a real holder would show.\n"
Cast = dict[str, User]


def open_cases(cast: Cast, now: datetime) -> None:
    """This will open every case that is not there yet, oldest first."""
    label = holder(LABEL, "company", "RU", cast["alice"], cast["rita"], now - timedelta(days=60))
    if not label.members.filter(user=cast["bob"]).exists():
        catalog.add_member(holder=label, user=cast["bob"], role=HolderMember.Role.READER, by=cast["alice"], now=now)
    rival = holder(RIVAL, "company", "GB", cast["charlie"], cast["rita"], now - timedelta(days=55))
    for build in (_awarded, _paid_out, _reserved, _in_review, _conflict, _opt_out):
        build(cast, label, rival, now)
        work_off(now)
    if not RightsHolder.objects.filter(name=NEWCOMER).exists():
        at = now - timedelta(days=2)
        newcomer = catalog.register_holder(name=NEWCOMER, kind="company", country="GB", by=cast["charlie"], now=at)
        catalog.ask_for_verification(holder=newcomer, by=cast["charlie"], now=at)


def holder(name: str, kind: str, country: str, by: User, reviewer: User, now: datetime) -> RightsHolder:
    """This will find a verified holder, or register and verify it."""
    found = RightsHolder.objects.filter(name=name).first()
    if found is not None:
        return found
    with transaction.atomic():
        found = catalog.register_holder(name=name, kind=kind, country=country, by=by, now=now)
        catalog.verify_holder(holder=found, by=reviewer, now=now + timedelta(days=1))
    return found


def tracks_of(artist: str, titles: Sequence[str] = ()) -> list[Track]:
    """This will find tracks by artist, all or the named ones, in a fixed order."""
    found = Track.objects.filter(artist=artist).order_by("pk")
    return list(found.filter(title__in=titles) if titles else found)


def file_claim(
    holder: RightsHolder,
    tracks: Sequence[Track],
    role: str,
    percent: int,
    by: User,
    now: datetime,
    choice: str = RightsShare.Choice.PAY,
) -> Claim:
    """This will draft, prove, sign and file a claim."""
    terms = claims.Terms(percents={role: Decimal(percent)}, territories=territories.worldwide(), choice=choice)
    with transaction.atomic():
        claim = claims.create_draft(
            holder=holder, track_ids=[track.pk for track in tracks], terms=terms, by=by, now=now
        )
        show_proof(holder, by, now, claim=claim)
        return claims.file_claim(claim=claim, signature=str(by), language="en", by=by, now=now)


def show_proof(
    holder: RightsHolder, by: User, now: datetime, claim: Claim | None = None, opt_out: OptOut | None = None
) -> None:
    """This will put the demo's stand-in for a contract beside a case."""
    claims.add_evidence(
        holder=holder,
        name="contract.txt",
        content=PROOF + holder.name.encode(),
        kind=EvidenceDocument.Kind.CONTRACT,
        by=by,
        now=now,
        claim=claim,
        opt_out=opt_out,
    )


def _decide(claim: Claim, reviewer: User, now: datetime) -> None:
    work_off(now)
    with transaction.atomic():
        claim = claims.start_review(claim=claim, by=reviewer, now=now)
        claims.approve_claim(claim=claim, by=reviewer, now=now + timedelta(hours=1))
    work_off(now + timedelta(hours=2))


def _awarded(cast: Cast, label: RightsHolder, rival: RightsHolder, now: datetime) -> None:
    """The label owns six masters and is paid for the whole past."""
    if not label.claims.exists():
        tracks = tracks_of("Кино")[:6]
        at = now - timedelta(days=45)
        claim = file_claim(label, tracks, Claim.Role.OWNS_MASTER, 100, cast["alice"], at)
        _decide(claim, cast["rita"], at + timedelta(days=5))


def _paid_out(cast: Cast, label: RightsHolder, rival: RightsHolder, now: datetime) -> None:
    """The label has a bank account and was paid once; the rival's account waits for its second person."""
    if not label.payees.exists():
        at = now - timedelta(days=39)
        give_account(label, "USD", cast["alice"], cast["frank"], at)
        pay_out("USD", cast, at + WAIT)
    if not rival.payees.exists():
        at = now - timedelta(days=1)
        account = read_account(scheme="gb", name=rival.name, account="12345678", bank="12-34-56")
        payouts.propose_payee(holder=rival, account=account, currency="GBP", by=cast["charlie"], now=at)


def _reserved(cast: Cast, label: RightsHolder, rival: RightsHolder, now: datetime) -> None:
    """The rival takes its money under reservation of rights."""
    if not rival.claims.exists():
        at = now - timedelta(days=30)
        tracks = tracks_of("The Kinks") + tracks_of("The Who")
        claim = file_claim(rival, tracks, Claim.Role.OWNS_MASTER, 100, cast["charlie"], at, RightsShare.Choice.RESERVE)
        _decide(claim, cast["rita"], at + timedelta(days=4))


def _in_review(cast: Cast, label: RightsHolder, rival: RightsHolder, now: datetime) -> None:
    """A claim on performances is with the reviewer."""
    if label.claims.count() < 2:
        at = now - timedelta(days=6)
        claim = file_claim(label, tracks_of("ДДТ")[:4], Claim.Role.PERFORMED, 100, cast["alice"], at)
        work_off(at)
        claims.start_review(claim=claim, by=cast["rita"], now=at + timedelta(days=1))


def _conflict(cast: Cast, label: RightsHolder, rival: RightsHolder, now: datetime) -> None:
    """The rival claims 60 % of two masters the label was awarded: a dispute, the label stays paid meanwhile."""
    if rival.claims.count() < 2:
        at = now - timedelta(days=12)
        claim = file_claim(rival, tracks_of("Кино")[:2], Claim.Role.OWNS_MASTER, 60, cast["charlie"], at)
        _decide(claim, cast["rita"], at + timedelta(days=3))


def _opt_out(cast: Cast, label: RightsHolder, rival: RightsHolder, now: datetime) -> None:
    """The rival wants its tracks out of the stores; nobody has decided yet."""
    if OptOut.objects.filter(holder=rival).exists():
        return
    at = now - timedelta(days=3)
    rows = read_list("\n".join(f"{track.artist} - {track.title}" for track in tracks_of("The Kinks")), rows_max=100)
    terms = claims.OptOutTerms(rights=[Right.PHONOGRAM], territories=territories.worldwide())
    sworn = claims.Sworn(
        contact={"name": "Charlie", "email": "charlie@example.org"},
        confirmed=("authorised", "accurate"),
        signature="Charlie",
    )
    with transaction.atomic():
        opt_out = claims.draft_opt_out(holder=rival, terms=terms, rows=rows, by=cast["charlie"], now=at)
        show_proof(rival, cast["charlie"], at, opt_out=opt_out)
        claims.request_opt_out(opt_out=opt_out, sworn=sworn, by=cast["charlie"], now=at)
