"""Every periodic sweep on one page, in cron form. Work due is a row; a sweep finds it when the queue forgot it."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "ledger: give entries their place in the log": {"task": "ledger.sequence_log", "schedule": crontab()},
    "catalog: read files the queue forgot": {"task": "catalog.sweep_imports", "schedule": crontab()},
    "claims: send notices that are due": {"task": "claims.sweep_deliveries", "schedule": crontab()},
    "claims: mark notices whose time is over": {"task": "claims.sweep_deadlines", "schedule": crontab(minute="*/10")},
}
