"""Catalogues that are out and change hands, and senders who are overruled, as people see them; stores are processes."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from tests.browser import cast, fits, press, until, window_of
from tests.receiver import SECRET, receiving_process

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDTHS = (1280, 390)


def looked_at(window, name):
    """See that a page fits both widths in both languages; keep pictures where PICTURES says where to."""
    origin = window.evaluate("location.origin")
    for language in ("en", "ru"):
        window.context.add_cookies([{"name": "django_language", "value": language, "url": origin}])
        window.reload()
        for width in WIDTHS:
            window.set_viewport_size({"width": width, "height": 900})
            assert fits(window), (name, language, width)
            if folder := os.environ.get("PICTURES"):
                window.screenshot(path=Path(folder) / f"{name}-{language}-{width}.png", full_page=True)
    window.context.add_cookies([{"name": "django_language", "value": "en", "url": origin}])
    window.set_viewport_size({"width": 1280, "height": 900})
    window.reload()


def test_a_catalogue_is_sold_with_a_withdrawal_in_force_and_the_buyer_brings_it_back(system, new_page, tmp_path):
    """Alice sells what she took out; Charlie brings it back; the store's server is told, Alice reads it."""
    from claims import services
    from tests import factories

    mark = secrets.token_hex(3)
    with receiving_process(tmp_path) as receiver:

        def world():
            alice, charlie, store, rita = cast(mark, "alice", "charlie", "store", "rita")
            label, buyer = (
                factories.a_holder(f"{name} {mark}", owner=owner)
                for name, owner in (("Label", alice), ("Buyer", charlie))
            )
            shop = factories.a_store(f"Shop {mark}", member=store, webhook_url=receiver.url, secret=SECRET)
            track, now = factories.a_track(f"Zvezda {mark}", "Kino"), timezone.now()
            factories.a_store_key(track, shop, f"K{mark}")
            factories.a_share(track, label)
            case = factories.an_opt_out(alice, label, track, now=now, licensees=[shop])
            services.grant_opt_out(opt_out=case, by=rita, now=now)
            return label.public_id, buyer.public_id, case.public_id

        label, buyer, case = system.run(world)
        alice, charlie = (window_of(system, new_page, f"{name}{mark}") for name in ("alice", "charlie"))
        alice.goto(f"/owners/{label}/transfers/new/")
        alice.fill("#id_other", buyer)
        alice.fill("#id_start", (timezone.now().date() - timedelta(days=15)).isoformat())
        alice.check("#id_agreed")
        press(alice, "main button.btn-primary")
        transfer = alice.url.rstrip("/").split("/")[-1]

        charlie.goto(f"/transfers/{transfer}/")
        charlie.check("#id_agreed")
        press(charlie, "text=Confirm the transfer")
        looked_at(charlie, "transfer")
        press(charlie, "main a[href$='/return/']")
        press(charlie, "button[name=act][value=check]")
        assert "Tracks that come back as you chose" in charlie.inner_text("main")
        looked_at(charlie, "return")
        press(charlie, "button[name=act][value=return]")
        assert "Back in the stores" in charlie.inner_text("main")
        assert charlie.locator("main a[href$='/return/']").count() == 0

        def told():
            return [one for one in receiver.got() if '"takedown_notice.returned"' in one[1]]

        until(told)
        ((headers, body),) = told()
        assert Webhook(SECRET).verify(body, headers)["data"]["rows"][0]["store_keys"] == [f"K{mark}"]
    alice.goto(f"/opt-outs/{case}/")
    assert "The new owner of the catalogue brings back" in alice.inner_text("main")
    assert alice.goto(f"/transfers/{transfer}/return/").status == 404


def test_a_co_author_of_5_percent_opts_out_the_other_objects_and_the_sender_appeals(system, new_page):
    """Charlie's objection is accepted, the song comes back; Alice appeals and another reviewer lets it leave anew."""
    from claims import services
    from tests import factories

    mark = secrets.token_hex(3)

    def world():
        alice, charlie, rita, _ruth, store = cast(mark, "alice", "charlie", "rita", "ruth", "store")
        small, large = (
            factories.a_holder(f"{name} {mark}", owner=owner) for name, owner in (("Small", alice), ("Large", charlie))
        )
        factories.a_store(f"Shop {mark}", member=store)
        track, now = factories.a_track(f"Zvezda {mark}", "Kino"), timezone.now()
        work = factories.a_work(f"Song {mark}", track)
        factories.a_share(work, small, percent=5)
        factories.a_share(work, large, percent=95)
        case = factories.an_opt_out(alice, small, track, now=now, rights=["work"])
        services.grant_opt_out(opt_out=case, by=rita, now=now)
        return track.public_id, work.withdrawals.get().public_id

    track, withdrawal = system.run(world)
    alice, charlie, rita, ruth = (
        window_of(system, new_page, f"{name}{mark}") for name in ("alice", "charlie", "rita", "ruth")
    )
    charlie.goto(f"/withdrawals/{withdrawal}/contest/")
    charlie.fill("[name=text]", "We own 95 % of the song.")
    press(charlie, "main button.btn-primary")
    counter = charlie.url.rstrip("/").split("/")[-1]

    rita.goto(f"/counter-notices/{counter}/")
    rita.fill("#decide_text", "Most of it is theirs.")
    press(rita, "button[name=outcome][value=accepted]")

    alice.goto(f"/counter-notices/{counter}/")
    looked_at(alice, "overruled")
    alice.click("#appeal summary")
    alice.fill("#appeal [name=text]", "Any owner of any part may.")
    press(alice, "#appeal button.btn-primary")
    appeal = alice.url.rstrip("/").split("/")[-1]

    rita.goto(f"/appeals/{appeal}/")
    assert "Somebody else decides the appeal" in rita.inner_text("main")
    ruth.goto(f"/appeals/{appeal}/")
    ruth.fill("[name=text]", "Any owner may: the rule says so.")
    press(ruth, "button[name=outcome][value=reversed]")
    looked_at(ruth, "appeal")
    anew = ruth.locator("main a.id", has_text="OPT-").inner_text()
    assert "under review" in ruth.inner_text("main").lower()

    def granted():
        ruth.goto(f"/review/opt-outs/{anew}/")
        if ruth.locator("text=Grant the opt-out").count():
            press(ruth, "text=Grant the opt-out")
        return ruth.locator("h1 [data-status=granted]").count() == 1

    until(granted)
    public = new_page()
    public.goto(f"/tracks/{track}/")
    assert "In and out of the stores" in public.inner_text("main")
