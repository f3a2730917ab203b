"""What moves the society's own money, and screening against sanctions lists."""

from pathlib import Path

import core.ids
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce
from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_returns'),
        ('payouts', '0002_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='SanctionsList',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='SLS')),
                    ('name', models.CharField(help_text='Whose list: EU, UN, OFAC SDN ...', max_length=100)),
                    ('sha256', models.CharField(max_length=64)),
                    ('entry_count', models.PositiveIntegerField()),
                    ('uploaded_at', models.DateTimeField()),
                    ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='SanctionsEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(blank=True, help_text="The list's own number of the person.", max_length=60)),
                    ('name', models.CharField(max_length=300)),
                    ('name_key', models.CharField(max_length=300)),
                    ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='payouts.sanctionslist')),
                ],
            ),
            migrations.CreateModel(
                name='ScreeningCase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='SCR')),
                    ('list_name', models.CharField(max_length=100)),
                    ('number', models.CharField(blank=True, max_length=60)),
                    ('name_key', models.CharField(max_length=300)),
                    ('status', models.CharField(choices=[('open', 'Waits for a person'), ('cleared', 'Another person of that name'), ('confirmed', 'The same person')], default='open', max_length=10)),
                    ('found_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='payouts.sanctionsentry')),
                    ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='screening_cases', to='catalog.rightsholder')),
                ],
            ),
            migrations.CreateModel(
                name='HouseBooking',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='HSB')),
                    ('kind', models.CharField(choices=[('bank_charge', 'The bank took a fee'), ('interest', 'The bank paid interest'), ('tax_payment', 'Tax kept back was paid to the tax office'), ('opening', 'The account held this before the first entry')], max_length=12)),
                    ('currency', models.CharField(max_length=3)),
                    ('amount', models.DecimalField(decimal_places=8, max_digits=24)),
                    ('day', models.DateField(help_text='Value date at the bank.')),
                    ('reference', models.CharField(help_text="The bank's reference; of a tax payment the office's too.", max_length=140)),
                    ('entered_at', models.DateTimeField()),
                    ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(models.F('kind'), django.db.models.functions.text.Upper('reference'), name='housebooking_once'), models.UniqueConstraint(condition=models.Q(('kind', 'opening')), fields=('currency',), name='housebooking_one_opening'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='housebooking_positive'), models.CheckConstraint(condition=models.Q(('kind__in', ['bank_charge', 'interest', 'tax_payment', 'opening'])), name='housebooking_kind_known')],
                },
            ),
            migrations.AddConstraint(
                model_name='sanctionslist',
                constraint=models.UniqueConstraint(fields=('name', 'sha256'), name='sanctionslist_once'),
            ),
            migrations.AddIndex(
                model_name='sanctionsentry',
                index=models.Index(fields=['name_key'], name='sanctionsentry_name_key'),
            ),
            migrations.AddIndex(
                model_name='screeningcase',
                index=models.Index(condition=models.Q(('status', 'open')), fields=['holder'], name='screeningcase_open'),
            ),
            migrations.AddConstraint(
                model_name='screeningcase',
                constraint=models.UniqueConstraint(fields=('holder', 'list_name', 'number', 'name_key'), name='screeningcase_once'),
            ),
            migrations.AddConstraint(
                model_name='screeningcase',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'cleared', 'confirmed'])), name='screeningcase_status_known'),
            ),
            migrations.AddConstraint(
                model_name='screeningcase',
                constraint=models.CheckConstraint(condition=models.Q(('status', 'open'), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='screeningcase_decided_by_somebody'),
            ),
        ]),
        run_sql_file(SQL / "house.sql", SQL / "house_drop.sql"),
    ]
