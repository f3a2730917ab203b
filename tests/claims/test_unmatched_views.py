"""The pages of unmatched names, proposals and corrections through the front door, without script."""

import io
from typing import Any

import pytest
from django.utils import timezone

from claims import selectors, services
from claims.models import Correction
from sales.models import MatchProposal, SameAsRule, StoreKey
from tests.claims.test_merge import distribute_due, of, sell, supervisor  # noqa: F401
from tests.claims.test_unmatched import sold
from tests.factories import a_holder, a_licensee, a_rule, a_share, a_track

pytestmark = pytest.mark.django_db
NOW = timezone.now()
URL = "/unmatched/"


def decide(client: Any, **said: Any) -> Any:
    return client.post(f"{URL}decide/", said, follow=True)


def test_the_queue_shows_money_names_and_suggestions(client_of, rita):
    track = a_track("Gruppa krovi (live)", "Kino")
    sold(a_licensee(), ("Kino", "Gruppa krovi", "10"), ("Nobody", "Unheard", "1"))

    page = client_of(rita).get(URL).content.decode()

    assert page.index("Gruppa krovi") < page.index("Unheard")
    assert f"to:{track.public_id}" in page
    assert '<data value="1.50000000"' in page


@pytest.mark.slow
def test_all_rows_take_their_best_suggestion_but_those_with_an_answer_of_their_own(client_of, rita):
    track, other = a_track("Unheard", "Nobody", duration_seconds=100), a_track()
    a_track("Unheard", "Nobody", duration_seconds=500)
    one, two, three = sold(a_licensee(), ("Nobody", "Unheard", "10"), ("No", "Aaa", "10"), ("No", "Bbb", "10"))
    rows = {"row": [key.public_id for key in (one, two, three)], "all": "best"}
    rows |= {f"best-{one.public_id}": track.public_id, f"best-{two.public_id}": track.public_id}
    rows |= {f"do-{two.public_id}": "other", f"other-{two.public_id}": other.public_id}

    page = decide(client_of(rita), **rows)

    assert "2 names are matched" in page.content.decode()
    assert [StoreKey.objects.get(pk=key.pk).track for key in (one, two, three)] == [track, other, None]
    distribute_due()
    assert of(track) == of(other) == {("unclaimed", ""): "1.5"}


def test_one_row_is_done_alone_and_swapped_by_htmx(client_of, rita):
    (key,) = sold(a_licensee(), ("Nobody", "Unheard", "10"))
    client = client_of(rita)
    name = key.public_id

    nothing = client.post(f"{URL}decide/", {"only": name}, headers={"HX-Request": "true"})
    done = client.post(
        f"{URL}decide/",
        {"only": name, f"do-{name}": "create", f"remember-{name}": "on"},
        headers={"HX-Request": "true"},
    )

    assert (nothing.status_code, done.status_code) == (422, 200)
    assert "data-done" in done.content.decode()
    assert SameAsRule.objects.get().pattern == "Nobody - Unheard"


def test_rejecting_all_suggestions_leaves_the_name_without_them(client_of, rita):
    track = a_track("Gruppa krovi (live)", "Kino")
    (key,) = sold(a_licensee(), ("Kino", "Gruppa krovi", "10"))
    name = key.public_id

    decide(client_of(rita), **{"row": [name], "all": "reject", f"offered-{name}": [track.public_id], "reason": "live"})

    assert selectors.unmatched_rows([key.pk])[0].suggested == []
    refused = decide(client_of(rita), **{"only": name, f"do-{name}": "other", f"other-{name}": "nonsense"})
    assert "No track has this number or ISRC" in refused.content.decode()


@pytest.mark.slow
def test_rules_are_made_listed_and_removed(client_of, rita):
    store, track, client = a_licensee(), a_track(), client_of(rita)
    sold(store, ("KINO", "Unheard", "10"))
    said = {"store": store.pk, "pattern": "kino - *", "track": track.public_id}

    page = client.post(f"{URL}rules/", said, follow=True).content.decode()
    assert "1 name is matched" in page
    assert "kino - *" in page
    assert client.post(f"{URL}rules/", said).status_code == 422
    client.post(f"{URL}rules/{SameAsRule.objects.get().public_id}/remove/")
    assert "kino - *" not in client.get(f"{URL}rules/").content.decode()


def test_a_file_of_matches_is_tried_and_then_done(client_of, rita):
    (key,) = sold(a_licensee(), ("No", "Aaa", "10"))
    track, client = a_track(), client_of(rita)
    content = f"key,track\n{key.public_id},{track.public_id}\nKEY-X,y\n".encode()

    def send(do: str, content: bytes = content) -> Any:
        return client.post(f"{URL}file/", {"file": io.BytesIO(content), "do": do})

    assert "What the file would do" in send("check").content.decode()
    assert StoreKey.objects.get().track is None
    assert "No store sold anything under this key" in send("apply").content.decode()
    assert StoreKey.objects.get().track == track
    assert send("apply", b"\xff").status_code == 422


