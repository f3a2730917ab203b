"""Where money should rest: the whole rule, on one page, pure.

A Part is one right's money of one Sale. It goes, by the days and the territory of its use, to the holders of accepted
shares; what no share covers stays `unclaimed`; a part nobody has identified stays `unidentified`. For one day in one
territory, of one track (or, for songs, of each work the track plays):

1. An accepted share is `payable` to its holder, or to the agent (`payee`) that collects for the holder on the days and
   in the territories of its authority; an authority that ends moves what is used later, nothing else. It is `held` for
   the holder instead when the holder proved it and leaves the money, else `post_withdrawal` when the use lies inside a
   withdrawal of that holder. (When the holder asks for the latter, the withdrawal reaches the rule as beginning on the
   day of the question: what was sold before is payable, what is sold later is kept apart again. A withdrawal ends on
   the day its holder comes back: what is used from then on is payable as ever, what was before stays kept apart.)
2. Within an open dispute the part that is claimed but is no accepted share is `disputed`. An accepted share keeps being
   paid, until a person orders the hold; then only its undisputed part is: max(0, 100 - sum of all others).
3. The rest is `unclaimed`.

A use without territory (or of a whole region) is paid as far as the answer is the same in every territory of it. A
use period with a boundary inside is cut by days, which is an estimate where lines carry no date. Percents and days
become the weights of one `allocate` per Part, so the amounts sum to the Part exactly, in any order, on any number of
workers.

`difference` then says what to post: what should stand minus what stands. Money that has left (in payout, paid) counts
as paid to its holder; what left and should not have is `recoverable`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from core.money import allocate

UNIDENTIFIED, UNCLAIMED, DISPUTED, HELD = "unidentified", "unclaimed", "disputed", "held"
POST_WITHDRAWAL = "post_withdrawal"
PAYABLE, IN_PAYOUT, PAID, RECOVERABLE = "payable", "in_payout", "paid", "recoverable"
WORK = "work"
WORLD = (1 << 512) - 1
_WHOLE = 100_000_000
"""100 % in millionths of a percent: percents have six decimals, and integers cannot round."""

ZERO = Decimal(0)
Subject = tuple[str, int]
"""("track", id), or ("work", id) for the right in a song."""
Place = tuple[str, str]
"""(place, owner); the owner is empty where money belongs to nobody yet."""
Line = tuple[str, int, str]
"""(item, lot, currency): the finest the ledger keeps apart within a place."""
Placed = dict[Line, dict[Place, Decimal]]


class LedgerDisagrees(Exception):
    """What the ledger shows for these items is not what their Sales come to, so nothing may be moved."""


class Part(NamedTuple):
    """One right's royalty of one Sale. `track` None: not identified. `territories` 0: the line named none."""

    item: str
    track: int | None
    right: str
    lot: int
    currency: str
    amount: Decimal
    start: date
    end: date
    territories: int
    licensee: int


class Share(NamedTuple):
    subject: Subject
    right: str
    owner: str
    percent: Decimal
    territories: int = WORLD
    start: date | None = None
    end: date | None = None
    leaves: bool = False
    payee: str = ""


class Contest(NamedTuple):
    """An open dispute: what each party says is its own."""

    subject: Subject
    right: str
    claims: tuple[tuple[str, Decimal], ...]
    territories: int = WORLD
    start: date | None = None
    end: date | None = None
    is_held: bool = False


class Leaving(NamedTuple):
    """A withdrawal; `licensees` empty means every store but those in `excepted`, to which it came back."""

    subject: Subject
    right: str
    owner: str
    territories: int = WORLD
    start: date | None = None
    end: date | None = None
    licensees: frozenset[int] = frozenset()
    excepted: frozenset[int] = frozenset()


class Link(NamedTuple):
    """The track plays this part of the work. Parts above 100 % together count in proportion."""

    track: int
    work: int
    percent: Decimal = Decimal(100)
    start: date | None = None
    end: date | None = None


