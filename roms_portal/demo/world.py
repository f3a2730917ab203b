"""Builds the demo world from the store's first report to the cases waiting today, through the portal's own services.

Every step looks for what it would make and does only what is missing, so a load that was killed is finished by the
next one and a second load changes nothing. Money history happens on its own dates (reports of 2005-01 to 2007-06, the
store's payments); the cases of holders happen in the weeks before `now`.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from catalog import services as catalog
from catalog import territories
from catalog.models import Release, ReleaseTrack, Track, TrackIsrc
from catalog.names import name_key
from catalog.rights import Right
from core.models import Installation
from core.money import Money
from ledger import services as ledger
from ledger.models import BooksClose
from ledger.publishing import publish, signer
from payouts import selectors as money
from payouts import services as payouts
from payouts.models import AmountDue, InstalmentPlan, Remittance, VatRule
from roms_portal.demo import cases, reports
from roms_portal.demo.people import people
from roms_portal.demo.repertoire import DemoTrack, repertoire
from roms_portal.headless import work_off
from sales import services as sales
from sales.models import License, Licensee, LicenseeMember, ReportingRule, SalesReport, Tariff, TariffSplit

STORE = "allofmp3"
LINES = 450
XROST_FROM = date(2006, 10, 1)
UNPAID_PART = Decimal("0.4")
TARIFF_NOTE = (
    "Sources differ on what the 15 % were taken of: the store spoke of 15 % of its proceeds, others wrote of 15 % of"
    " profit. This tariff takes net revenue (proceeds without sales tax), because that is what a sales report shows"
    " line by line and anybody can check; profit would depend on cost accounts nobody has published. Where a report"
    " gives no revenue of a line, consumer price without tax times units is the fallback. The split over the three"
    " rights is an assumption of this demonstration: no source gives one."
)
VAT_LAW = "Tax Code of the Russian Federation, art. 346.11 (2)"
VAT_WORDS = (
    "Without value added tax: who is on the simplified system of taxation does not owe it. That ROMS was on it is an"
    " assumption of this demonstration."
)
YEAR_OPEN = date(2007, 1, 1)
CLOSE_WORDS = "2005 and 2006 are reported and paid."
REPORT_DAYS = 15
RULE_NOTE = "An assumption of this demonstration: no source says when the store had to report."
SPLIT = {Right.PHONOGRAM: Decimal(50), Right.PERFORMANCE: Decimal(20), Right.WORK: Decimal(30)}
Progress = Callable[[str], None]


class NotADemo(Exception):
    """This database is not, and must not become, a demo installation."""


def load(*, now: datetime, scale: int = 1, months: int = 30, progress: Progress = lambda step: None) -> None:
    """This will load the demo world (of its last `months`), or finish it. Raises: NotADemo."""
    claim_installation()
    progress("people and the store")
    cast = people()
    licensee = store_with_terms(cast["store"])
    progress("catalogue")
    add_repertoire(repertoire())
    for month in reports.months()[-months:]:
        progress(f"sales of {month:%B %Y}")
        take_report(licensee, month, cast["store"], scale)
    progress("payments of the store")
    take_payments(licensee, cast["frank"])
    agree_instalments(licensee, cast)
    progress("claims, a conflict, an opt-out")
    cases.open_cases(cast, now)
    work_off(now)
    close_books(cast, now)
    ledger.sequence_log()
    ledger.sign_checkpoint(signer=signer(), publish=publish, now=now)
    ledger.prove_day(day=now.date() - timedelta(days=1), now=now)


def claim_installation() -> None:
    """This will mark a new database as a demo. Raises: NotADemo when somebody's data is in it."""
    kind = Installation.objects.values_list("kind", flat=True).first()
    if kind is None and User.objects.exists():
        raise NotADemo("This database already has users and was not created as a demo.")
    if kind not in (None, Installation.Kind.DEMO):
        raise NotADemo("This installation is a real one.")
    Installation.objects.get_or_create(pk=1, defaults={"kind": Installation.Kind.DEMO})


def store_with_terms(user: User, code: str = STORE) -> Licensee:
    """This will make AllofMP3 (or a store of another code) with its licence and tariff, and let a person act for it."""
    name = "AllofMP3" if code == STORE else code
    with transaction.atomic():
        licensee, is_new = Licensee.objects.get_or_create(
            code=code, defaults={"name": name, "notice_email": f"notices@{code}.example"}
        )
        LicenseeMember.objects.get_or_create(licensee=licensee, user=user)
        if is_new:
            terms = License.objects.create(
                licensee=licensee, territories=territories.worldwide(), start=date(2004, 1, 1)
            )
            tariff = Tariff.objects.create(
                license=terms,
                start=terms.start,
                rate=Decimal("0.15"),
                base=Tariff.Base.NET_REVENUE,
                fallbacks=[Tariff.Base.CONSUMER_PRICE_EX_TAX],
                source_note=TARIFF_NOTE,
            )
            ReportingRule.objects.create(
                license=terms,
                start=reports.months()[0],
                end=reports.month_end(reports.LAST),
                days=REPORT_DAYS,
                source_note=RULE_NOTE,
            )
            TariffSplit.objects.bulk_create(
                TariffSplit(tariff=tariff, right=right, percent=percent, is_assumption=True)
                for right, percent in SPLIT.items()
            )
    return licensee


