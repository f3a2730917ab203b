"""How long documents and messages of ended cases are kept, each with its law; staff replace them by dated rows."""

from datetime import date
from pathlib import Path

from django.db import migrations
from django.utils import timezone

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"

COURT = (
    "Civil Code of the Russian Federation, article 196(1): three years to go to court; Regulation (EU) 2016/679,"
    " article 17(3)(e): kept that long for legal claims, and by article 5(1)(e) no longer."
)
PERIODS = {"keep_evidence_days": 1096, "keep_message_days": 1096}


def set_periods(apps, schema_editor):
    """This will write the periods the house starts with."""
    rule, now = apps.get_model("claims", "HouseRule"), timezone.now()
    rule.objects.bulk_create(
        rule(code=code, value=days, start=date(2005, 1, 1), why=COURT, set_at=now) for code, days in PERIODS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("claims", "0022_lines_as_shown")]

    operations = [
        run_sql_file(SQL / "message_words.sql", SQL / "message_words_drop.sql"),
        migrations.RunPython(set_periods, migrations.RunPython.noop),
    ]
