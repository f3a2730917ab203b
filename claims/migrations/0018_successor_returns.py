"""A new owner brings back what the former one took out: the act names the transfer it rests on."""

import django.db.models.deletion
from django.db import migrations, models

from core.at_once import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0017_group_acts'),
    ]

    operations = [
        AtOnce([
            migrations.RemoveConstraint(
                model_name='reentry',
                name='reentry_ground_known',
            ),
            migrations.AddField(
                model_name='reentry',
                name='transfer',
                field=models.ForeignKey(blank=True, help_text='By which the one who asks owns what the sender of the opt-out had.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reentries', to='claims.cataloguetransfer'),
            ),
            migrations.AlterField(
                model_name='reentry',
                name='ground',
                field=models.CharField(choices=[('return', 'The holder comes back'), ('retraction', 'The holder takes the notice back: it was a mistake'), ('order', 'Ordered by a person at ROMS'), ('succession', 'The new owner of the catalogue brings back')], max_length=10),
            ),
            migrations.AddConstraint(
                model_name='reentry',
                constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['return', 'retraction', 'order', 'succession'])), name='reentry_ground_known'),
            ),
            migrations.AddConstraint(
                model_name='reentry',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', 'succession'), ('transfer__isnull', False)), models.Q(models.Q(('ground', 'succession'), _negated=True), ('transfer__isnull', True)), _connector='OR'), name='reentry_successor_by_transfer'),
            ),
        ]),
    ]
