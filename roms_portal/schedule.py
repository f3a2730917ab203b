"""Every periodic sweep on one page, in cron form. Work due is a row; a sweep finds it when the queue forgot it."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {}
