"""What several tests of the catalogue need."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def now():
    """The moment at which the doors call."""
    return datetime(2026, 3, 2, 10, tzinfo=UTC)
