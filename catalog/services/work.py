"""Works, and which track plays which."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef

from catalog.identifiers import BadIdentifier, normalise_iswc
from catalog.models import Track, TrackWork, Work, WorkAuthor
from catalog.names import name_key, title_key
from catalog.services.errors import NameMissing, WrongNumber
from catalog.services.limits import limits_explained

WORKS_PER_STATEMENT = 5000


def work_key(title: str, authors: Sequence[str]) -> str:
    """This will return the key under which works are compared: the title and all authors in any order."""
    return name_key(title, " ".join(authors))


def add_work(*, title: str, iswc: str = "", authors: Sequence[str] = ()) -> Work:
    """This will add a work; `authors` are names as the source gives them. Raises: NameMissing, WrongNumber."""
    title = title.strip()
    if not title_key(title):
        raise NameMissing
    try:
        iswc = normalise_iswc(iswc) if iswc else ""
    except BadIdentifier:
        raise WrongNumber("ISWC", iswc) from None
    with transaction.atomic():
        work = Work.objects.create(title=title, iswc=iswc, name_key=work_key(title, authors))
        WorkAuthor.objects.bulk_create([WorkAuthor(work=work, name=name) for name in authors])
    return work


def link_track_to_work(
    *,
    track: Track,
    work: Work,
    percent: Decimal = Decimal(100),
    start: date | None = None,
    end: date | None = None,
    source: str = "",
) -> TrackWork:
    """This will note that a track plays a work; the same again changes nothing. Raises: PartLimitExceeded."""
    with limits_explained():
        link, _ = TrackWork.objects.get_or_create(
            track=track, work=work, start=start, end=end, defaults={"percent": percent, "source": source}
        )
    return link


def ensure_works_for_tracks(*, track_ids: Collection[int], source: str) -> int:
    """This will add a work, named as the track, to each of these tracks that plays none; returns how many.

    Locks the tracks in the order of their ids until the caller's commit; a fixed number of statements per 5,000 works.
    """
    with transaction.atomic():
        locked = Track.objects.select_for_update(no_key=True).filter(pk__in=track_ids).order_by("pk")
        ids = list(locked.values_list("pk", flat=True))
        bare = Track.objects.filter(pk__in=ids).exclude(Exists(TrackWork.objects.filter(track=OuterRef("pk"))))
        tracks = list(bare.only("title").order_by("pk"))
        works = [Work(title=track.title, name_key=work_key(track.title, ())) for track in tracks]
        Work.objects.bulk_create(works, batch_size=WORKS_PER_STATEMENT)
        with limits_explained():
            TrackWork.objects.bulk_create(
                [
                    TrackWork(track=track, work=work, percent=Decimal(100), source=source)
                    for track, work in zip(tracks, works, strict=True)
                ],
                batch_size=WORKS_PER_STATEMENT,
            )
    return len(works)


def ensure_work_for_track(*, track_id: int, source: str) -> Work:
    """This will return the (first) work a track plays, or add one named as the track and link it.

    Locks the track's row until the caller's commit, so that two callers get one work.
    """
    with transaction.atomic():
        track = Track.objects.select_for_update(no_key=True).get(pk=track_id)
        link = TrackWork.objects.filter(track=track).select_related("work").order_by("pk").first()
        if link is not None:
            return link.work
        work = add_work(title=track.title)
        link_track_to_work(track=track, work=work, source=source)
    return work
