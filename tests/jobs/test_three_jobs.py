"""The three jobs as people do them, in a real browser with three log-ins; every amount is checked to the last digit.

Alice signs up, claims and reads her money down to the sales lines. Charlie takes a track out of the store. Rita decides
both; the store acknowledges. Web, worker, Redis and PostgreSQL are real.
"""

import re
import time
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from roms_portal.settings import base
from tests import factories
from tests.browser import press
from tests.conftest import person

pytestmark = pytest.mark.browser

SOLD = [("2005-03", "visa", 3, "0.1373"), ("2007-06", "xrost", 7, "0.2211")]
ROYALTY = sum((Decimal("0.15") * units * Decimal(price) for _, _, units, price in SOLD), Decimal(0))
MASTER = ROYALTY / 2
ALICE = MASTER * Decimal("0.6")
PROOF = {"name": "contract.txt", "mimeType": "text/plain", "buffer": b"The masters are ours."}
PASSWORD = "many words are a good key"


def shown(amount):
    """An amount as `<data value>` has it."""
    return f"{amount.quantize(Decimal('1e-8')):f}"


@pytest.fixture
def story(system):
    """A store that sold Alice's track in two months and Charlie's in one; nobody has claimed anything."""

    @override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS)  # the system checks passwords as in production
    def build():
        stamp = f"{time.time_ns()}"
        rita, store, charlie = (
            person(f"rita{stamp}"),
            person(f"store{stamp}"),
            person(f"charlie{stamp}"),
        )
        User.objects.filter(pk=rita.pk).update(role=User.Role.REVIEWER)
        hers = factories.a_track(f"Река {stamp}", "Алиса Северная", isrc=f"RUA01{stamp[-7:]}")
        his = factories.a_track(f"Pier {stamp}", "Charlie and the Tide", isrc=f"GBA01{stamp[-7:]}")
        licensee = factories.a_licensee(f"store-{stamp}", member=store)
        for month, channel, units, price in SOLD:
            line = {
                "DspResourceId": f"A{stamp}",
                "Title": hers.title,
                "DisplayArtistName": hers.artist,
                "ISRC": hers.isrcs.get().isrc,
                "Usages": units,
                "PriceConsumerPaidExcSalesTax": price,
                "Channel": channel,
            }
            other = line | {
                "DspResourceId": f"C{stamp}",
                "Title": his.title,
                "DisplayArtistName": his.artist,
                "ISRC": his.isrcs.get().isrc,
            }
            report = factories.a_report(licensee, factories.flat_lines(line, other, month=month))
            assert report.status == "posted"
        pier = factories.a_holder(f"Red Pier {stamp}", owner=charlie)
        return SimpleNamespace(
            stamp=stamp, rita=rita.email, store=store.email, charlie=charlie.email, hers=hers, his=his, pier=pier.name
        )

    return system.run(build)


def log_in(page, email, password):
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    press(page, "main form button[type=submit], main form button.btn-primary")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def sign_up(page, email):
    page.goto("/accounts/signup/")
    page.fill("input[name=email]", email)
    page.fill("input[name=password1]", PASSWORD)
    page.fill("input[name=password2]", PASSWORD)
    press(page, "main form button.btn-primary")
    page.goto("/outbox/")
    mail = page.locator("article", has_text=email).first
    with page.expect_navigation():
        mail.locator("a", has_text="confirm-email").first.click()
    press(page, "main form button.btn-primary")
    if page.locator("input[name=password]").count():
        log_in(page, email, PASSWORD)


def values(locator):
    """The amounts below an element, as their machine-readable values."""
    return [data.get_attribute("value") for data in locator.locator("data").all()]


def wait_for(page, text, seconds=30):
    """Load the page again until it says so: workers take their time."""
    until = time.monotonic() + seconds
    while text not in page.inner_text("main"):
        assert time.monotonic() < until, f"{text!r} never came: {page.inner_text('main')}"
        time.sleep(0.3)
        page.reload()


def claim(page, story):
    """Alice: search, basket, terms, proof, signature. Returns the claim's number."""
    page.goto("/search/")
    page.fill("#q", f"reka {story.stamp}")
    page.wait_for_selector(f"[data-track={story.hers.public_id}]")
    assert shown(MASTER) not in page.content(), "exact amounts are for owners"
    press(page, f"[data-track={story.hers.public_id}] button:has-text('This is mine')")
    page.goto("/owners/new/")
    page.check("input[name=kind][value=company]")
    page.fill("input[name=name]", f"Severny Veter {story.stamp}")
    press(page, "main form button.btn-primary")
    page.goto("/basket/")
    press(page, "text=Claim these tracks")
    page.check("input[name=roles][value=owns_master]")
    page.fill("input[name=percent_owns_master]", "60")
    page.check("input[name=choice][value=reserve]")
    press(page, "text=Go on to proof and signature")
    page.set_input_files(
        "input[type=file]",
        files=[{"name": "contract.txt", "mimeType": "text/plain", "buffer": b"The masters are ours."}],
    )
    press(page, "text=Add the document")
    page.check("input[name=agreed]")
    page.fill("input[name=signature]", "Alice Severnaya")
    press(page, "text=Sign and file the claim")
    return re.search(r"CLM-\w+", page.inner_text("h1"))[0]