def add_repertoire(wanted: Iterable[DemoTrack]) -> None:
    """This will add the tracks that are missing, with their other names, works and releases."""
    known = set(TrackIsrc.objects.values_list("isrc", flat=True))
    new = [track for track in wanted if track.isrc not in known]
    if not new:
        return
    with transaction.atomic():
        ids = catalog.add_tracks(tracks=[_as_new(track) for track in new])
        rows = Track.objects.in_bulk(ids)
        releases: dict[str, Release] = {}
        for pk, track in zip(ids, new, strict=True):
            if track.writers:
                work = catalog.add_work(title=track.title, authors=track.writers)
                catalog.link_track_to_work(track=rows[pk], work=work, source="demo")
            if track.release.title:
                _put_on_release(releases, track, rows[pk])


def _as_new(track: DemoTrack) -> catalog.NewTrack:
    other = catalog.OtherName(title=track.title_other or track.title, artist=track.artist_other, language="")
    return catalog.NewTrack(
        title=track.title,
        artist=track.artist,
        duration_seconds=track.seconds,
        label=track.release.label,
        language=track.language,
        isrcs=(track.isrc,),
        names=(other,) if (other.title, other.artist) != (track.title, track.artist) else (),
    )


def _put_on_release(releases: dict[str, Release], track: DemoTrack, row: Track) -> None:
    release = releases.get(track.release.icpn)
    if release is None:
        release = releases[track.release.icpn] = Release.objects.create(
            title=track.release.title,
            artist=track.release.artist,
            label=track.release.label,
            icpn=track.release.icpn,
            released_date=date(track.release.year, 1, 1),
            name_key=name_key(track.release.title, track.release.artist),
        )
    ReleaseTrack.objects.create(release=release, track=row, sequence=release.places.count() + 1)


def take_report(licensee: Licensee, month: date, by: User, scale: int) -> None:
    """This will send one month's report as the store did, on the fifth of the next month."""
    received = datetime.combine(reports.month_end(month), datetime.min.time(), UTC) + timedelta(days=4, hours=8)
    content = reports.write_report(month, LINES * scale)
    receipt = sales.receive_report(
        licensee=licensee, stream=io.BytesIO(content), name=reports.file_name(month), by=by, now=received
    )
    sales.process_report(report_id=receipt.report.pk, worker="demo", now=received)


def take_payments(licensee: Licensee, by: User) -> None:
    """This will issue the notes and enter the store's payments; of the last report only a part was ever paid."""
    VatRule.objects.get_or_create(
        licensee=licensee,
        start=date(2004, 1, 1),
        defaults={"treatment": VatRule.Treatment.EXEMPT, "country": "RU", "law": VAT_LAW, "words": VAT_WORDS},
    )
    posted = SalesReport.objects.filter(licensee=licensee, status=SalesReport.Status.POSTED)
    for report in posted.order_by("usage_start"):
        assert report.posted_at is not None
        for note in payouts.issue_amounts_due(report=report, now=report.posted_at):
            _pay(note, report, by)


def agree_instalments(licensee: Licensee, cast: Mapping[str, User]) -> None:
    """This will agree that the unpaid rest of the last report comes in three parts, all of which were missed."""
    note = AmountDue.objects.filter(licensee=licensee, report__usage_start=reports.LAST).first()
    if note is None or InstalmentPlan.objects.filter(licensee=licensee).exists():
        return
    now = note.issued_at + timedelta(days=36)
    (row,) = money.due_rows([note])
    total = Money(payouts.up_to_coin(row.outstanding, note.currency), note.currency)
    parts = payouts.monthly(total, (now + timedelta(days=30)).date(), 3)
    plan = payouts.propose_plan(licensee=licensee, notes=[note], parts=parts, by=cast["frank"], now=now)
    payouts.decide_plan(plan=plan, agree=True, by=cast["fiona"], now=now)


def close_books(cast: Mapping[str, User], now: datetime) -> None:
    """This will close the books of the years before the last one reported."""
    if not BooksClose.objects.exists():
        close = payouts.propose_close(first_open=YEAR_OPEN, reason=CLOSE_WORDS, by=cast["frank"], now=now)
        payouts.decide_close(close=close, approve=True, by=cast["fiona"], now=now)


def _pay(note: AmountDue, report: SalesReport, by: User) -> None:
    is_last = report.usage_start == reports.LAST
    paid_at = note.issued_at + timedelta(days=35)
    reference = f"{note.number}-1"
    if Remittance.objects.filter(reference=reference).exists() or not money.outstanding([report.pk]):
        return
    amount = (note.payable * (1 - UNPAID_PART)).quantize(Decimal("0.01")) if is_last else note.payable
    payouts.record_remittance(
        licensee=note.licensee,
        payer="Xrost" if report.usage_start and report.usage_start >= XROST_FROM else "AllofMP3",
        amount=Money(amount, note.currency),
        received_date=paid_at.date(),
        reference=reference,
        allocations=[payouts.Allocation(report)],
        by=by,
        now=paid_at,
    )
