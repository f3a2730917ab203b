"""Reports whose store's terms are others now than when they were read: read again, by the dates of their lines.

What a store owes changes with its terms, so a person lets the difference be posted, as with any second reading; where
no money moves (a licence ended, its territories changed) the second reading takes over by itself.
"""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from sales.models import SalesReport
from sales.pipeline import tariffs
from sales.services import chain
from sales.services.correct import successor_of

Status = SalesReport.Status
Kind = SalesReport.Kind


def reread_for_terms(*, now: datetime, limit: int = 100) -> list[SalesReport]:
    """This will read again up to `limit` posted reports in whose period other terms hold than it was reckoned with.

    What was read again with these terms before, and refused, is left alone until they change once more. A store whose
    tariff is not complete yet is left for later.
    """
    made = []
    for report, digest in _stale():
        with transaction.atomic():
            old = SalesReport.objects.select_for_update(no_key=True).get(pk=report.pk)
            tried = old.successors.filter(kind=Kind.REPROCESS)
            tried = tried.filter(Q(terms_sha256=digest) | Q(status__in=(*chain.LIVE, Status.HELD)))
            if old.status != Status.POSTED or tried.exists():
                continue
            made.append(successor_of(old, Kind.REPROCESS, by=None, now=now))
        if len(made) == limit:
            break
    return made


def _stale() -> list[tuple[SalesReport, str]]:
    """This will find posted reports and the digest of the terms that hold now, where it is another."""
    posted = SalesReport.objects.filter(status=Status.POSTED, usage_start__lt=F("usage_end")).order_by("pk")
    by_store: dict[int, list[SalesReport]] = defaultdict(list)
    for report in posted.only("licensee_id", "usage_start", "usage_end", "terms_sha256", "status"):
        by_store[report.licensee_id].append(report)
    found = []
    for licensee_id, reports in sorted(by_store.items()):
        known = tariffs.terms_known(licensee_id)
        if tariffs.are_complete(known):
            found += _differing(known, reports)
    return found


def _differing(known: tariffs.Known, reports: list[SalesReport]) -> list[tuple[SalesReport, str]]:
    """This will compare each report's digest; one read before there were digests differs where terms change inside."""
    digests: dict[tuple[date, date], str] = {}
    found = []
    for report in reports:
        start, end = report.usage_start, report.usage_end
        assert start is not None
        assert end is not None
        if (start, end) not in digests:
            digests[start, end] = tariffs.digest(known, start, end)
        now = digests[start, end]
        if report.terms_sha256 != now and (report.terms_sha256 or tariffs.bounds(known, start, end)):
            found.append((report, now))
    return found
