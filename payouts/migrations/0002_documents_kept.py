from pathlib import Path

import django.db.models.functions.text
from django.db import migrations, models

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("core", "0003_append_only"), ("payouts", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="remittance", name="remittance_once"),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Upper("payer"),
                django.db.models.functions.text.Upper("reference"),
                name="remittance_once",
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="stored",
            field=models.CharField(help_text="Storage name of the CSV, sealed by core.vault.", max_length=300),
        ),
        run_sql_file(SQL / "append_only.sql", SQL / "append_only_drop.sql"),
    ]
