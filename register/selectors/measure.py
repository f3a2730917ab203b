"""Counting every figure as it stands now, and opt-outs as they stood at the end of any day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Sum

from claims import selectors as claims
from ledger import selectors as ledger
from ledger.chart import OWED, Place
from payouts.models import Remittance
from sales import selectors as sales
from sales.models import Licensee

NO_OWNER: Final = (Place.UNCLAIMED, Place.UNIDENTIFIED)
GOALS: Final = {"claim_decision": "claim", "opt_out_decision": "opt_out", "appeal_decision": "appeal"}
RUSSIA: Final = "RU"


class Measured(NamedTuple):
    """One value: of which figure, of which part of it, about which day (or month). None: unknown."""

    code: str
    part: str
    day: date
    value: Decimal | None


class OptOutCounts(NamedTuple):
    """Opt-outs by where they stood at the end of a day, and the tracks that were out."""

    requested: int
    granted: int
    refused: int
    waiting: int
    effective: int
    tracks: int


def measure(now: datetime) -> Iterator[Measured]:
    """This will count everything, once; to be read inside one transaction."""
    today = now.date()
    counts = opt_outs_on(today)
    for code, count in zip(_OPT_OUT_CODES, counts, strict=True):
        yield Measured(code, "", today, Decimal(count))
    yield from _catalogues(today)
    yield Measured("tracks-sold", "", today, Decimal(_one(_TRACKS_SOLD)))
    yield from _sales()
    yield from _money(today)
    yield from _petitions(now)


_OPT_OUT_CODES: Final = (
    "opt-outs-requested",
    "opt-outs-granted",
    "opt-outs-refused",
    "opt-outs-waiting",
    "opt-outs-effective",
    "tracks-out",
)


def opt_outs_on(day: date) -> OptOutCounts:
    """This will count opt-outs as they stood at the end of a day (UTC), from their Events and withdrawals."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    by = dict(_rows(_STATUS_ON, {"end": end}))
    effective, tracks = _rows(_OUT_ON, {"day": day, "end": end})[0]
    waiting = sum(count for status, count in by.items() if status in _WAITING)
    requested = sum(by.values())
    return OptOutCounts(requested, by.get("granted", 0), by.get("refused", 0), waiting, effective, tracks)


_WAITING: Final = ("requested", "under_review", "evidence_requested")
_STATUS_ON: Final = """
SELECT status, count(*) FROM (
    SELECT DISTINCT ON (e.object_id) e.to_status AS status FROM core_event e
    JOIN claims_optout o ON o.id = e.object_id AND o.requested_at < %(end)s
    WHERE e.noun = 'claims.OptOut' AND e.at < %(end)s AND e.to_status IN (
        'requested', 'under_review', 'evidence_requested', 'granted', 'refused', 'retracted'
    )
    ORDER BY e.object_id, e.id DESC
) AS latest GROUP BY status
"""
_OUT_ON: Final = """
SELECT count(DISTINCT l.opt_out_id), count(DISTINCT l.track_id)
FROM catalog_withdrawal w
JOIN claims_optoutline_withdrawals lw ON lw.withdrawal_id = w.id
JOIN claims_optoutline l ON l.id = lw.optoutline_id
JOIN claims_optout o ON o.id = l.opt_out_id
WHERE w.start <= %(day)s AND (w."end" IS NULL OR w."end" > %(day)s) AND o.decided_at < %(end)s
"""
_TRACKS_SOLD: Final = """
SELECT count(DISTINCT s.track_id) FROM sales_sale s
JOIN sales_salesreport r ON r.id = s.report_id AND r.status = 'posted' WHERE s.units > 0
"""


def _catalogues(today: date) -> Iterator[Measured]:
    known = {size.licensee.pk: size for size in sales.catalogue_sizes()}
    for store in Licensee.objects.order_by("pk"):
        size = known.get(store.pk)
        if size is None:
            yield Measured("catalogue-size", store.code, today, None)
        else:
            yield Measured("catalogue-size", store.code, size.taken_date, Decimal(size.entries))


def _sales() -> Iterator[Measured]:
    for month, currency, channel, base, units in _rows(_SALES):
        yield Measured("sales", f"{currency} {channel}", month, base)
        yield Measured("units", f"{currency} {channel}", month, Decimal(units))


