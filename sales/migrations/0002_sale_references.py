from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_initial")]

    operations = [run_sql_file(SQL / "sale_references.sql", SQL / "sale_references_drop.sql")]
