"""The pages of opt-outs and notices in a real browser: live look-up, the fields of each ground, phone and eyes."""

import secrets

import pytest
from django.utils import timezone

from tests.browser import press, window_of
from tests.conftest import person

pytestmark = pytest.mark.browser
STRICT = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def make_world():
    """A label with a draft and a granted opt-out, its store, its reviewer; names of their own for each story."""
    from claims import services
    from tests import factories

    mark = secrets.token_hex(3)
    owner, store, reviewer = (person(f"{name}{mark}") for name in ("alice", "store", "rita"))
    reviewer.role = "reviewer"
    reviewer.save()
    label = factories.a_holder(f"Label {mark}", owner=owner)
    shop = factories.a_store(f"AllofMP3 {mark}", member=store)
    track = factories.a_track(f"Группа крови {mark}", "Кино", isrc=f"RUA{int(mark, 16) % 10**9:09d}"[:12])
    twin = factories.a_track(f"Группа крови {mark}", "Кино")
    factories.a_store_key(track, shop, f"44{mark}", url=f"https://store.example.com/{mark}")
    waiting = factories.an_opt_out(owner, label, track, text=f"{track.public_id}\nnobody - nothing")
    done = services.grant_opt_out(
        opt_out=factories.an_opt_out(owner, label, track, twin), by=reviewer, now=timezone.now()
    )
    notice = done.notices.get(licensee=shop)
    return {
        "mark": mark,
        "track": track.public_id,
        "waiting": waiting.public_id,
        "done": done.public_id,
        "notice": notice.public_id,
    }


@pytest.mark.slow
def test_list_is_looked_up_as_it_is_typed_and_each_ground_shows_its_fields(system, new_page):
    world = system.run(make_world)
    page = window_of(system, new_page, f"alice{world['mark']}")
    page.goto("/opt-outs/new/")

    page.fill("#id_rows", f"{world['track']}\nКино - Группа крови {world['mark']}\nnobody - nothing")
    page.wait_for_selector("#rows tr[data-state=ambiguous]")
    assert page.locator("#rows tr[data-state=found]").count() == 1
    assert page.locator("#rows tr[data-state=unknown]").count() == 1
    assert page.is_visible("#id_authorised")
    assert not page.is_visible("#id_perjury")
    page.check("[name=basis][value=usc_512]")
    assert page.is_visible("#id_perjury")
    assert page.is_visible("#id_contact_phone")
    assert not page.is_visible("#id_authorised")
    page.check("[name=basis][value=dsa_16]")
    assert page.is_visible("#id_explanation")
    assert not page.is_visible("#id_contact_phone")


@pytest.mark.slow
def test_pages_are_accessible_and_fit_a_phone(system, new_page):
    from axe_playwright_python.sync_playwright import Axe

    world = system.run(make_world)
    visits = {
        f"alice{world['mark']}": ["/opt-outs/", "/opt-outs/new/", f"/opt-outs/{world['done']}/", "/register/"],
        f"store{world['mark']}": ["/notices/", f"/notices/{world['notice']}/"],
        f"rita{world['mark']}": [f"/review/opt-outs/{world['waiting']}/"],
    }
    faults = []
    for name, addresses in visits.items():
        page = window_of(system, new_page, name, viewport={"width": 390, "height": 800})
        for address in addresses:
            assert page.goto(address).status == 200
            found = Axe().run(page, options=STRICT).response["violations"]
            faults += [(address, one["id"], one["nodes"][0]["html"][:150]) for one in found]
            assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), (
                address
            )

    assert not faults


def test_store_acknowledges_and_marks_rows_without_script(system, new_page):
    world = system.run(make_world)
    page = window_of(system, new_page, f"store{world['mark']}", java_script_enabled=False)
    page.goto(f"/notices/{world['notice']}/")

    page.fill("#id_reference", "T-17")
    press(page, "text=Acknowledge the notice")
    assert "T-17" in page.inner_text("main")
    page.check(f"input[value={world['track']}]")
    press(page, "text=The chosen tracks are removed")
    assert page.locator("[data-status=removed]").count() == 1
    press(page, "text=All tracks are removed")
    assert page.locator("h1 [data-status=complied]").count() == 1
