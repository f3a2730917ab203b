"""What a store is told when its licence stops or goes on."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0008_planned_runs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='storemessage',
            name='kind',
            field=models.CharField(choices=[('takedown_notice.reminder', 'Your time for a notice ends soon'), ('takedown_notice.overdue', 'Your time for a notice is over'), ('takedown_notice.seen_again', 'A track you removed was seen in your store'), ('compliance.found_in_report', 'Your report has sales of tracks that are out'), ('licence.stopped', 'Your licence stops'), ('licence.resumed', 'Your licence goes on'), ('compliance.listed_again', 'Your catalogue lists tracks that are out')], max_length=40),
        ),
    ]
