"""The queue of unmatched names in a real browser: keys, swapped rows, a phone, and without script."""

import secrets
from functools import partial

import pytest

from tests.browser import log_in
from tests.conftest import person

pytestmark = pytest.mark.browser


def make_world():
    """A reviewer, a store that sold two names nobody knows for much money, and the track one of them is."""
    from tests import factories

    mark = secrets.token_hex(6)
    name = f"{mark} {mark[::-1]}"  # like no other track of the shared database
    reviewer = person(f"rita{mark}")
    reviewer.role = "reviewer"
    reviewer.save()
    shop = factories.a_licensee(f"shop-{mark}")
    track = factories.a_track(f"{name} (live)", "Kino")
    lines = [
        {"DspResourceId": f"A{mark}", "Title": name, "DisplayArtistName": "Kino"}
        | {"PriceConsumerPaidExcSalesTax": "9000"},
        {"DspResourceId": f"B{mark}", "Title": f"Unheard {mark}", "DisplayArtistName": "Nobody"}
        | {"PriceConsumerPaidExcSalesTax": "8000"},
    ]
    factories.a_report(shop, factories.flat_lines(*lines), name=f"{mark}.tsv")
    return {"mark": mark, "track": track.public_id, "store": shop.code}


def matched(mark):
    """The tracks the two keys were matched to."""
    from sales.models import StoreKey

    keys = StoreKey.objects.filter(key__in=[f"A{mark}", f"B{mark}"]).select_related("track").order_by("key")
    return [key.track and key.track.public_id for key in keys]


@pytest.mark.slow
def test_rows_are_decided_by_keys_and_swapped(system, new_page):
    world = system.run(make_world)
    page = new_page()
    log_in(system, page, f"rita{world['mark']}")
    page.goto(f"/unmatched/?currency=USD&store={world['store']}")
    assert page.locator("[data-row]").count() == 2

    page.keyboard.press("j")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-done]")
    assert system.run(partial(matched, world["mark"]))[0] == world["track"]
    page.wait_for_selector("[data-row]:focus")
    page.get_by_label("A new track of this name").check()
    page.get_by_role("button", name="Do this row").click()
    page.locator("[data-done]").nth(1).wait_for()

    assert all(system.run(partial(matched, world["mark"])))


@pytest.mark.slow
def test_the_queue_works_on_a_phone_without_script(system, new_page):
    world = system.run(make_world)
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    log_in(system, page, f"rita{world['mark']}")
    page.goto(f"/unmatched/?currency=USD&store={world['store']}")

    page.get_by_label("A new track of this name").first.check()
    page.get_by_role("button", name="Do this row").first.click()

    assert page.get_by_text("1 name is matched").is_visible()
    assert page.locator("[data-row]").count() == 1
