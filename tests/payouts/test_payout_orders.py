"""Whatever happens in whatever order: nothing of a holder's money is created or lost, and nothing is paid twice."""

from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.workflow import MovedMeanwhile, MoveNotAllowed
from ledger import selectors as ledger_facts
from ledger.verify import verify
from payouts import selectors, services
from payouts.models import Payment, PayoutBatch
from tests.payouts.bank_files import camt, pain002
from tests.payouts.paying import DAY, NOW, D, approve, draft, fund, places, send, take

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WHOLE = D("13.33333334")
REFUSED = (
    MovedMeanwhile,
    MoveNotAllowed,
    services.NothingToPay,
    services.NothingHeld,
    services.MoreThanDue,
    services.RemittanceKnown,
    services.OrderDiffers,
)
EVENTS = ("fund", "draft", "approve", "send", "settle", "refuse", "return", "discard", "hold", "lift")


class Undone(Exception):
    """Ends an example: everything it did is rolled back."""


def happen(world, event, day):
    """Let one thing happen to the newest batch; what is not possible now is refused and changes nothing."""
    batch = PayoutBatch.objects.order_by("-pk").first()
    payment = Payment.objects.filter(batch=batch).exclude(status="left_out").first() if batch else None
    now, number = NOW + day * DAY, f"N-{day}"
    match event:
        case "fund":
            fund(world.licensee, world.june, "3.34", world.frank)
        case "draft":
            draft(world, now)
        case "approve" if batch:
            approve(world, batch, now)
        case "send" if batch:
            send(world, batch, now)
        case "settle" if payment and hasattr(batch, "file"):
            take(world, pain002(batch, [(payment, "ACSC", "")], number=number), now)
        case "refuse" if payment and hasattr(batch, "file"):
            take(world, pain002(batch, [(payment, "RJCT", "AM04")], number=number), now)
        case "return" if payment:
            take(world, camt(54, [(payment, 1)], number=number, returned="AC04"), now)
        case "discard" if batch:
            services.discard_batch(batch=batch, by=world.frank, now=now)
        case "hold":
            services.order_hold(holder=world.label, reason="A letter.", by=world.frank, now=now)
        case "lift":
            services.lift_hold(holder=world.label, reason="Done.", by=world.sue, now=now)


def check(world):
    rests = places(world.label)
    assert sum(rests.values()) == WHOLE
    paid = sum((one.gross for one in Payment.objects.filter(status="settled")), D(0))
    assert rests.get("paid", D(0)) == paid
    assert paid <= D("13.33"), "never more than there was"
    on_its_way = Payment.objects.filter(status__in=["approved", "sent"])
    assert rests.get("in_payout", D(0)) == sum((one.gross for one in on_its_way), D(0))
    gone = sum((one.net for one in Payment.objects.filter(status="settled")), D(0))
    came = sum((one.amount for one in selectors.remittances_for(world.frank)), D(0))
    assert ledger_facts.balance("bank", "USD").amount == came - gone
    assert verify().ok


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.sampled_from(EVENTS), min_size=4, max_size=14))
def test_money_of_a_holder_is_whole_after_any_events(paid_world, events):
    with suppress(Undone), transaction.atomic():
        for day, event in enumerate(events):
            with suppress(*REFUSED), transaction.atomic():
                happen(paid_world, event, day)
            check(paid_world)
        raise Undone
