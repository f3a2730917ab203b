"""A foreign heir comes for the first time, alone: the co-heir is not to be found, and the known half is paid."""

import secrets
from decimal import Decimal as D

import pytest
from django.utils import timezone

from tests.browser import press
from tests.conftest import person
from tests.flows import steps

pytestmark = pytest.mark.browser
CERTIFICATE = b"Certificate of inheritance: Erika Mustermann, one half. The other half: whereabouts unknown.\n"


@pytest.mark.slow
def test_a_foreign_heir_is_paid_the_known_half_and_the_other_half_waits(system, new_page):
    """Signs up, finds the song, registers the heirs, claims 50 % with the certificate, and is paid; nobody loses."""
    from catalog.models import RightsShare
    from claims import services
    from claims.models import Claim
    from ledger import selectors as ledger
    from ledger.chart import track_item
    from tests import factories

    word = f"Elegie{secrets.token_hex(4)}"
    email = f"{word.lower()}@example.org"

    def world():
        track = factories.a_track(word, "Lotte Mustermann")
        factories.a_sale(track, units=1000)
        return track.pk, person(f"rita{secrets.token_hex(4)}").email

    track_id, reviewer = system.run(world)
    page = new_page(viewport={"width": 390, "height": 800}, locale="en")
    steps.sign_up(page, email)
    page.goto(f"/search/?q={word}")
    press(page, f"button[aria-label*='{word}'], form[action='/basket/add/'] button")
    page.goto("/owners/new/")
    page.check("[name=kind][value=estate]")
    page.fill("[name=name]", f"Heirs of Lotte {word}")
    page.select_option("[name=country]", "DE")
    press(page, "main button.btn-primary")
    steps.say_terms(page, role="performed", percent="50", standing="heir")
    claim_id = steps.sign(page, proof=CERTIFICATE, kind="inheritance", signature="Erika Mustermann")

    def decide():
        from accounts.models import User

        claim = Claim.objects.select_related("holder").get(public_id=claim_id)
        rita, now = User.objects.get(email=reviewer), timezone.now()
        User.objects.filter(pk=rita.pk).update(role="reviewer")
        rita.refresh_from_db()
        said = {"outcome": "verified", "reason_code": "identity_in_order", "reason": "Passport and certificate seen."}
        services.review_holder(holder=claim.holder, **said, by=rita, now=now)
        claim = services.start_review(claim=claim, by=rita, now=now)
        services.approve_claim(claim=claim, by=rita, now=now)
        while services.award_claim(claim_id=claim.pk, now=now):
            pass
        shown = ledger.shown([track_item(track_id, "performance")])
        share = RightsShare.objects.get(track_id=track_id)
        return share.percent, {row.place: row.amount for row in shown if row.amount}

    percent, money = system.run(decide)
    assert percent == D(50)
    assert money == {"payable": D("1.5"), "unclaimed": D("1.5")}

    page.goto("/money/")  # of one holder only: its balance at once
    assert f"Heirs of Lotte {word}" in page.content()
    assert page.locator("data[value^='1.5']").count() >= 1
    page.goto("/owners/")
    press(page, f"main a:has-text('Heirs of Lotte {word}')")
    assert "Verified" in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
