"""Every test of the ledger that touches the database ends with it whole."""

from collections.abc import Iterator

import pytest

from ledger.verify import verify


@pytest.fixture
def sound(database: None) -> Iterator[None]:
    """All entries balance and everything can be recomputed when the test is over."""
    yield
    report = verify()
    assert report.ok, report.checks[-1]
