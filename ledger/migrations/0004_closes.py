"""Books that are closed up to a day."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.sqlfiles import kept, run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_check_entries_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BooksClose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_open', models.DateField(help_text='Entries dated before it (UTC) are refused.', verbose_name='first open day')),
                ('status', models.CharField(choices=[('proposed', 'Waits for a second person'), ('in_force', 'Decided'), ('refused', 'Refused')], default='proposed', max_length=8)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(help_text='Set by the database, once no entry is being written.', null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'closing of the books',
                'verbose_name_plural': 'closings of the books',
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'in_force', 'refused'])), name='ledger_booksclose_status_known'), models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('status',), name='ledger_booksclose_one_waits'), models.CheckConstraint(condition=models.Q(('status', 'proposed'), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='ledger_booksclose_decided_by_somebody'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='ledger_booksclose_decided_by_another')],
            },
        ),
        kept("ledger_booksclose"),
        run_sql_file(SQL / "closes.sql", SQL / "closes_drop.sql"),
    ]
