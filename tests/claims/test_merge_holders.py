"""Two registrations that are one holder: all unites by one entry, old numbers lead on, and it can be undone."""

from collections import defaultdict
from decimal import Decimal as D

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import HolderMember, RightsHolder, RightsShare
from claims import services
from claims.models import Correction, Dispute
from ledger import selectors as ledger
from ledger.chart import Place, owed, track_item
from ledger.models import Entry
from ledger.recipes import Kind, credit
from ledger.services import post_entry
from tests import factories


@pytest.fixture
def twins(db, alice, bob, charlie):
    """Alice's label, registered twice: by her, and by Charlie with Bob as reader; both have shares and money."""
    factories.a_rule("correction_money", "1000", "USD")
    one = factories.a_holder("Alice Records", owner=alice)
    two = factories.a_holder("Элис Рекордс", owner=charlie, reader=bob)
    HolderMember.objects.create(holder=one, user=bob, role="editor")
    track = factories.a_track("Zvezda")
    factories.a_sale(track, units=100)
    factories.a_share(track, one, 50)
    factories.a_share(track, two, 50)
    services.distribute(track_ids=[track.pk], event="test", now=timezone.now())
    return one, two, track


def owned(track):
    found = defaultdict(D)
    for row in ledger.shown([track_item(track.pk, "phonogram")]):
        if row.amount:
            found[row.owner, row.place] += row.amount
    return dict(found)


def merge(source, target, by):
    case = services.merge_of(source, target)
    return services.ask_correction(correction=case, by=by, now=timezone.now(), reason="Registered twice.")


def test_everything_of_a_duplicate_unites_by_one_entry_and_goes_back(twins, alice, bob, charlie, rita, client_of):
    one, two, track = twins
    claim = factories.a_claim(charlie, two)
    document = services.add_evidence(
        holder=two, name="a.txt", content=b"x", kind="contract", by=charlie, now=timezone.now(), claim=claim
    )
    factories.a_withdrawal(factories.a_track(), two)
    mine, theirs = (f"holder:{one.pk}", "payable"), (f"holder:{two.pk}", "payable")
    assert owned(track) == {mine: D("0.375"), theirs: D("0.375")}
    entries = Entry.objects.count()

    done = merge(two, one, rita)

    assert (done.status, Entry.objects.count()) == ("done", entries + 1)
    assert owned(track) == {mine: D("0.75")}
    assert {member.user: member.role for member in one.members.all()} == {
        alice: "owner",
        bob: "editor",
        charlie: "owner",
    }
    assert [name.text for name in one.names.all()] == ["Элис Рекордс"]
    assert (one.withdrawals.count(), two.shares.count()) == (1, 0)
    client = client_of(alice)
    for address in (f"/claims/{claim.public_id}/", f"/evidence/{document.public_id}/"):
        assert client.get(address).status_code == 200, address  # its own cases, seen by all who are one now
    old = client.get(reverse("claims:holder", kwargs={"holder_id": two.public_id}))
    assert old.url == reverse("claims:holder", kwargs={"holder_id": one.public_id})
    assert client.get(f"/api/v1/holders/{two.public_id}/").json()["id"] == one.public_id
    assert [holder.pk for holder in client.get("/owners/").context["rows"][0][:1]] == [one.pk]

    services.ask_correction(
        correction=services.undoing_of(done.merge), by=rita, now=timezone.now(), reason="Two labels after all."
    )

    assert owned(track) == {mine: D("0.375"), theirs: D("0.375")}
    assert {member.user for member in two.members.all()} == {charlie, bob}
    assert {member.user: member.role for member in one.members.all()} == {alice: "owner", bob: "editor"}
    assert (one.withdrawals.count(), two.withdrawals.count(), one.names.count()) == (0, 1, 0)
    assert client.get(f"/claims/{claim.public_id}/").status_code == 404


def test_what_was_paid_to_the_duplicate_counts_as_paid_and_nothing_is_paid_twice(twins, rita):
    one, two, track = twins
    line = next(row for row in ledger.shown([track_item(track.pk, "phonogram")]) if row.owner == f"holder:{two.pk}")
    away = [credit(owed(line.item, Place.PAYABLE, "USD", line.owner), -line.amount, line.lot)]
    away += [credit(owed(line.item, Place.PAID, "USD", line.owner), line.amount, line.lot)]
    post_entry(kind=Kind.DISTRIBUTION, postings=away, idempotency_key="test:paid", event_at=timezone.now())

    merge(two, one, rita)

    assert owned(track) == {(f"holder:{one.pk}", "payable"): D("0.375"), (f"holder:{two.pk}", "paid"): D("0.375")}


def test_a_preview_shows_the_money_and_changes_nothing(twins, rita, client_of):
    one, two, _track = twins
    address = f"{reverse('claims:new_correction')}?kind=merge&source={two.public_id}&target={one.public_id}"

    page = client_of(rita).get(address)
    shown = page.content.decode()

    assert page.status_code == 200
    assert "Элис Рекордс" in shown
    assert {move.owner: move.after.amount for move in page.context["preview"].money} == {
        f"holder:{one.pk}": D("0.75"),
        f"holder:{two.pk}": D(0),
    }
    assert not Correction.objects.exists()
    assert RightsShare.objects.filter(holder=two).exists()
    client_of(rita).post(address, {"reason": "Registered twice."})
    assert RightsHolder.objects.get(pk=two.pk).merged_into == one


def test_above_a_value_a_second_person_merges_and_nobody_merges_holders_of_their_own(twins, rita, frank):
    one, two, _track = twins
    factories.a_rule("correction_money", "0.1", "USD")
    asked = merge(two, one, rita)
    assert (asked.status, RightsHolder.objects.get(pk=two.pk).merged_into) == ("asked", None)
    with pytest.raises(services.NeedsAnother):
        services.confirm_correction(correction=asked, by=rita, now=timezone.now())
    frank.role = "supervisor"
    frank.save()
    member = HolderMember.objects.create(holder=two, user=frank, role="reader")
    with pytest.raises(services.DecidesOwnCase):
        services.confirm_correction(correction=asked, by=frank, now=timezone.now())
    member.delete()
    services.confirm_correction(correction=asked, by=frank, now=timezone.now())
    assert RightsHolder.objects.get(pk=two.pk).merged_into == one


def test_a_claim_decided_after_the_merge_wins_for_the_survivor(twins, charlie, rita):
    one, two, _track = twins
    fresh = factories.a_track()
    claim = factories.a_reviewed_claim(charlie, two, fresh, reviewer=rita)
    merge(two, one, rita)

    services.approve_claim(
        claim=services.look_again(claim=claim, by=rita, now=timezone.now()), by=rita, now=timezone.now()
    )

    assert RightsShare.objects.get(track=fresh).holder == one


def test_holders_who_argue_with_each_other_are_not_merged(twins, charlie, rita):
    one, two, _track = twins
    fresh = factories.a_track()
    factories.a_share(fresh, one)
    factories.an_awarded_claim(charlie, two, fresh, reviewer=rita)
    assert Dispute.objects.count() == 1

    with pytest.raises(services.Refused, match="dispute with each other"):
        merge(two, one, rita)
