"""Writing what a case won as shares: facts in `catalog`, each with the case that proved it as its source."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Q

from accounts.models import User
from catalog import services as catalog
from catalog.models import RightsShare, TerritorySet
from catalog.territories import interned
from claims.conflict import Piece, Stake, outside
from claims.models import Claim, ClaimLine, DisputeParty

Subject = tuple[str, int]


class Sets(dict[int, TerritorySet]):
    """Territory sets by their bits, each looked up once however many shares are written."""

    def __missing__(self, bits: int) -> TerritorySet:
        self[bits] = interned(bits)
        return self[bits]


class SharePlace(NamedTuple):
    """How much of which subject a line wins in one piece."""

    line: ClaimLine
    subject: Subject
    piece: Piece
    percent: Decimal


def new_share(claim: Claim, place: SharePlace, sets: Sets) -> RightsShare:
    """This will make (not yet write) the share a claim wins in one piece."""
    return _share(
        place.subject,
        place.line.right,
        territories=sets[place.piece.territories],
        start=place.piece.start,
        end=place.piece.end,
        holder_id=claim.holder.merged_into_id or claim.holder_id,
        authority_id=claim.authority_id,
        percent=place.percent,
        choice=claim.choice,
        source=claim.public_id,
    )


def rewrite_shares(
    *,
    subject: Subject,
    right: str,
    territories: int,
    start: date | None,
    end: date | None,
    percents: Mapping[DisputeParty, Decimal],
    source: str,
    by: User,
    now: datetime,
) -> list[RightsShare]:
    """This will give each party exactly this percent in these days and territories, and leave all else as it is.

    What the parties had there is ended before its first day, what they had around it is written again, then the new
    shares.
    """
    owners = {party.holder_id for party in percents}
    kind, row = subject
    near = RightsShare.objects.filter(Q(**{kind: row}), right=right, holder__in=owners).exclude(start=F("end"))
    choices: dict[int, tuple[str, int | None]] = {
        party.holder_id: (party.claim_line.claim.choice, party.claim_line.claim.authority_id)
        for party in percents
        if party.claim_line is not None
    }
    for party in percents:  # a merge's parties have no claim but a share, perhaps of the track that was merged
        if party.share is not None:
            choices.setdefault(party.holder_id, (party.share.choice, party.share.authority_id))
    ended: list[RightsShare] = []
    fresh: list[RightsShare] = []
    for share in near.select_related("territories").order_by("pk"):
        stake = Stake(share.holder_id, share.percent, share.territories.bits, share.start, share.end)
        if _untouched(stake, territories, start, end):
            continue
        ended.append(share)
        choices.setdefault(share.holder_id, (share.choice, share.authority_id))
        fresh += [
            _share(
                subject,
                right,
                territories=interned(rest.territories),
                start=rest.start,
                end=rest.end,
                holder_id=share.holder_id,
                authority_id=share.authority_id,
                percent=share.percent,
                choice=share.choice,
                source=share.source,
            )
            for rest in outside(stake, territories, start, end)
        ]
    for party, percent in percents.items():
        if percent:
            choice, authority_id = choices[party.holder_id]
            fresh.append(
                _share(
                    subject,
                    right,
                    territories=interned(territories),
                    start=start,
                    end=end,
                    holder_id=party.holder_id,
                    authority_id=authority_id,
                    percent=percent,
                    choice=choice,
                    source=source,
                )
            )
    for share in ended:
        catalog.end_share(share=share, end=share.start or date.min, by=by, now=now, reason=source)
    return catalog.record_shares(shares=fresh)


def _untouched(stake: Stake, territories: int, start: date | None, end: date | None) -> bool:
    """Tell whether a share lies wholly outside some days and territories."""
    days = (start is None or stake.end is None or start < stake.end) and (
        end is None or stake.start is None or stake.start < end
    )
    return not (days and stake.territories & territories)


def _share(subject: Subject, right: str, **fields: object) -> RightsShare:
    kind, row = subject
    return RightsShare(**{f"{kind}_id": row}, right=right, **fields)
