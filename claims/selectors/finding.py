"""Findings of compliance: who may see them, their money, lines and notices, and what pages and files show of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from catalog.models import HolderMember, TrackIsrc
from claims.formats.breach_report import BreachRow
from claims.models import ComplianceFinding, NoticeRow, TakedownNotice
from claims.selectors.people import Person, may_review
from claims.selectors.takedown import notices_for
from core.money import Money
from ledger import selectors as ledger
from ledger.chart import Place, track_item
from ledger.chart import holder as owner_of
from sales.models import LicenseeMember
from sales.pipeline.lookup import SalesLine
from sales.pipeline.lookup import lines_of as sales_lines

Kind = ComplianceFinding.Kind
Status = ComplianceFinding.Status
UNDECIDED = (Status.OPEN, Status.ASKED, Status.ANSWERED)
LINES_READ = 2000
"""Lines of one track read from the archive to show those a finding stands on."""


def findings_for(user: Person) -> QuerySet[ComplianceFinding]:
    """This will list the findings a person may see: a store its own, a holder those of its withdrawals, staff all."""
    found = ComplianceFinding.objects.select_related("licensee", "report", "snapshot", "track", "holder", "store_key")
    found = found.order_by("-found_at", "-pk")
    if not user.is_authenticated:
        return found.none()
    if may_review(user):
        return found
    mine = HolderMember.objects.filter(user_id=user.pk or 0).values("holder")
    stores = LicenseeMember.objects.filter(user_id=user.pk or 0).values("licensee")
    seen = Q(holder__in=mine) | Q(licensee__in=stores) & ~Q(kind=Kind.SUSPECTED)
    return found.filter(seen)


def kept_apart_by(finding: ComplianceFinding) -> list[Money]:
    """This will say what of the report's money rests as sold after the withdrawal, for the holder of a finding."""
    if finding.report is None or finding.track_id is None or finding.holder_id is None:
        return []
    items = [track_item(finding.track_id, right) for right in finding.rights]
    lot, owner = finding.report.lot_number, owner_of(finding.holder_id)
    sums: dict[str, Decimal] = {}
    for row in ledger.shown(items):
        if row.place == Place.POST_WITHDRAWAL and row.owner == owner and row.lot == lot and row.amount:
            sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.amount
    return [Money(amount, currency) for currency, amount in sorted(sums.items())]


# What pages and files show --------------------------------------------------------------------------------------------
def is_of_store(user: Person, licensee_id: int | None) -> bool:
    """This will tell whether somebody acts for a store."""
    return LicenseeMember.objects.filter(user_id=user.pk or 0, licensee=licensee_id).exists()


def narrowed_findings(found: QuerySet[ComplianceFinding], asked: Mapping[str, str]) -> QuerySet[ComplianceFinding]:
    """This will keep the findings of a kind, status, store and source (a report's, list's or import's number)."""
    if (kind := asked.get("kind", "")) in Kind.values:
        found = found.filter(kind=kind)
    if (status := asked.get("status", "")) in Status.values:
        found = found.filter(status=status)
    if store := asked.get("store", ""):
        found = found.filter(licensee__public_id=store)
    if source := asked.get("source", ""):
        by = {"SNP": "snapshot", "IMP": "batch"}.get(source[:3], "report")
        found = found.filter(**{f"{by}__public_id": source})
    return found


def finding_sums(found: QuerySet[ComplianceFinding]) -> list[tuple[str, int, int, Money]]:
    """This will sum breaches per currency: (currency, findings, units, royalty); those cleared or superseded not."""
    counted = found.filter(kind=Kind.BREACH).exclude(status__in=(Status.CLEARED, Status.SUPERSEDED))
    rows = counted.order_by().values("currency").annotate(n=Count("pk"), sold=Sum("units"), money=Sum("royalty"))
    return [
        (row["currency"], row["n"], row["sold"], Money(row["money"], row["currency"]))
        for row in rows.order_by("currency")
    ]


def lines_of_finding(finding: ComplianceFinding, limit: int) -> list[SalesLine]:
    """This will read the sales lines a finding stands on out of the archive; of a breach those after the bound."""
    if finding.report is None or finding.track_id is None or finding.kind == Kind.SUSPECTED:
        return []
    lines = sales_lines(finding.report, track_id=finding.track_id, limit=LINES_READ)
    if finding.kind == Kind.BREACH:
        lines = [line for line in lines if line.use_start >= finding.allowed_until]
    return lines[:limit]


def rows_of_finding(finding: ComplianceFinding, user: Person) -> QuerySet[NoticeRow]:
    """This will find the rows of notices by which the store was told, as far as a person may see the notices."""
    told = NoticeRow.objects.filter(
        notice__in=notices_for(user).order_by().values("pk"),
        notice__licensee=finding.licensee_id,
        track=finding.track_id,
        withdrawals__holder=finding.holder_id,
        notice__kind=TakedownNotice.Kind.TAKEDOWN,
    )
    return told.select_related("notice").distinct().order_by("pk")


def breach_rows(found: QuerySet[ComplianceFinding]) -> Iterator[BreachRow]:
    """This will put findings into the words of the breach report."""
    isrcs = Prefetch("track__isrcs", queryset=TrackIsrc.objects.order_by("isrc"))
    for one in found.select_related("withdrawal", "batch").prefetch_related(isrcs).iterator(chunk_size=2000):
        source = one.report or one.snapshot or one.batch
        yield BreachRow(
            finding=one.public_id,
            kind=one.kind,
            status=one.status,
            store=one.licensee.name if one.licensee else "",
            source=source.public_id if source else "",
            holder=one.holder.name if one.holder else "",
            artist=one.track.artist if one.track else "",
            title=one.track.title if one.track else "",
            isrcs=" ".join(code.isrc for code in one.track.isrcs.all()) if one.track else "",
            store_keys=one.store_key.key if one.store_key else "",
            withdrawal=one.withdrawal.public_id if one.withdrawal else "",
            rights=" ".join(one.rights),
            out_since=one.out_since,
            allowed_until=one.allowed_until,
            used_from=one.use_start,
            used_until=one.use_end,
            territories=" ".join(one.territories),
            lines=one.line_count,
            units=one.units,
            units_after=one.units_after,
            currency=one.currency,
            royalty=one.royalty,
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for staff beside the queue: stores that are late, object or sell what is out."""

    overdue: int
    escalated: int
    objected: int
    findings: int


def desk_of(user: Person) -> Desk | None:
    """This will count what staff has to look at; None for anybody else."""
    if not may_review(user):
        return None
    late = TakedownNotice.objects.filter(status=TakedownNotice.Status.OVERDUE)
    return Desk(
        overdue=late.count(),
        escalated=late.exclude(escalated_at=None).count(),
        objected=TakedownNotice.objects.filter(status=TakedownNotice.Status.COUNTERED).count(),
        findings=ComplianceFinding.objects.filter(status__in=UNDECIDED).count(),
    )
