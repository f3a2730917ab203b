"""Bytes of open files go after a time of the house; a row that stays says since when."""

from datetime import date

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from core.sqlfiles import facts

DAYS = 1096
WHY = (
    "Regulation (EU) 2016/679, article 5(1)(e): no longer than needed. Assumption of the portal: three years; a holder who"
    " is no longer named in the register stays named in its files as long as they are kept. Hashes and figures stay."
)


def set_period(apps, schema_editor):
    """This will write the period the house starts with."""
    rule = apps.get_model("claims", "HouseRule")
    rule.objects.create(code="keep_open_data_days", value=DAYS, start=date(2005, 1, 1), why=WHY, set_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0016_retention'),
        ('register', '0006_breaches_and_appeals'),
    ]

    operations = [
        migrations.CreateModel(
            name='ForgottenFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='forgotten', to='register.openfile')),
            ],
        ),
        facts("register_forgottenfile"),
        migrations.RunPython(set_period, migrations.RunPython.noop),
    ]