class Facts:
    """The shares, disputes, withdrawals and works of some tracks, ready to be asked about any of them."""

    def __init__(
        self,
        shares: Iterable[Share],
        disputes: Iterable[Contest] = (),
        withdrawals: Iterable[Leaving] = (),
        links: Iterable[Link] = (),
    ) -> None:
        self._shares: dict[tuple[Subject, str], list[Share]] = defaultdict(list)
        self._contests: dict[tuple[Subject, str], list[Contest]] = defaultdict(list)
        self._leavings: dict[tuple[Subject, str], list[Leaving]] = defaultdict(list)
        self._links: dict[int, list[Link]] = defaultdict(list)
        self._rules: dict[tuple[int, str], _Rule] = {}
        for share in shares:
            self._shares[share.subject, share.right].append(share)
        for contest in disputes:
            self._contests[contest.subject, contest.right].append(contest)
        for leaving in withdrawals:
            self._leavings[leaving.subject, leaving.right].append(leaving)
        for link in links:
            self._links[link.track].append(link)

    def about(self, track: int, right: str) -> "_Rule":
        """This will return the rule for one right of one track."""
        rule = self._rules.get((track, right))
        if rule is None:
            rule = self._rules[track, right] = _Rule(
                [
                    (
                        link,
                        self._shares.get((subject, right), []),
                        self._contests.get((subject, right), []),
                        self._leavings.get((subject, right), []),
                    )
                    for link, subject in self._subjects(track, right)
                ]
            )
        return rule

    def _subjects(self, track: int, right: str) -> list[tuple[Link, Subject]]:
        if right != WORK:
            return [(Link(track, 0), ("track", track))]
        return [(link, ("work", link.work)) for link in self._links.get(track, [])]


_Subject = tuple[Link, list[Share], list[Contest], list[Leaving]]


class _Rule:
    """How the money of one right of one track divides; remembers the answers, which repeat a lot."""

    def __init__(self, subjects: Sequence[_Subject]) -> None:
        self._subjects = subjects
        placed: list[Share | Contest | Leaving] = []
        for _, shares, contests, leavings in subjects:
            placed += [*shares, *contests, *leavings]
        dated: list[Link | Share | Contest | Leaving] = [*(link for link, *_ in subjects), *placed]
        self._bounds = sorted({day for fact in dated for day in (fact.start, fact.end) if day is not None})
        self._masks = {fact.territories for fact in placed if fact.territories != WORLD}
        self._by_store = any(leaving.licensees or leaving.excepted for *_, leavings in subjects for leaving in leavings)
        self._known: dict[tuple[object, ...], list[tuple[Place, Decimal]]] = {}

    @property
    def whole_to(self) -> Place | None:
        """The one place everything goes to on every day, in every territory and store; None when it divides."""
        if self._bounds or self._masks or self._by_store:
            return None
        weights = self.weights(WORLD, 0, date.min, date.max)
        return weights[0][0] if len(weights) == 1 else None

    def weights(self, territories: int, licensee: int, start: date, end: date) -> list[tuple[Place, Decimal]]:
        """This will say to whom, and in which proportion, a use in this period, territory and store belongs."""
        cuts = [day for day in self._bounds if start < day < end]
        key = (
            (start, end) if cuts else self._side(start),
            territories if self._masks else 0,
            licensee if self._by_store else 0,
        )
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._weigh(territories or WORLD, licensee, [start, *cuts, end])
        return known

    def _side(self, day: date) -> int:
        """Number the stretches between two bounds: no use period without a cut reaches over one."""
        return sum(bound <= day for bound in self._bounds)

    def _weigh(self, territories: int, licensee: int, days: list[date]) -> list[tuple[Place, Decimal]]:
        total: dict[Place, int] = defaultdict(int)
        for first, after in pairwise(days):
            for place, parts in self._on(first, territories, licensee).items():
                total[place] += parts * (after - first).days
        return sorted((place, Decimal(parts)) for place, parts in total.items() if parts)

    def _on(self, day: date, territories: int, licensee: int) -> dict[Place, int]:
        """This will divide one day's money, in parts of _WHOLE * _WHOLE, as far as all `territories` agree."""
        cells = _cells(territories, self._masks)
        agreed = self._in(day, cells[0], licensee)
        for cell in cells[1:]:
            other = self._in(day, cell, licensee)
            agreed = {place: min(parts, other[place]) for place, parts in agreed.items() if place in other}
        agreed.pop((UNCLAIMED, ""), None)
        agreed[UNCLAIMED, ""] = _WHOLE * _WHOLE - sum(agreed.values())
        return agreed

    def _in(self, day: date, cell: int, licensee: int) -> dict[Place, int]:
        playing = [subject for subject in self._subjects if _holds(subject[0], day)]
        whole = max(_WHOLE, sum(_millionths(link.percent) for link, *_ in playing))
        divided: dict[Place, int] = defaultdict(int)
        for link, shares, contests, leavings in playing:
            standing = _standing(
                [share for share in shares if _holds(share, day) and share.territories & cell],
                [contest for contest in contests if _holds(contest, day) and contest.territories & cell],
                {
                    leaving.owner
                    for leaving in leavings
                    if _holds(leaving, day)
                    and leaving.territories & cell
                    and (not leaving.licensees or licensee in leaving.licensees)
                    and licensee not in leaving.excepted
                },
            )
            for place, parts in standing.items():
                divided[place] += parts * _millionths(link.percent) * _WHOLE // whole
        return divided


