"""What stores sold under names nobody has matched yet, by the money that waits, largest first."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet, Sum

from catalog.matching import Asked, reason_text, suggestions
from catalog.models import Track
from catalog.names import words
from claims.selectors.people import Person, holders_for, may_review
from core.money import Money
from sales.models import MatchProposal, MatchRejection, Sale, SameAsRule, StoreKey

SUGGESTED_MAX = 3
NAMED_MAX = 25
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A track a key may be: how sure (0 to 100) and why, in words; `proposal` when a holder says so."""

    track: Track
    score: int
    reasons: list[str]
    proposal: MatchProposal | None = None


@dataclass(slots=True)
class Unmatched:
    """A store's key whose money waits as unidentified."""

    key: StoreKey
    money: list[Money] = field(default_factory=list)
    lines: int = 0
    first: date | None = None
    last: date | None = None
    suggested: list[Suggestion] = field(default_factory=list)

    @property
    def end(self) -> date | None:
        """The first day after the last one sold on."""
        return self.last and self.last + timedelta(days=1)

    @property
    def is_release(self) -> bool:
        """Whether a release was sold, whose sales are spread over its tracks."""
        return self.key.kind == StoreKey.Kind.RELEASE


WAITING = """
SELECT k.id, sum(b.credit - b.debit) AS waits FROM ledger_account a
JOIN ledger_accountbalance b ON b.account_id = a.id AND b.credit <> b.debit
JOIN sales_storekey k ON k.id = split_part(a.item, ':', 2)::bigint AND k.track_id IS NULL
WHERE a.place = 'unidentified' AND a.currency = %s AND (%s = '' OR k.licensee_id = %s::bigint)
    AND (k.release_id IS NULL OR NOT EXISTS (SELECT FROM catalog_releasetrack p WHERE p.release_id = k.release_id))
GROUP BY k.id ORDER BY waits DESC, k.id
"""
CURRENCIES = """
SELECT a.currency, count(DISTINCT a.item), sum(b.credit - b.debit) FROM ledger_account a
JOIN ledger_accountbalance b ON b.account_id = a.id AND b.credit <> b.debit
WHERE a.place = 'unidentified' GROUP BY 1 ORDER BY 2 DESC, 1
"""
MONEY = """
SELECT split_part(a.item, ':', 2)::bigint, a.currency, sum(b.credit - b.debit) FROM ledger_account a
JOIN ledger_accountbalance b ON b.account_id = a.id AND b.credit <> b.debit
WHERE a.place = 'unidentified' AND a.item = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2
"""
SOLD = """
SELECT s.store_key_id, sum(s.line_count), min(s.use_start), max(s.use_end) - 1 FROM sales_sale s
JOIN sales_salesreport r ON r.id = s.report_id AND r.status = 'posted'
WHERE s.store_key_id = ANY(%s) GROUP BY 1
"""


def may_match(user: Person) -> bool:
    """This will tell whether somebody says which track a store's key is."""
    return may_review(user)


def waiting_currencies() -> list[Money]:
    """This will sum what waits for a match, per currency, the one with the most keys first."""
    with connection.cursor() as cursor:
        cursor.execute(CURRENCIES)
        return [Money(amount, currency) for currency, _count, amount in cursor.fetchall()]


def unmatched_ids(user: Person, currency: str, licensee_id: int | None = None) -> list[int]:
    """This will name the keys whose money of one currency waits, largest first; none for who may not match."""
    if not may_match(user):
        return []
    store = "" if licensee_id is None else str(licensee_id)
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [currency, store, licensee_id])
        return [pk for pk, _amount in cursor.fetchall()]


def unmatched_rows(key_ids: Sequence[int], *, suggest: bool = True) -> list[Unmatched]:
    """This will read keys in this order, with what waits, what was sold, and the tracks each may be."""
    keys = StoreKey.objects.select_related("licensee").in_bulk(key_ids)
    rows = {pk: Unmatched(keys[pk]) for pk in key_ids if pk in keys}
    items = [f"key:{pk}:{right}" for pk in rows for right in ("performance", "phonogram", "work")]
    with connection.cursor() as cursor:
        cursor.execute(MONEY, [items])
        for pk, currency, amount in cursor.fetchall():
            rows[pk].money.append(Money(amount, currency))
        cursor.execute(SOLD, [list(rows)])
        for pk, lines, first, last in cursor.fetchall():
            rows[pk].lines, rows[pk].first, rows[pk].last = int(lines), first, last
    if suggest:
        found = suggestions_for(list(rows.values()))
        for pk, row in rows.items():
            row.suggested = found.get(pk, [])
    return list(rows.values())


