"""Where the lines of a claim meet what others have or claim: shares and open disputes, read once for all lines."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q

from catalog.models import RightsHolder, RightsShare, TerritorySet, TrackWork
from catalog.rights import Right
from claims.conflict import Piece, Stake, cut
from claims.models import Claim, ClaimLine, Dispute
from claims.selectors.dispute import LIVE

Subject = tuple[str, int]


@dataclass(frozen=True, slots=True)
class LinePieces:
    """A line about one subject (a track, or a work the track plays), cut where others have or claim something."""

    line: ClaimLine
    subject: Subject
    pieces: list[Piece]
    around: list[Stake]
    """What is known of the subject; `add` puts to it what is granted while the lines are gone through."""

    @property
    def is_crowded(self) -> bool:
        """Tell whether any piece would exceed 100 %."""
        return any(piece.conflicts(self.line.percent) for piece in self.pieces)

    def add(self, owner: int, piece: Piece, percent: Decimal) -> None:
        """This will let the lines that follow know of a share that is not written yet: two tracks may play one song."""
        self.around.append(Stake(owner, percent, piece.territories, piece.start, piece.end))


def pieces_of(claim: Claim, lines: Sequence[ClaimLine] | None = None) -> Iterator[LinePieces]:
    """This will cut every line; one about a song is cut once per work its track plays (none: nothing to meet).

    Each is cut when it is asked for, so that it meets what `LinePieces.add` was told about those before it.
    """
    chosen = list(claim.lines.order_by("track_id", "right") if lines is None else lines)
    works = works_of({line.track_id for line in chosen if line.right == Right.WORK})
    stakes = stakes_about(
        {line.track_id for line in chosen if line.right != Right.WORK},
        {work for each in works.values() for work in each},
    )
    bits = dict(TerritorySet.objects.filter(pk__in={line.territories_id for line in chosen}).values_list("pk", "bits"))
    for line in chosen:
        own = (
            [("work", work) for work in works.get(line.track_id, ())]
            if line.right == Right.WORK
            else [("track", line.track_id)]
        )
        for subject in own:
            around = stakes[subject, line.right]
            pieces = cut(
                claim.holder.merged_into_id or claim.holder_id, bits[line.territories_id], line.start, line.end, around
            )
            yield LinePieces(line, subject, pieces, around)


def subject_of(dispute: Dispute) -> Subject:
    """This will name what a dispute is about: the work where it is about a song, else the track."""
    return ("work", dispute.work_id) if dispute.work_id else ("track", dispute.track_id)


def works_of(track_ids: Collection[int]) -> dict[int, list[int]]:
    """This will list the works each track plays."""
    works: dict[int, list[int]] = defaultdict(list)
    for track, work in TrackWork.objects.filter(track__in=track_ids).order_by("pk").values_list("track_id", "work_id"):
        if work not in works[track]:
            works[track].append(work)
    return works


def stakes_about(
    track_ids: Collection[int], work_ids: Collection[int], *, without: Collection[int] = ()
) -> dict[tuple[Subject, str], list[Stake]]:
    """This will read shares and open disputes (but those in `without`) about these subjects."""
    stakes: dict[tuple[Subject, str], list[Stake]] = defaultdict(list)
    bits: dict[int, int] = {}
    shares = RightsShare.objects.filter(Q(track__in=track_ids) | Q(work__in=work_ids)).exclude(start=F("end"))
    columns = ("track_id", "work_id", "right", "territories_id", "start", "end")
    rows = [(*row, True) for row in shares.values_list(*columns, "holder_id", "percent")]
    disputes = Dispute.objects.filter(Q(track__in=track_ids, work=None) | Q(work__in=work_ids), status__in=LIVE)
    disputes = disputes.exclude(pk__in=without)
    rows += [(*row, False) for row in disputes.values_list(*columns, "parties__holder_id", "parties__percent")]
    bits.update(TerritorySet.objects.filter(pk__in={row[3] for row in rows}).values_list("pk", "bits"))
    for track, work, right, territories, start, end, holder_id, percent, is_share in rows:
        subject = ("work", work) if work else ("track", track)
        stakes[subject, right].append(Stake(holder_id, percent, bits[territories], start, end, is_share))
    return stakes


@dataclass(frozen=True, slots=True)
class Conflict:
    """What a reviewer sees of one piece of a line that does not fit: with whom, and what could be granted at once."""

    line: ClaimLine
    piece: Piece
    others: list[tuple[RightsHolder, Decimal]]
    grant: Decimal


def conflicts_of(claim: Claim, lines: Sequence[ClaimLine]) -> list[Conflict]:
    """This will list where lines exceed 100 % with what others have or claim."""
    crowded = [
        (each.line, piece)
        for each in pieces_of(claim, lines)
        for piece in each.pieces
        if piece.conflicts(each.line.percent)
    ]
    holders = RightsHolder.objects.in_bulk({owner for _, piece in crowded for owner, _ in piece.others})
    return [
        Conflict(line, piece, [(holders[owner], percent) for owner, percent in piece.others], piece.grant(line.percent))
        for line, piece in crowded
    ]
