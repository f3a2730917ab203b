"""What the money rule needs to know about some tracks, read in a few statements however many tracks there are."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Max, Q, QuerySet

from catalog.models import Authority, Return, RightsHolder, RightsShare, TerritorySet, Track, TrackWork, Withdrawal
from catalog.rights import Right
from catalog.territories import UnknownTerritory, bits_of
from claims import distribution as rule
from claims.models import ClaimLine, Correction, Dispute, DistributionRun, OptOutLine, PlannedRun, Reentry
from claims.selectors.agents import Collector, Owned, collectors_of, directed, tracks_under
from claims.selectors.correction import tracks_of_holders
from claims.selectors.dispute import LIVE
from claims.selectors.merge import Apart, apart_of
from claims.selectors.money_request import asked_before, tracks_of_request
from claims.selectors.transfer import tracks_of_transfer
from core.models import Event
from ledger import selectors as ledger
from ledger.chart import holder, key_item, track_item
from ledger.models import Posting
from sales.models import Sale, SalesReport

RIGHTS = tuple(Right.values)


def facts_of(track_ids: Collection[int]) -> rule.Facts:
    """This will read the shares, open disputes, withdrawals and works of these tracks."""
    apart = apart_of(track_ids)
    played = TrackWork.objects.filter(track_id__in=track_ids)
    links = [
        rule.Link(track, apart.works.get(pk, work), percent, start, end)
        for pk, track, work, percent, start, end in played.values_list(
            "pk", "track_id", "work_id", "percent", "start", "end"
        )
    ]
    works = {link.work for link in links} | {work for (kind, work), _ in apart.twins if kind == "work"}
    subject = Q(track_id__in={*track_ids, *apart.sources}) | Q(work_id__in=works)
    shares = RightsShare.objects.filter(subject).exclude(start=F("end")).exclude(start=None, end=date.min)
    withdrawals = Withdrawal.objects.filter(subject).exclude(start=F("end"))
    disputes = Dispute.objects.filter(Q(work=None, track_id__in=track_ids) | Q(work_id__in=works), status__in=LIVE)
    return _Reader(apart).facts(shares, disputes, withdrawals, links)


class _Reader:
    """Turns rows into the rule's words; every territory set is read once."""

    def __init__(self, apart: Apart) -> None:
        self._apart = apart
        self._bits: dict[int, int] = {}

    def facts(
        self,
        shares: QuerySet[RightsShare],
        disputes: QuerySet[Dispute],
        withdrawals: QuerySet[Withdrawal],
        links: Iterable[rule.Link],
    ) -> rule.Facts:
        columns = ("track_id", "work_id", "right", "territories_id", "start", "end")
        own = shares.values_list(*columns, "holder_id", "percent", "choice", "authority_id")
        left = withdrawals.values_list(*columns, "holder_id", "licensee_ids", "except_licensee_ids")
        fought = disputes.prefetch_related("parties").order_by("pk")
        own_rows, left_rows, cases = list(own), list(left), list(fought)
        self._read({row[3] for row in (*own_rows, *left_rows)} | {case.territories_id for case in cases})
        asked = asked_before({row[6] for row in left_rows})
        collectors = collectors_of({row[6] for row in own_rows})
        return rule.Facts(
            [piece for row in own_rows for piece in self._shares(row, collectors.get(row[6], ()))],
            [contest for case in cases for contest in self._contests(case)],
            [leaving for row in left_rows for leaving in self._leavings(row, asked.get(row[6], date.min))],
            links,
        )

    def _read(self, ids: set[int]) -> None:
        self._bits.update(TerritorySet.objects.filter(pk__in=ids).values_list("pk", "bits"))

    def _place(self, row: Sequence[Any]) -> dict[str, Any]:
        track, work, right, territories, start, end = row
        subject = ("work", work) if work else ("track", track)
        return {"subject": subject, "right": right, "territories": self._bits[territories], "start": start, "end": end}

    def _shares(self, row: Sequence[Any], collectors: Collection[Collector]) -> Iterable[rule.Share]:
        """A share, cut where an agent collects its money."""
        leaves = row[8] == RightsShare.Choice.LEAVE
        share = rule.Share(**self._place(row[:6]), owner=holder(row[6]), percent=row[7], leaves=leaves)
        return directed(share, Owned(row[6], row[9], row[0]), collectors) if collectors else [share]

    def _leavings(self, row: Sequence[Any], asked: date) -> list[rule.Leaving]:
        """A withdrawal keeps money apart from the day on which its holder last asked for it, if ever."""
        own = rule.Leaving(**self._place(row[:6]), owner=holder(row[6]), licensees=frozenset(row[7]))
        own = own._replace(excepted=frozenset(row[8]))
        own = own._replace(start=max(own.start or asked, asked))
        if own.end is not None and own.end <= asked:
            return []
        twins = self._apart.twins.get((own.subject, own.right), [])
        return [own, *(own._replace(subject=twin) for twin in twins)]

    def _contests(self, case: Dispute) -> list[rule.Contest]:
        own = self._contest(case)
        twin = self._apart.disputes.get(case.pk)
        return [own, own._replace(subject=twin)] if twin else [own]

    def _contest(self, case: Dispute) -> rule.Contest:
        track = None if case.work_id else case.track_id
        return rule.Contest(
            **self._place((track, case.work_id, case.right, case.territories_id, case.start, case.end)),
            claims=tuple((holder(party.holder_id), party.percent) for party in case.parties.all()),
            is_held=case.hold_ordered_by_id is not None,
        )


