"""Objections of stores, contests of holders, counter-notices under 17 USC 512, and the clocks they run by."""

from datetime import date, timedelta

import core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce

START = date(2005, 1, 1)
US = "us"
YEARS = range(2005, 2036)
HOUSE = "Assumption of the portal, 2026, to be replaced by a rule of the society"
LAW = "17 USC 512(g)(2)(C): restored not less than 10, nor more than 14, business days after the counter-notice"


def set_clocks(apps, schema_editor):
    """This will set the society's own time for such a case, and the days the law names, with its holidays."""
    sets, clock = apps.get_model("claims", "ClockSet"), apps.get_model("claims", "Clock")
    house = sets.objects.get(code="house")
    law = sets.objects.create(code="usc_512", name="17 USC 512(g)", basis="law", source=LAW)
    clock.objects.create(of=house, purpose="counter_decision", days=10, is_business=True, start=START, why=HOUSE)
    for purpose, days in (("counter_wait", 10), ("counter_restore", 14)):
        clock.objects.create(of=law, purpose=purpose, days=days, is_business=True, calendar=US, start=START, why=LAW)
    holiday = apps.get_model("claims", "Holiday")
    days_off = {day: name for year in YEARS for day, name in us_holidays(year)}
    holiday.objects.bulk_create(
        (holiday(calendar=US, day=day, name=name) for day, name in days_off.items()), ignore_conflicts=True
    )


