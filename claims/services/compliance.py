"""Stay-down: every posted report, and every list of a catalogue, is held against the withdrawals in force.

A task of its own after posting, so that a report waits for nothing; a sweep finds what has no check yet. A machine
finds and asks, a person decides. The same check twice changes nothing; a later one brings open findings up to date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from catalog.matching import suggestions_for
from catalog.models import CatalogueImport
from catalog.rights import Right
from catalog.services.copying import copy_objects
from claims import selectors
from claims.models import (
    CaseMail,
    ComplianceCheck,
    ComplianceFinding,
    StoreMessage,
)
from claims.selectors.compliance import Hit, Like, Listed
from claims.selectors.store import Unlicensed
from claims.services.case_mail import tell_holders_of
from claims.services.compliance_decision import reopen_rows
from claims.services.store_message import tell_store
from core.workflow import move, record_event
from sales import services as sales
from sales.models import CatalogueSnapshot, Sale, SalesReport, StoreKey

Kind = ComplianceFinding.Kind
Status = ComplianceFinding.Status
ANSWER_GOAL = timedelta(days=14)
"""Until when a store should say what it sold when. Its end decides nothing; the finding stays open to a person."""

DATED_MAX = 2000
"""Unclear tracks of one report whose lines are looked up in the archive for their days; the rest is asked for."""

SUGGESTED_MAX = 200
"""Unmatched keys of one report, those with most units first, that the matcher looks at closely."""

_FIGURES = (
    "withdrawal_id",
    "rights",
    "out_since",
    "allowed_until",
    "use_start",
    "use_end",
    "territories",
    "line_count",
    "units",
    "royalty",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of one report found anew."""

    breaches: int = 0
    unclear: int = 0
    suspected: int = 0
    unlicensed: int = 0


def check_report(*, report_id: int, now: datetime) -> Checked | None:
    """This will check one posted report and write its findings; None: there is nothing to check.

    Locks the check's row, so two workers do it one after the other and find the same.
    """
    with transaction.atomic():
        report = SalesReport.objects.select_related("licensee").filter(pk=report_id, status="posted").first()
        if report is None:
            return None
        ComplianceCheck.objects.bulk_create(
            [ComplianceCheck(report=report, checked_at=now, is_due=True)], ignore_conflicts=True
        )
        check = ComplianceCheck.objects.select_for_update().get(report=report)
        if not check.is_due:
            return None
        hits = _by_their_lines(list(selectors.hits_in_report(report)))
        sold = _write(report, [_from_hit(report, hit, now) for hit in hits], (Kind.BREACH, Kind.UNCLEAR), now)
        ended = [_from_unlicensed(report, one, now) for one in selectors.unlicensed_in_report(report)]
        sold += _write(report, ended, (Kind.UNLICENSED,), now)
        likes = selectors.likes_in_report(report, _suggested(report))
        near = _write(report, [_from_like(report, like, now) for like in likes], (Kind.SUSPECTED,), now)
        _ask(report, sold, now)
        _tell_holders(check, [*sold, *near], now)
        ComplianceCheck.objects.filter(pk=check.pk).update(is_due=False, checked_at=now)
    kinds = [finding.kind for finding in (*sold, *near)]
    return Checked(
        kinds.count(Kind.BREACH), kinds.count(Kind.UNCLEAR), kinds.count(Kind.SUSPECTED), kinds.count(Kind.UNLICENSED)
    )


def check_snapshot(*, snapshot: CatalogueSnapshot, now: datetime) -> int:
    """This will raise an alarm for each track a store lists again, and open its row of the notice. Once per list."""
    with transaction.atomic():
        _, is_new = ComplianceCheck.objects.get_or_create(snapshot=snapshot, defaults={"checked_at": now})
        if not is_new:
            return 0
        listed = selectors.listed_in_snapshot(snapshot)
        new = [_from_listed(one, now, licensee=snapshot.licensee, snapshot=snapshot) for one in listed]
        copy_objects(new)
        for finding in new:
            reopen_rows(finding, now)
        if new:
            tell_store(
                licensee=snapshot.licensee,
                kind=StoreMessage.Kind.LISTED_AGAIN,
                subject=snapshot.public_id,
                page=f"{reverse('claims:findings')}?source={snapshot.public_id}",
                now=now,
                data={"snapshot": snapshot.public_id, "day": snapshot.taken_date.isoformat(), "tracks": len(new)},
            )
    return len(new)


