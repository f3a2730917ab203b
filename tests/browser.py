"""Browser tests: `page` is a fresh window on the running system; what breaks the content policy fails the test."""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from tests.chromium import FLAGS, environment, find
from tests.system import System


@pytest.fixture
def new_page(system: System) -> Iterator[Callable[..., object]]:
    """A function that opens a window of its own (own cookies): `new_page()`, `new_page(viewport=..., locale="ru")`.

    The browser lives for one test: while it does, the main thread has a running loop and the ORM refuses to work
    there; `system.run` does such work.
    """
    chromium = find()
    if chromium is None:
        pytest.skip("no Chromium found: set CHROMIUM or install npm")
    from playwright.sync_api import sync_playwright

    complaints: list[str] = []

    def note(text: str) -> None:
        if "Content Security Policy" in text or "content security policy" in text:
            complaints.append(text)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS), env=environment())

        def open_window(**options: object) -> object:
            context = browser.new_context(base_url=system.url, **options)
            context.set_default_timeout(10_000)
            context.on("console", lambda message: note(message.text))
            context.on("weberror", lambda problem: complaints.append(str(problem.error)))
            return context.new_page()

        yield open_window
        browser.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(new_page: Callable[..., object]) -> object:
    """One window on the running system."""
    return new_page()


def press(page: object, selector: str) -> None:
    """This will click what leads to another page, and wait for that page."""
    with page.expect_navigation():
        page.click(selector)


def cast(mark: str, *names: str) -> list[object]:
    """This will make people of one story, `rita1a2b@example.org`; reviewers and finance are known by their names."""
    from tests.conftest import person

    roles = {"rita": "reviewer", "ruth": "reviewer", "ron": "reviewer", "frank": "finance", "sue": "supervisor"}
    found = []
    for name in names:
        user = person(f"{name}{mark}")
        if name in roles:
            user.role = roles[name]
            user.save()
        found.append(user)
    return found


def window_of(system: System, new_page: Callable[..., object], name: str, **options: object) -> object:
    """This will open a window of this person's, logged in."""
    page = new_page(**options)
    log_in(system, page, name)
    return page


def until(found: Callable[[], object], seconds: float = 60) -> None:
    """This will wait until something is so, as the workers and sweeps of the running system need their time."""
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.5)


def wait_for(page: object, text: str, seconds: float = 60) -> None:
    """This will load the page again until it says so."""
    until(lambda: text in page.inner_text("main") or (page.reload() and False), seconds)


def fits(page: object) -> bool:
    """This will tell whether nothing of a page stands out sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def values(page: object, selector: str) -> list[str]:
    """This will read the amounts below an element, as their machine-readable values without needless zeros."""
    found = page.locator(f"{selector} data").all()
    return [f"{Decimal(each.get_attribute('value')).normalize():f}" for each in found]


def log_in(system: System, page: object, name: str) -> None:
    """This will log one of the cast in through the form, and wait until it has happened.

    The tests' own cheap password hash means nothing to the running system, so the password is set anew first.
    """
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from accounts.models import User

    password, email = f"correct horse {name}", f"{name}@example.org"
    hashed = Argon2PasswordHasher().encode(password, "a salt of the tests")
    system.run(lambda: User.objects.filter(email=email).update(password=hashed))
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.click("main button.btn-primary")
    page.wait_for_selector("form[action='/accounts/logout/']", state="attached")
