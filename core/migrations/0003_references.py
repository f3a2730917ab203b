"""References that are checked once per statement, for tables that get a million rows in one act."""

from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [("core", "0002_rules")]

    operations = [run_sql_file(SQL / "references.sql", SQL / "references_drop.sql")]
