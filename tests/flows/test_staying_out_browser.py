"""What is sold after it left, and who comes back, as people see it; the store sends its reports on its own page."""

import secrets
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tests.browser import cast, press, until, values, window_of
from tests.factories import flat_lines

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def month_after(first, months):
    """The first day of the month so many months later."""
    place = first.year * 12 + first.month - 1 + months
    return first.replace(year=place // 12, month=place % 12 + 1, day=1)


def test_what_is_sold_after_it_left_is_found_asked_about_and_confirmed(system, new_page):
    """The store reports a month that began before its time was over, and a later one; Rita decides, Alice reads."""
    from claims import services
    from claims.models import ComplianceFinding
    from tests import factories

    mark, today = secrets.token_hex(3), timezone.now()
    left = month_after(today.replace(day=1), -6).replace(day=5)
    straddling, later = f"{left:%Y-%m}", f"{month_after(left, 2):%Y-%m}"

    def world():
        alice, store, rita = cast(mark, "alice", "store", "rita")
        label = factories.a_holder(f"Label {mark}", owner=alice)
        shop = factories.a_licensee(f"shop-{mark}", member=store)
        track = factories.a_track(f"Zvezda {mark}", "Kino")
        factories.a_share(track, label)
        case = factories.an_opt_out(alice, label, track, now=left, licensees=[shop])
        services.grant_opt_out(opt_out=case, by=rita, now=left)
        return case.public_id, track.title

    case, title = system.run(world)
    alice, store, rita = (window_of(system, new_page, f"{name}{mark}") for name in ("alice", "store", "rita"))

    def report(month, units):
        line = {"DspResourceId": "7", "Title": title, "DisplayArtistName": "Kino", "Usages": units}
        content = flat_lines(line, month=month)
        return {"name": f"{month}.tsv", "mimeType": "text/plain", "buffer": content}

    store.goto("/reports/")
    store.set_input_files("input[type=file]", [report(straddling, 20), report(later, 10)])
    store.click("form[data-uploads] button")
    store.wait_for_selector("#uploads li:nth-child(2) a", timeout=60_000)

    def found():
        rows = ComplianceFinding.objects.filter(track__title=title)
        return dict(rows.filter(status__in=("open", "asked")).values_list("kind", "public_id"))

    until(lambda: set(system.run(found)) == {"unclear", "breach"})
    finding = system.run(found)

    store.goto(f"/compliance/{finding['unclear']}/")
    assert "say how many of them were sold" in store.inner_text("main")
    store.fill("[name=units_after]", "21")
    press(store, "text=Send the answer")
    assert store.locator("#error-summary, .error-summary, [role=alert]").count() == 1
    store.fill("[name=units_after]", "0")
    press(store, "text=Send the answer")

    rita.goto(f"/compliance/{finding['unclear']}/")
    assert "0 of them after its time, says the store" in rita.inner_text("main")
    rita.fill("[name=text]", "All before the store's time was over.")
    press(rita, "button[name=outcome][value=clear]")
    rita.goto(f"/compliance/{finding['breach']}/")
    rita.fill("[name=text]", "A whole month later.")
    press(rita, "button[name=outcome][value=confirm]")

    alice.goto("/compliance/?kind=breach")
    assert finding["breach"] in alice.inner_text("main")
    assert finding["unclear"] not in alice.inner_text("main")
    alice.goto(f"/compliance/{finding['breach']}/")
    assert alice.locator("h1 [data-status=confirmed]").count() == 1
    assert f"{later}.tsv" in alice.inner_text("main")
    table = alice.request.get("/compliance/breaches.csv?kind=breach")
    assert finding["breach"] in table.text()
    assert alice.request.get("/compliance/breaches.pdf").body().startswith(b"%PDF-")
    alice.goto(f"/opt-outs/{case}/")
    assert "breached" in alice.inner_text("main").lower()


def test_of_two_who_left_one_comes_back_after_a_year_and_is_paid_for_before(system, new_page):
    """Alice's label and Charlie's both left in 2007; Alice brings hers back and keeps the money of the time before."""
    from claims import services
    from tests import factories

    mark, left = secrets.token_hex(3), datetime(2007, 7, 1, 9, tzinfo=UTC)

    def world():
        alice, charlie, rita = cast(mark, "alice", "charlie", "rita")
        label, rival = (
            factories.a_holder(f"{name} {mark}", owner=owner) for name, owner in (("Label", alice), ("Rival", charlie))
        )
        shop, track = factories.a_licensee(f"shop-{mark}"), factories.a_track(f"Zvezda {mark}")
        factories.an_awarded_claim(alice, label, track, reviewer=rita)
        cases = []
        for owner, holder, rights in ((alice, label, ["phonogram"]), (charlie, rival, ["performance"])):
            case = factories.an_opt_out(owner, holder, track, now=left, rights=rights)
            cases.append(services.grant_opt_out(opt_out=case, by=rita, now=left).public_id)
        for month, units in (("2007-06", 1000), ("2007-07", 100)):
            factories.a_sale(track, units=units, UsagePeriod=month, licensee=shop)
        return label.public_id, cases, track.public_id

    label, (own, rivals), track = system.run(world)
    alice, charlie = (window_of(system, new_page, f"{name}{mark}") for name in ("alice", "charlie"))

    def paid_for_before():
        alice.goto(f"/money/{label}/")
        return values(alice, "tr[data-place=payable]")[:1] == ["7.5"] and values(alice, "#kept-apart") == ["0.75"]

    until(paid_for_before)
    alice.goto(f"/opt-outs/{own}/")
    press(alice, "main a[href$='/return/']")
    press(alice, "button[name=act][value=check]")
    assert [each.inner_text() for each in alice.locator(".figure-row .value").all()] == ["1", "1"]
    press(alice, "button[name=act][value=return]")
    assert "Back in the stores" in alice.inner_text("main")

    charlie.goto(f"/opt-outs/{rivals}/")
    assert charlie.locator("main a[href$='/return/']").count() == 1
    assert paid_for_before()
    alice.click("#kept-apart summary")
    press(alice, "#kept-apart form button")
    until(lambda: alice.goto(f"/money/{label}/") and values(alice, "tr[data-place=payable]")[:1] == ["8.25"])
    public = new_page()
    public.goto(f"/tracks/{track}/")
    assert "In and out of the stores" in public.inner_text("main")