def decide(page, number, holder):
    """Rita: the holder first, then the claim."""
    page.goto("/review/")
    press(page, f"text={number}")
    press(page, "text=Verify this holder first")
    assert holder in page.inner_text("main")
    page.fill("textarea[name=text]", "Passport seen.")
    press(page, "text=Verify this holder")
    page.goto(f"/review/claims/{number}/")
    wait_for(page, "In order")
    press(page, "text=Take under review")
    assert shown(ALICE) in values(page.locator("#decide"))
    press(page, "text=Decide the claim")


def follow_the_money(page, story, number):
    """Alice: from the balance down to the sales lines, then the statement."""
    page.goto(f"/claims/{number}/")
    wait_for(page, "Posted to the ledger")
    page.goto("/money/")
    row = page.locator("#balance tr[data-place=payable]")
    assert values(row) == [shown(ALICE), shown(Decimal(0)), shown(ALICE)], "nothing of it was paid by the store yet"
    with page.expect_navigation():
        row.locator("a").first.click()
    assert shown(ALICE) in values(page.locator("#tracks"))
    with page.expect_navigation():
        page.locator("#tracks tbody a").first.click()
    entries = page.locator("#entries tbody tr")
    assert entries.count() == len(SOLD)
    for index, (_, channel, units, price) in enumerate(SOLD):
        master = Decimal("0.15") * units * Decimal(price) / 2
        amount = shown(master * Decimal("0.6"))
        entry = page.locator("#entries tbody tr", has=page.locator(f"data[value='{amount}']"))
        with page.expect_navigation():
            entry.locator("a").last.click()
        assert shown(master) in values(page.locator("#sales"))
        line = page.locator("#lines tbody tr")
        assert line.count() == 1, index
        assert channel in line.inner_text()
        assert Decimal(values(line)[0]) == Decimal(price)
        page.go_back()
    page.goto("/money/")
    press(page, "text=Statement")
    assert "reservation of all rights" in page.inner_text("#wording")
    assert shown(ALICE) in values(page.locator("#closing"))
    with page.expect_download() as download:
        page.click("text=Data file (CSV)")
    content = download.value.path().read_text()
    assert f",{shown(ALICE)}," in content


def opt_out(page, story):
    """Charlie: one track, proof, sworn statement. Returns the request's number."""
    page.goto("/opt-outs/new/")
    page.fill("textarea[name=rows]", f"{story.his.artist} - {story.his.title}")
    page.wait_for_selector("#rows [data-state]")
    assert story.his.title in page.inner_text("#rows")
    page.check("input[name=rights][value=phonogram]")
    page.fill("input[name=start]", (timezone.now().date() + timedelta(days=1)).isoformat())
    page.set_input_files("input[name=documents]", files=[PROOF])
    page.fill("input[name=contact_name]", "Charlie")
    page.fill("input[name=contact_email]", story.charlie)
    page.check("input[name=authorised]")
    page.check("input[name=accurate]")
    page.fill("input[name=signature]", "Charlie Tide")
    press(page, "text=Sign and send the request")
    return re.search(r"OPT-\w+", page.inner_text("h1"))[0]


def test_three_jobs(system, new_page, story):
    alice, rita = new_page(), new_page()
    email = f"alice{story.stamp}@example.org"

    sign_up(alice, email)
    number = claim(alice, story)
    log_in(rita, story.rita, f"correct horse rita{story.stamp}")
    decide(rita, number, f"Severny Veter {story.stamp}")
    follow_the_money(alice, story, number)

    charlie, store = new_page(), new_page()
    log_in(charlie, story.charlie, f"correct horse charlie{story.stamp}")
    request = opt_out(charlie, story)
    rita.goto("/review/")
    press(rita, f"text={request}")
    wait_for(rita, "Grant the opt-out")
    press(rita, "text=Grant the opt-out")
    log_in(store, story.store, f"correct horse store{story.stamp}")
    store.goto("/notices/")
    with store.expect_navigation():
        store.locator("main a", has_text="TDN-").first.click()
    assert f"C{story.stamp}" in store.inner_text("main"), "the store's own key"
    store.fill("input[name=reference]", "T-1")
    press(store, "text=Acknowledge the notice")
    press(store, "text=All tracks are removed")
    assert "Removed" in store.inner_text("h1")
    charlie.goto(f"/opt-outs/{request}/")
    assert "Granted" in charlie.inner_text("h1")
    assert "Acknowledged" in charlie.inner_text("main") or "Removed" in charlie.inner_text("main")

    assert "ok" in system.manage("verify_ledger")
