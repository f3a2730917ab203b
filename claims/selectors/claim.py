"""Claims as a person may see them, and what money is about them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from catalog.rights import Right
from claims.models import Claim, ClaimLine
from claims.selectors.claim_money import claim_sums
from claims.selectors.kin import kin_of
from claims.selectors.people import Person, is_member, may_review, seen_holders
from core.money import PLACES, Money
from ledger import funding
from ledger import selectors as ledger
from ledger.chart import Place, holder, track_item

OPEN = (Claim.Status.FILED, Claim.Status.UNDER_REVIEW, Claim.Status.EVIDENCE_REQUESTED)
ZERO = Decimal(0)


def claims_for(user: Person, *, mine: bool = False) -> QuerySet[Claim]:
    """This will list the claims somebody may see, newest first: a reviewer all but drafts, others their holders'.

    With `mine` a reviewer too gets only those of the own holders.
    """
    claims = Claim.objects.select_related("holder", "authority__agent", "created_by", "decided_by").order_by("-pk")
    own = seen_holders(user)
    if may_review(user) and not mine:
        return claims.exclude(status=Claim.Status.DRAFT) | claims.filter(own)
    return claims.filter(own) if user.is_authenticated else claims.none()


def lines_of(claim: Claim) -> QuerySet[ClaimLine]:
    """This will list the lines of a claim with what a page shows of them, as written: by artist, title and right."""
    return claim.lines.select_related("track", "territories", "share").prefetch_related("track__isrcs").order_by("pk")


def page_of_lines(claim: Claim, size: int, asked: str | None) -> Page[ClaimLine]:
    """This will give the page of lines somebody asked for; only its own rows are joined with anything."""
    page: Page[Any] = Paginator(claim.lines.order_by("pk").values_list("pk", flat=True), size).get_page(asked)
    page.object_list = list(lines_of(claim).filter(pk__in=[*page.object_list]))
    return page


def is_own_case(user: Person, claim: Claim) -> bool:
    """This will tell whether somebody made a claim or belongs to its holder or agent, and so may not decide it."""
    parties = [claim.holder_id, *([claim.authority.agent_id] if claim.authority else [])]
    return user.pk == claim.created_by_id or is_member(user, parties)


@dataclass(slots=True)
class Amount:
    """Money of one currency: received by ROMS, and reported but not yet paid by the store."""

    currency: str
    received: Decimal = ZERO
    unpaid: Decimal = ZERO

    @property
    def total(self) -> Money:
        """Both together."""
        return Money(self.received + self.unpaid, self.currency)

    def add(self, received: Decimal, unpaid: Decimal) -> None:
        """This will add to both."""
        self.received += received
        self.unpaid += unpaid


@dataclass(slots=True)
class ClaimAmounts:
    """What waits for a claim (`waiting`), and what it already moved to its holder (`yours`), per currency."""

    waiting: list[Amount] = field(default_factory=list)
    yours: list[Amount] = field(default_factory=list)


def claim_amounts(claim: Claim) -> ClaimAmounts:
    """This will sum what waits for a claim's lines (their percent of what nobody has) and what its holder has got.

    Exact figures: for the holder's own pages once the claim is filed, and for reviewers. The database sums, whatever
    the number of lines: the figures of `with_amounts` for all of them, cut line by line in the same way.
    """
    waiting, yours = (
        [Amount(currency, received, unpaid) for currency, received, unpaid in sums]
        for sums in claim_sums(claim, owners_of(claim))
    )
    return ClaimAmounts(waiting, yours)


def with_amounts(claim: Claim, lines: Iterable[ClaimLine]) -> list[tuple[ClaimLine, list[Amount], list[Amount]]]:
    """This will give each line with what waits for it and what its holder has got of it."""
    chosen, owners = list(lines), owners_of(claim)
    shown = ledger.shown([track_item(line.track_id, line.right) for line in chosen])
    known = funding.funded({row.lot for row in shown if row.lot is not None})
    by_item: dict[str, list[ledger.Shown]] = {}
    for row in shown:
        by_item.setdefault(row.item, []).append(row)
    found = []
    for line in chosen:
        here: tuple[dict[str, Amount], dict[str, Amount]] = {}, {}
        for row in by_item.get(track_item(line.track_id, line.right), ()):
            side, amount = _counts(row, owners, line.percent)
            if side is not None:
                split = funding.split(amount, row.lot, row.currency, known)
                here[side].setdefault(row.currency, Amount(row.currency)).add(*split)
        found.append((line, _listed(here[0]), _listed(here[1])))
    return found


def owners_of(claim: Claim) -> set[str]:
    """This will name in whose accounts the money of a claim rests once it is theirs: its holder's, its agent's."""
    return {holder(claim.holder_id), *([holder(claim.authority.agent_id)] if claim.authority else [])}


def _counts(row: ledger.Shown, owners: set[str], percent: Decimal) -> tuple[int | None, Decimal]:
    """Say whether a row counts as waiting (0, the claimed percent of it), as one of `owners` has it (1), or not."""
    if row.place in (Place.UNCLAIMED, Place.DISPUTED):
        return 0, (row.amount * percent / 100).quantize(Decimal(1).scaleb(-PLACES), rounding="ROUND_DOWN")
    return (1, row.amount) if row.owner in owners else (None, ZERO)


def _listed(sums: dict[str, Amount]) -> list[Amount]:
    return [sums[currency] for currency in sorted(sums)]


def rival_lines(claim: Claim) -> QuerySet[ClaimLine]:
    """This will list the lines of other holders' open claims about the same right of the same tracks."""
    return _meeting_lines(claim).exclude(claim__holder__in={claim.holder_id, *kin_of(claim.holder_id)})


def kin_lines(claim: Claim) -> QuerySet[ClaimLine]:
    """This will list the lines of open claims about the same of who is one interest with the holder."""
    return _meeting_lines(claim).filter(claim__holder__in=kin_of(claim.holder_id) - {claim.holder_id})


def _meeting_lines(claim: Claim) -> QuerySet[ClaimLine]:
    mine = claim.lines.values("track_id")
    lines = ClaimLine.objects.filter(track__in=mine, claim__status__in=OPEN, right__in=claim.lines.values("right"))
    return lines.select_related("claim__holder", "territories").order_by("claim_id", "pk")


def lines_by_terms(claim: Claim) -> list[dict[str, Any]]:
    """This will count the lines of a claim by right, part, place and days: what a receipt says of it."""
    columns = ("right", "percent", "territories__label", "start", "end")
    rows = claim.lines.order_by(*columns).values(*columns).annotate(n=Count("pk"))
    return [{**row, "right_label": str(Right(row["right"]).label), "where": row["territories__label"]} for row in rows]