SUMMED = """
SELECT s.track_id, coalesce(r.lot_id, r.id), s.currency,
    sum(s.royalty_phonogram), sum(s.royalty_performance), sum(s.royalty_work)
FROM sales_sale s JOIN sales_salesreport r ON r.id = s.report_id
WHERE s.track_id = ANY(%s) AND r.status = 'posted' GROUP BY 1, 2, 3
"""
SINGLE = """
SELECT s.track_id, coalesce(r.lot_id, r.id), s.currency, s.royalty_phonogram, s.royalty_performance, s.royalty_work,
    s.use_start, s.use_end, s.territory, r.licensee_id, s.store_key_id, s.id
FROM sales_sale s JOIN sales_salesreport r ON r.id = s.report_id
WHERE s.track_id = ANY(%s) AND r.status = 'posted'
"""
UNIDENTIFIED = """
SELECT s.store_key_id, coalesce(r.lot_id, r.id), s.currency,
    sum(s.royalty_phonogram), sum(s.royalty_performance), sum(s.royalty_work)
FROM sales_sale s JOIN sales_salesreport r ON r.id = s.report_id
WHERE s.store_key_id = ANY(%s) AND s.track_id IS NULL AND r.status = 'posted' GROUP BY 1, 2, 3
"""


def parts_of(track_ids: Collection[int], facts: rule.Facts) -> Iterator[rule.Part]:
    """This will give every Part of these tracks' posted Sales.

    Where all of a track's right goes to one place, whatever the day, territory and store, the database sums its Sales
    first: the same figures (nothing is divided), many times faster.
    """
    apart = apart_of(track_ids)
    divided = {(track, right) for track in track_ids for right in RIGHTS if facts.about(track, right).whole_to is None}
    divided |= {(track, right) for track, rights in apart.rights.items() for right in rights}
    several = {track for track, _ in divided}
    summed = [track for track in track_ids if any((track, right) not in divided for right in RIGHTS)]
    for track, lot, currency, *amounts in _rows(SUMMED, summed):
        for right, amount in zip(RIGHTS, amounts, strict=True):
            if amount and (track, right) not in divided:
                yield _part(track, right, lot, currency, amount)
    bits: dict[str, int] = {}
    for track, lot, currency, *amounts, start, end, territory, licensee, key, sale in _rows(SINGLE, sorted(several)):
        where = bits.get(territory)
        if where is None:
            where = bits[territory] = _bits_of(territory)
        for right, amount in zip(RIGHTS, amounts, strict=True):
            if amount and (track, right) in divided:
                item, owned = track_item(track, right), apart.track_of(track, right, key, sale)
                yield rule.Part(item, owned, right, lot, currency, amount, start, end, where, licensee)


def _bits_of(territory: str) -> int:
    """A code nobody knows says as little as none: such a use is paid where the shares are the same everywhere."""
    try:
        return bits_of(territory)
    except UnknownTerritory:
        return 0


def unidentified_parts(store_key_ids: Collection[int]) -> Iterator[rule.Part]:
    """This will give the Parts of these store keys whose track is still unknown."""
    for key, lot, currency, *amounts in _rows(UNIDENTIFIED, sorted(store_key_ids)):
        for right, amount in zip(RIGHTS, amounts, strict=True):
            if amount:
                yield _part(None, right, lot, currency, amount, item=key_item(key, right))


def _part(track: int | None, right: str, lot: int, currency: str, amount: Decimal, item: str = "") -> rule.Part:
    item = item or track_item(track or 0, right)
    return rule.Part(item, track, right, lot, currency, amount, date.min, date.max, 0, 0)


