"""Of a share and of a withdrawal only the days, the side of a merge and the stores that came back may change."""

from django.db import migrations

from core.sqlfiles import kept

NARROW = """
REVOKE UPDATE ON public.catalog_rightsshare, public.catalog_withdrawal FROM roms_app;
GRANT UPDATE (start, "end", holder_id, track_id, work_id) ON public.catalog_rightsshare TO roms_app;
GRANT UPDATE (start, "end", holder_id, track_id, work_id, except_licensee_ids) ON public.catalog_withdrawal TO roms_app;
"""
WIDE = "GRANT UPDATE ON public.catalog_rightsshare, public.catalog_withdrawal TO roms_app"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_rules"), ("catalog", "0003_returns")]

    operations = [
        migrations.RunSQL([(NARROW, None)], WIDE),
        kept(
            "catalog_authority",
            "catalog_catalogueimport",
            "catalog_declaredshare",
            "catalog_holderinvitation",
            "catalog_licensorstatement",
            "catalog_mandate",
            "catalog_merge",
            "catalog_release",
            "catalog_rightsholder",
            "catalog_track",
            "catalog_work",
            "catalog_workdeclaration",
        ),
    ]
