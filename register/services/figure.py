"""Recording the figures: what is counted now is compared with what was published, and what differs is added."""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q

from register import selectors
from register.figures import DEFINITIONS
from register.models import Figure

Key = tuple[str, str, date]
MONTHLY = [code for code, definition in DEFINITIONS.items() if definition.is_monthly]


def record_figures(*, now: datetime) -> int:
    """This will publish every figure that is new or not what was published last; returns how many.

    Nothing is overwritten: a month that a corrected report changes gets a further value beside the old one, also when
    nothing is left of it. Run again, or by two at once, it adds nothing. What is unknown as before is not said again.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('register.record_figures'))")
        known, last = _published(now.date())
        measured = {(code, part, day): value for code, part, day, value in selectors.measure(now)}
        for (code, part, day), value in known.items():
            if code in MONTHLY and value:
                measured.setdefault((code, part, day), Decimal(0))
        fresh = [
            Figure(code=code, part=part, day=day, value=value, recorded_at=now)
            for (code, part, day), value in measured.items()
            if not _is_said(code, part, day, value, known, last)
        ]
        Figure.objects.bulk_create(fresh, batch_size=1000)
    return len(fresh)


def _is_said(
    code: str,
    part: str,
    day: date,
    value: Decimal | None,
    known: dict[Key, Decimal | None],
    last: dict[tuple[str, str], Decimal | None],
) -> bool:
    if (code, part, day) in known:
        return known[code, part, day] == value
    return value is None and (code, part) in last and last[code, part] is None


def _published(today: date) -> tuple[dict[Key, Decimal | None], dict[tuple[str, str], Decimal | None]]:
    """What was published last: by figure, part and day as far as it can be said again; by figure and part in all."""
    again = Figure.objects.filter(Q(day=today) | Q(code__in=MONTHLY) | Q(code="catalogue-size"))
    rows = again.order_by("code", "part", "day", "-pk").distinct("code", "part", "day")
    known = {(row.code, row.part, row.day): row.value for row in rows.iterator(chunk_size=5000)}
    newest = Figure.objects.order_by("code", "part", "-day", "-pk").distinct("code", "part")
    return known, {(row.code, row.part): row.value for row in newest}


def record_day(*, now: datetime) -> int:
    """This will publish the figures of today unless that was done: what the sweep calls, however often it comes."""
    return 0 if Figure.objects.filter(code="opt-outs-granted", day=now.date()).exists() else record_figures(now=now)
