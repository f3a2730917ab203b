"""What waits for the society's reviewers, of every kind, in one list: pages by key, a fixed number of reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import HolderMember
from catalog.selectors.holder import REVIEWING_ROLES
from claims.models import Absence, QueueItem
from claims.selectors.people import Person, may_review

KINDS: dict[str, Promise] = dict(QueueItem.Kind.choices)
SORTS: dict[str, Promise] = {
    "urgency": _("Money, age and deadline"),
    "money": _("Money"),
    "age": _("Age"),
    "deadline": _("Deadline"),
}
MINE: dict[str, Promise] = {
    "": _("Everybody's"),
    "mine": _("What I have"),
    "free": _("What nobody has"),
    "waiting": _("Waiting for an answer"),
    "late": _("Late"),
}
ORDER = {"urgency": "-urgency", "money": "-value", "age": "since", "deadline": "due_at"}
PAGE_SIZE = 50
PEOPLE = ("leased_by", "handed_to")
READ = (
    *("kind", "object_id", "public_id", "title", "status", "is_waiting", "line_count", "money", "since", "due_at"),
    *("value", "urgency", "proof", "lease_until", "lease_token"),
    *(f"{person}__{name}" for person in PEOPLE for name in ("email", "display_name")),
)
"""Columns a page of the queue shows or goes on from."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How somebody wants to see the queue; `after` is where the last page ended."""

    sort: str = "urgency"
    kind: str = ""
    whose: str = ""
    proof: str = ""
    text: str = ""
    after: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """This will read it from an address; what makes no sense is left out."""
        given = {name: asked.get(name, "").strip() for name in ("kind", "whose", "proof", "text", "after")}
        sort = asked.get("sort", "urgency")
        return cls(sort=sort if sort in ORDER else "urgency", **given)


class QueueRow(NamedTuple):
    """All that the queue's table says of a case, so that equal rows look alike."""

    kind: str
    public_id: str
    title: str
    status: str
    line_count: int
    money: tuple[tuple[str, str], ...]
    since: datetime
    due_at: datetime
    leased_by: str
    """Who has it now; empty: nobody."""
    handed_to: str

    @property
    def case(self) -> QueueItem:
        """The case in words: its kind, status, page and deadline."""
        return QueueItem(kind=self.kind, public_id=self.public_id, status=self.status, due_at=self.due_at)

    @classmethod
    def of(cls, item: QueueItem, now: datetime) -> "QueueRow":
        """This will take from a queue item what is shown."""
        return cls(
            item.kind,
            item.public_id,
            item.title,
            item.status,
            item.line_count,
            tuple((currency, amount) for currency, amount in item.money),
            item.since,
            item.due_at,
            str(item.leased_by) if item.is_leased(now) else "",
            str(item.handed_to) if item.handed_to_id is not None else "",
        )


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue, and where the next begins (empty: it is the last)."""

    items: list[QueueItem]
    after: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    def rows(self, now: datetime) -> tuple[QueueRow, ...]:
        """The page's table."""
        return tuple(QueueRow.of(item, now) for item in self.items)

    @property
    def total(self) -> int:
        """How many cases wait in all."""
        return sum(self.counts.values())


def queue_page(user: Person, wanted: Wanted, now: datetime, *, size: int = PAGE_SIZE) -> QueuePage:
    """This will give one page of what waits for a reviewer; nothing for anybody else."""
    if not may_review(user):
        return QueuePage([])
    items = _filtered(QueueItem.objects.select_related("leased_by", "handed_to").only(*READ), user, wanted, now)
    name = ORDER[wanted.sort].lstrip("-")
    step = "lt" if ORDER[wanted.sort].startswith("-") else "gt"
    if (key := _key(wanted)) is not None:
        value, pk = key
        items = items.filter(Q(**{f"{name}__{step}": value}) | Q(**{name: value, f"pk__{step}": pk}))
        items = items.filter(**{f"{name}__{step}e": value})  # lets the index begin there
    last = "-pk" if step == "lt" else "pk"
    rows = list(items.order_by(ORDER[wanted.sort], last)[: size + 1])
    more = f"{_shown(getattr(rows[size - 1], name))}|{rows[size - 1].pk}" if len(rows) > size else ""
    counts = dict(QueueItem.objects.order_by().values_list("kind").annotate(n=Count("pk")))
    return QueuePage(rows[:size], more, counts)


