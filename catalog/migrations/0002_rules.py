"""What the tables of catalog refuse: triggers and grants, from the files in catalog/sql."""

from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    replaces = [
        ("catalog", "0002_share_limit"),
        ("catalog", "0004_matching"),
    ]

    dependencies = [("core", "0002_rules"), ("catalog", "0001_tables")]

    operations = [
        run_sql_file(SQL / "share_limit.sql", SQL / "share_limit_drop.sql"),
        run_sql_file(SQL / "catalogue_changes.sql", SQL / "catalogue_changes_drop.sql"),
    ]
