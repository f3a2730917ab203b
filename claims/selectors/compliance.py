"""What reports sold, and catalogues list, of tracks that are out.

A use period is held against each withdrawal of the track, its work included, that reaches this store and territory:

- wholly before the store's time is over, or after the withdrawal ended: nothing;
- wholly within what the withdrawal forbids: `breach`;
- else it reaches over a bound, or its territory is unknown: `unclear`.

The store's time is over at the deadline of its notice; where it got none, so many days after the first day out as it
has for a notice. A period that was cut by days only is an estimate, so the report's whole period counts.
"""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from catalog.matching import Asked
from catalog.models import CatalogueImport, TerritorySet, Withdrawal
from catalog.territories import WORLD, UnknownTerritory, bits_of
from claims.models import ComplianceCheck, ComplianceFinding
from sales.models import CatalogueSnapshot, Sale, SalesReport, StoreKey

Kind = ComplianceFinding.Kind
Status = ComplianceFinding.Status


class Hit(NamedTuple):
    """What one report comes to for one withdrawn track, holder, currency and kind."""

    track: int
    holder: int
    currency: str
    kind: str
    withdrawal: int
    rights: list[str]
    out_since: date
    allowed_until: date
    use_start: date
    use_end: date
    territories: list[str]
    line_count: int
    units: int
    royalty: Decimal
    sales: list[int]
    is_by_day: bool
    """Unclear only because the period begins before the store's time was over: days in the lines would tell."""


_OUT = """
out AS MATERIALIZED (
    SELECT w.id, w.track_id, w.holder_id, w."right", w.territories_id, w.start, w."end",
        NULL::date AS first, NULL::date AS after
    FROM catalog_withdrawal w JOIN sold ON sold.track_id = w.track_id WHERE {reaches}
    UNION ALL
    SELECT w.id, p.track_id, w.holder_id, w."right", w.territories_id, w.start, w."end", p.start, p."end"
    FROM sold JOIN catalog_trackwork p ON p.track_id = sold.track_id
    JOIN catalog_withdrawal w ON w.work_id = p.work_id WHERE {reaches}
), timed AS MATERIALIZED (
    SELECT o.*, coalesce(
        (SELECT (min(n.deadline_at) AT TIME ZONE 'UTC' + interval '23:59:59.999999')::date
         FROM claims_noticerow_withdrawals t
         JOIN claims_noticerow r ON r.id = t.noticerow_id AND r.track_id = o.track_id
         JOIN claims_takedownnotice n ON n.id = r.notice_id AND n.licensee_id = %(store)s
         WHERE t.withdrawal_id = o.id AND n.deadline_at IS NOT NULL),
        o.start + %(days)s) AS due
    FROM out o WHERE NOT EXISTS (
        SELECT FROM claims_counternotice_rows x JOIN claims_counternotice c ON c.id = x.counternotice_id
        JOIN claims_noticerow r ON r.id = x.noticerow_id AND r.state = 'excused' AND r.track_id = o.track_id
        JOIN claims_noticerow_withdrawals w ON w.noticerow_id = r.id AND w.withdrawal_id = o.id
        WHERE c.licensee_id = %(store)s AND c.status = 'accepted' AND c.ground <> 'not_this_track')
)
"""
_REACHES = """w.start < %(until)s AND (w."end" IS NULL OR w."end" > w.start)
    AND (w.licensee_ids = '{}' OR %(store)s = ANY(w.licensee_ids)) AND %(store)s <> ALL(w.except_licensee_ids)"""
