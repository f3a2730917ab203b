"""Of a screening case only its outcome, and of a hold only who lifted it, is written later."""

from django.db import migrations

from core.sqlfiles import kept

NARROW = """
REVOKE UPDATE ON public.payouts_screeningcase, public.payouts_payouthold FROM roms_app;
GRANT UPDATE (status, decided_at, decided_by_id) ON public.payouts_screeningcase TO roms_app;
GRANT UPDATE (lifted_by_id, lifted_at) ON public.payouts_payouthold TO roms_app;
"""
WIDE = "GRANT UPDATE ON public.payouts_screeningcase, public.payouts_payouthold TO roms_app"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_rules"), ("payouts", "0003_house_and_screening")]

    operations = [kept("payouts_screeningcase"), migrations.RunSQL([(NARROW, None)], WIDE)]
