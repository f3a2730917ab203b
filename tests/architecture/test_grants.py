"""What the application may do to every table: a new one keeps its rows unless it is named here as one that does not."""

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.django_db

WORKING = {
    # drafts, lists, drawers: what is in them is made anew
    "catalog_cataloguechange",
    "catalog_rowfault",
    "catalog_searchword",
    "claims_check",
    "claims_claimline",
    "claims_evidenceuse",
    "claims_optoutline",
    "claims_queueitem",
    "claims_repertoirepart",
    "claims_repertoirerow",
    "claims_reviewnote",
    "claims_compliancecheck",
    "register_entry",
    "sales_linefault",
    "sales_reporttotal",
    "sales_sale",
    "sales_summaryrecord",
    # what describes a thing today, its changes being events or rows of a merge
    "catalog_authority_tracks",
    "catalog_holderidentifier",
    "catalog_holdermember",
    "catalog_holdername",
    "catalog_licensorstatement_tracks",
    "catalog_mergedrow",
    "catalog_releasetrack",
    "catalog_trackisrc",
    "catalog_trackname",
    "catalog_trackwork",
    "catalog_workauthor",
    "claims_absence",
    "claims_cataloguetransfer_tracks",
    "claims_evidencedocument_tracks",
    "claims_holiday",
    "claims_noticerow_withdrawals",
    "claims_optout_licensees",
    "claims_optoutline_withdrawals",
    "claims_webhooksecret",
    "sales_licenseemember",
    "sales_matchrejection",
    # what belongs to a person and goes with them
    "account_emailaddress",
    "account_emailconfirmation",
    "accounts_outboxmessage",
    "accounts_user_groups",
    "accounts_user_user_permissions",
    "claims_invitationmail",
    "claims_namewatch",
    "claims_watchmail",
    "django_session",
    "mfa_authenticator",
    # the framework's own
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "core_installation",
    "django_content_type",
    "django_migrations",
}
"""Tables the application may delete rows from."""

ALL_TABLES = """
SELECT relname, has_table_privilege('roms_app', oid, 'DELETE'), has_table_privilege('roms_app', oid, 'TRUNCATE')
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""


def test_rows_go_away_only_where_it_was_decided():
    with connection.cursor() as cursor:
        cursor.execute(ALL_TABLES)
        rows = cursor.fetchall()

    deletable = {table for table, may_delete, _ in rows if may_delete}
    assert sorted(deletable - WORKING) == [], "let its migration call core.sqlfiles.facts or kept, or name it"
    assert sorted(WORKING - deletable) == [], "these keep their rows already, or are gone"
    assert not [table for table, _, may_truncate in rows if may_truncate]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_attestation SET signed_at = now()",
        "UPDATE claims_attestationtext SET text = 'I give a licence.'",
        "DELETE FROM claims_observation",
        "DELETE FROM claims_claim",
        "UPDATE catalog_rightsshare SET percent = 100",
        "UPDATE catalog_withdrawal SET basis = ''",
        "UPDATE payouts_screeningcase SET name_key = ''",
        "DELETE FROM payouts_screeningcase",
        "UPDATE payouts_payouthold SET ordered_by_id = 1",
        "DELETE FROM sales_tariff",
        "DELETE FROM sales_reportfile",
    ],
)
def test_facts_are_refused_to_the_application(statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
