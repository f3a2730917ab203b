"""What the tables of claims refuse: triggers and grants, from the files in claims/sql."""

from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    replaces = [
        ("claims", "0008_review_rules"),
        ("claims", "0017_repertoire"),
        ("claims", "0018_review_desk"),
    ]

    dependencies = [("core", "0002_rules"), ("claims", "0001_tables")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE claims_repertoirerow SET (fillfactor = 60)",
            "ALTER TABLE claims_repertoirerow RESET (fillfactor)",
        ),  # every row is written once and filled in once: the second time finds room in its page
        run_sql_file(SQL / "house_rule.sql", SQL / "house_rule_drop.sql"),
        run_sql_file(SQL / "decision.sql", SQL / "decision_drop.sql"),
    ]
