"""The sweep that numbers what stores owe."""

import pytest

from payouts import tasks
from payouts.models import AmountDue

pytestmark = pytest.mark.django_db


def test_sweep_gives_every_posted_report_its_note_once(world):
    tasks.issue_amounts_due()
    tasks.issue_amounts_due()

    assert set(AmountDue.objects.values_list("report_id", flat=True)) == {world.may.pk, world.june.pk}
    assert AmountDue.objects.count() == 2
