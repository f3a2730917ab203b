"""What the tables of core refuse: triggers and grants, from the files in core/sql."""

from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    replaces = [
        ("core", "0003_append_only"),
        ("core", "0005_erasable"),
    ]

    dependencies = [("core", "0001_tables")]

    operations = [
        run_sql_file(SQL / "append_only.sql", SQL / "append_only_drop.sql"),
        run_sql_file(SQL / "erasable.sql", SQL / "erasable_drop.sql"),
    ]
