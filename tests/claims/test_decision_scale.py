"""Approving many lines at once takes as many statements as approving few, conflicts and songs included."""

from datetime import date
from decimal import Decimal as D
from time import perf_counter

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import services as catalog
from catalog.models import RightsShare
from claims import services
from claims.models import ClaimLine, Dispute
from tests import factories

LINES = 20_000


def decided(alice, rita, label, rival, count):
    """A claim as owner and writer of so many tracks, half of them somebody else's by 80 %, and its statements."""
    tracks = [factories.a_track() for _ in range(count)]
    for track in tracks[: count // 2]:
        factories.a_share(track, rival, 80, start=date(2006, 1, 1))
    terms = {"percents": {"owns_master": D(50), "wrote": D(100)}}
    claim = factories.a_reviewed_claim(alice, label, *tracks, reviewer=rita, **terms)
    with CaptureQueriesContext(connection) as seen:
        services.decide_claim(
            claim=claim,
            decisions={line.pk: services.LineDecision("accepted") for line in claim.lines.all()},
            by=rita,
            now=timezone.now(),
        )
    awarding = [at for at, query in enumerate(seen) if "claims_distributionrun" in query["sql"]]
    return len(seen.captured_queries[: awarding[0]])


@pytest.mark.slow
@pytest.mark.django_db
def test_a_long_claim_takes_as_many_statements_as_a_short_one(alice, rita, charlie):
    label, rival = factories.a_holder(owner=alice), factories.a_holder(owner=charlie)

    few = decided(alice, rita, label, rival, 4)
    many = decided(alice, rita, label, rival, 40)

    assert many <= few
    assert Dispute.objects.count() == 22
    assert ClaimLine.objects.filter(outcome="disputed").count() == 22
    assert RightsShare.objects.filter(holder=label, right="work", percent=100).count() == 44


@pytest.mark.slow
def test_approving_very_many_lines(committed_db, alice, rita):
    label = factories.a_holder(owner=alice)
    ids = catalog.add_tracks(tracks=[catalog.NewTrack(title=f"T{n}", artist="A") for n in range(LINES)])
    claim = services.create_draft(
        holder=label,
        track_ids=ids,
        terms=services.Terms(percents={"owns_master": D(100)}, territories=factories.the_world()),
        by=alice,
        now=timezone.now(),
    )
    claim = services.file_claim(claim=claim, signature="Alice Example", language="en", by=alice, now=timezone.now())
    claim = services.start_review(claim=claim, by=rita, now=timezone.now())

    with transaction.atomic():
        began = perf_counter()
        with CaptureQueriesContext(connection) as seen:
            services.approve_claim(claim=claim, by=rita, now=timezone.now())
        took = perf_counter() - began

        print(f"{LINES} lines approved in {took:.1f} s, {len(seen)} statements")
        assert RightsShare.objects.filter(holder=label).count() == LINES
        assert len(seen) < 70
        assert took < LINES / 800
        transaction.set_rollback(True)  # the award is measured elsewhere