@pytest.mark.slow
def test_a_holder_proposes_and_follows_it_and_staff_decide(client_of, alice, rita, stranger):
    label, track = a_holder(owner=alice), a_track("Утро", "Кино")
    (key,) = sold(a_licensee(), ("Kino", "Utro na rassvete", "10"))
    client = client_of(alice)
    url = f"/tracks/{track.public_id}/other-names/?q=utro+kino"
    assert "Utro na rassvete" in client.get(url).content.decode()
    assert "1.5" not in client.get(url).content.decode()

    page = client.post(url, {"holder": label.pk, "keys": [key.public_id], "words": "The long title"}, follow=True)

    proposal = MatchProposal.objects.get()
    assert proposal.public_id in page.content.decode()
    services.sweep_queue(now=timezone.now())
    assert proposal.public_id in client_of(rita).get("/review/").content.decode()
    assert client_of(stranger).get(f"/proposals/{proposal.public_id}/").status_code == 404
    decision = {"outcome": "reject", "text": "It is the live take"}
    assert client.post(f"/proposals/{proposal.public_id}/", decision).status_code == 404
    client_of(rita).post(f"/proposals/{proposal.public_id}/", decision)
    assert "It is the live take" in client.get(f"/proposals/{proposal.public_id}/").content.decode()
    client.post(url, {"holder": label.pk, "keys": [key.public_id]})
    again = MatchProposal.objects.get(status="proposed")
    client.post(f"/proposals/{again.public_id}/retract/")
    assert MatchProposal.objects.get(pk=again.pk).status == "retracted"


def test_who_has_no_holder_is_told_to_register_one(client_of, stranger):
    assert (
        "Register the owner" in client_of(stranger).get(f"/tracks/{a_track().public_id}/other-names/").content.decode()
    )


# Corrections ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def pair() -> Any:
    from tests.claims.test_merge import coded

    return coded("Утро", "Кино", "RUA120600001"), coded("Utro!", "Kino band", "RUA120600002")


@pytest.mark.slow
def test_a_merge_is_previewed_asked_confirmed_and_undone_by_two(client_of, rita, supervisor, pair):  # noqa: F811
    source, target = pair
    a_share(source)
    a_share(target)
    a_rule("correction_money", "1", "USD")
    sell(a_licensee(), source, target)
    url = f"/corrections/new/?kind=merge&source={source.public_id}&target={target.public_id}"

    seen = client_of(rita).get(url).content.decode()
    assert "a dispute opens" in seen
    assert "another reviewer must confirm" in seen
    assert not Correction.objects.exists()
    assert client_of(rita).post(url, {"reason": ""}).status_code == 422
    client_of(rita).post(url, {"reason": "The same recording"})
    case = Correction.objects.get()
    at = f"/corrections/{case.public_id}/"
    client_of(rita).post(f"{at}confirm/")
    assert Correction.objects.get().status == "asked"
    client_of(supervisor).post(f"{at}confirm/", {"reason": "Heard both"})
    assert "Undo the merge" in client_of(rita).get(at).content.decode()
    assert client_of(rita).get(f"/tracks/{source.public_id}/").headers["Location"] == f"/tracks/{target.public_id}/"

    case.refresh_from_db()
    undo = f"/corrections/new/?kind=undo&merge={case.merge.public_id}"
    assert "What goes back" in client_of(supervisor).get(undo).content.decode()
    client_of(supervisor).post(undo, {"reason": "Two takes"})
    asked = Correction.objects.get(status="asked")
    client_of(rita).post(f"/corrections/{asked.public_id}/confirm/")
    assert client_of(rita).get(f"/tracks/{source.public_id}/").status_code == 200


@pytest.mark.slow
def test_keys_are_split_off_into_a_track_of_their_own(client_of, rita, pair):
    track, _ = pair
    sell(a_licensee(), track)
    key, client = StoreKey.objects.get(), client_of(rita)
    url = f"/tracks/{track.public_id}/names/"
    assert key.key in client.get(url).content.decode()

    said = {"key": [key.public_id], "to": "new", "title": "Utro (live)", "artist": "Kino", "isrc": [track.code]}
    preview = client.post(url, said, follow=True)
    assert "What moves" in preview.content.decode()
    client.post(preview.redirect_chain[-1][0], {"reason": "Live"})

    key.refresh_from_db()
    assert (key.track.title, of(key.track)) == ("Utro (live)", {("unclaimed", ""): "1.5"})
    assert [each.isrc for each in key.track.isrcs.all()] == [track.code]
    key.track.code = track.code
    sell(a_licensee(), key.track, month="2006-11")
    assert of(track) == {}
    assert client.post(url, {"to": "none"}).status_code == 200


def test_a_correction_can_be_refused_on_its_page(client_of, rita, supervisor, pair):  # noqa: F811
    a_rule("correction_money", "0", "USD")
    sell(a_licensee(), *pair)
    asked = services.ask_correction(correction=services.merge_of(*pair), by=rita, now=NOW, reason="Same")

    client_of(supervisor).post(f"/corrections/{asked.public_id}/refuse/", {"reason": "A remix"})

    page = client_of(rita).get(f"/corrections/{asked.public_id}/").content.decode()
    assert "A remix" in page
    assert "Refused" in page


def test_an_address_that_names_nothing_to_correct_leads_back(client_of, rita):
    client = client_of(rita)

    assert client.get("/corrections/new/?kind=merge&source=x").status_code == 302
    assert client.get("/corrections/new/?kind=keys").status_code == 404
    assert client.get("/corrections/").status_code == 200