def check_import(*, batch: CatalogueImport, now: datetime) -> int:
    """This will raise an alarm for each track that is out and that a licensor's message offers again. Once each."""
    with transaction.atomic():
        _, is_new = ComplianceCheck.objects.get_or_create(batch=batch, defaults={"checked_at": now})
        if not is_new:
            return 0
        offered = selectors.offered_in_import(batch)
        new = [_from_listed(one, now, batch=batch) for one in offered]
        copy_objects(new)
    return len(new)


def sweep_lists(*, now: datetime) -> int:
    """This will check lists of stores' catalogues, and licensors' messages, that nobody has checked yet."""
    found = sum(check_snapshot(snapshot=snapshot, now=now) for snapshot in selectors.snapshots_to_check())
    return found + sum(check_import(batch=batch, now=now) for batch in selectors.imports_to_check())


def follow_superseded(*, now: datetime) -> int:
    """This will end findings of reports that were replaced: the new report has findings of its own."""
    ended = 0
    for finding in selectors.findings_left_behind()[:1000]:
        move(finding, Status.SUPERSEDED, by=None, now=now, reason_code="report_superseded")
        ended += 1
    return ended


# Findings -------------------------------------------------------------------------------------------------------------
def _by_their_lines(hits: list[Hit]) -> list[Hit]:
    """Where the lines of an unclear hit carry days, they say what was sold when; the others have to be asked about."""
    unclear = [hit for hit in hits if hit.kind == Kind.UNCLEAR and hit.is_by_day][:DATED_MAX]
    if not unclear:
        return hits
    bounds = {sale: hit.allowed_until for hit in unclear for sale in hit.sales}
    told = sales.sold_since(bounds)
    clear = []
    for hit in hits:
        if hit.kind != Kind.UNCLEAR or not hit.is_by_day or not all(sale in told for sale in hit.sales):
            clear.append(hit)
            continue
        after = [told[sale] for sale in hit.sales]
        lines = sum(one.lines for one in after)
        if lines:
            royalty = sum((one.royalty[right] for one in after for right in hit.rights), Decimal(0))
            units = sum(one.units for one in after)
            clear.append(
                hit._replace(
                    kind=Kind.BREACH.value,
                    line_count=lines,
                    units=units,
                    royalty=royalty,
                    use_start=max(hit.use_start, hit.allowed_until),
                )
            )
    return _merged(clear)


def _merged(hits: Sequence[Hit]) -> list[Hit]:
    """Sum what came to the same track, holder, currency and kind in two ways."""
    found: dict[tuple[int, int, str, str], Hit] = {}
    for hit in hits:
        key = (hit.track, hit.holder, hit.currency, hit.kind)
        known = found.get(key)
        if known is None:
            found[key] = hit
            continue
        found[key] = known._replace(
            use_start=min(known.use_start, hit.use_start),
            use_end=max(known.use_end, hit.use_end),
            territories=sorted({*known.territories, *hit.territories}),
            line_count=known.line_count + hit.line_count,
            units=known.units + hit.units,
            royalty=known.royalty + hit.royalty,
        )
    return list(found.values())


def _from_hit(report: SalesReport, hit: Hit, now: datetime) -> ComplianceFinding:
    return ComplianceFinding(
        kind=hit.kind,
        licensee=report.licensee,
        report=report,
        track_id=hit.track,
        holder_id=hit.holder,
        withdrawal_id=hit.withdrawal,
        rights=hit.rights,
        out_since=hit.out_since,
        allowed_until=hit.allowed_until,
        use_start=hit.use_start,
        use_end=hit.use_end,
        territories=[code for code in hit.territories if code],
        currency=hit.currency,
        line_count=hit.line_count,
        units=hit.units,
        royalty=hit.royalty,
        found_at=now,
    )


def _from_unlicensed(report: SalesReport, sold: Unlicensed, now: datetime) -> ComplianceFinding:
    """Of all tracks and holders at once; where it is an estimate the store is asked how much came after the day."""
    return ComplianceFinding(
        kind=Kind.UNLICENSED,
        licensee=report.licensee,
        report=report,
        rights=list(Right.values),
        out_since=sold.since,
        allowed_until=sold.since,
        use_start=report.usage_start if sold.is_estimate else sold.use_start,
        use_end=sold.use_end,
        currency=sold.currency,
        line_count=sold.line_count,
        units=sold.units,
        royalty=sold.royalty,
        found_at=now,
    )


