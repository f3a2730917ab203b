"""Leaves are checked by the statement, their entries too, and by index: loads the function as it is now."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0007_exchange_result'),
    ]

    operations = [
        migrations.RunSQL([((SQL / "check_leaves.sql").read_text(), None)], migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='logleaf',
            name='entry',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='leaf', to='ledger.entry'),
        ),
    ]
