"""Conflicts in a real browser: three rivals in two countries, a false claim, an owner after a payout, an agent gone."""

import calendar
import secrets
from datetime import date
from decimal import Decimal as D

import pytest
from django.utils import timezone

from tests.browser import cast, press, until, wait_for, window_of
from tests.flows import steps

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def answer(page, dispute, kind, **parts):
    """A party answers a dispute; with `parts` as the split, by the row number of the holder."""
    page.goto(f"/disputes/{dispute}/")
    page.check(f"[name=kind][value={kind}]")
    if parts:
        page.click("summary:has-text('split')")
    for holder, part in parts.items():
        page.fill(f"[name=percent_{holder.removeprefix('h')}]", part)
    page.fill("#answer textarea[name=text]", "So we say.")
    press(page, "form[action$='/answer/'] button.btn-primary")


def test_three_with_sixty_each_in_different_territories_settle(system, new_page):
    """Where three fight they split among three, where two fight among two; each is paid for its countries."""
    from tests import factories

    mark = secrets.token_hex(4)

    def world():
        from catalog import territories
        from claims.models import Dispute

        everywhere, two, one = territories.worldwide(), territories.resolve(["RU", "US"]), territories.resolve(["RU"])
        *people, rita = cast(mark, "alice", "bob", "charlie", "rita")
        track = factories.a_track(f"Hit {mark}")
        for country in ("RU", "US"):
            factories.a_sale(track, units=100, Territory=country)
        holders = []
        for person, where in zip(people, (everywhere, two, one), strict=True):
            holders.append(factories.a_holder(f"{person.display_name} {mark}", owner=person))
            terms = {"percents": {"owns_master": D(60)}, "territories": where}
            factories.an_awarded_claim(person, holders[-1], track, reviewer=rita, **terms)
        disputes = {
            territories.codes_of(each.territories.bits)[0]: each.public_id
            for each in Dispute.objects.filter(track=track)
        }
        return [f"h{each.pk}" for each in holders], [each.public_id for each in holders], disputes

    (a, b, c), (alices, bobs, charlies), disputes = system.run(world)
    assert sorted(disputes) == ["RU", "US"]
    alice, bob, charlie = (window_of(system, new_page, f"{name}{mark}") for name in ("alice", "bob", "charlie"))
    for page in (alice, bob, charlie):
        answer(page, disputes["RU"], "split", **{a: "40", b: "30", c: "30"})
    for page in (alice, bob):
        answer(page, disputes["US"], "split", **{a: "50", b: "50"})

    for number in disputes.values():
        alice.goto(f"/disputes/{number}/")
        assert "Settled by the parties" in alice.inner_text("h1")
    charlie.goto("/disputes/")
    assert disputes["US"] not in charlie.inner_text("main")
    until(lambda: steps.balance(alice, alices) == {"payable": "0.675"})
    assert steps.balance(bob, bobs) == {"payable": "0.6"}
    assert steps.balance(charlie, charlies) == {"payable": "0.225"}


def test_a_false_claim_on_a_hit_freezes_nothing(system, new_page):
    """Filed, approved by a reviewer who was taken in, given up: the owner's money never moves."""
    from tests import factories

    mark = secrets.token_hex(4)

    def world():
        alice, charlie, rita = cast(mark, "alice", "charlie", "rita")
        track = factories.a_track(f"Hit {mark}")
        factories.a_sale(track, units=100)
        owner = factories.a_holder(f"Owner {mark}", owner=alice)
        thief = factories.a_holder(f"Thief {mark}", owner=charlie)
        factories.an_awarded_claim(alice, owner, track, reviewer=rita)
        return track.public_id, owner.public_id, thief.public_id

    track, owner, thief = system.run(world)
    alice, charlie = (window_of(system, new_page, f"{name}{mark}") for name in ("alice", "charlie"))
    number = steps.claim(charlie, f"Hit+{mark}", track, role="owns_master")
    assert steps.balance(alice, owner) == {"payable": "0.75"}
    alice.goto("/disputes/")
    assert "DIS-" not in alice.inner_text("main")

    rita = window_of(system, new_page, f"rita{mark}")
    rita.goto(f"/review/claims/{number}/")
    steps.decide(rita, number)
    assert steps.balance(alice, owner) == {"payable": "0.75"}
    alice.goto("/disputes/")
    with alice.expect_navigation():
        alice.locator("main a.id").first.click()
    dispute = alice.url.rstrip("/").split("/")[-1]
    answer(charlie, dispute, "release")

    alice.goto(f"/disputes/{dispute}/")
    assert "Settled by the parties" in alice.inner_text("h1")
    assert steps.balance(alice, owner) == {"payable": "0.75"}
    charlie.goto(f"/money/{thief}/")
    assert charlie.locator("#balance").count() == 0


