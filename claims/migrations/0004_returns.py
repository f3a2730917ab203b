"""Acts that bring tracks back, and the notices by which stores are told of them."""

import core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_returns'),
        ('claims', '0003_house_numbers'),
        ('core', '0002_rules'),
        ('sales', '0002_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='Reentry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='RTN')),
                    ('ground', models.CharField(choices=[('return', 'The holder comes back'), ('retraction', 'The holder takes the notice back: it was a mistake'), ('order', 'Ordered by a person at ROMS')], max_length=10)),
                    ('rights', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('phonogram', 'Recording (producer, label)'), ('performance', 'Performance (performers)'), ('work', 'Song (authors, publishers)')], max_length=12), size=None)),
                    ('start', models.DateField(help_text='First day back.')),
                    ('track_count', models.PositiveIntegerField(default=0, help_text='Tracks whose rights came back.')),
                    ('still_out_count', models.PositiveIntegerField(default=0, help_text='Of these, kept out by another withdrawal.')),
                    ('at', models.DateTimeField()),
                ],
            ),
            migrations.RemoveConstraint(
                model_name='noticerow',
                name='noticerow_state_known',
            ),
            migrations.RemoveConstraint(
                model_name='takedownnotice',
                name='takedownnotice_once_per_store',
            ),
            migrations.RemoveConstraint(
                model_name='takedownnotice',
                name='takedownnotice_status_known',
            ),
            migrations.AddField(
                model_name='takedownnotice',
                name='kind',
                field=models.CharField(choices=[('takedown', 'Takedown notice'), ('return', 'Notice of return')], default='takedown', max_length=10),
            ),
            migrations.AlterField(
                model_name='casemail',
                name='topic',
                field=models.CharField(choices=[('claim_asked', 'A reviewer asks for more about a claim'), ('claim_reminded', 'A question about a claim is still open'), ('claim_message', 'A message about a claim'), ('claim_approved', 'A claim was approved'), ('claim_rejected', 'A claim was rejected'), ('opt_out_asked', 'A reviewer asks for more about an opt-out'), ('opt_out_reminded', 'A question about an opt-out is still open'), ('opt_out_message', 'A message about an opt-out'), ('opt_out_granted', 'An opt-out was granted'), ('opt_out_refused', 'An opt-out was refused'), ('opt_out_back', 'Tracks of an opt-out came back by order'), ('dispute_opened', 'Disputes were opened'), ('dispute_held', 'A hold was ordered in a dispute'), ('dispute_ended', 'A dispute was decided or settled'), ('claim_revoked', 'An approval was taken back'), ('appeal_upheld', 'An appeal was decided: the decision stands'), ('appeal_reversed', 'An appeal was decided: looked at anew'), ('challenge_opened', 'Works of a similar name are open to objection'), ('objection_ended', 'An objection was decided'), ('breach_found', 'A store sold what a holder took out'), ('holder_verified', 'A holder was verified'), ('holder_refused', 'A holder was not verified'), ('holder_asked', "A reviewer asks for more about a holder's identity"), ('holder_again', "A holder's identity is looked at again"), ('authority_asked', 'An agent shows a letter of a holder'), ('authority_given', 'An agent may act for a holder'), ('authority_denied', "An agent's letter was not accepted"), ('authority_ended', "An agent's authority ends"), ('holder_suspended', 'A holder was suspended')], max_length=16),
            ),
            migrations.AlterField(
                model_name='distributionrun',
                name='cause',
                field=models.CharField(choices=[('report', 'A sales report was posted'), ('claim', 'A claim was approved'), ('dispute', 'A dispute was opened, held or decided'), ('opt_out', 'An opt-out was granted'), ('match', "A store's key was matched to a track"), ('money', 'A holder asked for money of sales after its withdrawal'), ('correction', 'Two songs were merged, or a merge was undone'), ('return', 'Tracks came back'), ('authority', "An agent's authority to collect began or ended")], max_length=10),
            ),
            migrations.AlterField(
                model_name='noticerow',
                name='state',
                field=models.CharField(choices=[('notified', 'Notified'), ('acknowledged', 'Acknowledged'), ('removed', 'Removed'), ('objected', 'Objected'), ('overdue', 'Overdue'), ('breached', 'Breached'), ('returned', 'Came back: nothing to do any more')], default='notified', max_length=14),
            ),
            migrations.AlterField(
                model_name='takedownnotice',
                name='status',
                field=models.CharField(choices=[('queued', 'To be sent'), ('sent', 'Sent'), ('acknowledged', 'Acknowledged'), ('complied', 'Removed'), ('countered', 'Objected'), ('overdue', 'Overdue'), ('breached', 'Breached'), ('closed', 'Nothing to do any more')], default='queued', max_length=14),
            ),
            migrations.AddConstraint(
                model_name='noticerow',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['notified', 'acknowledged', 'removed', 'objected', 'overdue', 'breached', 'returned'])), name='noticerow_state_known'),
            ),
            migrations.AddField(
                model_name='reentry',
                name='by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='reentry',
                name='licensees',
                field=models.ManyToManyField(blank=True, help_text='Stores; empty = all they had left.', to='sales.licensee'),
            ),
            migrations.AddField(
                model_name='reentry',
                name='note',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.note'),
            ),
            migrations.AddField(
                model_name='reentry',
                name='opt_out',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reentries', to='claims.optout'),
            ),
            migrations.AddField(
                model_name='takedownnotice',
                name='reentry',
                field=models.ForeignKey(blank=True, help_text='What came back.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='claims.reentry'),
            ),
            migrations.AddConstraint(
                model_name='takedownnotice',
                constraint=models.UniqueConstraint(condition=models.Q(('follows__isnull', True), ('reentry__isnull', True)), fields=('opt_out', 'licensee'), name='takedownnotice_once_per_store'),
            ),
            migrations.AddConstraint(
                model_name='takedownnotice',
                constraint=models.UniqueConstraint(fields=('reentry', 'licensee'), name='takedownnotice_once_per_return'),
            ),
            migrations.AddConstraint(
                model_name='takedownnotice',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'takedown'), ('reentry__isnull', True)), models.Q(('kind', 'return'), ('reentry__isnull', False)), _connector='OR'), name='takedownnotice_return_names_it'),
            ),
            migrations.AddConstraint(
                model_name='takedownnotice',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['queued', 'sent', 'acknowledged', 'complied', 'countered', 'overdue', 'breached', 'closed'])), name='takedownnotice_status_known'),
            ),
            migrations.AddConstraint(
                model_name='reentry',
                constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['return', 'retraction', 'order'])), name='reentry_ground_known'),
            ),
            migrations.AddConstraint(
                model_name='reentry',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', 'order'), _negated=True), ('note__isnull', False), _connector='OR'), name='reentry_order_says_why'),
            ),
        ]),
    ]
