"""What a correction is about and what it changes: tracks, holders, money before and after, what unites."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, QuerySet, Sum

from catalog.models import (
    MergedRow,
    ReleaseTrack,
    RightsHolder,
    RightsShare,
    Track,
    TrackIsrc,
    TrackName,
    TrackWork,
    Withdrawal,
)
from catalog.rights import Right
from claims.models import Correction, Dispute, MergeConflict
from claims.selectors.people import Person, may_review
from core.money import Money
from ledger import selectors as ledger
from ledger.chart import holder, key_item, track_item
from sales.models import Sale, StoreKey

RIGHTS = tuple(Right.values)
Places = dict[tuple[str, str, str, str], Decimal]
"""(item's subject, place, owner, currency) to an amount; the subject is `track:1` or `key:1`."""
NAMED_MAX = 50
MOVES_KEYS = (Correction.Kind.MOVE_KEYS, Correction.Kind.MOVE_RELEASE)


@dataclass(frozen=True, slots=True)
class MoneyMove:
    """What rests in one place, of one track or key and one owner, before and after."""

    subject: str
    place: str
    owner: str
    before: Money
    after: Money

    @staticmethod
    def between(before: Places, after: Places) -> "list[MoneyMove]":
        """This will list the places whose money changes."""
        rows = []
        for subject, place, owner, currency in sorted(before.keys() | after.keys()):
            key = (subject, place, owner, currency)
            was, becomes = before.get(key, Decimal(0)), after.get(key, Decimal(0))
            if was != becomes:
                rows.append(MoneyMove(subject, place, owner, Money(was, currency), Money(becomes, currency)))
        return rows


@dataclass(slots=True)
class United:
    """What the source brings with it; short lists for a page, counts of all."""

    names: list[str] = field(default_factory=list)
    isrcs: list[str] = field(default_factory=list)
    releases: list[str] = field(default_factory=list)
    shares: list[RightsShare] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    keys: list[StoreKey] = field(default_factory=list)
    key_count: int = 0
    tracks: int = 0
    since: list[RightsShare] = field(default_factory=list)
    """Shares of the target recorded since the merge that is undone: they stay with the target."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a correction would do."""

    united: United
    money: list[MoneyMove]
    conflicts: list[Dispute]
    needs_second: bool
    told: list[str] = field(default_factory=list)
    """Stores that get a notice: keys they know become those of a track that is out."""


def corrections_for(user: Person) -> QuerySet[Correction]:
    """This will list the corrections for who may make them, newest first; none for others."""
    rows = Correction.objects.select_related(
        "source_track",
        "target_track",
        "target_release",
        "source_work",
        "target_work",
        "source_holder",
        "target_holder",
        "merge",
        "asked_by",
        "done_by",
    ).order_by("-pk")
    return rows if may_review(user) else rows.none()


def tracks_concerned(correction: Correction, keys: Sequence[StoreKey]) -> set[int]:
    """This will give the tracks whose money may move."""
    found = {correction.source_track_id, correction.target_track_id, *(key.track_id for key in keys)}
    releases = {correction.target_release_id, *(key.release_id for key in keys)} - {None}
    if releases:
        found |= set(ReleaseTrack.objects.filter(release__in=releases).values_list("track_id", flat=True))
        found |= set(Sale.objects.filter(store_key__in=[key.pk for key in keys]).values_list("track_id", flat=True))
    if correction.pk:
        found |= set(correction.keys.values_list("from_track_id", flat=True))
    works = [work for work in (correction.source_work_id, correction.target_work_id) if work]
    if works:
        found |= set(TrackWork.objects.filter(work__in=works).values_list("track_id", flat=True))
    holders = [holder for holder in (correction.source_holder_id, correction.target_holder_id) if holder]
    found |= set(tracks_of_holders(holders) if holders else ())
    found.discard(None)
    tracks = {pk for pk in found if pk is not None}
    return tracks | set(Track.objects.filter(merged_into__in=tracks).values_list("pk", flat=True))


def tracks_of_holders(holder_ids: Collection[int]) -> list[int]:
    """This will give the tracks of which these holders have shares, themselves or by the works they play."""
    shares = RightsShare.objects.filter(holder__in=holder_ids)
    plays = TrackWork.objects.filter(work__in=shares.filter(work__isnull=False).values("work"))
    own = shares.filter(track__isnull=False).values_list("track_id", flat=True)
    return sorted({*(pk for pk in own if pk is not None), *plays.values_list("track_id", flat=True)})


def holders_concerned(track_ids: Collection[int]) -> set[int]:
    """This will give the holders of shares in these tracks, or in works they play."""
    works = TrackWork.objects.filter(track__in=track_ids).values("work")
    own = RightsShare.objects.filter(track__in=track_ids).values_list("holder_id", flat=True)
    return {*own, *RightsShare.objects.filter(work__in=works).values_list("holder_id", flat=True)}


def money_concerned(correction: Correction, keys: Sequence[StoreKey]) -> dict[str, Decimal]:
    """This will sum the royalties a correction takes from one track to another, per currency."""
    if correction.source_holder_id is not None:
        return _money_of_holder(correction)
    posted = Sale.objects.filter(report__status="posted")
    field_name = "royalty"
    if correction.kind in MOVES_KEYS:
        rows = posted.filter(store_key__in=[key.pk for key in keys])
    elif correction.kind == Correction.Kind.MERGE_TRACKS:
        rows = posted.filter(track=correction.source_track)
    elif correction.source_track_id is not None:
        moved = MergedRow.objects.filter(merge=correction.merge)
        own = moved.filter(table=Sale._meta.label).values("row_id")
        rows = posted.filter(store_key__in=moved.filter(table=StoreKey._meta.label).values("row_id"))
        rows = rows | posted.filter(pk__in=own)
    else:
        works = [correction.source_work_id]
        if correction.kind == Correction.Kind.UNDO_MERGE:
            works = [correction.target_work_id]
        rows = posted.filter(track__in=TrackWork.objects.filter(work__in=works).values("track"))
        field_name = "royalty_work"
    sums = rows.values("currency").annotate(sum=Sum(F(field_name))).order_by("currency")
    return {row["currency"]: row["sum"] for row in sums if row["sum"]}


def _money_of_holder(correction: Correction) -> dict[str, Decimal]:
    """This will sum, per currency, what rests for the holder that becomes part of another; undoing, for the other."""
    undoing = correction.kind == Correction.Kind.UNDO_MERGE
    owner = holder(correction.target_holder_id or 0) if undoing else holder(correction.source_holder_id or 0)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (_subject, _place, whose, currency), amount in places_of(tracks_concerned(correction, ())).items():
        if whose == owner:
            sums[currency] += amount
    return dict(sums)


def places_of(track_ids: Collection[int], keys: Sequence[StoreKey] = ()) -> Places:
    """This will read where the money of these tracks and keys rests."""
    items = {track_item(track, right): f"track:{track}" for track in track_ids for right in RIGHTS}
    items |= {key_item(key.pk, right): f"key:{key.pk}" for key in keys for right in RIGHTS}
    places: dict[tuple[str, str, str, str], Decimal] = defaultdict(Decimal)
    for row in ledger.shown(list(items)):
        places[items[row.item], row.place, row.owner, row.currency] += row.amount
    return {key: amount for key, amount in places.items() if amount}


def what_unites(correction: Correction) -> United:
    """This will list what belongs to the source (or belonged to it, where a merge is undone)."""
    keys = StoreKey.objects.select_related("licensee").order_by("pk")
    if correction.kind in MOVES_KEYS:
        mine = keys.filter(corrections__correction=correction)
        return United(isrcs=correction.isrcs, keys=list(mine[:NAMED_MAX]), key_count=mine.count())
    if correction.source_holder is not None:
        return _of_holder(correction.source_holder)
    subject = {"work": correction.source_work} if correction.source_work_id else {"track": correction.source_track}
    shares = RightsShare.objects.filter(**subject).select_related("holder", "territories").order_by("right", "pk")
    out = Withdrawal.objects.filter(**subject).select_related("territories").order_by("pk")
    united = United(since=[])
    if correction.kind == Correction.Kind.UNDO_MERGE:
        return _what_returns(correction, keys)
    united.shares, united.withdrawals = list(shares[:NAMED_MAX]), list(out[:NAMED_MAX])
    if correction.source_track_id is None:
        united.tracks = TrackWork.objects.filter(work=correction.source_work).count()
        return united
    source = correction.source_track
    names = TrackName.objects.filter(track=source).order_by("pk")[:NAMED_MAX]
    united.names = [str(source), *map(str, names)]
    codes = TrackIsrc.objects.filter(track=source).order_by("isrc")
    united.isrcs = list(codes.values_list("isrc", flat=True)[:NAMED_MAX])
    places = source.places.select_related("release").order_by("pk") if source is not None else ()
    united.releases = [str(place.release) for place in places[:NAMED_MAX]]
    mine = keys.filter(track=source)
    united.keys, united.key_count = list(mine[:NAMED_MAX]), mine.count()
    return united


def _of_holder(source: RightsHolder) -> United:
    shares = RightsShare.objects.filter(holder=source).select_related("holder", "territories").order_by("right", "pk")
    out = Withdrawal.objects.filter(holder=source).select_related("territories").order_by("pk")
    names = [source.name, *source.names.order_by("pk").values_list("text", flat=True)[:NAMED_MAX]]
    return United(names=names, shares=list(shares[:NAMED_MAX]), withdrawals=list(out[:NAMED_MAX]))


def _what_returns(correction: Correction, keys: QuerySet[StoreKey]) -> United:
    merge = correction.merge
    assert merge is not None

    def ids(label: str) -> QuerySet[MergedRow, int]:
        return merge.rows.filter(table=label, change=MergedRow.Change.MOVED).values_list("row_id", flat=True)

    mine = keys.filter(pk__in=ids(StoreKey._meta.label))
    target = {"work": merge.target_work} if merge.target_work_id else {"track": merge.target_track}
    shares = RightsShare.objects.select_related("holder", "territories").order_by("right", "pk")
    return United(
        names=[str(merge.source_track or merge.source_work)],
        isrcs=list(TrackIsrc.objects.filter(pk__in=ids(TrackIsrc._meta.label)).values_list("isrc", flat=True)),
        shares=list(shares.filter(pk__in=ids(RightsShare._meta.label))[:NAMED_MAX]),
        withdrawals=list(
            Withdrawal.objects.filter(pk__in=ids(Withdrawal._meta.label)).select_related("territories")[:NAMED_MAX]
        ),
        keys=list(mine[:NAMED_MAX]),
        key_count=mine.count(),
        since=list(shares.filter(**target, recorded_at__gte=merge.merged_at)[:NAMED_MAX]),
    )


def conflicts_opened(correction: Correction) -> list[Dispute]:
    """This will list the disputes a merge opened."""
    found = MergeConflict.objects.filter(merge=correction.merge).select_related("dispute__territories")
    return [conflict.dispute for conflict in found.prefetch_related("dispute__parties__holder").order_by("pk")]


def subject_names(moves: Iterable[MoneyMove]) -> Mapping[str, str]:
    """This will name the tracks, keys and holders of money rows as a person knows them."""
    return {code: getattr(row, "name", "") or str(row) for code, row in _subjects(moves).items()}


def subject_ids(moves: Iterable[MoneyMove]) -> Mapping[str, str]:
    """This will give the public ids of the tracks, keys and holders of money rows."""
    return {code: row.public_id for code, row in _subjects(moves).items()}


def _subjects(moves: Iterable[MoneyMove]) -> dict[str, Track | StoreKey | RightsHolder]:
    numbers: dict[str, set[int]] = {"track": set(), "key": set(), "holder": set()}
    for row in moves:
        for text in (row.subject, row.owner):
            if text:
                kind, number = text.split(":")
                numbers[kind].add(int(number))
    found: dict[str, Track | StoreKey | RightsHolder] = {}
    for kind, model in (("track", Track), ("key", StoreKey), ("holder", RightsHolder)):
        found |= {f"{kind}:{pk}": row for pk, row in model.objects.in_bulk(numbers[kind]).items()}
    return found
