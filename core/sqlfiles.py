"""Triggers and grants: readable .sql files beside the models, and two rules that tables need again and again."""

from pathlib import Path

from django.db.migrations import RunSQL


def run_sql_file(forwards: Path, backwards: Path) -> RunSQL:
    """Return the operation that runs one file forwards and the other backwards, each as one script."""
    return RunSQL([(forwards.read_text(), None)], [(backwards.read_text(), None)])


def facts(*tables: str) -> RunSQL:
    """Return the operation that makes tables append-only: a row is written once and read, whoever asks."""
    return _refuse(tables, "UPDATE OR DELETE OR TRUNCATE", "UPDATE, DELETE, TRUNCATE", "append_only")


def kept(*tables: str) -> RunSQL:
    """Return the operation that keeps every row of tables: its columns may change, it never goes away."""
    return _refuse(tables, "DELETE OR TRUNCATE", "DELETE, TRUNCATE", "kept")


def _refuse(tables: tuple[str, ...], events: str, rights: str, name: str) -> RunSQL:
    forwards, backwards = [], []
    for table in tables:
        trigger = f"{table}_{name}"
        forwards.append(
            f"CREATE TRIGGER {trigger} BEFORE {events} ON public.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();"
            f" REVOKE {rights} ON public.{table} FROM roms_app;"
        )
        backwards.append(
            f"DROP TRIGGER {trigger} ON public.{table}; GRANT {rights.replace(', TRUNCATE', '')}"
            f" ON public.{table} TO roms_app;"
        )
    return RunSQL([("\n".join(forwards), None)], [("\n".join(backwards), None)])
