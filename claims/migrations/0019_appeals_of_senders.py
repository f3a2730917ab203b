"""The sender of an opt-out may appeal against a contest or counter-notice that was accepted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_other_societies'),
        ('claims', '0018_successor_returns'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.RemoveConstraint(
                model_name='appeal',
                name='appeal_one_case',
            ),
            migrations.AddField(
                model_name='appeal',
                name='counter',
                field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sender_appeal', to='claims.counternotice'),
            ),
            migrations.AddField(
                model_name='appeal',
                name='reopened_opt_out',
                field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='from_appeal', to='claims.optout'),
            ),
            migrations.AddConstraint(
                model_name='appeal',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('counter__isnull', True), ('dispute__isnull', True), ('opt_out__isnull', True)), models.Q(('claim__isnull', True), ('counter__isnull', True), ('dispute__isnull', True), ('opt_out__isnull', False)), models.Q(('claim__isnull', True), ('counter__isnull', True), ('dispute__isnull', False), ('opt_out__isnull', True)), models.Q(('claim__isnull', True), ('counter__isnull', False), ('dispute__isnull', True), ('opt_out__isnull', True)), _connector='OR'), name='appeal_one_case'),
            ),
        ]),
    ]