def us_holidays(year):
    """This will list the federal holidays of a year (5 USC 6103) on the days they are observed."""
    fixed = [(1, 1, "New Year's Day"), (7, 4, "Independence Day"), (11, 11, "Veterans Day"), (12, 25, "Christmas Day")]
    fixed += [(6, 19, "Juneteenth")] if year > 2020 else []
    for month, day, name in fixed:
        found = date(year, month, day)
        yield found + timedelta(days={5: -1, 6: 1}.get(found.weekday(), 0)), name
    for month, weekday, number, name in (
        (1, 0, 3, "Birthday of Martin Luther King"),
        (2, 0, 3, "Washington's Birthday"),
        (9, 0, 1, "Labor Day"),
        (10, 0, 2, "Columbus Day"),
        (11, 3, 4, "Thanksgiving Day"),
    ):
        first = date(year, month, 1)
        yield first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1)), name
    last = date(year, 5, 31)
    yield last - timedelta(days=last.weekday()), "Memorial Day"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_returns'),
        ('claims', '0005_dispute_panel'),
        ('core', '0002_rules'),
        ('sales', '0002_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='CounterDocument',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name_sealed', models.BinaryField()),
                    ('content_type', models.CharField(help_text='Decided by the content, not by the name.', max_length=100)),
                    ('sha256', models.CharField(max_length=64)),
                    ('size', models.PositiveBigIntegerField()),
                    ('stored', models.CharField(help_text='Storage name of the sealed bytes.', max_length=300)),
                    ('uploaded_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='CounterNotice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', core.ids.PublicIdField(prefix='CTN')),
                    ('status', models.CharField(choices=[('filed', 'Filed'), ('under_review', 'Under review'), ('accepted', 'Accepted'), ('dismissed', 'Dismissed'), ('retracted', 'Taken back'), ('settled', 'Settled: the tracks came back')], default='filed', max_length=12)),
                    ('ground', models.CharField(choices=[('not_this_track', 'It is not this track'), ('direct_licence', 'We hold a licence from the owner directly'), ('other', 'Another reason'), ('usc_512', 'Counter-notice under 17 USC 512(g): removed by mistake or misidentification'), ('not_the_owner', 'Who took it out may not do so: I hold rights in it')], max_length=16)),
                    ('confirmed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, help_text='Elements of 512(g)(3).', size=None)),
                    ('sworn_sealed', models.BinaryField(blank=True, help_text='Name, address, phone, signature.', null=True)),
                    ('filed_at', models.DateTimeField()),
                    ('restore_from', models.DateTimeField(blank=True, help_text='17 USC 512(g)(2)(C): not restored before 10 business days.', null=True)),
                    ('deadline_at', models.DateTimeField(blank=True, help_text='When a person should have decided.', null=True)),
                    ('suit_filed_at', models.DateTimeField(blank=True, help_text='The sender says it has gone to court: nothing is restored under 512(g).', null=True)),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                ],
            ),
            migrations.RemoveConstraint(
                model_name='noticerow',
                name='noticerow_state_known',
            ),
            migrations.AlterField(
                model_name='casemail',
                name='topic',
                field=models.CharField(choices=[('claim_asked', 'A reviewer asks for more about a claim'), ('claim_reminded', 'A question about a claim is still open'), ('claim_message', 'A message about a claim'), ('claim_approved', 'A claim was approved'), ('claim_rejected', 'A claim was rejected'), ('opt_out_asked', 'A reviewer asks for more about an opt-out'), ('opt_out_reminded', 'A question about an opt-out is still open'), ('opt_out_message', 'A message about an opt-out'), ('opt_out_granted', 'An opt-out was granted'), ('opt_out_refused', 'An opt-out was refused'), ('opt_out_back', 'Tracks of an opt-out came back by order'), ('opt_out_counter', 'Somebody objects to an opt-out'), ('counter_ended', 'An objection to an opt-out was decided'), ('dispute_opened', 'Disputes were opened'), ('dispute_digest', 'Open disputes of the week'), ('dispute_held', 'A hold was ordered in a dispute'), ('dispute_ended', 'A dispute was decided or settled'), ('claim_revoked', 'An approval was taken back'), ('appeal_upheld', 'An appeal was decided: the decision stands'), ('appeal_reversed', 'An appeal was decided: looked at anew'), ('challenge_opened', 'Works of a similar name are open to objection'), ('objection_ended', 'An objection was decided'), ('breach_found', 'A store sold what a holder took out'), ('holder_verified', 'A holder was verified'), ('holder_refused', 'A holder was not verified'), ('holder_asked', "A reviewer asks for more about a holder's identity"), ('holder_again', "A holder's identity is looked at again"), ('authority_asked', 'An agent shows a letter of a holder'), ('authority_given', 'An agent may act for a holder'), ('authority_denied', "An agent's letter was not accepted"), ('authority_ended', "An agent's authority ends"), ('holder_suspended', 'A holder was suspended')], max_length=16),
            ),
            migrations.AlterField(
                model_name='clock',
                name='purpose',
                field=models.CharField(choices=[('claim_decision', 'Decision about a claim'), ('claim_answer', "Answer to a reviewer's question about a claim"), ('opt_out_decision', 'Decision about an opt-out'), ('opt_out_answer', "Answer to a reviewer's question about an opt-out"), ('counter_decision', 'Decision about an objection or a contest'), ('counter_wait', 'Before this nothing comes back on a counter-notice under 17 USC 512(g)'), ('counter_restore', 'Decision about a counter-notice under 17 USC 512(g)'), ('appeal_decision', 'Decision about an appeal'), ('dispute_answer', 'Answers of the parties of a dispute'), ('dispute_decision', 'Decision about a dispute')], max_length=20),
            ),
            migrations.AlterField(
                model_name='noticerow',
                name='state',
                field=models.CharField(choices=[('notified', 'Notified'), ('acknowledged', 'Acknowledged'), ('removed', 'Removed'), ('objected', 'Objected'), ('overdue', 'Overdue'), ('breached', 'Breached'), ('returned', 'Came back: nothing to do any more'), ('excused', 'Objection accepted: nothing to do')], default='notified', max_length=14),
            ),
            migrations.AlterField(
                model_name='queueitem',
                name='kind',
                field=models.CharField(choices=[('claim', 'Claim'), ('opt_out', 'Opt-out'), ('holder', 'New holder'), ('dispute', 'Dispute'), ('authority', 'Letter of an agent'), ('document', 'Document to check'), ('correction', 'Correction'), ('proposal', 'Proposed match'), ('appeal', 'Appeal'), ('objection', 'Objection'), ('counter', 'Objection to an opt-out')], max_length=10),
            ),
            migrations.AddConstraint(
                model_name='noticerow',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['notified', 'acknowledged', 'removed', 'objected', 'overdue', 'breached', 'returned', 'excused'])), name='noticerow_state_known'),
            ),
            migrations.AddField(
                model_name='counterdocument',
                name='uploaded_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='appeal_of',
                field=models.OneToOneField(blank=True, help_text='Dismissed before.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='claims.counternotice'),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='decided_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='documents',
                field=models.ManyToManyField(blank=True, related_name='counter_notices', to='claims.evidencedocument'),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='filed_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='holder',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counter_notices', to='catalog.rightsholder'),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='licensee',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counter_notices', to='sales.licensee'),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='notice',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counter_notices', to='claims.takedownnotice'),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='opt_out',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counter_notices', to='claims.optout'),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='rows',
                field=models.ManyToManyField(help_text='Of a store: what it objects to.', related_name='counter_notices', to='claims.noticerow'),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='withdrawals',
                field=models.ManyToManyField(help_text='Of another holder.', related_name='counter_notices', to='catalog.withdrawal'),
            ),
            migrations.AddField(
                model_name='counternotice',
                name='words',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.note'),
            ),
            migrations.AddField(
                model_name='counterdocument',
                name='counter',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='claims.counternotice'),
            ),
            migrations.AddIndex(
                model_name='counternotice',
                index=models.Index(fields=['opt_out'], name='counter_opt_out'),
            ),
            migrations.AddConstraint(
                model_name='counternotice',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('holder__isnull', True), ('licensee__isnull', False), ('notice__isnull', False)), models.Q(('ground', 'not_the_owner'), ('holder__isnull', False), ('licensee__isnull', True), ('notice__isnull', True)), _connector='OR'), name='counter_one_side'),
            ),
            migrations.AddConstraint(
                model_name='counternotice',
                constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('filed_by')), _negated=True), _connector='OR'), name='counter_by_another'),
            ),
            migrations.AddConstraint(
                model_name='counternotice',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['accepted', 'dismissed']), _negated=True), ('decided_by__isnull', False), _connector='OR'), name='counter_decided_by_a_person'),
            ),
            migrations.AddConstraint(
                model_name='counternotice',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', 'usc_512'), _negated=True), ('restore_from__isnull', False), _connector='OR'), name='counter_512_has_its_days'),
            ),
            migrations.AddConstraint(
                model_name='counternotice',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['filed', 'under_review', 'accepted', 'dismissed', 'retracted', 'settled'])), name='counter_status_known'),
            ),
            migrations.AddConstraint(
                model_name='counternotice',
                constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['not_this_track', 'direct_licence', 'other', 'usc_512', 'not_the_owner'])), name='counter_ground_known'),
            ),
            migrations.AddConstraint(
                model_name='counterdocument',
                constraint=models.UniqueConstraint(fields=('counter', 'sha256'), name='counterdocument_once'),
            ),
        ]),
        migrations.RunPython(set_clocks, migrations.RunPython.noop),
    ]
