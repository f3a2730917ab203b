"""Takedowns as people see them: to the receipt of a store's server, a counter-notice and restore, a store closed."""

import secrets
from datetime import date

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from tests.browser import cast, press, until, window_of
from tests.receiver import SECRET, receiving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_single_takedown_from_the_form_to_the_receipt(system, new_page):
    """Alice types one track, Rita grants, the worker calls the store's server, the store says it is removed."""
    from tests import factories

    mark = secrets.token_hex(3)
    with receiving() as receiver:

        def world():
            alice, store, _rita = cast(mark, "alice", "store", "rita")
            factories.a_holder(f"Label {mark}", owner=alice)
            shop = factories.a_store(f"Shop {mark}", member=store, webhook_url=receiver.url, secret=SECRET)
            track = factories.a_track(f"Zvezda {mark}", "Kino")
            factories.a_store_key(track, shop, f"K{mark}")

        system.run(world)
        alice = window_of(system, new_page, f"alice{mark}")
        alice.goto("/opt-outs/new/")
        alice.fill("#id_rows", f"Kino - Zvezda {mark}")
        alice.check("[name=rights][value=phonogram]")
        alice.set_input_files(
            "[name=documents]", {"name": "deed.txt", "mimeType": "text/plain", "buffer": b"The master is ours."}
        )
        alice.select_option("[name=kind]", "contract")
        alice.fill("#id_contact_name", "Alice")
        alice.fill("#id_contact_email", "alice@example.org")
        alice.check("#id_authorised")
        alice.check("#id_accurate")
        alice.fill("#id_signature", "Alice Example")
        press(alice, "button[name=act][value=send]")
        case = alice.url.rstrip("/").split("/")[-1]
        assert case.startswith("OPT-")

        rita = window_of(system, new_page, f"rita{mark}")

        def granted():
            rita.goto(f"/review/opt-outs/{case}/")
            if rita.locator("text=Grant the opt-out").count():
                press(rita, "text=Grant the opt-out")
            return rita.locator("h1 [data-status=granted]").count() == 1

        until(granted)
        until(lambda: any(f"K{mark}" in body for _headers, body in receiver.got))
        headers, body = next(one for one in receiver.got if f"K{mark}" in one[1])
        notice = Webhook(SECRET).verify(body, headers)["data"]
        assert notice["rows"][0]["store_keys"] == [f"K{mark}"]

    store = window_of(system, new_page, f"store{mark}")
    store.goto(f"/notices/{notice['notice']}/")
    store.fill("#id_reference", "T-17")
    press(store, "text=Acknowledge the notice")
    press(store, "text=All tracks are removed")
    alice.goto(f"/opt-outs/{case}/")
    assert "T-17" in alice.inner_text("main")
    assert alice.locator("[data-status=complied]").count() == 1


def test_a_counter_notice_and_restore(system, new_page):
    """Under 17 USC 512 the store swears it was a mistake; a person restores it there, and there only."""
    from claims import services
    from claims.models import Clock, ClockSet
    from tests import factories

    mark = secrets.token_hex(3)

    def world():
        alice, store, rita = cast(mark, "alice", "store", "rita")
        label = factories.a_holder(f"Label {mark}", owner=alice)
        factories.a_store(f"Shop {mark}", member=store)
        track, now = factories.a_track(f"Zvezda {mark}", "Kino"), timezone.now()
        case = factories.an_opt_out(alice, label, track, basis="usc_512")
        case = services.grant_opt_out(opt_out=case, by=rita, now=now)
        law = ClockSet.objects.get(code="usc_512")
        Clock.objects.get_or_create(of=law, purpose="counter_wait", days=0, start=now.date())  # no ten days in a test
        notice = case.notices.get(licensee__name=f"Shop {mark}")
        return track.public_id, notice.public_id

    track, notice = system.run(world)
    store = window_of(system, new_page, f"store{mark}")
    store.goto(f"/notices/{notice}/")
    store.check(f"input[name=track][value={track}]")
    store.check("[name=ground][value=usc_512]")
    store.fill("[name=text]", "It is another recording of the same name.")
    sworn = {"name": "Store", "address": "1 Example Street", "phone": "+7 000", "signature": "Store"}
    for name, value in sworn.items():
        store.fill(f"[name=sworn_{name}]", value)
    store.check("[name=good_faith]")
    store.check("[name=jurisdiction]")
    press(store, "text=Object to the chosen tracks")
    assert store.locator("[data-status=objected]").count() == 1
    press(store, "main a[href^='/counter-notices/']")
    counter = store.url.rstrip("/").split("/")[-1]
    assert "No deadline brings them back" in store.inner_text("main")

    rita = window_of(system, new_page, f"rita{mark}")
    rita.goto(f"/counter-notices/{counter}/")
    assert "1 Example Street" in rita.inner_text("main")
    rita.fill("#decide_text", "Sworn in order, and no suit was filed.")
    press(rita, "button[name=outcome][value=accepted]")
    assert rita.locator("h1 [data-status=accepted]").count() == 1

    store.goto("/notices/")
    assert "Notice of return" in store.inner_text("main")
    public = new_page()
    public.goto(f"/tracks/{track}/")
    assert "some stores" in public.inner_text("main")  # it is out everywhere but there


def test_a_store_is_closed_by_a_regulator(system, new_page):
    """Two reviewers end the licence; everybody reads why; a later report is found, its money waits for its owner."""
    from claims import services
    from tests import factories

    mark = secrets.token_hex(3)

    def world():
        store, *_reviewers = cast(mark, "store", "rita", "ruth")
        shop = factories.a_licensee(f"shop-{mark}", member=store)
        track = factories.a_track(f"Zvezda {mark}", "Kino", isrc=f"RUB{int(mark, 16) % 10**9:09d}"[:12])
        factories.a_sale(track, units=1000, UsagePeriod="2007-05", licensee=shop)
        return shop.public_id, shop.pk, track.pk, track.public_id

    shop, shop_pk, track_pk, track = system.run(world)
    rita, ruth = (window_of(system, new_page, f"{name}{mark}") for name in ("rita", "ruth"))
    rita.goto(f"/stores/{shop}/")
    rita.click("text=Stop the licence")
    rita.check("[name=kind][value=end]")
    rita.select_option("[name=reason]", "regulator")
    rita.fill("[name=source]", f"Order {mark} of the regulator")
    rita.fill("[name=start]", "2007-06-01")
    press(rita, "text=Ask a second person to stop it")
    ruth.goto(f"/stores/{shop}/")
    press(ruth, "text=Confirm: the licence stops")

    public = new_page(viewport={"width": 390, "height": 800})
    public.goto(f"/stores/{shop}/")
    assert f"Order {mark} of the regulator" in public.inner_text("main")
    assert "can be claimed for ever" in public.inner_text("main")
    assert public.locator("h1 [data-status=ended]").count() == 1
    assert not public.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")

    def later():
        from catalog.models import Track
        from sales.models import Licensee

        shop, song = Licensee.objects.get(pk=shop_pk), Track.objects.get(pk=track_pk)
        sold = factories.a_sale(song, units=10, UsagePeriod="2007-07", licensee=shop)
        services.check_report(report_id=sold.report_id, now=timezone.now())
        return sold.is_outside_license, sold.use_start

    assert system.run(later) == (True, date(2007, 7, 1))
    rita.goto(f"/compliance/?store={shop}")
    assert "Sold after the licence had ended" in rita.inner_text("main")
    public.goto(f"/tracks/{track}/")
    assert "USD" in public.inner_text("main")
