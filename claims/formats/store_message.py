"""A message to a store that is no notice: a Standard Webhooks body as docs/webhooks.md describes it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any


def as_json(kind: str, at: datetime, data: Mapping[str, Any]) -> str:
    """This will write the body of the webhook: the same text for the same message, whenever it is written."""
    body = {"type": kind, "timestamp": at.isoformat(), "data": dict(data)}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
