"""Which other societies holders belong to: said, confirmed, ended, never deleted."""

import core.ids
import django.db.models.deletion
from django.db import migrations, models

from core.sqlfiles import kept


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_facts_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='SocietyMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', core.ids.PublicIdField(prefix='SOC')),
                ('society', models.CharField(max_length=300)),
                ('society_key', models.CharField(help_text="catalog.names.artist_key of the society's name.", max_length=300)),
                ('start', models.DateField(blank=True, help_text='Member since; empty: not known.', null=True)),
                ('end', models.DateField(blank=True, help_text='First day on which it was no longer a member.', null=True)),
                ('source', models.CharField(help_text='Where it can be seen: a contract, the IPI system, a letter.', max_length=300)),
                ('status', models.CharField(choices=[('said', 'Said, not confirmed'), ('confirmed', 'Confirmed'), ('refused', 'Not confirmed: refused'), ('retracted', 'Taken back')], default='said', max_length=9)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='societies', to='catalog.rightsholder')),
            ],
            options={
                'indexes': [models.Index(fields=['society_key'], name='societymembership_key')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['said', 'confirmed', 'refused', 'retracted'])), name='societymembership_status_known'), models.UniqueConstraint(condition=models.Q(('end', None), ('status__in', ['said', 'confirmed'])), fields=('holder', 'society_key'), name='societymembership_open_once'), models.CheckConstraint(condition=models.Q(('start__isnull', True), ('end__isnull', True), ('end__gte', models.F('start')), _connector='OR'), name='societymembership_period_forward')],
            },
        ),
        kept("catalog_societymembership"),
    ]
