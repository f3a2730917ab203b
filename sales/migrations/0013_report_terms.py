from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0012_calendar_and_lists")]

    operations = [
        migrations.AddField(
            model_name="salesreport",
            name="terms_sha256",
            field=models.CharField(
                blank=True,
                help_text="Of what the store's tariffs and licences said of its period when read.",
                max_length=64,
            ),
        ),
    ]
