"""Rows of lists, opt-outs and notices, a million in one act: their references are checked once per statement.

Rows that are written once and then looked up or decided, all of them, have room for that beside them: the new version
stays on its page, and no index is told.
"""

import django.db.models.deletion
from django.db import migrations, models

from core.at_once import AtOnce
from core.sqlfiles import refers

SECOND_INDEXES = {
    "claims_noticerow_withdrawals_noticerow_id_fcfab2df": ("claims_noticerow_withdrawals", "noticerow_id"),
    "claims_optoutline_withdrawals_optoutline_id_2fdb2de7": ("claims_optoutline_withdrawals", "optoutline_id"),
}
"""Of columns that another index of the same table begins with."""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0006_withdrawal_references'),
        ('claims', '0020_paid_before'),
        ('core', '0003_references'),
    ]

    operations = [
        AtOnce([
            migrations.AlterField(
                model_name='noticerow',
                name='notice',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='claims.takedownnotice'),
            ),
            migrations.AlterField(
                model_name='noticerow',
                name='track',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.track'),
            ),
            migrations.AlterField(
                model_name='noticerow',
                name='withdrawals',
                field=models.ManyToManyField(db_constraint=False, related_name='notice_rows', to='catalog.withdrawal'),
            ),
            migrations.AlterField(
                model_name='optoutline',
                name='opt_out',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='claims.optout'),
            ),
            migrations.AlterField(
                model_name='optoutline',
                name='track',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opt_out_lines', to='catalog.track'),
            ),
            migrations.AlterField(
                model_name='optoutline',
                name='withdrawals',
                field=models.ManyToManyField(blank=True, db_constraint=False, related_name='opt_out_lines', to='catalog.withdrawal'),
            ),
            migrations.AlterField(
                model_name='repertoirerow',
                name='list',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='claims.repertoirelist'),
            ),
        ]),
        refers("claims_noticerow", notice_id="claims_takedownnotice", track_id="catalog_track"),
        refers("claims_noticerow_withdrawals", noticerow_id="claims_noticerow", withdrawal_id="catalog_withdrawal"),
        refers("claims_optoutline", opt_out_id="claims_optout", track_id="catalog_track"),
        refers("claims_optoutline_withdrawals", optoutline_id="claims_optoutline", withdrawal_id="catalog_withdrawal"),
        refers("claims_repertoirerow", list_id="claims_repertoirelist"),
        migrations.RunSQL(
            "CREATE TRIGGER claims_optoutline_referred_to AFTER DELETE ON public.claims_optoutline"
            " REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT"
            " EXECUTE FUNCTION public.core_referred_to('claims_optoutline_withdrawals', 'optoutline_id')",
            "DROP TRIGGER claims_optoutline_referred_to ON public.claims_optoutline",
        ),
        migrations.RunSQL(
            [f'DROP INDEX IF EXISTS "{name}"' for name in SECOND_INDEXES],
            [f'CREATE INDEX "{name}" ON {table} ({column})' for name, (table, column) in SECOND_INDEXES.items()],
        ),
        migrations.RunSQL(
            ["ALTER TABLE claims_optoutline SET (fillfactor = 50)", "ALTER TABLE claims_repertoirerow SET (fillfactor = 50)"],
            ["ALTER TABLE claims_optoutline RESET (fillfactor)", "ALTER TABLE claims_repertoirerow RESET (fillfactor)"],
        ),
    ]
