"""A line of the bank can say which booking of the house or refund it explains."""

import django.db.models.deletion
from django.db import migrations, models

from core.at_once import AtOnce

GRANT = "GRANT UPDATE (booking_id, refund_id) ON public.payouts_bankline TO roms_app"


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0008_instalments_and_refunds'),
    ]

    operations = [
        AtOnce([
            migrations.AddField(
                model_name='bankline',
                name='booking',
                field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_line', to='payouts.housebooking'),
            ),
            migrations.AddField(
                model_name='bankline',
                name='refund',
                field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_line', to='payouts.storerefund'),
            ),
            migrations.AlterField(
                model_name='bankline',
                name='outcome',
                field=models.CharField(choices=[('settled', 'Payment settled'), ('refused', 'Payment refused by the bank'), ('returned', 'Payment returned'), ('known', 'Known before'), ('noted', 'Nothing to do'), ('waiting', 'Waits for a person'), ('entered', 'Entered as a payment of a store'), ('explained', 'Explains an entry'), ('passed', 'Set aside by a person')], max_length=10),
            ),
            migrations.AddConstraint(
                model_name='bankline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('booking__isnull', False), ('outcome', 'explained'), ('refund', None)), models.Q(('booking', None), ('outcome', 'explained'), ('refund__isnull', False)), models.Q(models.Q(('outcome', 'explained'), _negated=True), ('booking', None), ('refund', None)), _connector='OR'), name='bankline_explains_one_thing'),
            ),
        ]),
        migrations.RunSQL([(GRANT, None)], migrations.RunSQL.noop),
    ]