_GONE = f"""
gone AS MATERIALIZED (
    SELECT w.track_id FROM catalog_withdrawal w WHERE w.track_id IS NOT NULL AND {_REACHES}
    UNION
    SELECT p.track_id FROM catalog_withdrawal w JOIN catalog_trackwork p ON p.work_id = w.work_id WHERE {_REACHES}
)
"""
IN_REPORT = f"""
WITH {_GONE}, sold AS MATERIALIZED (
    SELECT track_id FROM gone g
    WHERE EXISTS (SELECT FROM sales_sale s WHERE s.report_id = %(report)s AND s.track_id = g.track_id)
), {_OUT.format(reaches=_REACHES)}, used AS (
    SELECT s.id, s.track_id, s.currency, s.territory, s.line_count, s.units, s.cut_by,
        s.royalty_phonogram, s.royalty_performance, s.royalty_work,
        CASE WHEN s.cut_by = 'days' THEN %(start)s ELSE s.use_start END AS start,
        CASE WHEN s.cut_by = 'days' THEN %(until)s ELSE s.use_end END AS until
    FROM sales_sale s WHERE s.report_id = %(report)s AND s.track_id IN (SELECT track_id FROM timed)
), held AS (
    SELECT u.*, t.id AS withdrawal, t.holder_id, t."right", t.start AS out_since, t.due,
        CASE WHEN u.start >= t.due AND (t."end" IS NULL OR u.until <= t."end") AND c.is_sure
            AND (t.first IS NULL OR t.first <= u.start) AND (t.after IS NULL OR u.until <= t.after)
            THEN 'breach' ELSE 'unclear' END AS kind,
        u.start < t.due AND (t."end" IS NULL OR u.until <= t."end") AND c.is_sure AND u.cut_by <> 'days'
            AND (t.first IS NULL OR t.first <= u.start) AND (t.after IS NULL OR u.until <= t.after) AS is_by_day
    FROM used u JOIN timed t ON t.track_id = u.track_id
        AND u.until > t.due AND (t."end" IS NULL OR u.start < t."end")
        AND (t.first IS NULL OR t.first < u.until) AND (t.after IS NULL OR t.after > u.start)
    JOIN unnest(%(sets)s::bigint[], %(codes)s::text[], %(sure)s::boolean[]) AS c (set_id, code, is_sure)
        ON c.set_id = t.territories_id AND c.code = u.territory
), per_sale AS (
    SELECT id, track_id, holder_id, currency, territory, min(kind) AS kind, min(withdrawal) AS withdrawal,
        array_agg(DISTINCT "right" ORDER BY "right") AS rights, min(out_since) AS out_since, min(due) AS due,
        start, until, line_count, units, bool_and(is_by_day) AS is_by_day,
        CASE WHEN bool_or("right" = 'phonogram') THEN royalty_phonogram ELSE 0 END
        + CASE WHEN bool_or("right" = 'performance') THEN royalty_performance ELSE 0 END
        + CASE WHEN bool_or("right" = 'work') THEN royalty_work ELSE 0 END AS royalty
    FROM held GROUP BY id, track_id, holder_id, currency, territory, start, until, line_count, units,
        royalty_phonogram, royalty_performance, royalty_work
)
SELECT p.track_id, p.holder_id, p.currency, p.kind, min(p.withdrawal), array_agg(DISTINCT r.name ORDER BY r.name),
    min(p.out_since), min(p.due), min(p.start), max(p.until),
    array_agg(DISTINCT p.territory ORDER BY p.territory), sum(p.line_count) FILTER (WHERE r.no = 1),
    sum(p.units) FILTER (WHERE r.no = 1), sum(p.royalty) FILTER (WHERE r.no = 1), array_agg(DISTINCT p.id),
    bool_and(p.is_by_day)
FROM per_sale p, unnest(p.rights) WITH ORDINALITY AS r (name, no)
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


def hits_in_report(report: SalesReport) -> Iterator[Hit]:
    """This will hold a posted report against the withdrawals in force, in one statement however many lines it has."""
    if report.usage_start is None or report.usage_end is None:
        return
    sets, codes, sure = _places_sold(report)
    with connection.cursor() as cursor:
        cursor.execute(
            IN_REPORT,
            {
                "report": report.pk,
                "store": report.licensee_id,
                "days": report.licensee.compliance_days,
                "start": report.usage_start,
                "until": report.usage_end,
                "sets": sets,
                "codes": codes,
                "sure": sure,
            },
        )
        for row in cursor.fetchall():
            yield Hit(*row)


def _places_sold(report: SalesReport) -> tuple[list[int], list[str], list[bool]]:
    """Which sets of territories of withdrawals hold which codes of the report, and whether wholly and surely."""
    reaching = Withdrawal.objects.filter(
        Q(licensee_ids=[]) | Q(licensee_ids__contains=[report.licensee_id]), start__lt=report.usage_end
    )
    used = reaching.order_by().values("territories_id").distinct()
    known = dict(TerritorySet.objects.filter(pk__in=used).values_list("pk", "bits"))
    sold = Sale.objects.filter(report=report).order_by().values_list("territory", flat=True).distinct()
    rows: list[tuple[int, str, bool]] = []
    for code in sold:
        try:
            bits = bits_of(code)
        except UnknownTerritory:
            bits = 0
        for pk, held in known.items():
            if not bits or bits & held:
                rows.append((pk, code, (bool(bits) and bits & held == bits) or held == WORLD))
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


LIKE_IN_REPORT = f"""
WITH {_GONE}, twin AS MATERIALIZED (
    SELECT t.id AS track_id, o.id AS sold_as FROM gone g JOIN catalog_track t ON t.id = g.track_id
    JOIN catalog_track o ON o.name_key = t.name_key AND o.id <> t.id WHERE t.name_key <> ''
    UNION
    SELECT i.track_id, o.track_id FROM gone g JOIN catalog_trackisrc i ON i.track_id = g.track_id
    JOIN catalog_trackisrc o ON o.isrc = i.isrc AND o.track_id <> i.track_id
), named AS MATERIALIZED (
    SELECT k.id AS key_id, t.id AS track_id FROM gone g JOIN catalog_track t ON t.id = g.track_id
    JOIN sales_storekey k ON k.name_key = t.name_key AND k.licensee_id = %(store)s AND k.track_id IS DISTINCT FROM t.id
    WHERE t.name_key <> ''
    UNION
    SELECT k.id, i.track_id FROM gone g JOIN catalog_trackisrc i ON i.track_id = g.track_id
    JOIN sales_storekey k ON k.isrc = i.isrc AND k.licensee_id = %(store)s AND k.track_id IS DISTINCT FROM i.track_id
    UNION
    SELECT * FROM unnest(%(keys)s::bigint[], %(likes)s::bigint[])
), pairs AS MATERIALIZED (
    SELECT DISTINCT s.store_key_id, s.track_id AS sold_as, s.currency, n.track_id FROM named n JOIN sales_sale s
        ON s.report_id = %(report)s AND s.store_key_id = n.key_id AND s.track_id IS DISTINCT FROM n.track_id
    UNION
    SELECT DISTINCT s.store_key_id, s.track_id, s.currency, w.track_id FROM twin w JOIN sales_sale s
        ON s.report_id = %(report)s AND s.track_id = w.sold_as
), near AS MATERIALIZED (
    SELECT p.*, u.* FROM pairs p JOIN sales_storekey k ON k.id = p.store_key_id AND k.kind = 'track'
    CROSS JOIN LATERAL (
        SELECT sum(s.line_count) AS lines, sum(s.units) AS units, min(s.use_start) AS start, max(s.use_end) AS until
        FROM sales_sale s WHERE s.store_key_id = p.store_key_id AND s.report_id = %(report)s
            AND s.track_id IS NOT DISTINCT FROM p.sold_as AND s.currency = p.currency
    ) u
), sold AS MATERIALIZED (
    SELECT track_id FROM near UNION SELECT sold_as FROM near WHERE sold_as IS NOT NULL
), {_OUT.format(reaches=_REACHES)}
SELECT p.store_key_id, p.sold_as, p.currency, p.track_id, t.holder_id, min(t.id), array_agg(DISTINCT t."right"),
    min(t.start), min(t.due), min(p.start), max(p.until), max(p.lines), max(p.units)
