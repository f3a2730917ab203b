from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("sales", "0008_book_months")]

    operations = [
        migrations.AddField(
            "sale",
            "cut_by",
            models.CharField(
                blank=True,
                choices=[
                    ("", "The report's whole period"),
                    ("lines", "Cut by the dates of its lines"),
                    ("days", "Cut by days, an estimate: its lines carry no dates"),
                ],
                db_default="",
                help_text="How a part of the period came to be one.",
                max_length=5,
            ),
        ),
        migrations.RunSQL([((SQL / "sale_references_once.sql").read_text(), None)], migrations.RunSQL.noop),
    ]
