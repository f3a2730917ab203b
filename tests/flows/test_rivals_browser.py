"""Two rivals in a real browser: one proposes a split on a phone, the other accepts it, and the dispute is over."""

import secrets
from decimal import Decimal as D

import pytest

from tests.browser import log_in, press
from tests.conftest import person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def make_world():
    """Two holders who each claim 60 % of two tracks."""
    from claims.models import Dispute
    from tests import factories

    mark = secrets.token_hex(5)
    alice, charlie, rita = (person(f"{name}{mark}") for name in ("alice", "charlie", "rita"))
    rita.role = "reviewer"
    rita.save()
    tracks = [factories.a_track(f"Song {mark} {at}") for at in range(2)]
    holders = [factories.a_holder(f"{name} {mark}", owner=who) for name, who in (("A", alice), ("C", charlie))]
    for who, holder in zip((alice, charlie), holders, strict=True):
        factories.an_awarded_claim(who, holder, *tracks, reviewer=rita, percents={"owns_master": D(60)})
    found = Dispute.objects.filter(track__in=tracks).order_by("pk")
    return {"mark": mark, "holders": [holder.pk for holder in holders], "disputes": [each.public_id for each in found]}


def propose(page, world):
    """Fill in 55 to 45 and send it."""
    page.check("[name=kind][value=split]")
    page.click("summary:has-text('split'), summary:has-text('Раздел')")
    for holder, part in zip(world["holders"], ("55", "45"), strict=True):
        page.fill(f"[name=percent_{holder}]", part)
    press(page, "form[action$='/answer/'] button.btn-primary")


def statuses(numbers):
    from claims.models import Dispute

    return [status for _, status in sorted(Dispute.objects.filter(public_id__in=numbers).values_list("pk", "status"))]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_two_rivals_settle_a_group_one_on_a_phone_one_in_russian(system, new_page):
    world = system.run(make_world)
    phone = new_page(viewport={"width": 390, "height": 800}, locale="en")
    log_in(system, phone, f"charlie{world['mark']}")
    phone.goto("/disputes/groups/")
    press(phone, "main td a")
    assert fits(phone)
    propose(phone, world)
    assert system.run(lambda: statuses(world["disputes"])) == ["answered", "answered"]

    desk = new_page(locale="ru")
    log_in(system, desk, f"alice{world['mark']}")
    desk.goto(f"/disputes/{world['disputes'][0]}/")
    assert fits(desk)
    assert f"C {world['mark']}" in desk.content()
    desk.goto("/disputes/groups/")
    press(desk, "main td a")
    propose(desk, world)

    assert system.run(lambda: statuses(world["disputes"])) == ["settled", "settled"]
    phone.goto(f"/disputes/{world['disputes'][1]}/")
    assert "Settled by the parties" in phone.content()
