import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0015_release_correction")]

    operations = [
        migrations.AddField(
            model_name="takedownnotice",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                help_text="The first notice of the opt-out to this store; this one names keys that one did not.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="further",
                to="claims.takedownnotice",
            ),
        ),
        migrations.RemoveConstraint(model_name="takedownnotice", name="takedownnotice_once_per_store"),
        migrations.AddConstraint(
            model_name="takedownnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("follows__isnull", True)),
                fields=("opt_out", "licensee"),
                name="takedownnotice_once_per_store",
            ),
        ),
    ]
