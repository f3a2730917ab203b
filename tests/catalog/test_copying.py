"""What many rows were written to is counted at once, and nobody counts it as empty before they can be seen."""

import pytest
from django.db import connection

from catalog import services
from tests.ledger.test_guards import Session

pytestmark = pytest.mark.django_db

TABLES = ("catalog_track", "catalog_trackisrc")
MANY = 3000


def count_from_outside():
    """Count the tables as autovacuum does: in a session of its own, and not where another is at work."""
    owner = Session("roms_owner")
    owner.connection.autocommit = True
    owner.run(f"ANALYZE (SKIP_LOCKED) {', '.join(TABLES)}")
    owner.connection.close()


def counts():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reltuples FROM pg_class WHERE relname = ANY (%s)", [list(TABLES)])
        return dict(cursor.fetchall())


def test_a_catalogue_that_is_being_written_is_never_counted_as_empty():
    count_from_outside()
    assert counts() == dict.fromkeys(TABLES, 0)

    services.add_tracks(
        tracks=[services.NewTrack(f"Song {number}", "Kino", isrcs=(f"RUA01{number:07}",)) for number in range(MANY)]
    )
    assert counts() == dict.fromkeys(TABLES, MANY)

    count_from_outside()
    assert counts() == dict.fromkeys(TABLES, MANY)