FROM near p JOIN timed t ON t.track_id = p.track_id AND p.until > t.due AND (t."end" IS NULL OR p.start < t."end")
WHERE NOT EXISTS (
    SELECT FROM sales_matchrejection x WHERE x.store_key_id = p.store_key_id AND x.track_id = p.track_id)
AND NOT EXISTS (SELECT FROM timed same WHERE same.track_id = p.sold_as AND same.holder_id = t.holder_id)
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 4, 5
"""
"""Begins with what is out: its names and codes are few beside those of a report, and nearly all that a report sells
under them is the track itself. `twin`: another track of such a name or code. `named`: a key of one."""


class Like(NamedTuple):
    """A key or track of a report that may be a withdrawn track under another number or spelling."""

    store_key: int
    sold_as: int | None
    currency: str
    track: int
    holder: int
    withdrawal: int
    rights: list[str]
    out_since: date
    allowed_until: date
    use_start: date
    use_end: date
    line_count: int
    units: int


def likes_in_report(report: SalesReport, suggested: Collection[tuple[int, int]] = ()) -> list[Like]:
    """This will find what was sold under the name or ISRC of a withdrawn track without being matched to it.

    `suggested`: pairs of key and track that the matcher finds alike by more than name and ISRC.
    """
    if report.usage_start is None or report.usage_end is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            LIKE_IN_REPORT,
            {
                "report": report.pk,
                "store": report.licensee_id,
                "days": report.licensee.compliance_days,
                "until": report.usage_end,
                "keys": [key for key, _track in suggested],
                "likes": [track for _key, track in suggested],
            },
        )
        return [Like(*row) for row in cursor.fetchall()]


IN_SNAPSHOT = f"""
WITH sold AS MATERIALIZED (
    SELECT track_id, min(id) AS key_id FROM sales_storekey
    WHERE licensee_id = %(store)s AND kind = 'track' AND listed_date = %(day)s AND track_id IS NOT NULL GROUP BY 1
), {_OUT.format(reaches=_REACHES)}
SELECT t.track_id, t.holder_id, min(t.id), array_agg(DISTINCT t."right"), min(t.start), min(t.due), min(s.key_id)
FROM timed t JOIN sold s ON s.track_id = t.track_id
WHERE t.due <= %(day)s AND (t."end" IS NULL OR t."end" > %(day)s) GROUP BY 1, 2 ORDER BY 1, 2
"""


class Listed(NamedTuple):
    """A track a catalogue has, though it is out."""

    track: int
    holder: int
    withdrawal: int
    rights: list[str]
    out_since: date
    allowed_until: date
    store_key: int | None


def listed_in_snapshot(snapshot: CatalogueSnapshot) -> list[Listed]:
    """This will find tracks that a store lists on a day on which they had to be gone from everywhere it sells."""
    with connection.cursor() as cursor:
        cursor.execute(
            IN_SNAPSHOT,
            {
                "store": snapshot.licensee_id,
                "day": snapshot.taken_date,
                "days": snapshot.licensee.compliance_days,
                "until": snapshot.taken_date,
            },
        )
        return [Listed(*row) for row in cursor.fetchall()]


IN_IMPORT = """
WITH offered AS MATERIALIZED (
    SELECT t.track_id, max(coalesce(l.start, l.said_at::date)) AS day
    FROM catalog_licensorstatement l JOIN catalog_licensorstatement_tracks t ON t.licensorstatement_id = l.id
    WHERE l.batch_id = %s AND l.kind = 'offered' AND NOT l.is_stale GROUP BY 1
), out AS (
    SELECT o.track_id, o.day, w.id, w.holder_id, w."right", w.start, w."end"
    FROM offered o JOIN catalog_withdrawal w ON w.track_id = o.track_id
    UNION ALL
    SELECT o.track_id, o.day, w.id, w.holder_id, w."right", w.start, w."end"
    FROM offered o JOIN catalog_trackwork p ON p.track_id = o.track_id
    JOIN catalog_withdrawal w ON w.work_id = p.work_id
)
SELECT track_id, holder_id, min(id), array_agg(DISTINCT "right"), min(start), min(start), NULL::bigint
FROM out WHERE start <= day AND ("end" IS NULL OR "end" > day) GROUP BY 1, 2 ORDER BY 1, 2
"""


def offered_in_import(batch: CatalogueImport) -> list[Listed]:
    """This will find tracks that are out of any store and that a licensor's catalogue message offers again."""
    with connection.cursor() as cursor:
        cursor.execute(IN_IMPORT, [batch.pk])
        return [Listed(*row) for row in cursor.fetchall()]


