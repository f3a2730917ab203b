"""Breaches and appeals are entries too; what happened before is read again for them, from the first Event on."""

from django.db import migrations, models

from core.at_once import AtOnce


def read_again(apps, schema_editor):
    """This will let the register read all Events once more: entries have a natural key, nothing is written twice."""
    apps.get_model("register", "ReadUntil").objects.update(event_id=0, seen_id=0, seen_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0019_appeals_of_senders'),
        ('register', '0005_facts_kept'),
        ('sales', '0004_facts_kept'),
    ]

    operations = [
        AtOnce([
            migrations.RemoveConstraint(
                model_name='entry',
                name='entry_kind_known',
            ),
            migrations.AlterField(
                model_name='entry',
                name='kind',
                field=models.CharField(choices=[('opt_out', 'Opt-out'), ('notice', 'Notice to a store'), ('objection', 'Objection of a store'), ('contest', 'Contest of another holder'), ('decision', 'Decision'), ('return', 'Return to the stores'), ('breach', 'Breach by a store'), ('appeal', 'Appeal of the sender')], max_length=12),
            ),
            migrations.AddConstraint(
                model_name='entry',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['opt_out', 'notice', 'objection', 'contest', 'decision', 'return', 'breach', 'appeal'])), name='entry_kind_known'),
            ),
        ]),
        migrations.RunPython(read_again, migrations.RunPython.noop),
    ]
