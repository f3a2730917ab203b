"""Persons stay, however little is left of them: every decision names one. What staff did in the admin is a fact."""

from django.db import migrations

from core.sqlfiles import facts, kept


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_rules"),
        ("accounts", "0001_tables"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [kept("accounts_user", "accounts_apitoken"), facts("django_admin_log")]
