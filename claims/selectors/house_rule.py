"""The numbers a review goes by, as they hold on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from accounts.models import User
from catalog.selectors.holder import Person
from claims.house_rules import MONEY, RULES, WEIGHT
from claims.models import FraudMark, HouseRule
from core.money import Money

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers that hold on one day. A currency without a number has the limit 0: the careful side."""

    day: date
    values: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    def number(self, code: str) -> Decimal:
        """This will give a number that is no money."""
        return self.values.get((code, ""), ZERO)

    def count(self, code: str) -> int:
        """This will give a number that counts something."""
        return int(self.number(code))

    def limit(self, code: str, currency: str) -> Decimal:
        """This will give a limit in a currency."""
        return self.values.get((code, currency), ZERO)

    def weight(self, check: str) -> Decimal:
        """This will give the points of a check that failed."""
        return self.number(f"{WEIGHT}{check}")

    def is_above(self, code: str, sums: Iterable[Money]) -> bool:
        """This will tell whether any of the sums is above the limit of its currency."""
        return any(money.amount > self.limit(code, money.currency) for money in sums)

    def in_queue(self, sums: Iterable[Money]) -> Decimal:
        """This will make sums of several currencies one figure to sort by, and for nothing else."""
        return sum((money.amount * self.values.get(("queue_money", money.currency), ONE) for money in sums), ZERO)


def rules_on(day: date) -> Rules:
    """This will read the numbers that hold on a day: of each the latest written of the latest start."""
    rows = HouseRule.objects.filter(start__lte=day).order_by("start", "pk")
    return Rules(day, {(row.code, row.currency): row.value for row in rows})


@dataclass(frozen=True, slots=True)
class RuleNow:
    """One number as a page shows it: what it means, the row that holds, and those before and after."""

    code: str
    currency: str
    holds: HouseRule | None
    rows: list[HouseRule]


def rules_shown(day: date) -> list[RuleNow]:
    """This will list every number with its history, in the order of claims/house_rules.py."""
    rows: dict[tuple[str, str], list[HouseRule]] = {
        (code, ""): [] for code, kind in RULES.items() if kind.unit != MONEY
    }
    for row in HouseRule.objects.select_related("set_by").order_by("-start", "-pk"):
        rows.setdefault((row.code, row.currency), []).append(row)
    order = {code: number for number, code in enumerate(RULES)}
    keys = sorted((key for key in rows if key[0] in RULES), key=lambda key: (order[key[0]], key[1]))
    return [RuleNow(*key, next((row for row in rows[key] if row.start <= day), None), rows[key]) for key in keys]


def fraud_marks() -> QuerySet[FraudMark]:
    """This will list what is known from frauds and still counts, newest first."""
    return FraudMark.objects.filter(ended_at=None).select_related("added_by").order_by("-pk")


def may_set_rules(user: Person) -> bool:
    """This will tell whether a person may change the numbers a review goes by: supervisors."""
    return isinstance(user, User) and user.is_active and user.role == User.Role.SUPERVISOR
