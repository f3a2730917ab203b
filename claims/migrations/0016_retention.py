"""How long things are kept, each with the law or the thought behind it; staff replace them by dated rows."""

from datetime import date

from django.db import migrations
from django.utils import timezone

MINIMAL = "Regulation (EU) 2016/679, article 5(1)(e): no longer than needed. Assumption of the portal: "
PERIODS = {
    "keep_mail_days": (90, MINIMAL + "copies of mails on a machine without a mail server serve to look at for a while."),
    "keep_session_days": (1, MINIMAL + "an expired session serves nothing."),
    "keep_invitation_days": (90, MINIMAL + "an address invited in vain is of use while somebody asks about it."),
    "keep_account_days": (30, MINIMAL + "an address nobody confirmed may be a stranger's."),
    "keep_payer_days": (
        2192,
        "Federal Law 402-FZ of 2011, article 29(1): accounting documents five years after the reporting year.",
    ),
}


def set_periods(apps, schema_editor):
    """This will write the periods the house starts with."""
    rule, now = apps.get_model("claims", "HouseRule"), timezone.now()
    rule.objects.bulk_create(
        rule(code=code, value=days, start=date(2005, 1, 1), why=why, set_at=now)
        for code, (days, why) in PERIODS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("claims", "0015_facts_kept")]

    operations = [migrations.RunPython(set_periods, migrations.RunPython.noop)]
