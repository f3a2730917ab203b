"""An odd table in the browser: sent, mapped, posted; the next month reads itself. With script and without."""

import secrets

import pytest

from tests.browser import log_in, press
from tests.conftest import person
from tests.factories import a_licensee
from tests.sales.test_mapping import NOVEMBER, OCTOBER

pytestmark = [pytest.mark.browser]


@pytest.fixture
def clerk(system):
    """Somebody of a store of its own on the running system."""
    name = f"store{secrets.token_hex(3)}"
    system.run(lambda: a_licensee(member=person(name)))
    return name


def send(page, name, text, *, has_script=True):
    page.goto("/reports/")
    page.set_input_files("[name=file]", {"name": name, "mimeType": "text/csv", "buffer": text.encode("cp1251")})
    if not has_script:
        press(page, "form[enctype] button.btn-primary")
        return
    page.click("form[enctype] button.btn-primary")
    page.wait_for_selector("#uploads a", timeout=60_000)
    press(page, "#uploads a")


def wait_until_posted(page):
    page.wait_for_selector("h1:has-text('Posted')", timeout=60_000)


@pytest.mark.slow
def test_an_odd_table_is_mapped_and_the_next_month_reads_itself(system, page, clerk):
    log_in(system, page, clerk)
    send(page, "october.csv", OCTOBER)

    press(page, "main a.btn-primary[href$='/mapping/']")
    assert page.get_by_text("Of the first 2 lines 2 would be taken").is_visible()
    page.select_option("[name=decimal]", ".")
    page.wait_for_selector("#preview:has-text('This is no number as the template writes them')")
    page.select_option("[name=decimal]", ",")
    page.wait_for_selector("#preview:has-text('2 would be taken')")
    page.fill("[name=name]", "Отчёт за месяц")
    press(page, "button[value=save]")
    wait_until_posted(page)

    page.reload()
    assert page.get_by_text("Отчёт за месяц 1").is_visible()
    assert "1 241.50" in page.locator("main").inner_text().replace("\u202f", " ")
    send(page, "november.csv", NOVEMBER)
    wait_until_posted(page)
    page.reload()
    assert page.get_by_text("Отчёт за месяц 1").is_visible()


@pytest.mark.slow
def test_it_works_without_script_by_keyboard_on_a_phone_in_russian(system, new_page, clerk):
    window = new_page(viewport={"width": 390, "height": 800}, locale="ru", java_script_enabled=False)
    log_in(system, window, clerk)
    send(window, "october.csv", OCTOBER.replace("31.10.2006", "03.10.2006"), has_script=False)
    press(window, "main a.btn-primary[href$='/mapping/']")

    assert window.get_by_text("Укажите порядок дня, месяца и года").is_visible()
    window.focus("[name=dates]")
    window.select_option("[name=dates]", "dmy")
    window.focus("[name=name]")
    with window.expect_navigation():
        window.keyboard.press("Enter")
    assert "/mapping/" not in window.url
