"""Triggers and grants live as readable .sql files beside the models; a migration loads them through here."""

from pathlib import Path

from django.db.migrations import RunSQL


def run_sql_file(forwards: Path, backwards: Path) -> RunSQL:
    """Return the operation that runs one file forwards and the other backwards, each as one script."""
    return RunSQL([(forwards.read_text(), None)], [(backwards.read_text(), None)])
