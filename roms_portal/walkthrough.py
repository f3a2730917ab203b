"""The whole main job on one real report, without a browser: from the store's file to the store's acknowledgement.

Every step goes through the services the pages call, with the demo's cast, and compares its figures with what the steps
before promised. A step that finds another figure stops the walk.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from django.db.models import Sum

from accounts.models import User
from catalog import services as catalog
from catalog import territories
from catalog.isrc import BadIsrc, normalise_isrc
from catalog.models import RightsHolder, RightsShare, Track, Withdrawal
from catalog.rights import Right
from claims import selectors as cases
from claims import services as claims
from claims.formats.pasted_list import read_list
from claims.models import Check, Claim, OptOut, TakedownNotice
from core.money import Money, round_for_payout
from ledger.publishing import signer
from ledger.verify import verify
from payouts import selectors as money
from payouts import services as payouts
from payouts.formats.statement_csv import as_csv, digest
from roms_portal.demo import cases as demo
from roms_portal.demo.payouts import WAIT, give_account, pay_out
from roms_portal.demo.people import people
from roms_portal.demo.world import claim_installation, store_with_terms
from roms_portal.headless import work_off
from roms_portal.management.commands.verify_ledger import FURTHER
from roms_portal.proving import NotProved, paper_with_proofs
from sales import services as sales
from sales.models import Licensee, ReportTotal, Sale, SalesReport, StoreKey

HOLDER = "Walkthrough Records"
TRACKS_CLAIMED = 5
PATIENCE_SECONDS = 60
ZERO = Decimal(0)
Figures = dict[str, Any]


class StepFailed(Exception):
    """A step did not come to what it should have."""


@dataclass(slots=True)
class Step:
    """What one step was and what it came to."""

    name: str
    figures: Figures
    seconds: float


@dataclass(slots=True)
class Walk:
    """What the steps hand to one another."""

    path: Path
    code: str
    now: datetime
    cast: dict[str, User] = field(default_factory=dict)
    licensee: Licensee = field(init=False)
    report: SalesReport = field(init=False)
    tracks: list[Track] = field(default_factory=list)
    waiting: dict[str, Decimal] = field(default_factory=dict)
    holder: RightsHolder = field(init=False)
    claim: Claim = field(init=False)
    opt_out: OptOut = field(init=False)

    def later(self, days: int) -> datetime:
        """This will give an instant some days after the walk began, so every case has an order in time."""
        return self.now + timedelta(days=days)


def walk(*, path: Path, code: str, now: datetime) -> Iterator[Step]:
    """This will take the steps one by one, giving each when it is done. Raises: StepFailed, NotADemo."""
    claim_installation()
    state = Walk(path, code, now, people())
    for name, step in STEPS:
        began = monotonic()
        figures = step(state)
        work_off(state.now)
        yield Step(name, figures, round(monotonic() - began, 3))


def _expect(ok: object, words: str) -> None:
    if not ok:
        raise StepFailed(words)


def _work_until(state: Walk, arrived: Callable[[], bool]) -> None:
    """This will do what is due until `arrived`: a worker beside us may hold a piece of it for a moment."""
    last = monotonic() + PATIENCE_SECONDS
    work_off(state.now)
    while not arrived() and monotonic() < last:
        sleep(0.1)
        work_off(state.now)


def _amounts(sums: dict[str, Decimal]) -> dict[str, str]:
    return {currency: f"{amount:f}" for currency, amount in sorted(sums.items())}


# 1-2: the report and the catalogue -------------------------------------------------------------------------------
def _import(state: Walk) -> Figures:
    """The store sends its report."""
    state.licensee = store_with_terms(state.cast["store"], code=state.code)
    with state.path.open("rb") as stream:
        receipt = sales.receive_report(
            licensee=state.licensee, stream=stream, name=state.path.name, by=state.cast["store"], now=state.now
        )
    _work_until(state, lambda: not sales.due_reports(report_id=receipt.report.pk))
    report = state.report = SalesReport.objects.get(pk=receipt.report.pk)
    _expect(
        report.status == SalesReport.Status.POSTED,
        f"the report is {report.status}: {report.reason} {report.reason_params}",
    )
    _expect(report.lines_read == report.lines_accepted + report.lines_rejected, "lines are missing")
    totals = ReportTotal.objects.filter(report=report)
    return {
        "report": report.public_id,
        "profile": report.profile,
        "again": receipt.is_duplicate,
        "lines_read": report.lines_read,
        "lines_accepted": report.lines_accepted,
        "lines_rejected": report.lines_rejected,
        "base": _amounts({total.currency: total.base for total in totals}),
        "accrued": _amounts({total.currency: total.royalty for total in totals}),
    }


def _catalogue(state: Walk) -> Figures:
    """Tracks nobody has catalogued are added from the report's own lines, and their money follows."""
    keys = StoreKey.objects.filter(
        licensee=state.licensee, kind=StoreKey.Kind.TRACK, track=None, sales__report=state.report
    )
    unknown = [key for key in keys.distinct().order_by("pk") if key.title and key.artist]
    new = [catalog.NewTrack(title=key.title, artist=key.artist, isrcs=_codes(key.isrc), label="") for key in unknown]
    ids = catalog.add_tracks(tracks=new) if new else []
    rows = Track.objects.in_bulk(ids)
    for key, track_id in zip(unknown, ids, strict=True):
        sales.match_store_key(
            key=key, track=rows[track_id], by=state.cast["rita"], now=state.now, reasons=["from the report's line"]
        )
    return {
        "tracks_added": len(ids),
        "tracks_known": Sale.objects.filter(report=state.report, track__isnull=False)
        .values("track")
        .distinct()
        .count(),
    }


