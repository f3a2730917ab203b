"""One builder per noun, minimal and valid; a test states only what matters to it.

Each builder takes what matters as keywords and makes up the rest.
"""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

_numbers = count(1)


# catalog ---------------------------------------------------------------------------------------------------------
def a_holder(name: str = "", *, owner: Any = None, reader: Any = None, status: str = "verified", **fields: Any) -> Any:
    """A verified holder; `owner` and `reader` become its members."""
    from catalog.names import artist_key

    from catalog.models import HolderMember, RightsHolder

    name = name or f"Holder {next(_numbers)}"
    fields = {"kind": "company", "country": "RU", "created_by": owner} | fields
    holder = RightsHolder.objects.create(name=name, name_key=artist_key(name), status=status, **fields)
    for user, role in ((owner, "owner"), (reader, "reader")):
        if user is not None:
            HolderMember.objects.create(holder=holder, user=user, role=role)
    return holder


def a_track(title: str = "", artist: str = "Kino", *, isrc: str = "", **fields: Any) -> Any:
    """A track with at most one ISRC, as an import would have written it."""
    from catalog import services
    from catalog.models import Track

    title = title or f"Track {next(_numbers)}"
    new = services.NewTrack(title=title, artist=artist, isrcs=(isrc,) if isrc else (), **fields)
    return Track.objects.get(pk=services.add_tracks(tracks=[new])[0])


def a_work(title: str = "", *tracks: Any, percent: Decimal | int = 100, **fields: Any) -> Any:
    """A work that these tracks play, each for `percent` of it."""
    from catalog.names import title_key

    from catalog.models import TrackWork, Work

    title = title or f"Work {next(_numbers)}"
    work = Work.objects.create(title=title, name_key=title_key(title), **fields)
    TrackWork.objects.bulk_create([TrackWork(track=track, work=work, percent=percent) for track in tracks])
    return work


def a_share(
    subject: Any,
    holder: Any = None,
    percent: Decimal | int | str = 100,
    *,
    right: str = "",
    territories: Any = None,
    start: date | None = None,
    end: date | None = None,
    **fields: Any,
) -> Any:
    """A share of a track (the phonogram unless said) or of a work, worldwide and for ever unless said."""
    from catalog.territories import worldwide

    from catalog.models import RightsShare, Work

    of_work = isinstance(subject, Work)
    fields = {"source": "test", "work" if of_work else "track": subject} | fields
    return RightsShare.objects.create(
        holder=holder or a_holder(),
        right=right or ("work" if of_work else "phonogram"),
        percent=percent,
        territories=territories or worldwide(),
        start=start,
        end=end,
        **fields,
    )


def a_withdrawal(subject: Any, holder: Any = None, *, right: str = "", start: date, **fields: Any) -> Any:
    """A withdrawal of a track (its phonogram unless said) or of a work from all stores of the world."""
    from catalog.territories import worldwide

    from catalog.models import Withdrawal, Work

    of_work = isinstance(subject, Work)
    fields = {"basis": "owner_opt_out", "source": "test", "territories": worldwide()} | fields
    return Withdrawal.objects.create(
        holder=holder or a_holder(),
        right=right or ("work" if of_work else "phonogram"),
        start=start,
        **{"work" if of_work else "track": subject},
        **fields,
    )
