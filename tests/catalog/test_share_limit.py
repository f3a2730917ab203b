"""The database never lets shares of one subject, right, territory and day exceed 100 %, whoever writes at once."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import RightsHolder, RightsShare, TerritorySet, Track, TrackWork, Work

pytestmark = pytest.mark.django_db
EVERYWHERE = (1 << 512) - 1


def subjects(count):
    holder = RightsHolder.objects.create(name="H", name_key="h", kind="company")
    tracks = [Track(title=str(n), artist="a", name_key=f"{n}|a", search_text="") for n in range(count)]
    return holder, Track.objects.bulk_create(tracks)


def the_set(bits):
    return TerritorySet.objects.get_or_create(bits=bits, defaults={"label": "test"})[0]


def share(holder, subject, percent, bits=EVERYWHERE, start=None, end=None, right="phonogram"):
    field = "work" if isinstance(subject, Work) else "track"
    right = "work" if field == "work" else right
    fields = {
        field: subject,
        "right": right,
        "percent": percent,
        "territories": bits if isinstance(bits, TerritorySet) else the_set(bits),
    }
    return RightsShare(holder=holder, start=start, end=end, source="test", **fields)


def day(number):
    return date(2006, 1, number)


FITTING = {
    "sixty and forty": [(60, 1), (40, 1)],
    "two territories": [(100, 0b01), (100, 0b10)],
    "one after the other": [(100, 1, None, day(2)), (100, 1, day(2), None)],
    "one on no day at all": [(100, 1), (100, 1, day(2), day(2))],
    "a gap between": [(60, 1, day(1), day(3)), (60, 1, day(4), day(9)), (40, 1)],
    "checked cell by cell": [(50, 0b011), (50, 0b110), (50, 0b101)],
}
EXCESSIVE = {
    "sixty and sixty": [(60, 1), (60, 1)],
    "a millionth too much": [("99.999999", 1), ("0.000002", 1)],
    "one territory in common": [(60, 0b011), (60, 0b110)],
    "the last territory": [(60, 1 << 511), (60, EVERYWHERE)],
    "one day in common": [(100, 1, day(1), day(3)), (100, 1, day(2), day(4))],
    "since ever and for ever": [(100, 1, None, day(2)), (1, 1, day(1), None)],
    "three that meet on one day": [(40, 1, day(1), day(9)), (40, 1, day(2), day(9)), (40, 1, day(3), day(4))],
}


@pytest.mark.parametrize("rows", FITTING.values(), ids=FITTING)
@pytest.mark.parametrize("at_once", [True, False])
def test_shares_that_fit_are_taken(rows, at_once):
    holder, [track] = subjects(1)
    shares = [share(holder, track, *row) for row in rows]

    if at_once:
        RightsShare.objects.bulk_create(shares)
    else:
        for one in shares:
            one.save()

    assert track.shares.count() == len(rows)


@pytest.mark.parametrize("rows", EXCESSIVE.values(), ids=EXCESSIVE)
@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("kind", ["track", "work"])
def test_shares_above_100_are_refused(rows, at_once, kind):
    holder, [subject] = subjects(1)
    if kind == "work":
        subject = Work.objects.create(title="w", name_key="w")
    shares = [share(holder, subject, *row) for row in rows]

    with (
        pytest.raises(IntegrityError, match=f"shares above 100 %: {kind} {subject.pk}") as refused,
        transaction.atomic(),
    ):
        if at_once:
            RightsShare.objects.bulk_create(shares)
        else:
            for one in shares:
                one.save()

    assert refused.value.__cause__.diag.constraint_name == "catalog_share_limit"


def test_other_rights_and_other_subjects_have_their_own_100_percent():
    holder, tracks = subjects(2)

    RightsShare.objects.bulk_create(
        share(holder, track, 100, right=right) for track in tracks for right in ("phonogram", "performance")
    )

    assert RightsShare.objects.count() == 4


def test_raising_or_lengthening_a_share_is_checked_too():
    holder, [track] = subjects(1)
    first = share(holder, track, 60, end=day(5))
    second = share(holder, track, 60, start=day(5))
    RightsShare.objects.bulk_create([first, second])

    with pytest.raises(IntegrityError, match="shares above 100"), transaction.atomic():
        RightsShare.objects.filter(pk=first.pk).update(end=day(6))
    with pytest.raises(IntegrityError, match="shares above 100"), transaction.atomic():
        RightsShare.objects.update(end=None, start=None)
    RightsShare.objects.filter(pk=first.pk).update(end=day(4))


def test_shares_and_territory_sets_are_never_deleted_or_changed():
    holder, [track] = subjects(1)
    share(holder, track, 60).save()

    for statement in (
        "DELETE FROM catalog_rightsshare",
        "DELETE FROM catalog_withdrawal",
        "UPDATE catalog_territoryset SET label = 'x'",
        "DELETE FROM catalog_territoryset",
        "TRUNCATE catalog_rightsshare",
    ):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_parts_of_works_in_a_track_above_100_are_refused():
    _, [track] = subjects(1)
    works = [Work.objects.create(title=name, name_key=name) for name in ("a", "b", "c")]
    medley = [TrackWork(track=track, work=work, percent=50) for work in works]

    TrackWork.objects.bulk_create(medley[:2])

    with pytest.raises(IntegrityError, match=f"works above 100 % in track {track.pk}"), transaction.atomic():
        medley[2].save()
    TrackWork.objects.filter(pk=medley[1].pk).update(end=day(5))
    TrackWork.objects.create(track=track, work=works[2], percent=50, start=day(5))


@pytest.mark.slow
@pytest.mark.parametrize("split", [1, 2], ids=["worldwide", "split by territory"])
def test_ten_thousand_shares_in_one_statement_are_checked_together(split):
    holder, tracks = subjects(10_000 // split)
    cells = [the_set(bits) for bits in ([EVERYWHERE] if split == 1 else [0b01, 0b10])]
    shares = [share(holder, track, 100, bits) for track in tracks for bits in cells]

    RightsShare.objects.bulk_create(shares)

    with pytest.raises(IntegrityError, match="above 100 %"), transaction.atomic():
        RightsShare.objects.bulk_create([share(holder, tracks[-1], 1, cells[-1])])
