"""What the tables of ledger refuse: triggers and grants, from the files in ledger/sql."""

from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    replaces = [
        ("ledger", "0002_guards"),
        ("ledger", "0004_log_checkpoints"),
    ]

    dependencies = [("core", "0002_rules"), ("ledger", "0001_tables")]

    operations = [
        migrations.RunSQL([((SQL / "check_entries.sql").read_text(), None)], migrations.RunSQL.noop),
        migrations.RunSQL([((SQL / "check_leaves.sql").read_text(), None)], migrations.RunSQL.noop),
        run_sql_file(SQL / "guards.sql", SQL / "guards_drop.sql"),
        run_sql_file(SQL / "proofs.sql", SQL / "proofs_drop.sql"),
    ]
