from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("core", "0003_append_only"), ("catalog", "0001_initial")]

    operations = [run_sql_file(SQL / "share_limit.sql", SQL / "share_limit_drop.sql")]
