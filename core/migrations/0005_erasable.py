from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("core", "0004_installation")]

    operations = [run_sql_file(SQL / "erasable.sql", SQL / "erasable_drop.sql")]