def _codes(isrc: str) -> tuple[str, ...]:
    try:
        return (normalise_isrc(isrc),) if isrc else ()
    except BadIsrc:
        return ()


# 3-7: the claim --------------------------------------------------------------------------------------------------
def _find(state: Walk) -> Figures:
    """Somebody asks "is there money for me?"."""
    taken = RightsShare.objects.filter(track__isnull=False).values("track")
    best = (
        Track.objects.filter(sales__report=state.report)
        .exclude(pk__in=taken)
        .exclude(claim_lines__claim__isnull=False)
        .annotate(royalty=Sum("sales__royalty"))
        .filter(royalty__gt=0)
        .order_by("-royalty", "pk")
    )
    state.tracks = list(best[:TRACKS_CLAIMED])
    _expect(state.tracks, "no track of the report has unclaimed money")
    waiting = cases.waiting_for_tracks([track.pk for track in state.tracks])
    for found in waiting.values():
        for by_currency in found.by_right.values():
            for currency, amount in by_currency.items():
                total = amount.received + amount.unpaid
                state.waiting[currency] = state.waiting.get(currency, ZERO) + total
    first = state.tracks[0]
    hits = cases.unclaimed_search(f"{first.artist} {first.title}")
    _expect(first in [hit.track for hit in hits], f"the search does not find {first}")
    return {"tracks": [str(track) for track in state.tracks], "unclaimed": _amounts(state.waiting)}


def _claim(state: Walk) -> Figures:
    """The holder claims, signs and files, under reservation of rights."""
    state.holder = demo.holder(HOLDER, "company", "GB", state.cast["alice"], state.cast["rita"], state.now)
    roles = {role: Decimal(100) for role in Claim.Role.values}
    terms = claims.Terms(percents=roles, territories=territories.worldwide(), choice=RightsShare.Choice.RESERVE)
    by = state.cast["alice"]
    claim = claims.create_draft(
        holder=state.holder, track_ids=[track.pk for track in state.tracks], terms=terms, by=by, now=state.now
    )
    demo.show_proof(state.holder, by, state.now, claim=claim)
    state.claim = claims.file_claim(claim=claim, signature="Alice", language="en", by=by, now=state.now)
    return {"claim": claim.public_id, "lines": claim.lines.count(), "choice": claim.choice}


def _check(state: Walk) -> Figures:
    """The automatic checks look at it."""
    checks = Check.objects.filter(claim=state.claim)
    _work_until(state, lambda: not checks.filter(result=Check.Result.WAITING).exists())
    results = dict(checks.values_list("name", "result"))
    _expect(results and Check.Result.WAITING not in results.values(), f"checks are not done: {results}")
    return results


