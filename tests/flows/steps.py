"""What people do again and again in the browser stories: sign up, claim, decide a claim, look at their money."""

import re

from tests.browser import press, until, values, wait_for

PASSWORD = "a long enough phrase 77"


def sign_up(page, email):
    """A stranger makes an account, confirms its address by the mail, and is logged in."""
    page.goto("/accounts/signup/")
    page.fill("[name=email]", email)
    for field in ("password1", "password2"):
        page.fill(f"[name={field}]", PASSWORD)
    press(page, "main button.btn-primary")
    page.goto("/outbox/")
    letter = page.locator("article", has_text=email).first
    page.goto(letter.locator("a", has_text="confirm-email").first.get_attribute("href"))
    press(page, "main button.btn-primary")
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    press(page, "main button.btn-primary")


def into_basket(page, words, track):
    """Find a track by words and say that it is mine."""
    page.goto(f"/search/?q={words}")
    press(page, f"[data-track={track}] form[action='/basket/add/'] button")


def say_terms(page, *, role, percent="100", choice="pay", standing="self", between=("", "")):
    """Fill in what is mine, on the form of a new claim."""
    page.check(f"[name=standing][value={standing}]")
    page.check(f"[name=roles][value={role}]")
    page.fill(f"[name=percent_{role}]", percent)
    if any(between):
        page.check("[name=when][value=between]")
        page.fill("[name=start]", between[0])
        page.fill("[name=last]", between[1])
    page.check(f"[name=choice][value={choice}]")
    press(page, "main form button.btn-primary")


def sign(page, *, proof=b"The rights are ours by contract.", kind="contract", signature="Alice Example"):
    """Add a document to the draft, sign and file it; gives the claim's number."""
    page.select_option("[name=kind]", kind)
    page.set_input_files("[name=file]", {"name": "proof.txt", "mimeType": "text/plain", "buffer": proof})
    press(page, "form[action$='/evidence/'] button")
    page.check("[name=agreed]")
    page.fill("[name=signature]", signature)
    press(page, "form[action$='/file/'] button")
    return re.search(r"CLM-[0-9A-Z]{11}", page.inner_text("h1"))[0]


def claim(page, words, track, **terms):
    """From the search to the receipt; gives the claim's number."""
    into_basket(page, words, track)
    page.goto("/claims/new/")
    say_terms(page, **terms)
    return sign(page)


def verify(page, number):
    """A reviewer verifies the holder of a claim first."""
    page.goto(f"/review/claims/{number}/")
    press(page, "main a[href^='/review/holders/']")
    page.fill("textarea[name=text]", "Passport seen.")
    press(page, "text=Verify this holder")


def decide(page, number, *, reason="", note=""):
    """A reviewer decides all lines of a claim: approved, or rejected for a reason."""
    page.goto(f"/review/claims/{number}/")
    until(lambda: not page.locator("#progress[hx-get]").count() or (page.reload() and False))
    if page.locator("form[action$='/start/']").count():
        press(page, "form[action$='/start/'] button")
    if reason:
        page.select_option("[name=all-outcome]", "rejected")
        page.select_option("[name=all-reason]", reason)
    page.fill("#note", note)
    press(page, "text=Decide the claim")


def posted(page, number):
    """Wait on the page of a claim until its award is posted."""
    page.goto(f"/claims/{number}/")
    wait_for(page, "Posted to the ledger")


def balance(page, holder):
    """What a holder's page of money says: {place: amount}, without places where nothing is left."""
    page.goto(f"/money/{holder}/")
    places = [row.get_attribute("data-place") for row in page.locator("#balance tr[data-place]").all()]
    found = {place: values(page, f"#balance tr[data-place={place}]")[0] for place in places}
    return {place: amount for place, amount in found.items() if amount != "0"}
