from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="erased")),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("erased_at__isnull", True), ("text", ""), _connector="OR"),
                        name="core_note_erased_is_empty",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("party", models.CharField(max_length=64, unique=True, verbose_name="party")),
                ("wrapped", models.BinaryField(null=True, verbose_name="wrapped key")),
                (
                    "created_at",
                    models.DateTimeField(db_default=models.functions.Now(), verbose_name="created"),
                ),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="erased")),
            ],
            options={
                "verbose_name": "party key",
                "verbose_name_plural": "party keys",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("wrapped__isnull", True), ("erased_at__isnull", True), _connector="XOR"),
                        name="core_partykey_erased_has_no_key",
                    )
                ],
            },
        ),
    ]
