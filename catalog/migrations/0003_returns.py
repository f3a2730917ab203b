"""Tracks come back by facts of their own: a withdrawal ends by a Return and by nothing else (sql/returns.sql)."""

from pathlib import Path

import core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from core.at_once import AtOnce
from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_rules'),
    ]

    operations = [
        AtOnce([
            migrations.AddField(
                model_name='withdrawal',
                name='except_licensee_ids',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, help_text='Stores it does not reach: it came back there.', size=None),
            ),
            migrations.AddField(
                model_name='withdrawal',
                name='follows',
                field=models.ForeignKey(blank=True, help_text='The one it goes on from, after a return to some of its stores.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='further', to='catalog.withdrawal'),
            ),
            migrations.AlterField(
                model_name='withdrawal',
                name='end',
                field=models.DateField(blank=True, help_text='First day on which it holds no longer.', null=True),
            ),
            migrations.CreateModel(
                name='Return',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='RET')),
                    ('start', models.DateField(help_text='First day back.')),
                    ('end_before', models.DateField(blank=True, help_text='End of the withdrawal until then; empty = none.', null=True)),
                    ('licensee_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, help_text='Stores it comes back to; empty = all it reached.', size=None)),
                    ('source', models.CharField(help_text='Public id of the act that brought it back.', max_length=60)),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('withdrawal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='catalog.withdrawal')),
                ],
                options={
                    'indexes': [models.Index(fields=['source'], name='return_source')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('end_before__isnull', True), ('end_before__gt', models.F('start')), _connector='OR'), name='return_brings_forward')],
                },
            ),
        ]),
        run_sql_file(SQL / "returns.sql", SQL / "returns_drop.sql"),
    ]
