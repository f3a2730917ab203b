import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_feeds"), ("sales", "0014_key_references")]

    operations = [
        migrations.AddField(
            model_name="matchrejection",
            name="release",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.release"
            ),
        ),
        migrations.AlterField(
            model_name="matchrejection",
            name="track",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.track"
            ),
        ),
        migrations.AddConstraint(
            model_name="matchrejection",
            constraint=models.UniqueConstraint(fields=("store_key", "release"), name="matchrejection_release_once"),
        ),
        migrations.AddConstraint(
            model_name="matchrejection",
            constraint=models.CheckConstraint(
                condition=models.Q(("release__isnull", False), ("track__isnull", True))
                | models.Q(("release__isnull", True), ("track__isnull", False)),
                name="matchrejection_of_one",
            ),
        ),
    ]