# What is due ----------------------------------------------------------------------------------------------------------
def reports_to_check(limit: int = 200) -> list[int]:
    """This will find posted reports nobody has checked, and those whose sales have another track by now."""
    unchecked = SalesReport.objects.filter(status=SalesReport.Status.POSTED, compliance_check=None)
    due = ComplianceCheck.objects.filter(is_due=True, report__status=SalesReport.Status.POSTED)
    found = list(unchecked.order_by("pk").values_list("pk", flat=True)[:limit])
    return found + list(due.order_by("pk").values_list("report_id", flat=True)[:limit])


def snapshots_to_check(limit: int = 20) -> list[CatalogueSnapshot]:
    """This will find read lists of catalogues nobody has checked."""
    lists = CatalogueSnapshot.objects.filter(status=CatalogueSnapshot.Status.READ, compliance_check=None)
    return list(lists.select_related("licensee").order_by("pk")[:limit])


def imports_to_check(limit: int = 20) -> list[CatalogueImport]:
    """This will find catalogue messages in which a licensor says something, and which nobody has checked."""
    said = CatalogueImport.objects.filter(status=CatalogueImport.Status.IMPORTED, statements__gt=0)
    return list(said.filter(compliance_check=None).order_by("pk")[:limit])


def findings_left_behind() -> QuerySet[ComplianceFinding]:
    """This will find findings of reports that another report has replaced."""
    gone = ComplianceFinding.objects.filter(report__status=SalesReport.Status.SUPERSEDED)
    return gone.exclude(status__in=(Status.SUPERSEDED, Status.CLEARED)).order_by("pk")


def asked_of(key: StoreKey) -> Asked:
    """This will put a store's key into the words of the matcher."""
    codes = tuple(dict.fromkeys([*([key.isrc] if key.isrc else []), *key.isrcs]))
    return Asked(key.pk, key.title, key.artist, codes)


def anything_out(report: SalesReport) -> bool:
    """This will tell whether any withdrawal reaches a report at all."""
    reaching = Withdrawal.objects.filter(Q(licensee_ids=[]) | Q(licensee_ids__contains=[report.licensee_id]))
    return report.usage_end is not None and reaching.filter(start__lt=report.usage_end).exists()
