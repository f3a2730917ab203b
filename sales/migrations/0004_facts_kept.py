"""Stores, licences, tariffs, what stores sent and what people decided about it are never taken away."""

from django.db import migrations

from core.sqlfiles import facts, kept


class Migration(migrations.Migration):
    dependencies = [("core", "0002_rules"), ("sales", "0003_licence_stops")]

    operations = [
        facts("sales_tariffsplit"),
        kept(
            "sales_bookmonth",
            "sales_cataloguesnapshot",
            "sales_licencestop",
            "sales_license",
            "sales_licensee",
            "sales_mappingtemplate",
            "sales_matchproposal",
            "sales_reportfile",
            "sales_reportingrule",
            "sales_reportreminder",
            "sales_salesreport",
            "sales_sameasrule",
            "sales_stoppedkey",
            "sales_storekey",
            "sales_tariff",
            "sales_upload",
        ),
    ]