def _standing(shares: list[Share], contests: list[Contest], left: set[str]) -> dict[Place, int]:
    """This will say where one subject's money of one day in one territory rests, in parts of _WHOLE."""
    claimed: dict[str, int] = {}
    for contest in contests:
        for owner, percent in contest.claims:
            claimed[owner] = max(claimed.get(owner, 0), _millionths(percent))
    room = _WHOLE - sum(_millionths(share.percent) for share in shares if share.owner not in claimed)
    stopped = {owner for contest in contests if contest.is_held for owner, _ in contest.claims}
    undisputed = {owner: max(0, room - sum(claimed.values()) + claimed[owner]) for owner in stopped}
    standing: dict[Place, int] = defaultdict(int)
    taken = 0
    for share in sorted(shares, key=lambda share: (share.owner, share.leaves, share.percent, share.payee)):
        parts = _millionths(share.percent)
        if share.owner in undisputed:
            parts = min(parts, undisputed[share.owner])
            undisputed[share.owner] -= parts
        taken += parts if share.owner in claimed else 0
        if share.leaves or share.owner in left:
            standing[HELD if share.leaves else POST_WITHDRAWAL, share.owner] += parts
        else:
            standing[PAYABLE, share.payee or share.owner] += parts
    if claimed:
        standing[DISPUTED, ""] = max(0, min(room, sum(claimed.values())) - taken)
    return standing


def _cells(territories: int, masks: Iterable[int]) -> list[int]:
    """This will cut `territories` into the pieces between which no fact's border runs."""
    cells = [territories]
    for mask in masks:
        cells = [piece for cell in cells for piece in (cell & mask, cell & ~mask) if piece]
    return cells


def _holds(fact: Link | Share | Contest | Leaving, day: date) -> bool:
    return (fact.start is None or fact.start <= day) and (fact.end is None or day < fact.end)


def _millionths(percent: Decimal) -> int:
    return int(percent.scaleb(6))


def divide(part: Part, facts: Facts) -> dict[Place, Decimal]:
    """This will say where the money of one Part should rest; the amounts sum to the Part's."""
    if part.track is None:
        return {(UNIDENTIFIED, ""): part.amount}
    weights = facts.about(part.track, part.right).weights(part.territories, part.licensee, part.start, part.end)
    if len(weights) == 1:
        return {weights[0][0]: part.amount}
    return allocate(part.amount, weights)


