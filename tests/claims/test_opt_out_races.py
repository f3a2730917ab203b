"""Two at once: real commits, real threads, one outcome."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from accounts.models import User
from catalog.models import Withdrawal
from claims import services, tasks
from claims.models import NoticeDelivery, OptOut, TakedownNotice
from core.workflow import MovedMeanwhile, MoveNotAllowed
from tests.factories import a_holder, a_rule, a_store, a_track, an_opt_out, send_opt_out
from tests.receiver import SECRET, receiving

WORKERS = 6


@pytest.fixture
def case(committed_db, alice, store):
    """A sent opt-out of five tracks from one store."""
    return an_opt_out(alice, a_holder(owner=alice), *(a_track() for _ in range(5)))


def at_once(*acts):
    """Do all at the same time, each with a connection of its own; give results or errors."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.slow
def test_of_opt_outs_sent_at_once_no_more_leave_than_the_number_of_the_house(committed_db, alice):
    a_rule("opt_out_cases", 2)
    label = a_holder(owner=alice)
    drafts = [an_opt_out(alice, label, a_track(), sent=False) for _ in range(WORKERS)]

    results = at_once(*(lambda draft=draft: send_opt_out(draft, alice) for draft in drafts))

    assert sum(isinstance(result, OptOut) for result in results) == 2
    assert sum(isinstance(result, services.TooManyOptOuts) for result in results) == WORKERS - 2


@pytest.mark.slow
def test_of_two_reviewers_one_decides(case, rita):
    a_store()
    second = User.objects.create_user("second@example.org", role=User.Role.SUPERVISOR)

    def grant(user):
        return lambda: services.grant_opt_out(opt_out=OptOut.objects.get(pk=case.pk), by=user, now=timezone.now())

    def refuse():
        return services.refuse_opt_out(
            opt_out=OptOut.objects.get(pk=case.pk), by=second, now=timezone.now(), reason="No."
        )

    results = at_once(grant(rita), grant(second), grant(rita), refuse)

    won = [result for result in results if isinstance(result, OptOut)]
    lost = [result for result in results if isinstance(result, MovedMeanwhile | MoveNotAllowed)]
    assert (len(won), len(lost)) == (1, 3)
    granted = won[0].status == OptOut.Status.GRANTED
    assert Withdrawal.objects.count() == (5 if granted else 0)
    assert TakedownNotice.objects.count() == (1 if granted else 0)


@pytest.mark.slow
def test_workers_that_take_the_same_delivery_call_the_store_once(case, rita, monkeypatch):
    monkeypatch.setattr(tasks.deliver_notice, "delay", lambda **_: None)
    with receiving() as receiver:
        a_store(webhook_url=receiver.url, secret=SECRET)
        now = timezone.now()
        services.grant_opt_out(opt_out=case, by=rita, now=now)
        delivery = NoticeDelivery.objects.get(channel="webhook")
        rules = services.CallRules(**settings.ROMS_WEBHOOKS)

        def deliver():
            return services.deliver_notice(delivery_id=delivery.pk, now=now, origin=settings.ROMS_ORIGIN, rules=rules)

        results = at_once(*[deliver] * WORKERS)

        assert [result for result in results if result is not None and not isinstance(result, NoticeDelivery)] == []
        assert len(receiver.got) == 1
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == ("delivered", 1)


@pytest.mark.slow
def test_nothing_is_open_in_the_database_while_the_store_is_called(case, rita, monkeypatch):
    monkeypatch.setattr(tasks.deliver_notice, "delay", lambda **_: None)
    a_store(webhook_url="http://127.0.0.1:9/", secret=SECRET)
    now = timezone.now()
    services.grant_opt_out(opt_out=case, by=rita, now=now)
    delivery = NoticeDelivery.objects.get(channel="webhook")
    seen = []

    def look(**_):
        seen.append((connections["default"].in_atomic_block, NoticeDelivery.objects.get(pk=delivery.pk).attempts))
        raise services.CallFailed("connection")

    monkeypatch.setattr("claims.services.store_webhook.post_signed", look)
    services.deliver_notice(delivery_id=delivery.pk, now=now, origin=settings.ROMS_ORIGIN, rules=services.CallRules())

    assert seen == [(False, 1)]


@pytest.mark.slow
def test_receipts_at_once_are_one_receipt(case, rita, store):
    a_store(member=store)
    services.grant_opt_out(opt_out=case, by=rita, now=timezone.now())
    notice = TakedownNotice.objects.get()

    def acknowledge():
        return services.acknowledge_notice(
            notice=TakedownNotice.objects.get(pk=notice.pk), by=store, now=timezone.now(), reference="T-17"
        ).pk

    assert len(set(at_once(*[acknowledge] * 4))) == 1
    assert TakedownNotice.objects.get().status == "acknowledged"
