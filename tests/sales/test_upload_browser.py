"""Sending reports in a real browser: several files, in parts, after a break; the pages fit a phone and the eyes."""

import secrets

import pytest

from tests.browser import log_in
from tests.conftest import person
from tests.factories import flat_lines

pytestmark = pytest.mark.browser
STRICT = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
GOOD = {"DspResourceId": "7", "Title": "x", "DisplayArtistName": "y"}


def make_world():
    """A store with its person, a report with a fault, and a correction of it that finance has to decide."""
    from tests import factories

    mark = secrets.token_hex(3)
    store, frank = person(f"store{mark}"), person(f"frank{mark}")
    frank.role = "finance"
    frank.save()
    shop = factories.a_licensee(f"shop-{mark}", member=store)
    bad = factories.a_report(shop, flat_lines(GOOD, GOOD | {"Usages": "two"}))
    held = factories.a_report(shop, flat_lines(GOOD, GOOD))
    return {"mark": mark, "bad": bad.public_id, "held": held.public_id}


def a_file(name, month):
    return {"name": name, "mimeType": "text/plain", "buffer": flat_lines(GOOD, month=month)}


def test_files_go_on_after_a_break_and_end_as_reports(system, new_page):
    world = system.run(make_world)
    page = new_page()
    log_in(system, page, f"store{world['mark']}")
    page.goto("/reports/")
    tries = []

    def breaks_once(route):
        tries.append(route.request.url)
        if len(tries) == 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/uploads/*/?offset=*", breaks_once)
    page.set_input_files("input[type=file]", [a_file("november.tsv", "2006-11"), a_file("december.tsv", "2006-12")])
    page.click("form[data-uploads] button")
    page.wait_for_selector("#uploads li:nth-child(2) a", timeout=60_000)

    shown = page.locator("#uploads li").all_inner_texts()
    assert [text.split()[0] for text in shown] == ["november.tsv", "december.tsv"]
    assert all("posted" in text for text in shown)
    assert len(tries) == 3
    page.click("#uploads li a >> nth=0")
    page.wait_for_selector("h1")
    assert "1 accepted + 0 rejected = 1 lines read" in page.inner_text("main")


@pytest.mark.slow
def test_files_dropped_on_the_form_are_sent(system, new_page):
    world = system.run(make_world)
    page = new_page()
    log_in(system, page, f"store{world['mark']}")
    page.goto("/reports/")
    dropped = page.evaluate_handle(
        """([name, text]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], name, {type: "text/plain"}));
            return carried;
        }""",
        ["january.tsv", flat_lines(GOOD, month="2007-01").decode()],
    )

    form = page.locator("form[data-uploads]")
    form.dispatch_event("dragover", {"dataTransfer": dropped})
    assert "dropping" in form.get_attribute("class")
    form.dispatch_event("drop", {"dataTransfer": dropped})
    page.wait_for_selector("#uploads li a", timeout=60_000)

    assert page.locator("#uploads li").all_inner_texts()[0].startswith("january.tsv")
    assert "posted" in page.inner_text("#uploads")
    assert "dropping" not in (form.get_attribute("class") or "")


@pytest.mark.slow
def test_pages_of_the_workspace_fit_a_phone_and_have_no_serious_fault(system, new_page):
    from axe_playwright_python.sync_playwright import Axe

    world = system.run(make_world)
    page = new_page(viewport={"width": 390, "height": 800})
    log_in(system, page, f"frank{world['mark']}")
    faults, wide = [], []
    addresses = [f"/reports/{world[name]}/" for name in ("bad", "held")]
    for address in ["/reports/", "/calendar/", "/catalogue-lists/", "/finance/months/", *addresses]:
        page.goto(address)
        found = Axe().run(page, options=STRICT).response["violations"]
        faults += [(address, one["id"]) for one in found if one["impact"] in ("serious", "critical")]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(address)

    assert not faults
    assert not wide
