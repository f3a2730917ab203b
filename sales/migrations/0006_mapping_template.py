from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.ids
from core.sqlfiles import run_sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_append_only"),
        ("sales", "0005_matching"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MappingTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", core.ids.PublicIdField(prefix="MAP")),
                ("name", models.CharField(max_length=80)),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, help_text="No new file is read by it since.", null=True),
                ),
                (
                    "licensee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mapping_templates",
                        to="sales.licensee",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MappingVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("rules", models.JSONField(help_text="As sales.formats.rules spells them.")),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        help_text="Names of the columns of the file it was made for.",
                        size=None,
                    ),
                ),
                (
                    "fingerprint",
                    models.CharField(help_text="Of the columns it needs, in any order and case.", max_length=64),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="sales.mappingtemplate"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="reportfile",
            name="mapping",
            field=models.ForeignKey(
                blank=True,
                help_text="Which version of a mapping template it is read through, if any.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="sales.mappingversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="mappingtemplate",
            constraint=models.UniqueConstraint(fields=("licensee", "name"), name="mappingtemplate_name"),
        ),
        migrations.AddConstraint(
            model_name="mappingversion",
            constraint=models.UniqueConstraint(fields=("template", "number"), name="mappingversion_once"),
        ),
        run_sql_file(SQL / "mapping_version.sql", SQL / "mapping_version_drop.sql"),
    ]
