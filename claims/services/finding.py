"""What an automatic check comes to."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Finding(NamedTuple):
    """A result (`Check.Result`), the code of its reason (claims/reasons.py) and the figures the words need."""

    result: str
    reason: str
    params: Mapping[str, Any] = {}
