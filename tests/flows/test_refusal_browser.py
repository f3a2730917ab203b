"""Refusals in a real browser: who was paid before, an appeal that reverses, and a fraud that two locks stop."""

import secrets
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from tests.browser import cast, fits, press, until, window_of
from tests.flows import steps

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PROOF = {"name": "contract.txt", "mimeType": "text/plain", "buffer": b"The songs are ours since 1988."}


def test_who_was_paid_before_the_portal_is_refused_with_the_reason_appeals_and_wins(system, new_page):
    """Rita refuses, Ron reverses on what was added, Ruth approves; no one of them decides twice."""
    from tests import factories

    mark = secrets.token_hex(4)

    def world():
        alice, *_staff = cast(mark, "alice", "rita", "ron", "ruth")
        track = factories.a_track(f"Old song {mark}")
        factories.a_sale(track, units=100)
        return track.public_id, factories.a_holder(f"Label {mark}", owner=alice).public_id

    track, label = system.run(world)
    alice, rita, ron, ruth = (window_of(system, new_page, f"{name}{mark}") for name in ("alice", "rita", "ron", "ruth"))
    number = steps.claim(alice, f"Old+song+{mark}", track, role="owns_master")
    steps.decide(rita, number, reason="paid_before_portal", note="Transfer of 3 May 2006.")

    alice.goto(f"/claims/{number}/")
    assert "This money was paid to the holder before the portal existed" in alice.inner_text("main")
    assert "Transfer of 3 May 2006." in alice.inner_text("main")
    alice.click("#appeal summary")
    alice.fill("#appeal textarea[name=text]", "That was for another song: see the transfer.")
    press(alice, "text=File the appeal")
    appeal = alice.url.rstrip("/").split("/")[-1]
    rita.goto(f"/appeals/{appeal}/")
    assert "You decided first. Somebody else decides the appeal." in rita.inner_text("main")
    assert rita.locator("button[value=reversed]").count() == 0

    ron.goto(f"/appeals/{appeal}/")
    ron.fill("main section textarea[name=text]", "The transfer names another song.")
    press(ron, "button[value=reversed]")
    anew = ron.url.rstrip("/").split("/")[-1]
    assert anew.startswith("CLM-")
    assert anew != number
    steps.decide(ruth, anew)

    steps.posted(alice, anew)
    assert steps.balance(alice, label) == {"payable": "0.75"}
    alice.goto(f"/appeals/{appeal}/")
    assert "The transfer names another song." in alice.inner_text("main")


def test_a_fraud_is_stopped_by_the_lock_on_bank_changes_and_by_the_challenge_window(system, new_page):
    """A stranger's account entered for Bob's label is paid nothing; what Mallory claimed is objected to in time."""
    from tests import factories

    mark = secrets.token_hex(4)

    def world():
        from core.money import Money
        from payouts import services as payouts

        now = timezone.now()
        alice, bob, charlie, frank, rita, _ron = cast(mark, "alice", "bob", "charlie", "frank", "rita", "ron")
        hit, song = (factories.a_track(f"{name} {mark}", "Erika Mustermann") for name in ("Hit", "Song"))
        store = factories.a_licensee()
        label = factories.a_holder(f"Label {mark}", owner=bob)
        mallory = factories.a_holder(f"Mallory Music {mark}", owner=alice)
        true = factories.a_holder(f"Erika Mustermann {mark}", owner=charlie)
        for month, track in (("2006-10", hit), ("2006-11", song)):
            line = {"units": 1000, "price": "1", "Currency": "EUR", "UsagePeriod": month}
            sale = factories.a_sale(track, licensee=store, **line)
            payouts.record_remittance(
                licensee=store,
                payer="Xrost",
                amount=Money(D("150"), "EUR"),
                received_date=now.date(),
                reference=f"{mark}-{sale.report_id}",
                allocations=[payouts.Allocation(sale.report)],
                by=frank,
                now=now,
            )
        long_ago = now - timedelta(days=90)
        factories.an_awarded_claim(bob, label, song, reviewer=rita, now=long_ago)
        factories.a_payee(label, by=bob, second=frank, now=long_ago)
        factories.a_payee(mallory, by=alice, second=frank, now=long_ago)
        return hit.public_id, label.public_id, mallory.public_id, true.pk

    hit, label, mallory, true = system.run(world)
    names = ("alice", "bob", "frank", "rita", "ron")
    alice, bob, frank, rita, ron = (window_of(system, new_page, f"{name}{mark}") for name in names)

    # whoever sits at Bob's desk enters another account, and Mallory's claim is approved
    bob.goto(f"/money/{label}/payees/new/")
    bob.select_option("[name=scheme]", "iban")
    for name, value in {"name": "M. Allory", "account": "DE02120300000000202051", "bank": "BYLADEM1001"}.items():
        bob.fill(f"[name={name}]", value)
    bob.fill("[name=currency]", "EUR")
    press(bob, "text=Enter the account")
    number = steps.claim(alice, f"Hit+{mark}", hit, role="owns_master")
    steps.decide(rita, number)
    steps.posted(alice, number)
    alice.goto(f"/money/{mallory}/")
    assert "others may still object to the first claim" in alice.inner_text("#waits")

    frank.goto("/finance/payouts/")
    frank.select_option("[name=currency]", "EUR")
    press(frank, "text=Draft the batch")
    rows = frank.locator("#payments tbody tr").all()
    said = {row.locator("th a").inner_text(): row.locator("td").last.inner_text() for row in rows}
    assert "waits for its second person" in said[f"Label {mark}"]
    assert "others may still object" in said[f"Mallory Music {mark}"]
    frank.goto("/finance/payees/")
    with frank.expect_navigation():
        frank.locator("tr", has_text=f"Label {mark}").locator("a").first.click()
    assert "The name on the account is none of the holder's names." in frank.inner_text("main")
    bob.goto("/outbox/")
    assert f"bob{mark}@example.org" in bob.inner_text("main")  # who acts for the label is told of the change

    # the true owner finds the works in the list that is open to everybody, and objects on a phone
    phone = window_of(system, new_page, f"charlie{mark}", viewport={"width": 390, "height": 800})
    phone.goto("/challenges/")
    assert f"Mallory Music {mark}" not in phone.content()
    with phone.expect_navigation():
        phone.locator("tr, li, article", has_text=f"Hit {mark}").locator("a").first.click()
    phone.select_option("[name=holder]", str(true))
    phone.fill("[name=text]", "I never met them.")
    phone.select_option("[name=kind]", "contract")
    phone.set_input_files("[name=file]", PROOF)
    press(phone, "#object form button")
    assert fits(phone)
    objection = phone.url.rstrip("/").split("/")[-1]
    rita.goto(f"/objections/{objection}/")
    rita.fill("main section textarea[name=text]", "The signature is another.")
    press(rita, "button[value=accepted]")
    ron.goto(f"/review/claims/{number}/")
    ron.click("summary:has-text('Take the approval back')")
    ron.select_option("form[action$='/revoke/'] [name=reason]", "fraud_suspected")
    ron.fill("form[action$='/revoke/'] [name=text]", "Forged.")
    press(ron, "form[action$='/revoke/'] button")

    until(lambda: steps.balance(alice, mallory) == {})
    assert steps.balance(bob, label) == {"payable": "75"}  # nothing left to the strange account
