"""What the steps hand to one another, and what each of them says and does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from accounts.models import User
from catalog.models import RightsHolder, Track
from claims.models import Claim, OptOut
from roms_portal.headless import work_off
from sales.models import Licensee, SalesReport

PATIENCE_SECONDS = 60
Figures = dict[str, Any]


class StepFailed(Exception):
    """A step did not come to what it should have."""


@dataclass(slots=True)
class Step:
    """What one step was and what it came to."""

    name: str
    figures: Figures
    seconds: float


@dataclass(slots=True)
class Walk:
    """What the steps hand to one another."""

    path: Path
    code: str
    now: datetime
    cast: dict[str, User] = field(default_factory=dict)
    licensee: Licensee = field(init=False)
    report: SalesReport = field(init=False)
    tracks: list[Track] = field(default_factory=list)
    waiting: dict[str, Decimal] = field(default_factory=dict)
    holder: RightsHolder = field(init=False)
    claim: Claim = field(init=False)
    opt_out: OptOut = field(init=False)

    def later(self, days: int) -> datetime:
        """This will give an instant some days after the walk began, so every case has an order in time."""
        return self.now + timedelta(days=days)


def expect(ok: object, words: str) -> None:
    if not ok:
        raise StepFailed(words)


def work_until(state: Walk, arrived: Callable[[], bool]) -> None:
    """This will do what is due until `arrived`: a worker beside us may hold a piece of it for a moment."""
    last = monotonic() + PATIENCE_SECONDS
    work_off(state.now)
    while not arrived() and monotonic() < last:
        sleep(0.1)
        work_off(state.now)


def amounts(sums: dict[str, Decimal]) -> dict[str, str]:
    return {currency: f"{amount:f}" for currency, amount in sorted(sums.items())}