def queue_for(user: Person, *, now: datetime) -> QuerySet[QueueItem]:
    """This will list all that waits, most urgent first; nothing for anybody but reviewers."""
    items = QueueItem.objects.all() if may_review(user) else QueueItem.objects.none()
    return _filtered(items, user, Wanted(), now).order_by("-urgency", "-pk")


def to_take(user: User, now: datetime, *, kind: str = "") -> QuerySet[QueueItem]:
    """This will list what a reviewer may take next: no own case, nobody else's, not waiting for an answer."""
    mine = HolderMember.objects.filter(user=user).values_list("holder_id", flat=True)
    away, covered = _absent(user, now)
    items = QueueItem.objects.filter(is_waiting=False).exclude(user_ids__contains=[user.pk])
    items = items.exclude(holder_ids__overlap=list(mine)) if mine else items
    items = items.filter(Q(leased_by=None) | Q(lease_until__lte=now) | Q(leased_by__in=covered))
    items = items.filter(Q(handed_to=None) | Q(handed_to=user) | Q(handed_to__in=away | covered))
    return items.filter(kind=kind) if kind else items


def item_of(kind: str, object_id: int) -> QueueItem | None:
    """This will find the queue item of a case."""
    return QueueItem.objects.select_related("leased_by", "handed_to").filter(kind=kind, object_id=object_id).first()


def colleagues(user: User) -> QuerySet[User]:
    """This will list the other people who decide cases."""
    people = User.objects.filter(role__in=REVIEWING_ROLES, is_active=True).exclude(pk=user.pk)
    return people.order_by("display_name", "email")


def absences(now: datetime) -> QuerySet[Absence]:
    """This will list who is away now or later."""
    return Absence.objects.filter(end__gt=now.date()).select_related("user", "cover").order_by("start", "pk")


def _absent(user: User, now: datetime) -> tuple[set[int], set[int]]:
    """Who is away today with nobody to cover, and whom this person covers."""
    today = now.date()
    rows = Absence.objects.filter(start__lte=today, end__gt=today).values_list("user_id", "cover_id")
    return {who for who, cover in rows if cover is None}, {who for who, cover in rows if cover == user.pk}


def _filtered(items: QuerySet[QueueItem], user: Person, wanted: Wanted, now: datetime) -> QuerySet[QueueItem]:
    if wanted.kind:
        items = items.filter(kind=wanted.kind)
    if wanted.proof:
        items = items.filter(proof=wanted.proof)
    if wanted.text:
        items = items.filter(Q(public_id__istartswith=wanted.text) | Q(title__icontains=wanted.text))
    taken = Q(leased_by__isnull=False, lease_until__gt=now)
    if wanted.whose == "mine":
        items = items.filter(Q(leased_by=user.pk, lease_until__gt=now) | Q(handed_to=user.pk))
    elif wanted.whose == "free":
        items = items.exclude(taken).filter(handed_to=None, is_waiting=False)
    elif wanted.whose == "waiting":
        items = items.filter(is_waiting=True)
    elif wanted.whose == "late":
        items = items.filter(due_at__lte=now)
    return items


def _key(wanted: Wanted) -> tuple[Decimal | datetime, int] | None:
    text, _bar, pk = wanted.after.partition("|")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    if wanted.sort in ("age", "deadline"):
        try:
            moment = parse_datetime(text)
        except ValueError:
            return None
        return None if moment is None else (moment, int(pk))
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return (value, int(pk)) if value.is_finite() else None


def _shown(value: Decimal | datetime) -> str:
    return value.isoformat() if isinstance(value, datetime) else f"{value:f}"
