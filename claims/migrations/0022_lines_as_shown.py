"""The index by which lines of a claim are paged takes the place of that of their claim."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0021_list_references")]

    operations = [
        migrations.AddIndex(
            model_name="claimline", index=models.Index(fields=["claim", "id"], name="claimline_as_shown")
        ),
        migrations.AlterField(
            model_name="claimline",
            name="claim",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="claims.claim",
            ),
        ),
    ]
