"""Which address opens which door of `claims`."""

from django.urls import URLPattern, URLResolver, path

from claims.views import basket, claim, evidence, queue, search

app_name = "claims"
urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", search.search, name="search"),
    path("tracks/<str:track_id>/", search.track, name="track"),
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.basket_add, name="basket_add"),
    path("basket/remove/", basket.basket_remove, name="basket_remove"),
    path("owners/new/", claim.new_holder, name="new_holder"),
    path("claims/", claim.claims, name="claims"),
    path("claims/new/", claim.new_claim, name="new_claim"),
    path("claims/<str:claim_id>/", claim.claim, name="claim"),
    path("claims/<str:claim_id>/edit/", claim.edit_claim, name="edit_claim"),
    path("claims/<str:claim_id>/checks/", claim.claim_checks, name="claim_checks"),
    path("claims/<str:claim_id>/evidence/", claim.add_evidence, name="add_evidence"),
    path("claims/<str:claim_id>/file/", claim.file_claim, name="file_claim"),
    path("claims/<str:claim_id>/answer/", claim.answer_claim, name="answer_claim"),
    path("claims/<str:claim_id>/retract/", claim.retract_claim, name="retract_claim"),
    path("evidence/<str:document_id>/", evidence.evidence, name="evidence"),
    path("disputes/<str:dispute_id>/", queue.dispute, name="dispute"),
    path("disputes/<str:dispute_id>/answer/", queue.answer_dispute, name="answer_dispute"),
    path("review/", queue.review_queue, name="review_queue"),
    path("review/claims/<str:claim_id>/", queue.review_claim, name="review_claim"),
    path("review/claims/<str:claim_id>/start/", queue.start_review, name="start_review"),
    path("review/claims/<str:claim_id>/ask/", queue.request_evidence, name="request_evidence"),
    path("review/claims/<str:claim_id>/look-again/", queue.look_again, name="look_again"),
    path("review/claims/<str:claim_id>/decide/", queue.decide_claim, name="decide_claim"),
    path("review/holders/<str:holder_id>/", queue.review_holder, name="review_holder"),
    path("review/disputes/<str:dispute_id>/", queue.review_dispute, name="review_dispute"),
    path("review/disputes/<str:dispute_id>/hold/", queue.order_hold, name="order_hold"),
    path("review/disputes/<str:dispute_id>/decide/", queue.decide_dispute, name="decide_dispute"),
]
