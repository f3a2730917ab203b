"""A holder takes the proof of a posting home, and only of an own one."""

import pytest
from django.urls import reverse

from ledger import services as ledger
from ledger.models import Posting
from ledger.publishing import signer
from tests.payouts.world import NOW

pytestmark = pytest.mark.django_db


def address(world, posting):
    return reverse("payouts:proof", kwargs={"holder_id": world.label.public_id, "posting_id": posting.pk})


def test_a_posting_of_the_holder_is_proved_once_it_is_signed(world, client_of):
    posting = Posting.objects.filter(account__owner=f"holder:{world.label.pk}").first()
    alice = client_of(world.alice)
    assert alice.get(address(world, posting), follow=True).text.count("under no signed checkpoint yet") == 1
    ledger.sequence_log()
    ledger.sign_checkpoint(signer=signer(), publish=lambda name, text: None, now=NOW)

    answer = alice.get(address(world, posting))

    assert answer["Content-Disposition"] == f'attachment; filename="roms-proof-{posting.pk}.json"'
    assert f"roms-posting-1\n{posting.pk}\n" in answer.json()["posting"]["text"]
    assert client_of(world.bob).get(address(world, posting)).status_code == 200
    assert client_of(world.stranger).get(address(world, posting)).status_code == 404


def test_a_posting_to_anybody_else_is_not_found(world, client_of):
    posting = Posting.objects.filter(account__owner="").first()

    assert client_of(world.alice).get(address(world, posting)).status_code == 404
