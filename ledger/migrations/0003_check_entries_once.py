"""Entries are checked in one pass at commit, whatever the statistics say: loads the functions as they are now."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_rules")]

    operations = [
        migrations.RunSQL([((SQL / "check_entries.sql").read_text(), None)], migrations.RunSQL.noop),
        migrations.RunSQL(
            "ALTER FUNCTION public.ledger_take_postings() SET enable_seqscan = off", migrations.RunSQL.noop
        ),
    ]
