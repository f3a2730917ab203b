"""The index of items serves every question about items: one with a condition did only where the question repeats it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("ledger", "0008_leaves_checked_at_once")]

    operations = [
        migrations.RemoveIndex("account", "ledger_account_item"),
        migrations.AddIndex("account", models.Index(fields=["item"], name="ledger_account_item")),
    ]
