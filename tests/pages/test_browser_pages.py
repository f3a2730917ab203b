"""Main pages in a real browser: fit for assistive technology and for a phone; menu and search work."""

import secrets

import pytest

from tests.browser import log_in, press
from tests.conftest import person

pytestmark = pytest.mark.browser

PUBLIC = ("/", "/search/?q=kino", "/how/", "/15-percent/", "/figures/", "/accounts/login/", "/accounts/signup/")
DEVELOPERS = ("/styleguide/",)
STRICT = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def violations(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=STRICT).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(page.url, one["id"], one["nodes"][0]["html"][:200]) for one in serious]


def test_public_pages_have_no_serious_accessibility_fault_and_never_scroll_sideways(new_page):
    page = new_page(viewport={"width": 390, "height": 800})
    faults, wide = [], []
    for address in PUBLIC + DEVELOPERS:
        page.goto(address)
        faults += violations(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(address)

    assert not faults
    assert not wide


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        ("", ("/home/", "/profile/", "/claims/", "/owners/new/", "/opt-outs/new/", "/money/", "/profile/keys/")),
        ("reviewer", ("/home/", "/review/")),
        ("finance", ("/home/", "/finance/amounts-due/", "/finance/remittances/")),
    ],
)
def test_pages_behind_the_log_in_are_accessible_too(system, new_page, role, addresses):
    name = f"reader{secrets.token_hex(4)}"

    def make():
        user = person(name)
        user.role = role
        user.save()

    system.run(make)
    page = new_page(viewport={"width": 390, "height": 800})
    log_in(system, page, name)
    faults = []
    for address in addresses:
        assert page.goto(address).status == 200
        faults += violations(page)
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), address

    assert not faults


def test_menu_of_a_phone_opens_by_its_button(new_page):
    page = new_page(viewport={"width": 390, "height": 800})
    page.goto("/")

    assert not page.is_visible("#menu")
    page.click(".menu-button")

    assert page.is_visible("#menu")
    assert page.get_attribute(".menu-button", "aria-expanded") == "true"


@pytest.mark.slow
def test_search_answers_while_typing_and_keeps_the_address(system, new_page):
    from tests import factories

    title = system.run(lambda: factories.a_track("Высокая трава", "Мельница").title)
    page = new_page()
    page.goto("/search/")

    page.fill("#q", "vysokaya trava")
    page.wait_for_selector("#results .result")

    assert title in page.inner_text("#results")
    assert page.url.endswith("?q=vysokaya+trava") or page.url.endswith("?q=vysokaya%20trava")


def test_search_and_menu_work_without_script(system, new_page):
    from tests import factories

    system.run(lambda: factories.a_track("Высокая трава", "Мельница"))
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto("/")

    assert page.is_visible("#menu")
    page.fill("#q", "мельница")
    press(page, "main form button")

    assert "Высокая трава" in page.inner_text("#results")
