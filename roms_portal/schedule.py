"""Every periodic sweep on one page, in cron form. Work due is a row; a sweep finds it when the queue forgot it."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "ledger: give entries their place in the log": {"task": "ledger.sequence_log", "schedule": crontab()},
    "ledger: sign what the log has come to": {"task": "ledger.sign_checkpoint", "schedule": crontab(minute="7")},
    "ledger: prove the day": {"task": "ledger.prove_day", "schedule": crontab(hour="0", minute="10")},
    "catalog: read files the queue forgot": {"task": "catalog.sweep_imports", "schedule": crontab()},
    "claims: send notices that are due": {"task": "claims.sweep_deliveries", "schedule": crontab()},
    "claims: send mails about cases that are due": {"task": "claims.sweep_mails", "schedule": crontab()},
    "claims: look under watched names": {"task": "claims.sweep_watches", "schedule": crontab(minute="*/10")},
    "claims: go on with lists the queue forgot": {"task": "claims.sweep_lists", "schedule": crontab()},
    "claims: propose tracks that came under claimed names": {
        "task": "claims.propose_later_tracks",
        "schedule": crontab(hour="5", minute="40"),
    },
    "claims: mark notices whose time is over": {"task": "claims.sweep_deadlines", "schedule": crontab(minute="*/10")},
    "sales: read reports the queue forgot": {"task": "sales.sweep_reports", "schedule": crontab()},
    "sales: match old sales with new tracks": {"task": "sales.rematch_unmatched", "schedule": crontab()},
    "sales: read reports again whose terms changed": {
        "task": "sales.reread_for_terms",
        "schedule": crontab(minute="35"),
    },
    "sales: take in uploads the queue forgot": {"task": "sales.sweep_uploads", "schedule": crontab(minute="*/5")},
    "sales: read lists of catalogues the queue forgot": {
        "task": "sales.sweep_snapshots",
        "schedule": crontab(minute="*/5"),
    },
    "sales: remind stores of missing reports": {
        "task": "sales.remind_stores",
        "schedule": crontab(hour="7", minute="15"),
    },
    "sales: follow licences that stop": {"task": "sales.follow_stops", "schedule": crontab(minute="5")},
    "claims: grade takedowns by later catalogues": {
        "task": "claims.grade_by_snapshots",
        "schedule": crontab(minute="20"),
    },
    "claims: check what was sold after it left": {"task": "claims.sweep_compliance", "schedule": crontab()},
    "claims: tell stores of further keys of tracks that are out": {
        "task": "claims.tell_further_keys",
        "schedule": crontab(minute="50"),
    },
    "claims: run checks and post awards the queue forgot": {"task": "claims.sweep_claims", "schedule": crontab()},
    "claims: tell holders of similar names": {
        "task": "claims.sweep_windows",
        "schedule": crontab(minute="*/5"),
    },
    "claims: remind of deadlines and call a person": {
        "task": "claims.sweep_clocks",
        "schedule": crontab(minute="*/10"),
    },
    "claims: bring the queue up to date": {"task": "claims.sweep_queue", "schedule": crontab()},
    "claims: make every urgency of the queue anew": {
        "task": "claims.sweep_queue",
        "schedule": crontab(minute="50"),
        "kwargs": {"all_cases": True},
    },
    "claims: move money that is due": {"task": "claims.distribute_posted_reports", "schedule": crontab()},
    "claims: follow rules, lists of tracks and merges": {
        "task": "claims.follow_catalogue",
        "schedule": crontab(minute="*/5"),
    },
    "claims: divide sales of releases whose tracks changed": {
        "task": "claims.follow_changed_tracklists",
        "schedule": crontab(hour="3", minute="30"),
    },
    "claims: write of open disputes once a week": {
        "task": "claims.write_dispute_digest",
        "schedule": crontab(minute="5"),
    },
    "payouts: send notices about bank accounts that are due": {
        "task": "payouts.sweep_payee_notices",
        "schedule": crontab(),
    },
    "payouts: screen by editions put in force": {
        "task": "payouts.sweep_screening",
        "schedule": crontab(minute="*/5"),
    },
    "payouts: forget what was kept long enough": {
        "task": "payouts.forget_old",
        "schedule": crontab(hour="4", minute="20"),
    },
    "register: read what happened": {"task": "register.read_on", "schedule": crontab()},
    "register: publish the figures of the day": {"task": "register.record_day", "schedule": crontab(minute="*/5")},
    "register: make the open files of the day": {
        "task": "register.publish_day",
        "schedule": crontab(minute="*/10"),
    },
    "register: forget open files that were kept long enough": {
        "task": "register.forget_files",
        "schedule": crontab(hour="4", minute="40"),
    },
    "payouts: number what stores owe": {"task": "payouts.issue_amounts_due", "schedule": crontab()},
}
