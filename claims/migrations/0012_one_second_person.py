"""The limit above which two persons correct is a number of the house like all others."""

from datetime import date

from django.db import migrations

from django.utils import timezone

START = date(2005, 1, 1)
WHY = "Taken over from the limits of corrections."


def take_over(apps, schema_editor):
    """This will make a number of the house of every limit."""
    rule, now = apps.get_model("claims", "HouseRule"), timezone.now()
    limits = apps.get_model("claims", "SecondPersonLimit").objects.order_by("pk")
    rule.objects.bulk_create(
        rule(
            code="correction_money",
            currency=limit.currency,
            value=limit.amount,
            start=START,
            why=limit.source or WHY,
            set_at=now,
        )
        for limit in limits
    )
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0011_amendments'),
    ]

    operations = [
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.DeleteModel(
            name='SecondPersonLimit',
        ),
    ]
