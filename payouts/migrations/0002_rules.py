"""What the tables of payouts refuse: triggers and grants, from the files in payouts/sql."""

from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    replaces = [
        ("payouts", "0002_documents_kept"),
        ("payouts", "0003_payees_and_batches"),
        ("payouts", "0004_write_offs_and_late_fees"),
        ("payouts", "0005_tax_residence"),
    ]

    dependencies = [("core", "0002_rules"), ("payouts", "0001_tables")]

    operations = [
        run_sql_file(SQL / "append_only.sql", SQL / "append_only_drop.sql"),
        run_sql_file(SQL / "paying_out.sql", SQL / "paying_out_drop.sql"),
        run_sql_file(SQL / "write_offs.sql", SQL / "write_offs_drop.sql"),
        run_sql_file(SQL / "tax_residence.sql", SQL / "tax_residence_drop.sql"),
    ]
