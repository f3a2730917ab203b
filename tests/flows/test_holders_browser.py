"""Holders in a real browser: an artist on a phone, a songwriter, a label with a file, a label that leaves the money."""

import secrets
from decimal import Decimal as D

import pytest

from tests.browser import cast, fits, press, until, values, wait_for, window_of
from tests.flows import steps

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 390, "height": 800}


def sell(*tracks, units=100):
    """One report of so many downloads of each: of every 1.50 USD owed for 100, 0.75, 0.30 and 0.45 by right."""
    from tests import factories

    lines = [
        {"DspResourceId": f"S{track.pk}", "Title": track.title, "DisplayArtistName": track.artist, "Usages": units}
        for track in tracks
    ]
    return factories.a_report(content=factories.flat_lines(*lines))


def test_a_foreign_artist_without_isrc_on_a_phone_is_owed_less_than_the_minimum(system, new_page):
    """She learns the minimum before she signs up, and reads afterwards that what is hers gathers until then."""
    from tests import factories

    mark = secrets.token_hex(4)

    def world():
        from payouts.models import PayoutMinimum

        PayoutMinimum.objects.get_or_create(currency="USD", start="2006-01-01", defaults={"amount": D("10")})
        cast(mark, "rita")
        track = factories.a_track(f"Песня {mark}", "Эрика Мустерман")
        sell(track)
        return track.public_id

    track = system.run(world)
    phone = new_page(viewport=PHONE, locale="en")
    phone.goto(f"/search/?q=Erika+Musterman+{mark}")
    assert phone.locator(f"[data-track={track}]").count() == 1
    until(lambda: "10.00" in phone.inner_text("main"))  # the smallest payment, before any account
    steps.sign_up(phone, f"erika{mark}@example.org")
    steps.into_basket(phone, f"Erika+Musterman+{mark}", track)
    phone.goto("/owners/new/")
    phone.check("[name=kind][value=person]")
    phone.fill("[name=name]", f"Erika Mustermann {mark}")
    phone.select_option("[name=country]", "DE")
    press(phone, "main button.btn-primary")
    phone.goto("/claims/new/")
    steps.say_terms(phone, role="performed")
    assert fits(phone)
    number = steps.sign(phone, signature="Erika Mustermann")

    rita = window_of(system, new_page, f"rita{mark}")
    steps.verify(rita, number)
    steps.decide(rita, number)

    steps.posted(phone, number)
    assert fits(phone)
    phone.goto("/money/")
    assert values(phone, "#balance tr[data-place=payable]")[0] == "0.3"
    assert "10" in values(phone, "#waits")
    assert "No confirmed bank account." in phone.inner_text("#waits")
    assert fits(phone)


def test_a_songwriter_claims_one_song_and_is_paid_for_every_version_of_it(system, new_page):
    """Original, a cover, a karaoke version and half a medley; the label of the original gets nothing of the cover."""
    from tests import factories

    mark = secrets.token_hex(4)

    def world():
        from catalog.models import TrackWork

        alice, charlie, rita = cast(mark, "alice", "charlie", "rita")
        names = (f"Elegy {mark}", f"Elegy {mark} (cover)", f"Elegy {mark} (karaoke)", f"Medley {mark}")
        tracks = original, cover, karaoke, medley = [
            factories.a_track(name, f"Band {at}") for at, name in enumerate(names)
        ]
        song = factories.a_work(f"Elegy {mark}", original, cover, karaoke)
        TrackWork.objects.create(track=medley, work=song, percent=50)
        factories.a_work(f"Another {mark}", medley, percent=50)
        sell(*tracks)
        writer = factories.a_holder(f"Writer {mark}", owner=alice)
        label = factories.a_holder(f"Label {mark}", owner=charlie)
        factories.an_awarded_claim(charlie, label, original, reviewer=rita)
        return original.public_id, writer.public_id, label.public_id

    original, writer, label = system.run(world)
    alice = window_of(system, new_page, f"alice{mark}")
    number = steps.claim(alice, f"Elegy+{mark}", original, role="wrote")
    steps.decide(window_of(system, new_page, f"rita{mark}"), number)

    steps.posted(alice, number)
    assert steps.balance(alice, writer) == {"payable": "1.575"}  # three times 0.45, and half of it
    with alice.expect_navigation():
        alice.locator("#balance tr[data-place=payable] a").first.click()
    shown = values(alice, "#tracks")
    assert {"0.225", "0.45"} <= set(shown)
    assert shown.count("0.45") % 3 == 0
    charlie = window_of(system, new_page, f"charlie{mark}")
    assert steps.balance(charlie, label) == {"payable": "0.75"}  # the original's own recording, and no more


