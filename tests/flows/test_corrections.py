"""Stories of corrections, through the pages: an album with one track withdrawn, a merge, its undoing, a wrong match."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from catalog.models import Release, ReleaseTrack
from claims.models import Correction
from ledger.verify import verify
from sales.models import StoreKey
from tests.claims.test_merge import coded, distribute_due, of, places, sell
from tests.factories import (
    a_holder,
    a_licensee,
    a_report,
    a_share,
    a_withdrawal,
    an_awarded_claim,
    flat_lines,
)

pytestmark = pytest.mark.django_db
LEFT = "post_withdrawal"
"""Where money of sales after a withdrawal is kept apart for who withdrew."""


def sound() -> bool:
    return all(check.ok for check in verify().checks)


@pytest.fixture
def alice_label(alice: Any) -> Any:
    return a_holder("Northern Wind", owner=alice)


@pytest.mark.slow
def test_an_album_sale_with_one_track_withdrawn_and_a_twin_merged_into_it(client_of, alice_label, rita):
    store, staff = a_licensee(), client_of(rita)
    out, stays = coded("Утро", "Кино", "RUA120600001"), coded("День", "Кино", "RUA120600002")
    twin = coded("Utro!", "Kino band", "RUA120600003")
    for track in (out, stays):
        a_share(track, alice_label)
    a_withdrawal(out, alice_label, start=date(2006, 10, 1))
    line = {"DspReleaseId": "R1", "ReleaseTitle": "Альбом", "ReleaseDisplayArtistName": "Кино"}
    report = a_report(store, flat_lines(line | {"PriceConsumerPaidExcSalesTax": "20"}))
    assert report.status == "posted"
    owner = f"holder:{alice_label.pk}"

    album = Release.objects.create(title="Альбом", artist="Кино", name_key="nothing the matcher finds")
    for number, track in enumerate((out, stays), 1):
        ReleaseTrack.objects.create(release=album, track=track, sequence=number)
    key = StoreKey.objects.get(kind="release").public_id
    staff.post("/unmatched/decide/", {"only": key, f"do-{key}": "other", f"other-{key}": album.public_id})
    distribute_due()

    assert of(stays) == {("payable", owner): "0.75", ("unclaimed", ""): "0.75"}
    assert of(out) == {(LEFT, owner): "0.75", ("unclaimed", ""): "0.75"}
    sell(a_licensee(), twin)
    url = f"/corrections/new/?kind=merge&source={twin.public_id}&target={out.public_id}"
    staff.post(url, {"reason": "The same recording"})
    assert of(out) == {(LEFT, owner): "1.5", ("unclaimed", ""): "1.5"}, "the withdrawal covers the twin's sales too"
    undo = f"/corrections/new/?kind=undo&merge={Correction.objects.get().merge.public_id}"
    staff.post(undo, {"reason": "Two takes"})
    assert of(out) == {(LEFT, owner): "0.75", ("unclaimed", ""): "0.75"}
    assert of(twin) == {("unclaimed", ""): "1.5"}
    assert sound()


@pytest.mark.slow
def test_a_merge_and_its_undoing_after_money_moved(client_of, alice, alice_label, rita):
    store, staff = a_licensee(), client_of(rita)
    source, target = coded("Утро", "Кино", "RUA120600001"), coded("Utro!", "Kino band", "RUA120600002")
    sell(store, source, target, price="0.37")
    an_awarded_claim(alice, alice_label, target, reviewer=rita)
    distribute_due()
    before = places()

    url = f"/corrections/new/?kind=merge&source={source.public_id}&target={target.public_id}"
    staff.post(url, {"reason": "The same recording"})
    assert of(source) == {}
    assert sum(places().values()) == sum(before.values())
    assert client_of(alice).get(f"/tracks/{source.public_id}/").headers["Location"] == f"/tracks/{target.public_id}/"

    undo = f"/corrections/new/?kind=undo&merge={Correction.objects.get().merge.public_id}"
    staff.post(undo, {"reason": "Two takes"})
    assert places() == before
    assert sound()


@pytest.mark.slow
def test_a_wrong_match_corrected_after_a_claim_was_awarded(client_of, alice, alice_label, rita):
    staff = client_of(rita)
    wrong, right = coded("Утро", "Кино", "RUA120600001"), coded("Utro!", "Kino band", "RUA120600002")
    sell(a_licensee(), wrong)
    an_awarded_claim(alice, alice_label, wrong, reviewer=rita)
    distribute_due()
    assert of(wrong)["payable", f"holder:{alice_label.pk}"] == "0.75"

    names = f"/tracks/{wrong.public_id}/names/"
    key = StoreKey.objects.get().public_id
    said = {"key": [key], "to": "other", "target": right.public_id}
    preview = staff.post(names, said, follow=True)
    staff.post(preview.redirect_chain[-1][0], {"reason": "Another song"})

    assert of(wrong) == {}
    assert of(right) == {("unclaimed", ""): "1.5"}
    assert sum(places().values()) == D("1.5")
    assert sound()
