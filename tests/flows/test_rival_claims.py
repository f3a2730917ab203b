"""Two holders say the same part is theirs: only the contested slice waits, and only a person decides."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from catalog import territories
from catalog.models import RightsShare
from claims import services
from claims.models import ClaimLine, Dispute
from tests import factories
from tests.flows.test_retroactive_claim import resting

pytestmark = pytest.mark.django_db


@pytest.fixture
def track():
    """A track sold in the US for 0.75 USD of phonogram royalty."""
    track = factories.a_track("Zvezda", isrc="RUA010500001")
    factories.a_sale(track, units=100)
    return track


@pytest.fixture
def label(alice):
    return factories.a_holder("Alice Records", owner=alice)


@pytest.fixture
def rival(charlie):
    return factories.a_holder("Charlie Music", owner=charlie)


def sixty(person, holder, track, rita, **terms):
    return factories.an_awarded_claim(person, holder, track, reviewer=rita, percents={"owns_master": D(60)}, **terms)


@pytest.mark.slow
def test_a_rival_gets_what_is_undisputed_and_the_incumbent_goes_on_being_paid(
    alice, charlie, rita, frank, track, label, rival
):
    first, second = f"holder:{label.pk}", f"holder:{rival.pk}"
    sixty(alice, label, track, rita)
    assert resting(track) == {("payable", first): "0.45", ("unclaimed", ""): "0.3"}

    claim = sixty(charlie, rival, track, rita)

    line, dispute = claim.lines.get(), Dispute.objects.get()
    assert (line.outcome, line.granted_percent) == (ClaimLine.Outcome.DISPUTED, D(40))
    assert resting(track) == {("payable", first): "0.45", ("payable", second): "0.3"}

    services.order_hold(dispute=dispute, by=rita, now=timezone.now(), reason="Both show a contract of the same day.")
    assert resting(track) == {("payable", first): "0.3", ("payable", second): "0.3", ("disputed", ""): "0.15"}

    factories.a_decided_dispute(dispute, {label.pk: D(45), rival.pk: D(55)}, rita)
    assert resting(track) == {("payable", first): "0.3375", ("payable", second): "0.4125"}
    dispute.refresh_from_db()
    assert dispute.status == Dispute.Status.DECIDED


@pytest.mark.slow
def test_three_claims_of_sixty_leave_everything_disputed_until_they_settle(
    alice, charlie, stranger, rita, track, label, rival
):
    """The state after three first reviews: nothing is undisputed, so nobody has a share."""
    third = factories.a_holder("Third", owner=stranger)
    claims = [
        factories.a_claim(person, holder, track, percents={"owns_master": D(60)})
        for person, holder in ((alice, label), (charlie, rival), (stranger, third))
    ]
    dispute = Dispute.objects.create(
        track=track, right="phonogram", territories=territories.worldwide(), opened_at=timezone.now()
    )
    for claim in claims:
        dispute.parties.create(holder=claim.holder, percent=D(60), claim_line=claim.lines.get())

    services.distribute(track_ids=[track.pk], event="test", now=timezone.now())
    assert resting(track) == {("disputed", ""): "0.75"}

    split = {label.pk: D("33.333334"), rival.pk: D("33.333333"), third.pk: D("33.333333")}
    for person in (alice, charlie, stranger):
        said = services.DisputeSaid(kind="split", split=split)
        services.answer_dispute(dispute=dispute, said=said, by=person, now=timezone.now())
    assert resting(track) == {
        ("payable", f"holder:{label.pk}"): "0.25",
        ("payable", f"holder:{rival.pk}"): "0.25",
        ("payable", f"holder:{third.pk}"): "0.25",
    }
    dispute.refresh_from_db()
    assert dispute.status == Dispute.Status.SETTLED


@pytest.mark.slow
def test_only_the_territory_in_conflict_is_disputed(alice, charlie, rita, label, rival):
    track = factories.a_track("Kosmos", isrc="RUA010500002")
    factories.a_sale(track, units=100, Territory="US")
    factories.a_sale(track, units=100, Territory="RU")
    first, second = f"holder:{label.pk}", f"holder:{rival.pk}"
    factories.an_awarded_claim(alice, label, track, reviewer=rita, territories=territories.resolve(["RU"]))

    claim = factories.an_awarded_claim(charlie, rival, track, reviewer=rita)

    dispute = Dispute.objects.get()
    assert territories.codes_of(dispute.territories.bits) == ["RU"]
    assert claim.lines.get().outcome == ClaimLine.Outcome.DISPUTED
    assert resting(track) == {("payable", first): "0.75", ("payable", second): "0.75"}

    factories.a_decided_dispute(dispute, {label.pk: D(0), rival.pk: D(100)}, rita)
    assert resting(track) == {("payable", second): "1.5"}


@pytest.mark.slow
def test_a_settlement_must_fit_and_name_every_party(alice, charlie, rita, track, label, rival):
    sixty(alice, label, track, rita)
    sixty(charlie, rival, track, rita)
    dispute = Dispute.objects.get()

    for percents in ({label.pk: D(60), rival.pk: D(41)}, {label.pk: D(60)}, {label.pk: D(-1), rival.pk: D(60)}):
        with pytest.raises(services.BadSettlement):
            services.decide_dispute(dispute=dispute, percents=percents, by=rita, now=timezone.now(), reason="x")


@pytest.mark.slow
def test_no_party_and_no_stranger_decides_a_dispute(alice, charlie, rita, frank, track, label, rival):
    sixty(alice, label, track, rita)
    sixty(charlie, rival, track, rita)
    dispute, percents = Dispute.objects.get(), {label.pk: D(50), rival.pk: D(50)}
    alice.role = "reviewer"
    alice.save()

    with pytest.raises(services.DecidesOwnCase):
        services.decide_dispute(dispute=dispute, percents=percents, by=alice, now=timezone.now(), reason="x")
    with pytest.raises(services.NotAReviewer):
        services.decide_dispute(dispute=dispute, percents=percents, by=frank, now=timezone.now(), reason="x")
    with pytest.raises(services.NotAParty):
        said = services.DisputeSaid(words="x")
        services.answer_dispute(dispute=dispute, said=said, by=frank, now=timezone.now())


@pytest.mark.slow
def test_silence_moves_no_money_and_no_right(alice, charlie, rita, track, label, rival):
    sixty(alice, label, track, rita)
    sixty(charlie, rival, track, rita)
    before, shares = resting(track), list(RightsShare.objects.order_by("pk").values_list("pk", "percent"))
    late = timezone.now() + timedelta(days=400)

    assert services.sweep_clocks(now=late) == 1
    services.sweep_clocks(now=late)

    for run_id in services.plan_due_runs(now=late):
        services.continue_run(run_id=run_id, now=late)
    assert resting(track) == before
    assert list(RightsShare.objects.order_by("pk").values_list("pk", "percent")) == shares
    assert Dispute.objects.get().status == Dispute.Status.OPENED
