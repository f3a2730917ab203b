"""Addresses of this app below /api/v1/."""

from django.urls import path

from claims.api import claim, opt_out, search, takedown

urlpatterns = [
    path("claims/", claim.claims, name="api-claims"),
    path("claims/attestation/", claim.attestation, name="api-claim-attestation"),
    path("claims/<str:claim_id>/", claim.claim, name="api-claim"),
    path("claims/<str:claim_id>/lines/", claim.claim_lines, name="api-claim-lines"),
    path("claims/<str:claim_id>/evidence/", claim.claim_evidence, name="api-claim-evidence"),
    path("claims/<str:claim_id>/file/", claim.file_claim, name="api-file-claim"),
    path("claims/<str:claim_id>/answer/", claim.answer_claim, name="api-answer-claim"),
    path("claims/<str:claim_id>/retract/", claim.retract_claim, name="api-retract-claim"),
    path("claims/<str:claim_id>/start-review/", claim.start_review, name="api-start-review"),
    path("claims/<str:claim_id>/request-evidence/", claim.request_evidence, name="api-request-evidence"),
    path("claims/<str:claim_id>/approve/", claim.approve_claim, name="api-approve-claim"),
    path("claims/<str:claim_id>/reject/", claim.reject_claim, name="api-reject-claim"),
    path("unclaimed/", search.unclaimed, name="api-unclaimed"),
    path("opt-outs/", opt_out.opt_outs, name="api-opt-outs"),
    path("opt-outs/attestation/", opt_out.attestation, name="api-opt-out-attestation"),
    path("opt-outs/<str:opt_out_id>/", opt_out.opt_out, name="api-opt-out"),
    path("opt-outs/<str:opt_out_id>/evidence/", opt_out.opt_out_evidence, name="api-opt-out-evidence"),
    path("opt-outs/<str:opt_out_id>/rows/", opt_out.opt_out_rows, name="api-opt-out-rows"),
    path("opt-outs/<str:opt_out_id>/request/", opt_out.request_opt_out, name="api-request-opt-out"),
    path("opt-outs/<str:opt_out_id>/answer/", opt_out.answer_opt_out, name="api-answer-opt-out"),
    path("opt-outs/<str:opt_out_id>/retract/", opt_out.retract_opt_out, name="api-retract-opt-out"),
    path("opt-outs/<str:opt_out_id>/grant/", opt_out.grant_opt_out, name="api-grant-opt-out"),
    path("opt-outs/<str:opt_out_id>/refuse/", opt_out.refuse_opt_out, name="api-refuse-opt-out"),
    path("takedown-notices/", takedown.takedown_notices, name="api-takedown-notices"),
    path("takedown-notices/<str:public_id>/", takedown.takedown_notice, name="api-takedown-notice"),
    path("takedown-notices/<str:public_id>/rows/", takedown.takedown_notice_rows, name="api-takedown-notice-rows"),
    path("takedown-notices/<str:public_id>/acknowledge/", takedown.acknowledge, name="api-takedown-notice-acknowledge"),
    path("takedown-notices/<str:public_id>/removed/", takedown.removed, name="api-takedown-notice-removed"),
    path("takedown-notices/<str:public_id>/objection/", takedown.objection, name="api-takedown-notice-objection"),
]
