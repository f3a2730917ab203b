"""Floors and rooms: who may know whom. docs/decisions and pyproject.toml say why."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [["core"], ["accounts"], ["catalog", "ledger"], ["sales"], ["claims"], ["payouts"], ["register"]]
FLOOR = {app: number for number, names in enumerate(FLOORS) for app in names}


def test_imports_keep_floors_and_rooms():
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def string_references():
    """This will list our models' relations as (from app, to label): the linter can't see those named by text."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if model._meta.app_label in FLOOR and field.concrete and field.is_relation:
                yield model._meta.app_label, field.related_model._meta.label, f"{model._meta.label}.{field.name}"


@pytest.mark.parametrize(("app", "target", "name"), list(string_references()))
def test_foreign_keys_point_down(app, target, name):
    below = target.split(".")[0]

    assert target == settings.AUTH_USER_MODEL or below == app or below not in FLOOR or FLOOR[below] < FLOOR[app], (
        f"{name} points up to {target}"
    )


def test_migrations_are_complete(db):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