def place(parts: Iterable[Part], facts: Facts) -> Placed:
    """This will sum, per item, lot and currency, where all these Parts should rest."""
    placed: Placed = {}
    for part in parts:
        line = part.item, part.lot, part.currency
        there = placed.get(line)
        if there is None:
            there = placed[line] = {}
        for where, amount in divide(part, facts).items():
            there[where] = there.get(where, ZERO) + amount
    return placed


def target(
    parts: Iterable[Part],
    shares: Iterable[Share],
    disputes: Iterable[Contest] = (),
    withdrawals: Iterable[Leaving] = (),
    links: Iterable[Link] = (),
) -> Placed:
    """This will say where the money of these Parts should rest: {(item, lot, currency): {(place, owner): amount}}."""
    return place(parts, Facts(shares, disputes, withdrawals, links))


def difference(
    wanted: Placed,
    shown: Placed,
    homes: Mapping[str, str] | None = None,
    owners: Mapping[str, str] | None = None,
) -> Placed:
    """This will say what to move: wanted minus shown, leaving money that has left the house where it is.

    `homes` names the item that stands for another one now (a merged track's): what was paid under the old name counts
    as paid of the new one. `owners` does the same for a holder that became part of another.

    Raises: LedgerDisagrees when the two do not come to the same sum per lot and currency.
    """
    should = _with_money_that_left(wanted, shown, homes or {}, owners or {})
    moves: Placed = {}
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for line in sorted(should.keys() | shown.keys()):
        wants, stands = should.get(line, {}), shown.get(line, {})
        for where in sorted(wants.keys() | stands.keys()):
            amount = wants.get(where, ZERO) - stands.get(where, ZERO)
            if amount:
                moves.setdefault(line, {})[where] = amount
                sums[line[1:]] += amount
    wrong = sorted(key for key, amount in sums.items() if amount)
    if wrong:
        raise LedgerDisagrees(", ".join(f"lot {lot} {currency}: {sums[lot, currency]}" for lot, currency in wrong))
    return moves


def _with_money_that_left(wanted: Placed, shown: Placed, homes: Mapping[str, str], owners: Mapping[str, str]) -> Placed:
    """This will turn 'payable in all' into payable, in payout, paid and recoverable.

    Per item, holder and currency over all lots: only when the lots together were overpaid is the excess recoverable,
    and never more than has left; it is written on the lots that fell short, oldest first.
    """
    should: Placed = {line: dict(places) for line, places in wanted.items()}
    gone: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for (item, lot, currency), places in shown.items():
        for (where, owner), amount in places.items():
            if where in (IN_PAYOUT, PAID) and amount:
                home, now = homes.get(item, item), owners.get(owner, owner)
                should.setdefault((item, lot, currency), {})[where, owner] = amount
                mine = should.setdefault((home, lot, currency), {})
                mine[PAYABLE, now] = mine.get((PAYABLE, now), ZERO) - amount
                gone[home, now, currency] += amount
    if gone:
        _recover(should, gone)
    return should


def _recover(should: Placed, gone: Mapping[tuple[str, str, str], Decimal]) -> None:
    lots: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line, places in should.items():
        for where, owner in places:
            if where == PAYABLE and (line[0], owner, line[2]) in gone:
                lots[line[0], owner, line[2]].append(line)
    for (item, owner, currency), lines in lots.items():
        payable = PAYABLE, owner
        short = min(-sum((should[line][payable] for line in lines), ZERO), gone[item, owner, currency])
        for line in sorted(lines):
            taken = min(short, -should[line][payable])
            if taken > 0:
                should[line][payable] += taken
                should[line][RECOVERABLE, owner] = -taken
                short -= taken
