"""Artists and labels are found by the keys of their names; labels that are there get theirs."""

from django.db import connection, migrations, models

from catalog.names import artist_key

ROWS_AT_ONCE = 1000


def key_labels(apps, schema_editor):
    tracks = apps.get_model("catalog", "Track").objects.exclude(label="")
    labels = list(tracks.order_by("label").values_list("label", flat=True).distinct())
    with connection.cursor() as cursor:
        for start in range(0, len(labels), ROWS_AT_ONCE):
            few = labels[start : start + ROWS_AT_ONCE]
            cursor.execute(
                "UPDATE catalog_track t SET label_key = l.key FROM unnest(%s::text[], %s::text[]) AS l (label, key)"
                " WHERE t.label = l.label",
                [few, [artist_key(label) for label in few]],
            )


def artist(model, name):
    parts = models.F("name_key"), models.Value("|"), models.Value(2)
    key = models.Func(*parts, function="split_part", output_field=models.TextField())
    return migrations.AddIndex(model_name=model, index=models.Index(key, name=name))


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_merge_holders")]

    operations = [
        migrations.AddField(
            model_name="track",
            name="label_key",
            field=models.CharField(blank=True, help_text="catalog.names.artist_key(label).", max_length=250),
        ),
        migrations.RunPython(key_labels, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="track",
            index=models.Index(condition=~models.Q(label_key=""), fields=["label_key"], name="track_label"),
        ),
        artist("track", "track_artist"),
        artist("trackname", "trackname_artist"),
    ]