def test_the_true_owner_comes_after_the_payout_and_what_was_paid_becomes_recoverable(system, new_page):
    """Two reviewers find for the owner: all is the owner's, and the other owes it from later money only."""
    from tests import factories

    mark = secrets.token_hex(4)

    def world():
        from claims import services
        from ledger import recipes
        from ledger import services as ledger

        alice, charlie, rita, _ron = cast(mark, "alice", "charlie", "rita", "ron")
        track = factories.a_track(f"Old song {mark}")
        sale = factories.a_sale(track, units=1000)
        first = factories.a_holder(f"First {mark}", owner=charlie)
        factories.an_awarded_claim(charlie, first, track, reviewer=rita)
        for run in services.plan_due_runs(now=timezone.now()):
            services.continue_run(run_id=run, now=timezone.now())
        owner, paid = f"holder:{first.pk}", [recipes.Part(f"track:{track.pk}:phonogram", sale.report_id, D("7.5"))]
        for kind, lines in {
            "payout": recipes.payout(owner=owner, currency="USD", parts=paid),
            "settlement": recipes.settlement(owner=owner, currency="USD", parts=paid),
            "disbursement": recipes.disbursement(owner=owner, currency="USD", net=D("7.5")),
        }.items():
            ledger.post_entry(kind=kind, idempotency_key=f"{kind}:{mark}", event_at=timezone.now(), postings=lines)
        true = factories.a_holder(f"True owner {mark}", owner=alice)
        return track.public_id, first.public_id, true.public_id, first.pk, true.pk

    track, first, true, first_pk, true_pk = system.run(world)
    alice, charlie, rita, ron = (
        window_of(system, new_page, f"{name}{mark}") for name in ("alice", "charlie", "rita", "ron")
    )
    assert steps.balance(charlie, first) == {"paid": "7.5"}
    number = steps.claim(alice, f"Old+song+{mark}", track, role="owns_master")
    steps.decide(rita, number)
    alice.goto(f"/claims/{number}/")
    dispute = alice.locator("main a.id[href*='/disputes/']").first.inner_text()
    for page in (rita, ron):
        page.goto(f"/review/disputes/{dispute}/")
        page.fill(f"[name=percent_{first_pk}]", "0")
        page.fill(f"[name=percent_{true_pk}]", "100")
        page.fill("#decide textarea", "The older contract is the owner's.")
        press(page, "text=Keep the verdict")

    alice.goto(f"/disputes/{dispute}/")
    assert "Decided by two reviewers" in alice.inner_text("h1")
    until(lambda: steps.balance(alice, true) == {"payable": "7.5"})
    assert steps.balance(charlie, first) == {"paid": "7.5", "recoverable": "-7.5"}


def test_an_owner_revokes_its_agent_in_the_middle_of_a_month(system, new_page):
    """What was used before the day stays the agent's to collect; what is used from it on comes to the owner."""
    from tests import factories

    mark, today = secrets.token_hex(4), timezone.now().date()

    def world():
        alice, charlie, rita = cast(mark, "alice", "charlie", "rita")
        track, store = factories.a_track(f"Song {mark}"), factories.a_licensee()
        label = factories.a_holder(f"Label {mark}", owner=alice)
        agency = factories.a_holder(f"Agency {mark}", owner=charlie)
        paper = factories.an_authority(label, agency)
        factories.a_sale(track, licensee=store, units=100, UsagePeriod="2006-05")
        factories.an_awarded_claim(charlie, label, track, reviewer=rita, standing="agent", authority=paper)
        return track.pk, store.pk, paper.public_id, label.public_id, agency.public_id

    track, store, paper, label, agency = system.run(world)
    alice, charlie = (window_of(system, new_page, f"{name}{mark}") for name in ("alice", "charlie"))
    assert steps.balance(charlie, agency) == {"payable": "0.75"}
    alice.goto(f"/authorities/{paper}/")
    alice.fill("[name=end]", today.isoformat())
    alice.fill("form[action$='/end/'] [name=text]", "We collect ourselves from now on.")
    press(alice, "form[action$='/end/'] button")
    assert "Ended" in alice.inner_text("h1")

    def later():
        from catalog.models import Track
        from claims import services
        from sales.models import Licensee

        shop, song = Licensee.objects.get(pk=store), Track.objects.get(pk=track)
        factories.a_sale(song, licensee=shop, units=100, UsagePeriod=f"{today:%Y-%m}")
        services.distribute(track_ids=[track], event=mark, now=timezone.now())

    system.run(later)
    days = calendar.monthrange(today.year, today.month)[1]
    before = D("0.75") * (today - date(today.year, today.month, 1)).days / days
    theirs, ours = (
        D(steps.balance(page, holder).get("payable", 0)) for page, holder in ((charlie, agency), (alice, label))
    )
    assert abs(theirs - D("0.75") - before) < D("0.00000002")
    assert theirs + ours == D("1.5")
    charlie.goto(f"/authorities/{paper}/")
    assert charlie.locator("form[action$='/end/']").count() == 0
    wait_for(charlie, "We collect ourselves from now on.", 5)
