"""Finds the entries a snapshot did not see (`ledger.kept`)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_tax_back")]

    operations = [
        migrations.AddIndex(model_name="entry", index=models.Index(fields=["xid"], name="ledger_entry_xid")),
    ]