_SALES: Final = """
SELECT date_trunc('month', s.use_start)::date, s.currency, s.channel, sum(s.base), sum(s.units) FROM sales_sale s
JOIN sales_salesreport r ON r.id = s.report_id AND r.status = 'posted' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def _money(today: date) -> Iterator[Measured]:
    accrued: dict[str, Decimal] = {}
    without: dict[str, Decimal] = {}
    for row in ledger.totals():
        if row.place not in OWED:
            continue
        amount = ledger.signed(row.place, row.debit, row.credit)
        accrued[row.currency] = accrued.get(row.currency, Decimal(0)) + (
            -amount if row.place == Place.RECOVERABLE else amount
        )
        if row.place in NO_OWNER:
            without[row.currency] = without.get(row.currency, Decimal(0)) + amount
    moved = dict(_rows(_MOVED, {"places": [place.value for place in OWED if place not in NO_OWNER]}))
    for currency, amount in sorted(accrued.items()):
        yield Measured("accrued", currency, today, amount)
        if 0 < moved.get(currency, 0) < HOLDERS_MIN:
            continue
        unclaimed = without.get(currency, Decimal(0))
        yield Measured("claimed", currency, today, amount - unclaimed)
        yield Measured("unclaimed", currency, today, unclaimed)
    for currency, amount in Remittance.objects.order_by("currency").values_list("currency").annotate(Sum("amount")):
        yield Measured("received", currency, today, amount)
    for currency, at_home, abroad, *holders in _rows(_PAID, {"country": RUSSIA}):
        if any(0 < count < HOLDERS_MIN for count in holders):
            continue
        yield Measured("paid-russia", currency, today, at_home)
        yield Measured("paid-abroad", currency, today, abroad)


HOLDERS_MIN: Final = 3
"""Of what was paid a new value is published once so many holders of a side were paid since the last one, both sides at
once: the difference of two days would else be one holder's payment, or tell one of two what the other got. Of what is
claimed, once so many holders have more or less than at the last one; what nobody owns yet counts as one."""
_MOVED: Final = """
WITH said AS (SELECT part, max(recorded_at) AS at FROM register_figure WHERE code = 'claimed' GROUP BY part)
SELECT currency, count(*) FROM (
    SELECT a.currency, a.owner FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
    JOIN ledger_entry e ON e.id = p.entry_id LEFT JOIN said s ON s.part = a.currency
    WHERE a.place = ANY(%(places)s) AND e.created_at > coalesce(s.at, '-infinity')
    GROUP BY a.currency, a.owner HAVING sum(p.credit - p.debit) <> 0
) AS holder GROUP BY currency
"""
_PAID: Final = """
WITH said AS (SELECT part, max(recorded_at) AS at FROM register_figure WHERE code = 'paid-russia' GROUP BY part),
paid AS (
    SELECT a.currency, a.owner, h.country IS NOT DISTINCT FROM %(country)s AS is_at_home, b.credit - b.debit AS amount,
        EXISTS (
            SELECT FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
            WHERE p.account_id = a.id AND e.created_at > coalesce(s.at, '-infinity')
        ) AS is_new
    FROM ledger_account a JOIN ledger_accountbalance b ON b.account_id = a.id
    LEFT JOIN catalog_rightsholder h ON h.id = substring(a.owner FROM '^holder:([0-9]+)$')::bigint
    LEFT JOIN said s ON s.part = a.currency
    WHERE a.place = 'paid'
)
SELECT currency, coalesce(sum(amount) FILTER (WHERE is_at_home), 0),
    coalesce(sum(amount) FILTER (WHERE NOT is_at_home), 0), count(DISTINCT owner) FILTER (WHERE is_new AND is_at_home),
    count(DISTINCT owner) FILTER (WHERE is_new AND NOT is_at_home)
FROM paid GROUP BY currency ORDER BY currency
"""


def _petitions(now: datetime) -> Iterator[Measured]:
    today = now.date()
    goals = {GOALS[clock.purpose]: clock.days for clock in claims.clocks_in_use(today) if clock.purpose in GOALS}
    for case, (table, sent, waiting) in _PETITIONS.items():
        query = _PETITION.format(table=table, sent=sent)
        answered, open_, median, oldest = _rows(query, {"now": now, "waiting": list(waiting)})[0]
        yield Measured("petitions-answered", case, today, Decimal(answered))
        yield Measured("petitions-waiting", case, today, Decimal(open_))
        yield Measured("days-to-answer", case, today, _tenth(median))
        yield Measured("days-oldest", case, today, _tenth(oldest))
        yield Measured("days-goal", case, today, Decimal(goals[case]) if case in goals else None)


_PETITIONS: Final = {
    "claim": ("claims_claim", "filed_at", ("filed", "under_review", "evidence_requested")),
    "opt_out": ("claims_optout", "requested_at", _WAITING),
    "appeal": ("claims_appeal", "filed_at", ("filed", "under_review")),
}
_PETITION: Final = """
SELECT count(*) FILTER (WHERE decided_at IS NOT NULL), count(*) FILTER (WHERE status = ANY(%(waiting)s)),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - {sent}) / 86400)
        FILTER (WHERE decided_at > %(now)s::date - 365),
    %(now)s::date - (min({sent}) FILTER (WHERE status = ANY(%(waiting)s)))::date
FROM {table} WHERE {sent} IS NOT NULL
"""


def _tenth(days: Any) -> Decimal | None:
    """A number of days to one decimal; none where there is nothing to count."""
    return None if days is None else round(Decimal(str(days)), 1)


def _one(sql: str) -> int:
    return int(_rows(sql)[0][0])


def _rows(sql: str, params: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
