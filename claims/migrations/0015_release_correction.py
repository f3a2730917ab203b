import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_feeds"), ("claims", "0014_name_watch")]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="target_release",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: none known.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.release",
            ),
        ),
        migrations.AddField(
            model_name="correctionkey",
            name="from_release",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.release"
            ),
        ),
        migrations.AlterField(
            model_name="correction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("merge_tracks", "Merge of two tracks"),
                    ("merge_works", "Merge of two songs"),
                    ("merge_owners", "Merge of two holders"),
                    ("undo_merge", "Merge undone"),
                    ("move_keys", "Match corrected"),
                    ("move_release", "Match of a release corrected"),
                ],
                max_length=12,
            ),
        ),
    ]
