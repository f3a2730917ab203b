"""Two people write shares of one subject at the same moment, on two real connections."""

import threading
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import RightsShare, Work
from tests.catalog.test_share_limit import day, share, subjects

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(*jobs):
    """Run each job in a thread with a connection and transaction of its own; they start at the same moment."""
    barrier, errors = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            with transaction.atomic():
                barrier.wait(5)
                job()
        except IntegrityError as error:
            errors.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return errors


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["track", "work"])
def test_of_two_sixty_percent_shares_at_once_exactly_one_commits(kind):
    holder, tracks = subjects(20)
    for subject in tracks:
        if kind == "work":
            subject = Work.objects.create(title="w", name_key="w")

        errors = at_once(share(holder, subject, 60).save, share(holder, subject, 60).save)

        assert len(errors) == 1
        assert "shares above 100" in errors[0]
        assert subject.shares.count() == 1


@pytest.mark.parametrize("other", [(100, 0b10), (100, 0b01, day(2), None)], ids=["territory", "period"])
def test_two_whole_shares_at_once_both_commit_in_disjoint(other):
    holder, [track] = subjects(1)

    errors = at_once(share(holder, track, 100, 0b01, None, day(2)).save, share(holder, track, *other).save)

    assert errors == []
    assert track.shares.count() == 2


@pytest.mark.slow
def test_two_writers_of_many_tracks_in_opposite_order_do_not_deadlock():
    holder, tracks = subjects(200)
    for _ in range(3):
        forth = [share(holder, track, 10) for track in tracks]
        back = [share(holder, track, 10) for track in reversed(tracks)]

        errors = at_once(
            partial(RightsShare.objects.bulk_create, forth), partial(RightsShare.objects.bulk_create, back)
        )

        assert errors == []
    assert RightsShare.objects.count() == 1200


def test_no_other_isolation_level_gets_around_the_check():
    holder, [track] = subjects(1)

    with pytest.raises(Exception, match="READ COMMITTED"), transaction.atomic():
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        share(holder, track, 10).save()
