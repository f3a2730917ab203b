"""Habits of the queue: names fixed by hand, and no task delivered again while it still runs."""

import inspect
import re

from django.conf import settings

from roms_portal.celery import app

APPS = ("core", "accounts", "catalog", "ledger", "sales", "claims", "payouts")


def our_tasks():
    app.loader.import_default_modules()
    return [task for name, task in app.tasks.items() if not name.startswith("celery.")]


def test_task_names_are_fixed_by_hand():
    for task in our_tasks():
        room = task.run.__module__.split(".")[0]
        assert re.fullmatch(rf"{room}\.[a-z_]+", task.name), f"{task.run.__module__}: name {task.name} by hand"


def test_tasks_take_keywords_only():
    for task in our_tasks():
        kinds = {parameter.kind for parameter in inspect.signature(task.run).parameters.values()}
        assert kinds <= {inspect.Parameter.KEYWORD_ONLY}, f"{task.name} takes positional arguments"


def test_no_task_outlives_its_hiding():
    visible_again = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]

    assert settings.CELERY_TASK_TIME_LIMIT <= 300
    assert visible_again >= 3 * settings.CELERY_TASK_TIME_LIMIT
    for task in our_tasks():
        assert (task.time_limit or 0) <= settings.CELERY_TASK_TIME_LIMIT


def test_sweeps_name_tasks_that_exist():
    known = {task.name for task in our_tasks()}

    assert {sweep["task"] for sweep in settings.CELERY_BEAT_SCHEDULE.values()} <= known
