"""Triggers and grants: readable .sql files beside the models, and three rules that tables need again and again."""

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


def refers(table: str, **columns: str) -> RunSQL:
    """Return the operation that checks references of a table once per statement; column -> table, whose rows are kept.

    In the place of foreign keys: the model says `db_constraint=False`. See core/sql/references.sql.
    """
    pairs = ", ".join(f"'{column}', '{target}'" for column, target in columns.items())
    forwards = [
        f"CREATE TRIGGER {table}_refers AFTER INSERT ON public.{table} REFERENCING NEW TABLE AS new_rows"
        f" FOR EACH STATEMENT EXECUTE FUNCTION public.core_refers({pairs});"
    ]
    backwards = [f"DROP TRIGGER {table}_refers ON public.{table};"]
    for column, target in columns.items():
        forwards.append(
            f"CREATE TRIGGER {table}_refers_{column} AFTER UPDATE OF {column} ON public.{table} FOR EACH ROW"
            f" WHEN (NEW.{column} IS DISTINCT FROM OLD.{column})"
            f" EXECUTE FUNCTION public.core_refers_anew('{column}', '{target}');"
        )
        backwards.append(f"DROP TRIGGER {table}_refers_{column} ON public.{table};")
    return RunSQL([("\n".join(forwards), None)], [("\n".join(backwards), None)])


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
