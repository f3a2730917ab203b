"""One answer or verdict for a whole group of disputes, and how far it has come; never deleted."""

import core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.sqlfiles import facts, kept


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_other_societies'),
        ('claims', '0016_retention'),
        ('core', '0002_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GroupAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', core.ids.PublicIdField(prefix='GRA')),
                ('kind', models.CharField(choices=[('answer', 'Answer'), ('verdict', 'Verdict')], max_length=7)),
                ('group_key', models.CharField(max_length=32)),
                ('dispute_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='In the order they are dealt with.', size=None)),
                ('said', models.JSONField(help_text='Kind of answer, percent, days and split, or the percents of the verdict.')),
                ('at', models.DateTimeField()),
                ('done', models.PositiveIntegerField(default=0, help_text='How many of `dispute_ids` were dealt with.')),
                ('ended', models.PositiveIntegerField(default=0, help_text='How many disputes ended by it.')),
                ('refused', models.JSONField(default=list, help_text='[public id, code of the reason] of those nothing was written in.')),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('documents', models.ManyToManyField(blank=True, related_name='+', to='claims.evidencedocument')),
                ('holder', models.ForeignKey(blank=True, help_text='Who answers.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.rightsholder')),
                ('note', models.ForeignKey(help_text='The words.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.note')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('finished_at', None)), fields=['id'], name='groupact_unfinished')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['answer', 'verdict'])), name='groupact_kind_known')],
            },
        ),
        kept("claims_groupact"),
        facts("claims_groupact_documents"),
    ]
