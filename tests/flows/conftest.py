"""Every story about money ends with the ledger whole."""

from collections.abc import Iterator

import pytest

from ledger import selectors
from ledger.verify import verify


@pytest.fixture(autouse=True)
def sound(database: None) -> Iterator[None]:
    """All entries balance and everything can be recomputed when the story is over."""
    yield
    assert selectors.unbalanced_entries() == []
    report = verify()
    assert report.ok, report.checks[-1]
