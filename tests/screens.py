"""Pictures of pages as people see them, to be looked at: `python -m tests.screens http://127.0.0.1:8000 /tmp/shots`.

Takes each page at 1280 and 390 pixels, in the log-in that belongs to it, and says which scroll sideways. Further
arguments `alice:/home/` choose pages; without them it takes those of PAGES. PASSWORD names the log-ins' password,
`{name}` standing for the person; LANGUAGE the language.
"""

import os
import re
import sys
from pathlib import Path

from tests.chromium import FLAGS, environment, find

WIDTHS = (1280, 390)
PASSWORD = os.environ.get("PASSWORD", "correct horse {name}")
LANGUAGE = os.environ.get("LANGUAGE", "en")
PAGES = [":/", ":/search/?q=love", ":/how/", ":/15-percent/", ":/figures/", ":/accounts/login/", ":/accounts/signup/"]
PAGES += ["alice:/home/", "alice:/profile/", "store:/home/", "rita:/home/", "frank:/home/", ":/nothing-here/"]


def log_in(page: object, name: str) -> None:
    """This will log a person in through the form."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", f"{name}@example.org")
    page.fill("[name=password]", PASSWORD.format(name=name))
    page.click("main button.btn-primary")


def take(browser: object, url: str, width: int, folder: Path, pages: list[tuple[str, str]]) -> None:
    """This will take all pages at one width."""
    windows = {}
    for name, path in pages:
        if name not in windows:
            context = browser.new_context(
                base_url=url, viewport={"width": width, "height": 900}, locale=LANGUAGE, has_touch=width < 500
            )
            windows[name] = context.new_page()
            windows[name].on("console", lambda message: message.type == "error" and print("  console:", message.text))
            if name:
                log_in(windows[name], name)
        page = windows[name]
        answer = page.goto(path)
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        file = folder / f"{re.sub(r'[^a-z0-9]+', '-', f'{name} {path}'.lower()).strip('-') or 'front'}-{width}.png"
        page.screenshot(path=file, full_page=True)
        scrolls = f"SCROLLS {wide}px" if wide > 0 else ""
        print(answer.status, f"{width:5}", f"{name or 'visitor'}{path}", scrolls, file.name, flush=True)


def main() -> None:
    """This will take the pictures."""
    from playwright.sync_api import sync_playwright

    url, folder, *asked = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    pages = [(name, path) for name, _, path in (entry.partition(":") for entry in asked or PAGES)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS), env=environment())
        for width in WIDTHS:
            take(browser, url, width, Path(folder), pages)
        browser.close()


if __name__ == "__main__":
    main()