def test_a_label_claims_its_catalogue_by_a_file_without_any_isrc(system, new_page):
    """Three hundred rows of titles and artists, some with a slip: looked up, chosen by group, signed once."""
    from tests import factories

    mark, count = secrets.token_hex(4), 300

    def world():
        from catalog import services as catalog

        alice, _rita = cast(mark, "alice", "rita")
        new = [catalog.NewTrack(title=f"Ballad {mark} number {at}", artist=f"Choir {mark}") for at in range(count)]
        catalog.add_tracks(tracks=new)
        return factories.a_holder(f"Label {mark}", owner=alice).public_id

    system.run(world)
    rows = [
        "Title,Artist",
        *(f"Ballad {mark} number {at},Choir {mark}" for at in range(count)),
        f"Nothing {mark},Nobody",
    ]
    alice = window_of(system, new_page, f"alice{mark}")
    alice.goto("/lists/new/")
    alice.check("[name=purpose][value=claim]")
    alice.check("[name=rights][value=phonogram]")
    alice.check("[name=source][value=file]")
    alice.set_input_files(
        "[name=file]", {"name": "ours.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    )
    press(alice, "#new-list button.btn-primary")
    wait_for(alice, "What became of the rows")
    assert "Not in the catalogue" in alice.inner_text("main")
    if alice.locator("[name=group]:not(:checked)").count():
        for group in ("exact", "likely"):
            if alice.locator(f"#group-{group}").count():
                alice.check(f"#group-{group}")
        press(alice, "text=Choose these groups")
    press(alice, f"text=Go on with {count} chosen rows")
    steps.say_terms(alice, role="owns_master", choice="reserve")
    number = steps.sign(alice)

    rita = window_of(system, new_page, f"rita{mark}")
    steps.decide(rita, number)
    steps.posted(alice, number)

    def shares():
        from catalog.models import RightsShare

        return RightsShare.objects.filter(source=number).count()

    assert system.run(shares) == count


def test_an_american_label_looks_proves_leaves_the_money_and_gets_its_certificate(system, new_page):
    from tests import factories

    mark = secrets.token_hex(4)

    def world():
        alice, _rita = cast(mark, "alice", "rita")
        track = factories.a_track(f"Pier {mark}", "Charlie and the Tide")
        sell(track)
        return track.public_id, factories.a_holder(f"Red Pier {mark}", owner=alice, country="US").public_id

    track, label = system.run(world)
    public = new_page()
    public.goto(f"/search/?q=Pier+{mark}")
    assert "0.75" not in public.inner_text("main")  # an order of size, for everybody
    alice = window_of(system, new_page, f"alice{mark}")
    number = steps.claim(alice, f"Pier+{mark}", track, role="owns_master", choice="leave")
    assert "0.75" in values(alice, "main")  # exact, once signed
    steps.decide(window_of(system, new_page, f"rita{mark}"), number)

    steps.posted(alice, number)
    with alice.expect_download() as download:
        alice.click("text=Certificate (PDF)")
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert steps.balance(alice, label) == {"held": "0.75"}
    assert alice.locator("#waits").count() == 0