def _from_like(report: SalesReport, like: Like, now: datetime) -> ComplianceFinding:
    return ComplianceFinding(
        kind=Kind.SUSPECTED,
        licensee=report.licensee,
        report=report,
        store_key_id=like.store_key,
        track_id=like.track,
        holder_id=like.holder,
        withdrawal_id=like.withdrawal,
        rights=sorted(like.rights),
        out_since=like.out_since,
        allowed_until=like.allowed_until,
        use_start=like.use_start,
        use_end=like.use_end,
        currency=like.currency,
        line_count=like.line_count,
        units=like.units,
        found_at=now,
    )


def _from_listed(one: Listed, now: datetime, **source: object) -> ComplianceFinding:
    return ComplianceFinding(
        kind=Kind.LISTED,
        track_id=one.track,
        holder_id=one.holder,
        withdrawal_id=one.withdrawal,
        rights=sorted(one.rights),
        out_since=one.out_since,
        allowed_until=one.allowed_until,
        store_key_id=one.store_key,
        found_at=now,
        **source,
    )


def _write(
    report: SalesReport, wanted: Sequence[ComplianceFinding], kinds: Sequence[Kind], now: datetime
) -> list[ComplianceFinding]:
    """Bring the findings of a report to what should stand; return the new ones. Decided ones stay as they are."""
    known = {_key(one): one for one in ComplianceFinding.objects.filter(report=report, kind__in=kinds)}
    new, changed = [], []
    for finding in wanted:
        there = known.pop(_key(finding), None)
        if there is None:
            new.append(finding)
        elif there.status in selectors.UNDECIDED and _figures(there) != _figures(finding):
            for name in _FIGURES:
                setattr(there, name, getattr(finding, name))
            changed.append(there)
    for gone in known.values():
        if gone.status in selectors.UNDECIDED:
            move(gone, Status.SUPERSEDED, by=None, now=now, reason_code="no_longer_found")
    ComplianceFinding.objects.bulk_update(changed, [name.removesuffix("_id") for name in _FIGURES], batch_size=1000)
    copy_objects(new)
    return new


def _key(finding: ComplianceFinding) -> tuple[object, ...]:
    return finding.track_id, finding.holder_id, finding.currency, finding.kind, finding.store_key_id


def _figures(finding: ComplianceFinding) -> list[object]:
    return [getattr(finding, name) for name in _FIGURES]


def _suggested(report: SalesReport) -> list[tuple[int, int]]:
    """Pairs of an unmatched key and a track that is out, which the matcher finds alike."""
    if not selectors.anything_out(report):
        return []
    keys = StoreKey.objects.filter(pk__in=_keys_without_track(report)).order_by("pk")
    near = suggestions_for([selectors.asked_of(key) for key in keys], 3)
    return [(key, one.track_id) for key, found in near.items() for one in found]


def _keys_without_track(report: SalesReport) -> list[int]:
    open_ones = Sale.objects.filter(report=report, track=None, store_key__kind="track").order_by("-units", "pk")
    return list(dict.fromkeys(open_ones.values_list("store_key_id", flat=True)[:SUGGESTED_MAX]))


# Telling --------------------------------------------------------------------------------------------------------------
def _ask(report: SalesReport, new: Sequence[ComplianceFinding], now: datetime) -> None:
    """Tell the store what was found in its report and ask when it sold what is unclear, in one message."""
    if not new:
        return
    unclear = [finding for finding in new if finding.kind == Kind.UNCLEAR or _is_estimate(finding)]
    for finding in unclear:
        ComplianceFinding.objects.filter(pk=finding.pk).update(deadline_at=now + ANSWER_GOAL)
        move(finding, Status.ASKED, by=None, now=now)
    tell_store(
        licensee=report.licensee,
        kind=StoreMessage.Kind.FOUND_IN_REPORT,
        subject=report.public_id,
        page=reverse("claims:findings") + f"?source={report.public_id}",
        now=now,
        data={
            "report": report.public_id,
            "breaches": len(new) - len(unclear),
            "unclear": len(unclear),
            "answer_by": (now + ANSWER_GOAL).date().isoformat(),
        },
    )


def _is_estimate(finding: ComplianceFinding) -> bool:
    """Whether the period of sales without a licence begins before the day: how much came after it is not known."""
    return finding.kind == Kind.UNLICENSED and (finding.use_start or finding.out_since) < finding.out_since


def _tell_holders(check: ComplianceCheck, new: Iterable[ComplianceFinding], now: datetime) -> None:
    found = [finding for finding in new if finding.kind == Kind.BREACH]
    if found:
        event = record_event(check, "", "breaches_found", by=None, now=now)
        tell_holders_of(event, CaseMail.Topic.BREACH_FOUND, [(one.holder_id or 0, one.public_id) for one in found], now)
