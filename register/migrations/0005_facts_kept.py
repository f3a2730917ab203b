"""What people wrote to the register stays, also where it is withheld; entries are read from events anew."""

from django.db import migrations

from core.sqlfiles import kept


class Migration(migrations.Migration):
    dependencies = [("core", "0002_rules"), ("register", "0004_contests")]

    operations = [kept("register_passage", "register_readuntil")]
