"""Plans by which a store pays in parts: which part is paid, and when what is still due on their notes is due."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from payouts.models import AmountDue, InstalmentNote, InstalmentPart, InstalmentPlan
from payouts.selectors.access import Person, is_finance
from payouts.selectors.store import DueRow, due_rows, stores_of

ZERO = Decimal(0)


class PlanPart(NamedTuple):
    """One part of a plan and what of it is still due on a day."""

    due_date: date
    amount: Decimal
    left: Decimal
    is_missed: bool


class DuePiece(NamedTuple):
    """An amount that is due on a day."""

    currency: str
    due_date: date
    amount: Decimal


def plans_for(user: Person) -> QuerySet[InstalmentPlan]:
    """This will list plans, newest first: for the money office all, for a store's people its own agreed or ended."""
    found = InstalmentPlan.objects.select_related("licensee", "proposed_by", "decided_by").order_by("-pk")
    found = found.prefetch_related("parts", "notes__note")
    if is_finance(user):
        return found
    return found.filter(licensee__in=stores_of(user), status__in=["agreed", "ended"])


def plans_waiting_for(user: Person) -> QuerySet[InstalmentPlan]:
    """This will find the plans a person may decide about or end: every one for the money office, else none."""
    found = InstalmentPlan.objects.select_related("licensee")
    return found if is_finance(user) else found.none()


def parts_of_plan(plan: InstalmentPlan, day: date) -> list[PlanPart]:
    """This will say of every part of a plan how much is still due: what was paid is put to the oldest part first."""
    notes = AmountDue.objects.filter(instalments__plan=plan).select_related("report")
    parts = sorted(plan.parts.all(), key=lambda part: part.due_date)
    due = sum((row.outstanding for row in due_rows(notes)), ZERO)
    left, _over = _spread(parts, due)
    return [
        PlanPart(part.due_date, part.amount, left[part.pk], bool(left[part.pk]) and part.due_date < day)
        for part in parts
    ]


def _spread(parts: Sequence[InstalmentPart], due: Decimal) -> tuple[dict[int, Decimal], Decimal]:
    """Put what is still due on the last parts; give what each still has, and what is due above all parts."""
    rest, left = max(ZERO, due), {}
    for part in reversed(parts):
        left[part.pk] = min(part.amount, rest)
        rest -= left[part.pk]
    return left, rest


def due_pieces(rows: Iterable[DueRow]) -> list[DuePiece]:
    """This will say when what is still due on notes is due: on their own day, or as the plan agreed for them says.

    What a correction added above the plan is due on the note's own day.
    """
    rows = [row for row in rows if row.outstanding > 0]
    agreed = InstalmentNote.objects.filter(
        note__in=[row.note.pk for row in rows], freed_at=None, plan__status=InstalmentPlan.Status.AGREED
    )
    plan_of = dict(agreed.values_list("note_id", "plan_id"))
    by_plan: dict[int, list[DueRow]] = defaultdict(list)
    pieces = []
    for row in rows:
        if row.note.pk in plan_of:
            by_plan[plan_of[row.note.pk]].append(row)
        else:
            pieces.append(DuePiece(row.note.currency, row.note.due_date, row.outstanding))
    parts: dict[int, list[InstalmentPart]] = defaultdict(list)
    for part in InstalmentPart.objects.filter(plan__in=by_plan).order_by("due_date"):
        parts[part.plan_id].append(part)
    for plan_id, planned in by_plan.items():
        currency = planned[0].note.currency
        left, over = _spread(parts[plan_id], sum((row.outstanding for row in planned), ZERO))
        pieces += [DuePiece(currency, part.due_date, left[part.pk]) for part in parts[plan_id] if left[part.pk]]
        if over:
            pieces.append(DuePiece(currency, min(row.note.due_date for row in planned), over))
    return pieces
