"""A label takes a track out: from the typed list to the store's receipt, and what the money does meanwhile."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from standardwebhooks import Webhook

from catalog.models import Withdrawal
from claims import services
from claims.models import OptOut
from core import vault
from ledger import selectors as ledger
from tests import factories
from tests.receiver import SECRET, receiving

pytestmark = pytest.mark.django_db


def resting(track):
    """Where the money of the recording rests: {(place, owner): amount as text}."""
    sums = {}
    for row in ledger.shown([f"track:{track.pk}:phonogram"]):
        sums[row.place, row.owner] = sums.get((row.place, row.owner), D(0)) + row.amount
    return {key: f"{amount.normalize():f}" for key, amount in sums.items() if amount}


def distribute():
    """Move what has to move, as the sweep does."""
    for run_id in services.plan_due_runs(now=timezone.now()):
        services.continue_run(run_id=run_id, now=timezone.now())


def test_from_the_typed_list_to_the_stores_receipt(alice, rita, store, client_of):
    track = factories.a_track("Группа крови", "Кино", isrc="RUABC0600001")
    label = factories.a_holder("Example Label", owner=alice)
    with receiving() as receiver:
        shop = factories.a_store("AllofMP3", member=store, webhook_url=receiver.url, secret=SECRET)
        factories.a_store_key(track, shop, "4417", url="https://store.example.com/4417")
        typed = {
            "holder": label.pk,
            "standing": "self",
            "rows": "Kino - Gruppa krovi\nsomebody - something else",
            "rights": ["phonogram", "performance"],
            "stores": "all",
            "start": "2007-07-01",
            "where": "world",
            "kind": "contract",
            "documents": [SimpleUploadedFile("contract.txt", b"The master is ours.")],
            "basis": "owner_opt_out",
            "contact_name": "Alice",
            "contact_email": "alice@example.org",
            "authorised": "on",
            "accurate": "on",
            "signature": "Alice",
            "act": "send",
        }
        holder, reviewer, shopkeeper = client_of(alice), client_of(rita), client_of(store)

        sent = holder.post(reverse("claims:new_opt_out"), typed)
        case = OptOut.objects.get()
        assert sent.url == reverse("claims:opt_out", kwargs={"opt_out_id": case.public_id})
        assert case.public_id in reviewer.get(reverse("claims:review_queue")).content.decode()
        assert "stand on documents only" in reviewer.get(f"/review/opt-outs/{case.public_id}/").content.decode()
        reviewer.post(f"/review/opt-outs/{case.public_id}/grant/", {"text": "Proved."})

        ((headers, body),) = receiver.got
        notice = Webhook(SECRET).verify(body, headers)["data"]
    assert [row["store_keys"] for row in notice["rows"]] == [["4417"]]
    assert {right["right"] for right in notice["rows"][0]["leaving"]} == {"phonogram", "performance"}
    answer = shopkeeper.post(
        f"/api/v1/takedown-notices/{notice['notice']}/acknowledge/",
        json.dumps({"reference": "T-17"}),
        content_type="application/json",
    )
    assert answer.status_code == 200
    shopkeeper.post(f"/notices/{notice['notice']}/removed/", {"all": "1"})
    page = holder.get(f"/opt-outs/{case.public_id}/").content.decode()
    for words in ("T-17", "1 of 1", 'data-status="complied"', "No such track is in the catalogue."):
        assert words in page
    factories.in_register()
    assert 'data-status="granted"' in shopkeeper.get(reverse("register:entries")).content.decode()
    assert Withdrawal.objects.filter(track=track, end=None).count() == 2


@pytest.mark.slow
def test_money_before_stays_payable_and_money_after_is_kept_apart(alice, rita):
    store = factories.a_licensee()
    track = factories.a_track("Zvezda", isrc="RUA010500001")
    label = factories.a_holder("Alice Records", owner=alice)
    owner = f"holder:{label.pk}"
    factories.a_sale(track, units=1000, UsagePeriod="2007-06", licensee=store)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    assert resting(track) == {("payable", owner): "7.5"}
    now = datetime(2007, 6, 20, 12, tzinfo=UTC)

    case = factories.an_opt_out(alice, label, track, now=now, start=date(2007, 7, 1))
    services.grant_opt_out(opt_out=case, by=rita, now=now)
    distribute()
    assert resting(track) == {("payable", owner): "7.5"}

    factories.a_sale(track, units=100, UsagePeriod="2007-07", licensee=store)
    distribute()
    assert resting(track) == {("payable", owner): "7.5", ("post_withdrawal", owner): "0.75"}


@pytest.mark.slow
def test_unclaimed_money_of_a_track_that_left_still_waits_and_can_be_claimed(alice, rita):
    track = factories.a_track("Zvezda", isrc="RUA010500001")
    label = factories.a_holder("Alice Records", owner=alice)
    factories.a_sale(track, units=1000, UsagePeriod="2006-10")
    case = factories.an_opt_out(alice, label, track)
    services.grant_opt_out(opt_out=case, by=rita, now=timezone.now())
    distribute()
    assert resting(track) == {("unclaimed", ""): "7.5"}

    factories.an_awarded_claim(alice, label, track, reviewer=rita)

    assert resting(track) == {("payable", f"holder:{label.pk}"): "7.5"}


def test_erasing_the_holder_leaves_the_withdrawal_and_the_register(alice, rita, client):
    track = factories.a_track("Zvezda")
    label = factories.a_holder("Alice Records", owner=alice)
    case = factories.an_opt_out(alice, label, track)
    services.grant_opt_out(opt_out=case, by=rita, now=timezone.now())

    vault.erase(f"holder:{label.pk}", now=timezone.now())

    assert services.contact_of(OptOut.objects.get()) == {}
    factories.in_register()
    assert "Zvezda" in client.get(reverse("register:entries")).content.decode()
