"""The queue, appeals and messages over JSON: the same rules as on the pages, in the same words of refusal."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from claims import services
from claims.models import Appeal
from tests import factories
from tests.conftest import person

pytestmark = pytest.mark.django_db


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_a_reviewer_reads_the_queue_and_takes_the_next(alice, rita):
    label = factories.a_holder(owner=alice)
    claim = factories.a_claim(alice, label)

    queue = api(rita).get("/api/v1/review/queue/").json()
    taken = api(rita).post("/api/v1/review/take/")

    assert [item["id"] for item in queue["items"]] == [claim.public_id]
    assert (taken.status_code, taken.json()["id"]) == (200, claim.public_id)
    assert api(rita).post("/api/v1/review/take/").status_code == 204
    assert api(alice).get("/api/v1/review/queue/").status_code == 404


@pytest.mark.slow
def test_a_holder_writes_appeals_and_another_reviewer_decides(alice, rita):
    label, ron = factories.a_holder(owner=alice), person("ron")
    ron.role = "reviewer"
    ron.save()
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)
    said = api(alice).post(f"/api/v1/cases/{claim.public_id}/messages/", {"text": "When?"})
    assert [message["text"] for message in said.json()] == ["When?"]
    services.reject_claim(claim=claim, reason="proof_missing", by=rita, now=timezone.now())

    filed = api(alice).post(f"/api/v1/cases/{claim.public_id}/appeal/", {"text": "Look again."})
    there = f"/api/v1/appeals/{filed.json()['id']}/"
    same = api(rita).post(f"{there}decide/", {"outcome": "upheld", "reason": "No."})
    decided = api(ron).post(f"{there}decide/", {"outcome": "reversed", "reason": "Yes."})

    assert filed.status_code == 201
    assert (same.status_code, same.json()["code"]) == (403, "decided_before")
    assert decided.json()["reopened"] == Appeal.objects.get().reopened.public_id
    assert api(alice).get(there).json()["status"] == "reversed"
