"""What the tables of sales refuse: triggers and grants, from the files in sales/sql."""

from pathlib import Path

from django.db import migrations

from core.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    replaces = [
        ("sales", "0002_sale_references"),
        ("sales", "0006_mapping_template"),
        ("sales", "0009_sale_cut"),
        ("sales", "0011_late_keys"),
        ("sales", "0014_key_references"),
    ]

    dependencies = [("core", "0002_rules"), ("catalog", "0002_rules"), ("sales", "0001_tables")]

    operations = [
        migrations.RunSQL(
            'DROP INDEX IF EXISTS "sales_storekey_public_id_2512fc6a_like"',
            'CREATE INDEX "sales_storekey_public_id_2512fc6a_like" ON sales_storekey (public_id varchar_pattern_ops)',
        ),  # nobody looks a key up by the beginning of its name, and a report makes some hundred thousand
        run_sql_file(SQL / "sale_references.sql", SQL / "sale_references_drop.sql"),
        run_sql_file(SQL / "mapping_version.sql", SQL / "mapping_version_drop.sql"),
        run_sql_file(SQL / "late_keys.sql", SQL / "late_keys_drop.sql"),
        run_sql_file(SQL / "key_references.sql", SQL / "key_references_drop.sql"),
    ]
