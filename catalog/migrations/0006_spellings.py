"""Words of the vocabulary are found by their spellings; those that are there get theirs."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from catalog.spelling import spellings

ROWS_AT_ONCE = 5000


def spell_words(apps, schema_editor):
    words = apps.get_model("catalog", "SearchWord").objects
    known = list(words.order_by("word").values_list("word", flat=True))
    for start in range(0, len(known), ROWS_AT_ONCE):
        few = [words.model(word=word, spellings=spellings(word)) for word in known[start : start + ROWS_AT_ONCE]]
        words.bulk_update(few, ["spellings"])


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_feeds")]

    operations = [
        migrations.AddField(
            model_name="searchword",
            name="spellings",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(),
                default=list,
                editable=False,
                help_text="catalog.spelling.spellings.",
                size=None,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(spell_words, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="searchword",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["spellings"], name="searchword_spellings"
            ),
        ),
    ]
