"""A store's server as a process of its own, that dies and comes back: no notice is lost, none changes its id."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from standardwebhooks import Webhook

from claims import services
from claims.models import NoticeDelivery
from tests.factories import a_holder, a_store, a_track, an_opt_out
from tests.receiver import SECRET, receiving_process

pytestmark = pytest.mark.slow
RULES = services.CallRules(allows_http=True, allows_private=True, seconds_max=5)


def sweep(start, minutes):
    """What the sweep of each minute does, for so many minutes."""
    for minute in range(minutes):
        now = start + timedelta(minutes=minute)
        for delivery in services.deliveries_due(now=now):
            services.deliver_notice(delivery_id=delivery, now=now, origin=settings.ROMS_ORIGIN, rules=RULES)


def test_a_server_down_for_an_hour_gets_every_notice_with_its_id_and_acknowledges(
    alice, rita, store, client_of, tmp_path
):
    label = a_holder("Example Label", owner=alice)
    with receiving_process(tmp_path) as server:
        a_store("AllofMP3", member=store, webhook_url=server.url, secret=SECRET)
        began = timezone.now()
        cases = []
        for number in range(6):
            if number == 2:
                server.stop()
            case = an_opt_out(alice, label, a_track(f"Track {number}"), now=began)
            cases.append(services.grant_opt_out(opt_out=case, by=rita, now=began))
        assert len(server.got()) == 2
        sweep(began + timedelta(minutes=1), 60)
        waiting = NoticeDelivery.objects.filter(channel="webhook", state="failed")
        assert waiting.count() == 4
        assert {one.attempts > 1 for one in waiting} == {True}
        server.start(silent=True)
        sweep(began + timedelta(minutes=61), 180)
        server.stop()
        server.start()
        sweep(began + timedelta(minutes=241), 24 * 60)

        got = server.got()

    sent = dict(NoticeDelivery.objects.filter(channel="webhook").values_list("message_id", "notice__public_id"))
    told = [(headers["webhook-id"], json.loads(body)["data"]["notice"]) for headers, body in got]
    for headers, body in got:
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        assert Webhook(SECRET).sign(headers["webhook-id"], at, body) in headers["webhook-signature"].split()
    assert set(told) == set(sent.items())
    assert len(told) > len(sent)  # who took a notice and died before it answered gets it again
    assert set(NoticeDelivery.objects.filter(channel="webhook").values_list("state", flat=True)) == {"delivered"}
    for message in sent.values():
        answer = client_of(store).post(f"/api/v1/takedown-notices/{message}/acknowledge/", {"reference": "17"})
        assert answer.status_code == 200, answer.content
    assert {case.notices.get().status for case in cases} == {"acknowledged"}
