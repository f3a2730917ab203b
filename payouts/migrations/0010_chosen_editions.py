"""Which edition of a sanctions list is in force says a person; every edition and choice is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.sqlfiles import kept


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0009_bank_lines_explained'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SanctionsChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('screened_at', models.DateTimeField(help_text='When everybody was looked for by it; empty: still due.', null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='payouts.sanctionslist')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('screened_at', None)), fields=['id'], name='sanctionschoice_due')],
            },
        ),
        kept("payouts_sanctionschoice"),
    ]