def _rows(sql: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


# What the ledger shows ----------------------------------------------------------------------------------------------
def shown_of(items: Sequence[str]) -> rule.Placed:
    """This will read what the ledger shows for these items, in the rule's words."""
    placed: rule.Placed = {}
    for item, place, owner, currency, lot, amount in ledger.shown(items):
        placed.setdefault((item, lot or 0, currency), {})[place, owner] = amount
    return placed


def last_posting(items: Sequence[str]) -> int:
    """This will name the state of these items: the latest posting about any of them."""
    return Posting.objects.filter(account__item__in=items).aggregate(last=Max("id"))["last"] or 0


LATE_KEYS = """
SELECT DISTINCT s.store_key_id FROM sales_sale s
JOIN unnest(%s::bigint[]) AS t (id) ON s.track_id = t.id
JOIN unnest(%s::text[]) AS r (name) ON true
JOIN ledger_account a ON a.item = 'key:' || s.store_key_id || ':' || r.name AND a.place = 'unidentified'
JOIN ledger_accountbalance b ON b.account_id = a.id AND b.debit <> b.credit
"""


def late_keys(track_ids: Collection[int]) -> set[int]:
    """This will find the store keys matched to one of these tracks whose money still rests as unidentified."""
    with connection.cursor() as cursor:
        cursor.execute(LATE_KEYS, [list(track_ids), list(RIGHTS)])
        return {key for (key,) in cursor.fetchall()}


def tracks_of_keys(store_key_ids: Collection[int]) -> set[int]:
    """This will find every track the Sales of these store keys are about."""
    tracks = Track.objects.filter(sales__store_key_id__in=store_key_ids, sales__report__status="posted")
    return set(tracks.values_list("pk", flat=True).distinct())


UNMOVED_KEYS = """
SELECT k.id FROM sales_storekey k
WHERE k.is_late AND EXISTS (SELECT FROM sales_sale s WHERE s.store_key_id = k.id AND s.track_id IS NOT NULL)
    AND EXISTS (
        SELECT FROM unnest(%s::text[]) AS r (name)
        JOIN ledger_account a ON a.item = 'key:' || k.id || ':' || r.name AND a.place = 'unidentified'
        JOIN ledger_accountbalance b ON b.account_id = a.id AND b.debit <> b.credit)
    AND NOT EXISTS (
        SELECT FROM claims_distributionrun d WHERE d.cause = 'match' AND d.object_id = k.id AND d.finished_at IS NULL)
ORDER BY 1 LIMIT %s
"""
"""Only marked keys are looked at (sales/sql/late_keys.sql), however many others have money unidentified."""


def matched_keys_unmoved(limit: int) -> list[int]:
    """This will find store keys whose Sales have a track by now while their money still rests as unidentified."""
    with connection.cursor() as cursor:
        cursor.execute(UNMOVED_KEYS, [list(RIGHTS), limit])
        return [key for (key,) in cursor.fetchall()]


def superseded_unmoved() -> list[int]:
    """This will find reports superseded after their money was last distributed."""
    moves = Event.objects.filter(noun=SalesReport._meta.label, to_status=SalesReport.Status.SUPERSEDED)
    gone = dict(moves.values_list("object_id", "at"))
    runs = DistributionRun.objects.filter(cause=DistributionRun.Cause.REPORT, object_id__in=gone)
    return sorted(run.object_id for run in runs if run.due_at < gone[run.object_id])


# What is due --------------------------------------------------------------------------------------------------------
def tracks_due(runs: Sequence[DistributionRun], limit: int) -> list[int]:
    """This will name the next tracks of a run, or of the runs of several reports that came equally far, in the order
    of their row numbers."""
    first, *others = runs
    if others:
        tracks = _of_reports([run.object_id for run in runs])
    else:
        tracks = _TRACKS[DistributionRun.Cause(first.cause)](first.object_id)
    due = tracks.filter(pk__gt=first.last_track)
    return list(due.order_by("pk").values_list("pk", flat=True).distinct()[:limit])


def _of_report(report_id: int) -> QuerySet[Track]:
    return _of_reports([report_id])


def _of_reports(report_ids: Sequence[int]) -> QuerySet[Track]:
    """Tracks these reports or the ones they replaced sold, as far as anybody has or disputes a part of them."""
    sold = Q(sales__report__in=report_ids) | Q(sales__report__successors__in=report_ids)
    known = (
        Q(pk__in=RightsShare.objects.filter(track__isnull=False).values("track_id"))
        | Q(pk__in=Dispute.objects.filter(status__in=LIVE).values("track_id"))
        | Q(pk__in=TrackWork.objects.filter(work__in=RightsShare.objects.values("work_id")).values("track_id"))
        | Q(pk__in=TrackWork.objects.filter(work__in=Dispute.objects.values("work_id")).values("track_id"))
    )
    return Track.objects.filter(sold & known)


def _of_claim(claim_id: int) -> QuerySet[Track]:
    lines = ClaimLine.objects.filter(claim_id=claim_id)
    works = TrackWork.objects.filter(track__in=lines.filter(right=Right.WORK).values("track_id")).values("work_id")
    return Track.objects.filter(
        Q(pk__in=lines.values("track_id")) | Q(pk__in=TrackWork.objects.filter(work__in=works).values("track_id"))
    )


def tracks_of_dispute(dispute_id: int) -> QuerySet[Track]:
    """This will list the tracks whose money a dispute is about."""
    dispute = Dispute.objects.filter(pk=dispute_id)
    works = TrackWork.objects.filter(work__in=dispute.values("work_id")).values("track_id")
    return Track.objects.filter(Q(pk__in=dispute.values("track_id")) | Q(pk__in=works))


def _of_opt_out(opt_out_id: int) -> QuerySet[Track]:
    lines = OptOutLine.objects.filter(opt_out_id=opt_out_id, track__isnull=False)
    works = lines.filter(withdrawals__work__isnull=False).values("withdrawals__work_id")
    return Track.objects.filter(
        Q(pk__in=lines.values("track_id")) | Q(pk__in=TrackWork.objects.filter(work__in=works).values("track_id"))
    )


def _of_return(reentry_id: int) -> QuerySet[Track]:
    back = Return.objects.filter(source__in=Reentry.objects.filter(pk=reentry_id).values("public_id"))
    played = TrackWork.objects.filter(work__in=back.values("withdrawal__work_id")).values("track_id")
    return Track.objects.filter(Q(pk__in=back.values("withdrawal__track_id")) | Q(pk__in=played))


def _of_match(store_key_id: int) -> QuerySet[Track]:
    return Track.objects.filter(sales__store_key_id=store_key_id)


def _of_correction(correction_id: int) -> QuerySet[Track]:
    cases = Correction.objects.filter(pk=correction_id)
    played = Q(work__in=cases.values("source_work_id")) | Q(work__in=cases.values("target_work_id"))
    case = cases.get()
    if case.source_holder_id is not None:
        holders = [case.source_holder_id, case.target_holder_id or 0]
        return Track.objects.filter(pk__in=tracks_of_holders(holders))
    return Track.objects.filter(pk__in=TrackWork.objects.filter(played).values("track_id"))


def merged_owners(owners: Iterable[str]) -> dict[str, str]:
    """This will say of owners of money that became part of another holder, of which."""
    ids = {int(owner.split(":")[1]) for owner in owners if owner.startswith("holder:")}
    merged = RightsHolder.objects.filter(pk__in=ids, merged_into__isnull=False)
    return {holder(pk): holder(into or 0) for pk, into in merged.values_list("pk", "merged_into_id")}


def _of_authority(authority_id: int) -> QuerySet[Track]:
    return tracks_under(Authority.objects.get(pk=authority_id))


def tracks_of_run(run: PlannedRun) -> QuerySet[Track]:
    """This will list the tracks a planned run is about: all that have Sales, or Sales of its store."""
    sold = Sale.objects.filter(track__isnull=False, report__status=SalesReport.Status.POSTED)
    if run.licensee_id is not None:
        sold = sold.filter(report__licensee=run.licensee_id)
    return Track.objects.filter(pk__in=sold.values("track_id"))


def _of_run(run_id: int) -> QuerySet[Track]:
    return tracks_of_run(PlannedRun.objects.get(pk=run_id))


_TRACKS = {
    DistributionRun.Cause.REPORT: _of_report,
    DistributionRun.Cause.CLAIM: _of_claim,
    DistributionRun.Cause.DISPUTE: tracks_of_dispute,
    DistributionRun.Cause.OPT_OUT: _of_opt_out,
    DistributionRun.Cause.RETURN: _of_return,
    DistributionRun.Cause.MATCH: _of_match,
    DistributionRun.Cause.MONEY: tracks_of_request,
    DistributionRun.Cause.CORRECTION: _of_correction,
    DistributionRun.Cause.AUTHORITY: _of_authority,
    DistributionRun.Cause.TRANSFER: tracks_of_transfer,
    DistributionRun.Cause.RUN: _of_run,
}
