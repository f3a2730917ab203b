from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_event")]

    operations = [run_sql_file(SQL / "append_only.sql", SQL / "append_only_drop.sql")]
