"""Every periodic sweep on one page, in cron form. Work due is a row; a sweep finds it when the queue forgot it."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "ledger: give entries their place in the log": {"task": "ledger.sequence_log", "schedule": crontab()},
}
