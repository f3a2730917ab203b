"""Every pair of statuses of a claim and of a dispute: declared steps are taken, all others refused."""

from itertools import product

import pytest
from django.utils import timezone

from catalog.territories import worldwide
from claims.models import Claim, Dispute
from core.workflow import MoveNotAllowed, move
from tests import factories

CLAIM = {
    ("draft", "filed"),
    ("draft", "retracted"),
    ("filed", "under_review"),
    ("filed", "retracted"),
    ("under_review", "approved"),
    ("under_review", "rejected"),
    ("under_review", "evidence_requested"),
    ("under_review", "retracted"),
    ("evidence_requested", "under_review"),
    ("evidence_requested", "retracted"),
    ("approved", "awarding"),
    ("awarding", "awarded"),
    ("awarded", "revoked"),
}
DISPUTE = {
    ("opened", "answered"),
    ("opened", "decided"),
    ("opened", "settled"),
    ("answered", "decided"),
    ("answered", "settled"),
}


def walk(case, allowed):
    for before, after in product(type(case).Status.values, repeat=2):
        type(case).objects.filter(pk=case.pk).update(status=before)
        case.status = before
        if (before, after) in allowed:
            assert move(case, after, by=None, now=timezone.now()).status == after
        else:
            with pytest.raises(MoveNotAllowed):
                move(case, after, by=None, now=timezone.now())


def test_claim_takes_declared_steps_only(db, alice):
    claim = Claim.objects.create(holder=factories.a_holder(owner=alice), created_by=alice, created_at=timezone.now())

    walk(claim, CLAIM)


def test_dispute_takes_declared_steps_only(db):
    dispute = Dispute.objects.create(
        track=factories.a_track(), right="phonogram", territories=worldwide(), opened_at=timezone.now()
    )

    walk(dispute, DISPUTE)