def _approve(state: Walk) -> Figures:
    """A reviewer who has nothing to do with it approves, above a sum a second one too; the whole past is posted."""
    rita = state.cast["rita"]
    claim = claims.start_review(claim=Claim.objects.get(pk=state.claim.pk), by=rita, now=state.now)
    claim = claims.approve_claim(claim=claim, by=rita, now=state.now)
    if claim.status == Claim.Status.UNDER_REVIEW:
        claims.confirm_decision(claim=claim, by=state.cast["sofia"], now=state.now)
    _work_until(state, lambda: Claim.objects.filter(pk=claim.pk, status=Claim.Status.AWARDED).exists())
    claim.refresh_from_db()
    _expect(claim.status == Claim.Status.AWARDED, f"the claim is {claim.status}")
    return {"claim": claim.public_id, "outcomes": _outcomes(claim.lines.values_list("outcome", flat=True))}


def _outcomes(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _award(state: Walk) -> Figures:
    """The balance is exactly what was found waiting."""
    sums: dict[str, Decimal] = {}
    for band in money.bands(state.holder):
        sums[band.currency] = sums.get(band.currency, ZERO) + band.amount
    _expect(sums == state.waiting, f"awarded {_amounts(sums)}, waiting was {_amounts(state.waiting)}")
    return {"balance": _amounts(sums)}


def _remittance(state: Walk) -> Figures:
    """The store pays its note; the money of the report counts as received."""
    figures: Figures = {}
    for note in payouts.issue_amounts_due(report=state.report, now=state.now):
        due = money.outstanding([state.report.pk])[state.report.pk, note.currency]
        if due > 0:
            amount = payouts.up_to_coin(due, note.currency)
            payouts.record_remittance(
                licensee=state.licensee,
                payer="Xrost",
                amount=Money(amount, note.currency),
                received_date=state.now.date(),
                reference=f"{note.number}-walkthrough",
                allocations=[payouts.Allocation(state.report)],
                by=state.cast["frank"],
                now=state.now,
            )
        left = money.outstanding([state.report.pk])[state.report.pk, note.currency]
        _expect(left == 0, f"{note.number}: {left} {note.currency} still due")
        figures[note.number] = {"due": f"{note.amount:f}", "paid": f"{note.payable:f}", "currency": note.currency}
    return figures


def _statement(state: Walk) -> Figures:
    """The holder reads a statement and keeps it."""
    start, end = money.statement_period(state.holder, state.now.date())
    facts = money.statement_facts(holder=state.holder, start=start, end=end)
    kept = payouts.keep_statement(holder=state.holder, start=start, end=end, by=state.cast["alice"], now=state.now)
    _expect(kept.sha256 == digest(as_csv(facts)), "page and file of the statement differ")
    _expect(facts.wording == "reserve", "the statement lacks the reservation of rights")
    closing = {row.currency: row.amount for row in facts.closing if row.place == "payable"}
    _expect(closing == state.waiting, f"the statement closes with {_amounts(closing)}")
    return {
        "statement": kept.public_id,
        "movements": kept.row_count,
        "payable": _amounts(closing),
        "received": _amounts({row.currency: row.received for row in facts.closing}),
        "sha256": kept.sha256,
    }


# 8-10: the payout ------------------------------------------------------------------------------------------------
def _payee(state: Walk) -> Figures:
    """The holder enters a bank account, a second person confirms it, and its waiting period begins."""
    currency = max(state.waiting, key=lambda code: state.waiting[code])
    payee = give_account(state.holder, currency, state.cast["alice"], state.cast["frank"], state.now)
    _expect(payee.payable_from and payee.payable_from > state.now, "the account has no waiting period")
    return {"payee": payee.public_id, "currency": payee.currency, "paid_to_from": str(payee.payable_from)}


def _payout(state: Walk) -> Figures:
    """One person drafts, another approves, the bank gets its file and answers: everything that is a coin is paid."""
    figures: Figures = {}
    for currency, waiting in sorted(state.waiting.items()):
        batch = pay_out(currency, state.cast, state.now + WAIT)
        payment = batch.payments.get(holder=state.holder)
        coins = round_for_payout(Money(waiting, currency))[0].amount
        if payment.payee is not None or payment.reason != "no_rate":
            _expect(payment.gross == coins, f"{payment.gross} {currency} paid, {coins} were payable in coins")
            _expect(not coins or payment.status == "settled", f"the payment is {payment.status}: {payment.reason}")
        figures[currency] = {
            "batch": batch.public_id,
            "state": payment.get_status_display() if not payment.reason else payment.reason,
            "gross": f"{payment.gross:f}",
            "net": f"{payment.net:f}",
            "stays": f"{waiting - payment.gross:f}",
        }
    _award(state)
    return figures


def _paper(state: Walk) -> Figures:
    """The holder keeps a statement of the payout as a paper; a stranger's program proves every movement of it."""
    try:
        return paper_with_proofs(holder=state.holder, by=state.cast["alice"], now=state.now, signed_at=state.now + WAIT)
    except NotProved as fault:
        raise StepFailed(str(fault)) from fault


# 12-15: the opt-out -----------------------------------------------------------------------------------------------
def _opt_out(state: Walk) -> Figures:
    """The holder wants one track out of the store, with proof and a sworn statement."""
    by, track = state.cast["alice"], state.tracks[0]
    terms = claims.OptOutTerms(
        rights=[Right.PHONOGRAM], territories=territories.worldwide(), licensees=[state.licensee]
    )
    rows = read_list(track.public_id, rows_max=10)
    opt_out = claims.draft_opt_out(holder=state.holder, terms=terms, rows=rows, by=by, now=state.now)
    demo.show_proof(state.holder, by, state.now, opt_out=opt_out)
    sworn = claims.Sworn(
        contact={"name": "Alice", "email": by.email}, confirmed=("authorised", "accurate"), signature="Alice"
    )
    state.opt_out = claims.request_opt_out(opt_out=opt_out, sworn=sworn, by=by, now=state.now)
    return {"opt_out": opt_out.public_id, "track": str(track)}


def _grant(state: Walk) -> Figures:
    """A reviewer grants it: the track is out, the money stays the holder's."""
    opt_out = OptOut.objects.get(pk=state.opt_out.pk)
    claims.grant_opt_out(opt_out=opt_out, by=state.cast["rita"], now=state.now)
    work_off(state.now)
    out = Withdrawal.objects.filter(source=opt_out.public_id)
    _expect(out.count() == 1, f"{out.count()} withdrawals")
    _award(state)
    return {"withdrawal": out[0].public_id, "from": out[0].start.isoformat()}


def _notice(state: Walk) -> Figures:
    """The store is told, by every way it can be reached."""
    notices = TakedownNotice.objects.filter(opt_out=state.opt_out, licensee=state.licensee)
    _work_until(state, lambda: not notices.filter(status=TakedownNotice.Status.QUEUED).exists())
    notice = notices.get()
    _expect(notice.status == TakedownNotice.Status.SENT, f"the notice is {notice.status}")
    return {
        "notice": notice.public_id,
        "ways": dict(notice.deliveries.values_list("channel", "state")),
        "store_keys": [key for row in notice.rows.all() for key in row.store_keys],
    }


def _acknowledge(state: Walk) -> Figures:
    """The store acknowledges and says it has removed the track."""
    by = state.cast["store"]
    notice = cases.notices_for(by).get(opt_out=state.opt_out)
    claims.acknowledge_notice(notice=notice, by=by, now=state.now, reference="walkthrough")
    removed = claims.mark_rows_removed(notice=notice, by=by, now=state.now)
    notice.refresh_from_db()
    _expect(notice.status == TakedownNotice.Status.COMPLIED, f"the notice is {notice.status}")
    return {"notice": notice.public_id, "removed": removed, "status": notice.status}


def _verify(state: Walk) -> Figures:
    """The whole ledger is recomputed."""
    report = verify(vkey=signer().vkey, further=FURTHER)
    _expect(report.ok, f"verify_ledger: {report.checks[-1].name}: {report.checks[-1].fault}")
    return {"entries": report.entries, "postings": report.postings, "log": report.log_size, "root": report.root}


STEPS: Sequence[tuple[str, Callable[[Walk], Figures]]] = (
    ("import", _import),
    ("catalogue", _catalogue),
    ("find", _find),
    ("claim", _claim),
    ("check", _check),
    ("approve", _approve),
    ("award", _award),
    ("remittance", _remittance),
    ("statement", _statement),
    ("payee", _payee),
    ("payout", _payout),
    ("paper", _paper),
    ("opt_out", _opt_out),
    ("grant", _grant),
    ("notice", _notice),
    ("acknowledge", _acknowledge),
    ("verify", _verify),
)
