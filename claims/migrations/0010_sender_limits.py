"""How many opt-outs one may send, who may send none, and grants that ask for two reviewers."""

from datetime import date

import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce

from django.utils import timezone

START = date(2005, 1, 1)
WHY = "Assumption of the portal, to be replaced by the society's own number."
NUMBERS = {
    "second_tracks": 1000,
    "opt_out_days": 30,
    "opt_out_cases": 100,
    "opt_out_mistaken": 3,
    "weight_abuse": 30,
}


def set_numbers(apps, schema_editor):
    """This will set the first numbers."""
    rule, now = apps.get_model("claims", "HouseRule"), timezone.now()
    rule.objects.bulk_create(
        rule(code=code, value=value, start=START, why=WHY, set_at=now) for code, value in NUMBERS.items()
    )
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_returns'),
        ('claims', '0009_licence_messages'),
        ('core', '0002_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='SenderSuspension',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='SUS')),
                    ('status', models.CharField(choices=[('in_force', 'In force'), ('appealed', 'Appealed'), ('upheld', 'Upheld after an appeal'), ('lifted', 'Lifted')], default='in_force', max_length=10)),
                    ('reason', models.CharField(choices=[('false_owner', 'Said to own what belongs to others'), ('false_papers', 'Showed papers that do not stand up to a check'), ('many_mistaken', 'Sent many notices that were mistaken'), ('other', 'Another reason, see the words')], max_length=16)),
                    ('until', models.DateField(blank=True, help_text='First day on which it may send again; empty: lifted.', null=True)),
                    ('at', models.DateTimeField()),
                    ('appealed_at', models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.AddField(
                model_name='decisionproposal',
                name='opt_out',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='claims.optout'),
            ),
            migrations.AlterField(
                model_name='casemail',
                name='topic',
                field=models.CharField(choices=[('claim_asked', 'A reviewer asks for more about a claim'), ('claim_reminded', 'A question about a claim is still open'), ('claim_message', 'A message about a claim'), ('claim_approved', 'A claim was approved'), ('claim_rejected', 'A claim was rejected'), ('opt_out_asked', 'A reviewer asks for more about an opt-out'), ('opt_out_reminded', 'A question about an opt-out is still open'), ('opt_out_message', 'A message about an opt-out'), ('opt_out_granted', 'An opt-out was granted'), ('opt_out_refused', 'An opt-out was refused'), ('opt_out_back', 'Tracks of an opt-out came back by order'), ('opt_out_counter', 'Somebody objects to an opt-out'), ('counter_ended', 'An objection to an opt-out was decided'), ('sender_stopped', 'A holder may send no opt-outs for a time'), ('sender_decided', 'A stop of opt-outs was decided again'), ('dispute_opened', 'Disputes were opened'), ('dispute_digest', 'Open disputes of the week'), ('dispute_held', 'A hold was ordered in a dispute'), ('dispute_ended', 'A dispute was decided or settled'), ('claim_revoked', 'An approval was taken back'), ('appeal_upheld', 'An appeal was decided: the decision stands'), ('appeal_reversed', 'An appeal was decided: looked at anew'), ('challenge_opened', 'Works of a similar name are open to objection'), ('objection_ended', 'An objection was decided'), ('breach_found', 'A store sold what a holder took out'), ('transfer_asked', 'Another holder proposes to hand a catalogue over'), ('transfer_done', 'A catalogue was handed over'), ('holder_verified', 'A holder was verified'), ('holder_refused', 'A holder was not verified'), ('holder_asked', "A reviewer asks for more about a holder's identity"), ('holder_again', "A holder's identity is looked at again"), ('authority_asked', 'An agent shows a letter of a holder'), ('authority_given', 'An agent may act for a holder'), ('authority_denied', "An agent's letter was not accepted"), ('authority_ended', "An agent's authority ends"), ('holder_suspended', 'A holder was suspended')], max_length=16),
            ),
            migrations.AlterField(
                model_name='decisionproposal',
                name='claim',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='claims.claim'),
            ),
            migrations.AlterField(
                model_name='decisionproposal',
                name='lines',
                field=models.JSONField(help_text='{line id: [outcome, reason, percent]}; of an opt-out, rows that stay in.'),
            ),
            migrations.AlterField(
                model_name='queueitem',
                name='kind',
                field=models.CharField(choices=[('claim', 'Claim'), ('opt_out', 'Opt-out'), ('holder', 'New holder'), ('dispute', 'Dispute'), ('authority', 'Letter of an agent'), ('document', 'Document to check'), ('correction', 'Correction'), ('proposal', 'Proposed match'), ('appeal', 'Appeal'), ('objection', 'Objection'), ('counter', 'Objection to an opt-out'), ('suspension', 'Appeal against a stop of opt-outs')], max_length=10),
            ),
            migrations.AddConstraint(
                model_name='decisionproposal',
                constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('opt_out',), name='decisionproposal_one_open_opt_out'),
            ),
            migrations.AddConstraint(
                model_name='decisionproposal',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('opt_out__isnull', True)), models.Q(('claim__isnull', True), ('opt_out__isnull', False)), _connector='OR'), name='decisionproposal_one_case'),
            ),
            migrations.AddField(
                model_name='sendersuspension',
                name='appeal_words',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.note'),
            ),
            migrations.AddField(
                model_name='sendersuspension',
                name='appealed_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='sendersuspension',
                name='by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='sendersuspension',
                name='decided_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='sendersuspension',
                name='holder',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sender_suspensions', to='catalog.rightsholder'),
            ),
            migrations.AddField(
                model_name='sendersuspension',
                name='words',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.note'),
            ),
            migrations.AddConstraint(
                model_name='sendersuspension',
                constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['in_force', 'appealed', 'upheld']), ('until__isnull', True)), fields=('holder',), name='sendersuspension_one_open'),
            ),
            migrations.AddConstraint(
                model_name='sendersuspension',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['in_force', 'appealed', 'upheld', 'lifted'])), name='sendersuspension_status_known'),
            ),
            migrations.AddConstraint(
                model_name='sendersuspension',
                constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('by')), _negated=True), _connector='OR'), name='sendersuspension_appeal_by_another'),
            ),
        ]),
        migrations.RunPython(set_numbers, migrations.RunPython.noop),
    ]
