"""Unmatched names, rules, files, proposals and corrections over JSON."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sales.models import StoreKey
from tests.claims.test_merge import coded, distribute_due, of, sell, supervisor  # noqa: F401
from tests.claims.test_unmatched import sold
from tests.factories import a_holder, a_licensee, a_rule, a_share, a_track

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


def post(client: Any, path: str, said: dict[str, Any], code: int = 200) -> Any:
    answer = client.post(f"{ROOT}/{path}", said, content_type="application/json")
    assert answer.status_code == code, answer.content
    return answer.json()


def test_names_are_listed_by_money_and_decided_each_by_itself(client_of, rita):
    track = a_track("Gruppa krovi (live)", "Kino")
    one, two = sold(a_licensee(), ("Kino", "Gruppa krovi", "10"), ("Nobody", "Unheard", "1"))
    client = client_of(rita)

    found = client.get(f"{ROOT}/unmatched/").json()

    assert (found["count"], [row["key"] for row in found["results"]]) == (2, [one.public_id, two.public_id])
    assert found["results"][0]["waiting"] == [{"currency": "USD", "amount": "1.50000000"}]
    assert found["results"][0]["suggestions"][0]["track"] == track.public_id
    choices = [
        {"key": one.public_id, "act": "match", "to": ["nonsense"]},
        {"key": two.public_id, "act": "create"},
    ]
    refused, made = post(client, "unmatched/decide/", {"choices": choices})
    assert (refused["track"], bool(refused["problem"]), made["problem"]) == (None, True, "")
    assert StoreKey.objects.get(pk=two.pk).track.public_id == made["track"]
    post(client, "unmatched/decide/", {"choices": [{"key": "KEY-X", "act": "create"}]}, 400)


def test_rules_over_json(client_of, rita):
    store, track, client = a_licensee(), a_track(), client_of(rita)
    sold(store, ("KINO", "Unheard", "10"))
    said = {"store": store.code, "pattern": "kino*", "track": track.public_id}

    assert post(client, "match-rules/", said, 201)["matched"] == 1
    assert post(client, "match-rules/", said, 409)["code"] == "rule_exists"
    (row,) = client.get(f"{ROOT}/match-rules/").json()["results"]
    assert client.delete(f"{ROOT}/match-rules/{row['id']}/").status_code == 204
    assert client.get(f"{ROOT}/match-rules/").json()["results"] == []


def test_a_file_is_tried_unless_one_says_otherwise(client_of, rita):
    (key,) = sold(a_licensee(), ("No", "Aaa", "10"))
    track, client = a_track(), client_of(rita)

    def send(**said: Any) -> Any:
        file = SimpleUploadedFile("m.csv", f"{key.public_id},{track.public_id}\n".encode())
        return client.post(f"{ROOT}/match-files/", {"file": file, **said}).json()

    assert send()[0]["outcome"] == "matched"
    assert StoreKey.objects.get().track is None
    assert send(dry_run="false")[0]["outcome"] == "matched"
    assert StoreKey.objects.get().track == track


def test_proposals_over_json(client_of, alice, rita, stranger):
    label, track = a_holder(owner=alice), a_track()
    one, two = sold(a_licensee(), ("No", "Aaa", "10"), ("No", "Bbb", "10"))
    client = client_of(alice)
    said = {"track": track.public_id, "holder": label.public_id}

    first = post(client, "match-proposals/", said | {"key": one.public_id}, 201)
    second = post(client, "match-proposals/", said | {"key": two.public_id}, 201)

    assert post(client, "match-proposals/", said | {"key": two.public_id}, 409)["code"] == "already_proposed"
    assert post(client_of(stranger), "match-proposals/", said | {"key": two.public_id}, 400)
    assert post(client, f"match-proposals/{second['id']}/retract/", {})["status"] == "retracted"
    decision = {"accept": True, "reason": "The same"}
    post(client, f"match-proposals/{first['id']}/decide/", decision, 404)
    assert post(client_of(rita), f"match-proposals/{first['id']}/decide/", decision)["status"] == "accepted"
    assert len(client.get(f"{ROOT}/match-proposals/").json()["results"]) == 2


@pytest.mark.slow
def test_a_merge_over_json_is_tried_asked_confirmed_and_undone(client_of, rita, supervisor):  # noqa: F811
    source, target = coded("Утро", "Кино", "RUA120600001"), coded("Utro!", "Kino band", "RUA120600002")
    share = a_share(target)
    sell(a_licensee(), source, target)
    client, said = client_of(rita), {"kind": "merge", "source": source.public_id, "target": target.public_id}

    seen = post(client, "corrections/", said | {"dry_run": True})
    assert {row["owner"] for row in seen["money"]} == {"", share.holder.public_id}
    assert of(source) == {("unclaimed", ""): "1.5"}
    done = post(client, "corrections/", said | {"reason": "The same"}, 201)
    assert (done["status"], of(source)) == ("done", {})

    a_rule("correction_money", "0", "USD")
    asked = post(client, "corrections/", {"kind": "undo", "merge": done["merge"], "reason": "Two takes"}, 201)
    post(client, f"corrections/{asked['id']}/confirm/", {}, 403)
    assert post(client_of(supervisor), f"corrections/{asked['id']}/confirm/", {})["status"] == "done"
    assert of(source) == {("unclaimed", ""): "1.5"}
    post(client, "corrections/", {"kind": "merge", "source": "TRK-X", "reason": "x"}, 400)


def test_a_key_is_taken_from_a_track_over_json(client_of, rita):
    track = coded("Утро", "Кино", "RUA120600001")
    sell(a_licensee(), track)
    key = StoreKey.objects.get()

    said = {"kind": "keys", "keys": [key.public_id], "target": None, "reason": "Another song"}
    case = post(client_of(rita), "corrections/", said, 201)

    assert (case["status"], of(track)) == ("done", {})
    assert client_of(rita).get(f"{ROOT}/corrections/{case['id']}/").json()["money"] == [
        {"currency": "USD", "amount": "1.50000000"}
    ]
    said = {"kind": "keys", "keys": [key.public_id], "target": track.public_id, "reason": "No, it is"}
    a_rule("correction_money", "0", "USD")
    again = post(client_of(rita), "corrections/", said, 201)
    assert post(client_of(rita), f"corrections/{again['id']}/refuse/", {})["status"] == "retracted"
    distribute_due()
    assert of(track) == {}


def test_the_command_does_what_the_page_does(rita, tmp_path, capsys):
    from django.core.management import CommandError, call_command

    store = a_licensee()
    (key,) = sold(store, ("No", "Aaa", "10"))
    track, file = a_track(), tmp_path / "matches.csv"
    file.write_text(f"{key.key};{track.public_id}\n")
    words = [str(file), "--by", "rita@example.org", "--licensee", store.code]

    call_command("match_file", *words, "--dry-run")
    assert "matched" in capsys.readouterr().out
    assert StoreKey.objects.get().track is None
    call_command("match_file", *words, "--json")
    assert StoreKey.objects.get().track == track
    file.write_text("KEY-X;y\n")
    with pytest.raises(SystemExit):
        call_command("match_file", *words)
    with pytest.raises(CommandError):
        call_command("match_file", str(file), "--by", "nobody@example.org")