def sold_under(keys: Sequence[StoreKey]) -> list[Unmatched]:
    """This will say how much was sold under keys that are matched: lines, days and royalties."""
    rows = {key.pk: Unmatched(key) for key in keys}
    posted = Sale.objects.filter(store_key__in=rows, report__status="posted")
    sums = posted.values_list("store_key_id", "currency").annotate(
        royalty=Sum("royalty"), lines=Sum("line_count"), first=Min("use_start"), last=Max("use_end")
    )
    for pk, currency, royalty, lines, first, last in sums.order_by("store_key_id", "currency"):
        row = rows[pk]
        row.money.append(Money(royalty, currency))
        row.lines += lines
        row.first, row.last = first, last - timedelta(days=1)
    return list(rows.values())


def suggestions_for(rows: Sequence[Unmatched]) -> Mapping[int, list[Suggestion]]:
    """This will say which tracks these keys may be: what holders propose first, then what the matcher finds."""
    keys = {row.key.pk: row.key for row in rows if not row.is_release}
    rejected = set(MatchRejection.objects.filter(store_key__in=keys).values_list("store_key_id", "track_id"))
    proposals = MatchProposal.objects.filter(store_key__in=keys, status=MatchProposal.Status.PROPOSED)
    found: dict[int, list[Suggestion]] = defaultdict(list)
    for proposal in proposals.select_related("track", "holder").order_by("pk"):
        found[proposal.store_key_id].append(Suggestion(proposal.track, PERCENT, [], proposal))
    ranked = {
        pk: [one for one in suggestions(_asked(key), SUGGESTED_MAX * 2) if (pk, one.track_id) not in rejected]
        for pk, key in keys.items()
    }
    tracks = Track.objects.in_bulk({one.track_id for few in ranked.values() for one in few})
    for pk, few in ranked.items():
        proposed = {one.track.pk for one in found[pk]}
        found[pk] += [
            Suggestion(tracks[one.track_id], round(one.score * PERCENT), [reason_text(code) for code in one.reasons])
            for one in few[:SUGGESTED_MAX]
            if one.track_id not in proposed
        ]
    return found


def _asked(key: StoreKey) -> Asked:
    codes = tuple(dict.fromkeys([*([key.isrc] if key.isrc else []), *key.isrcs]))
    return Asked(key.pk, key.title, key.artist, codes)


def open_key(user: Person, public_id: str) -> QuerySet[StoreKey]:
    """This will find a key by its public id for who may match it."""
    keys = StoreKey.objects.select_related("licensee", "track", "release")
    return keys.filter(public_id=public_id) if may_match(user) else keys.none()


def rules_for(user: Person) -> QuerySet[SameAsRule]:
    """This will list the rules in force for who may match, by store and pattern."""
    rules = SameAsRule.objects.filter(removed_at=None).select_related("licensee", "track", "made_by")
    return rules.order_by("licensee__name", "pattern") if may_match(user) else rules.none()


# Holders --------------------------------------------------------------------------------------------------------------
def proposals_for(user: Person) -> QuerySet[MatchProposal]:
    """This will list proposals, newest first: their own holders' for people, all for staff."""
    rows = MatchProposal.objects.select_related("store_key__licensee", "track", "holder", "proposed_by").order_by("-pk")
    return rows if may_match(user) else rows.filter(holder__in=holders_for(user))


def unmatched_named(text: str, *, without: Collection[int] = ()) -> list[StoreKey]:
    """This will find keys nobody matched by words of their artist and title, in either script; never their money."""
    typed = [word for word in words(text) if len(word) > 1][:8]
    if not typed:
        return []
    fits = Q()
    for word in typed:
        fits &= Q(name_key__contains=word)
    keys = StoreKey.objects.filter(fits, kind=StoreKey.Kind.TRACK, track=None, release=None).exclude(pk__in=without)
    return list(keys.select_related("licensee").order_by("artist", "title", "pk")[:NAMED_MAX])
