"""A million withdrawals in one act: what they refer to is checked once per statement, and each index has a use."""

import django.db.models.deletion
from django.db import migrations, models

from core.at_once import AtOnce
from core.sqlfiles import refers


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_other_societies'),
        ('core', '0003_references'),
    ]

    operations = [
        AtOnce([
            migrations.AlterField(
                model_name='withdrawal',
                name='holder',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='catalog.rightsholder'),
            ),
            migrations.AlterField(
                model_name='withdrawal',
                name='territories',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.territoryset'),
            ),
            migrations.AlterField(
                model_name='withdrawal',
                name='track',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='catalog.track'),
            ),
            migrations.AlterField(
                model_name='withdrawal',
                name='work',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='catalog.work'),
            ),
        ]),
        refers(
            "catalog_withdrawal",
            holder_id="catalog_rightsholder",
            track_id="catalog_track",
            work_id="catalog_work",
            territories_id="catalog_territoryset",
        ),
        migrations.RunSQL(
            'DROP INDEX IF EXISTS "catalog_withdrawal_public_id_0b7f3dc0_like"',
            'CREATE INDEX "catalog_withdrawal_public_id_0b7f3dc0_like"'
            ' ON catalog_withdrawal (public_id varchar_pattern_ops)',
        ),  # nobody looks one up by the beginning of its id
    ]
