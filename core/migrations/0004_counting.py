"""A table that many rows were written to is counted at once, for the planner."""

from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [("core", "0003_references")]

    operations = [run_sql_file(SQL / "counting.sql", SQL / "counting_drop.sql")]
