"""A store is told of further keys of a track that is out: after a merge, its undoing, a match; never twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog import services as catalog
from catalog.models import Withdrawal
from claims import services
from claims.models import TakedownNotice
from sales.models import StoreKey
from tests.claims.test_merge import ask, merge, undo
from tests.factories import a_holder, a_store, a_store_key, a_track, a_withdrawal, an_opt_out

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def shop(store: Any) -> Any:
    return a_store("AllofMP3", member=store)


def grant(alice: Any, rita: Any, *tracks: Any) -> Any:
    opt_out = an_opt_out(alice, a_holder(owner=alice), *tracks)
    return services.grant_opt_out(opt_out=opt_out, by=rita, now=NOW)


def told() -> list[dict[str, list[str]]]:
    """The notices in order: the keys named of each track."""
    notices = TakedownNotice.objects.order_by("pk")
    return [{row.track.title: row.store_keys for row in notice.rows.order_by("track")} for notice in notices]


def test_a_merge_tells_the_keys_the_survivor_gained(alice, rita, shop):
    out, other = a_track("Out"), a_track("Other")
    a_store_key(out, shop, "T1")
    a_store_key(other, shop, "T2", url="https://store.example/T2")
    a_store_key(other, a_store("Away", status="ended"), "T2")
    grant(alice, rita, out)
    seen = services.preview_correction(correction=services.merge_of(other, out), by=rita, now=NOW)
    assert (seen.told, told()) == (["AllofMP3"], [{"Out": ["T1"]}])

    merge(other, out, rita)

    assert told() == [{"Out": ["T1"]}, {"Out": ["T2"]}]
    first, further = TakedownNotice.objects.order_by("pk")
    assert (further.follows, further.opt_out, further.status) == (first, first.opt_out, "sent")
    assert further.rows.get().urls == ["https://store.example/T2"]
    assert further.rows.get().withdrawals.get() == Withdrawal.objects.get()
    assert services.tell_further_keys(now=NOW) == []


def test_a_withdrawal_of_the_merged_track_reaches_the_survivors_keys_and_an_undoing_tells_what_came_since(
    alice, rita, shop
):
    out, other = a_track("Out", isrc="RUA010600001"), a_track("Other", isrc="RUA010600002")
    a_store_key(out, shop, "T1")
    a_store_key(other, shop, "T2")
    grant(alice, rita, out)

    done = merge(out, other, rita)
    assert told()[1:] == [{"Other": ["T2"]}]
    key = a_store_key(other, shop, "T3", now=NOW + timedelta(minutes=1))
    StoreKey.objects.filter(pk=key.pk).update(isrc="RUA010600001", name_key=out.name_key)
    undo(done, rita)

    key.refresh_from_db()
    assert key.track == out
    assert told()[2:] == [{"Out": ["T3"]}]


def test_a_corrected_match_and_a_late_one_are_told(alice, rita, shop):
    out, other = a_track("Out"), a_track("Other")
    grant(alice, rita, out)
    key = a_store_key(other, shop, "T2")

    ask(services.rematch_of(out), rita, [key])
    a_store_key(out, shop, "T9")
    services.tell_further_keys(now=NOW)

    assert told() == [{"Out": []}, {"Out": ["T2"]}, {"Out": ["T9"]}]


def test_what_is_not_out_any_more_or_was_never_a_notice_is_not_told(alice, rita, shop):
    out = a_track("Out")
    grant(alice, rita, out)
    every = list(Withdrawal.objects.values_list("pk", flat=True))
    catalog.record_returns(withdrawal_ids=every, start=NOW.date(), source="test")
    quiet = a_track("Quiet")
    a_withdrawal(quiet)
    a_store_key(out, shop, "T1")
    a_store_key(quiet, shop, "T2")

    assert services.tell_further_keys(now=NOW + timedelta(days=1)) == []


def test_the_stores_page_leads_to_the_first_notice(alice, rita, shop, store, client_of):
    out = a_track("Out")
    grant(alice, rita, out)
    a_store_key(out, shop, "T1")
    (further,) = services.tell_further_keys(now=NOW)

    page = client_of(store).get(f"/notices/{further.public_id}/").content.decode()

    assert "Further keys to" in page
    assert f"/notices/{TakedownNotice.objects.earliest('pk').public_id}/" in page
