"""What was signed, said, seen and approved is never changed; no case of anybody is ever taken away."""

from django.db import migrations

from core.sqlfiles import facts, kept


class Migration(migrations.Migration):
    dependencies = [("core", "0002_rules"), ("claims", "0014_relay")]

    operations = [
        facts(
            "claims_acknowledgement",
            "claims_appeal_documents",
            "claims_attestation",
            "claims_attestationtext",
            "claims_casemessage",
            "claims_claimamendment",
            "claims_correctionkey",
            "claims_counterdocument",
            "claims_counternotice_documents",
            "claims_counternotice_rows",
            "claims_counternotice_withdrawals",
            "claims_disputeanswer_documents",
            "claims_lightapproval",
            "claims_objection_documents",
            "claims_observation",
            "claims_reentry_licensees",
        ),
        kept(
            "claims_appeal",
            "claims_batchclaim",
            "claims_caseclock",
            "claims_casemail",
            "claims_cataloguetransfer",
            "claims_challengewindow",
            "claims_claim",
            "claims_clock",
            "claims_clockset",
            "claims_compliancefinding",
            "claims_correction",
            "claims_counternotice",
            "claims_decisionproposal",
            "claims_dispute",
            "claims_disputedigest",
            "claims_disputeparty",
            "claims_distributionrun",
            "claims_evidencedocument",
            "claims_evidencekind",
            "claims_fraudmark",
            "claims_mergeconflict",
            "claims_moneyrequest",
            "claims_noticedelivery",
            "claims_noticerow",
            "claims_objection",
            "claims_optout",
            "claims_plannedrun",
            "claims_plannedtotal",
            "claims_reentry",
            "claims_relayedmail",
            "claims_repertoirefile",
            "claims_repertoirelist",
            "claims_reviewbatch",
            "claims_sendersuspension",
            "claims_storemessage",
            "claims_takedownnotice",
            "claims_webhook",
        ),
    ]
