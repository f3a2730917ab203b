"""Checkpoints: signed, kept in a second place, continued; proofs that a stranger's program and browser check."""

import json
import subprocess
import sys
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from ledger import merkle, selectors, services, tree
from ledger.models import LogCheckpoint, LogLeaf, LogNode, Posting
from ledger.note import BadNote, Signer, read_note
from ledger.proofs import NotYetLogged, prove_posting
from ledger.publishing import signer
from ledger.tasks import prove_day, sign_checkpoint
from tests.ledger.lines import NOW
from tests.ledger.test_log import SIGNER, post, sign

VERIFY = Path(__file__).resolve().parents[2] / "static/ledger/verify.py"


@pytest.fixture
def logged(db, sound, monkeypatch):
    """Eleven entries, in stretches of two and of four."""
    monkeypatch.setattr(tree, "WIDTH_BITS", 1)
    for n in range(11):
        post(f"entry-{n}", items=n % 3 + 1)
    services.sequence_log()


def verified(*words):
    done = subprocess.run([sys.executable, VERIFY, *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def leaves():
    return list(LogLeaf.objects.order_by("position").values_list("leaf_hash", flat=True))


def test_roots_and_proofs_come_to_those_of_the_leaves(logged):
    assert LogNode.objects.filter(level=1).count() == 5
    assert LogNode.objects.filter(level=2).count() == 2
    for size in range(1, 12):
        assert tree.root_of(0, size) == merkle.root(leaves()[:size])
        for index in range(size):
            path = merkle.inclusion_path(index, size, tree.root_of)
            assert path == merkle.inclusion_proof(leaves()[:size], index)
        assert selectors.consistency(size, 11) == merkle.consistency_proof(leaves(), size)


def test_a_log_from_before_nodes_were_kept_is_read_and_filled_in(db, sound, monkeypatch):
    monkeypatch.setattr(tree, "WIDTH_BITS", 1)
    monkeypatch.setattr(tree, "LEVELS", 0)
    for n in range(7):
        post(f"old-{n}")
    services.sequence_log()
    assert not LogNode.objects.exists()
    monkeypatch.setattr(tree, "LEVELS", 2)

    assert tree.root_of(0, 7) == merkle.root(leaves())
    post("new")
    services.sequence_log()

    assert LogNode.objects.filter(level=1).count() == 4
    assert tree.root_of(0, 8) == merkle.root(leaves())


def test_the_log_is_signed_once_for_each_size_and_kept_in_a_second_place(logged):
    kept = {}

    first = sign(kept.__setitem__)
    again = sign(kept.__setitem__)
    post("one-more")
    services.sequence_log()
    second = sign(kept.__setitem__)

    assert (first.size, again, second.size) == (11, first, 12)
    assert kept == {"000000000011.txt": first.note, "000000000012.txt": second.note}
    assert read_note(second.note, SIGNER.vkey) == (12, merkle.root(leaves()))
    with pytest.raises(BadNote):
        read_note(second.note, Signer(SIGNER.name, bytes(32)).vkey)
    with pytest.raises(BadNote):
        read_note(second.note.replace("\n12\n", "\n13\n"), SIGNER.vkey)


def test_an_empty_log_has_nothing_to_sign(db):
    assert sign() is None


def test_a_second_place_out_of_reach_leaves_no_checkpoint(logged):
    def fail(name, text):
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        sign(fail)

    assert not LogCheckpoint.objects.exists()
    assert sign().size == 11


@pytest.mark.tampers
def test_a_log_that_does_not_continue_its_checkpoint_is_not_signed(db):
    for n in range(5):
        post(f"entry-{n}")
    services.sequence_log()
    LogCheckpoint.objects.create(size=4, root=bytes(32), note="x", signed_at=NOW)

    with pytest.raises(services.LogChanged, match="first 4 entries"):
        sign()


def test_a_stranger_checks_a_posting_with_one_file(logged, tmp_path):
    sign()
    posting = Posting.objects.order_by("id")[4]
    proof = json.loads(prove_posting(posting.pk).as_json(SIGNER.vkey))
    file, kept = tmp_path / "proof.json", tmp_path / "kept.txt"
    kept.write_text(LogCheckpoint.objects.get().note)
    file.write_text(json.dumps(proof))

    code, said = verified(file, kept, "--key", SIGNER.vkey)

    assert (code, said.splitlines()[0]) == (0, "HOLDS"), said
    assert f"Posting {posting.pk}: " in said
    assert "believed" in verified(file)[1]
    assert verified(file, "--key", Signer("x", bytes(32)).vkey)[0] == 1
    assert verified()[0] == 2


@pytest.mark.parametrize(
    ("part", "name", "change"),
    [
        ("posting", "text", lambda text: text.replace("1.0", "9.0", 1)),
        ("posting", "salt", lambda salt: "00" * 32),
        ("entry", "header", lambda header: header.replace("accrual", "payment")),
        ("entry", "index", lambda index: index + 1),
        ("log", "position", lambda position: position + 1),
        ("log", "size", lambda size: size + 1),
        ("log", "path", lambda path: path[:-1]),
        ("log", "path", lambda path: [*path, "00" * 32]),
        ("checkpoint", None, lambda note: note.replace("\n11\n", "\n12\n")),
        ("checkpoint", None, lambda note: note[:-9] + "AAAAAAA=\n"),
        ("key", None, lambda key: Signer(SIGNER.name, bytes(32)).vkey),
        ("format", None, lambda word: "something"),
        ("log", "path", lambda path: 7),
    ],
)
def test_the_file_says_what_does_not_hold(logged, tmp_path, part, name, change):
    sign()
    proof = json.loads(prove_posting(Posting.objects.earliest("id").pk).as_json(SIGNER.vkey))
    if name:
        proof[part][name] = change(proof[part][name])
    else:
        proof[part] = change(proof[part])
    (tmp_path / "proof.json").write_text(json.dumps(proof))

    code, said = verified(tmp_path / "proof.json")

    assert code == 1
    assert said.startswith("DOES NOT HOLD: ")


def test_the_pages_show_and_prove_what_was_signed(logged, client, tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "checkpoints": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "second"},
        }
    }
    assert client.get(reverse("ledger:latest_checkpoint")).status_code == 404
    assert "Nothing was signed yet" in client.get(reverse("ledger:check")).text
    sign_checkpoint()
    post("later")
    call_command("sign_checkpoint", stdout=StringIO())
    prove_day()

    page = client.get(reverse("ledger:check")).text
    proof = client.get(reverse("ledger:consistency", kwargs={"first": 11, "second": 12})).content
    (tmp_path / "proof.json").write_bytes(proof)

    assert signer().vkey.split("+", 1)[1].replace("+", "&#x2B;") in page.replace("+", "&#x2B;")
    assert client.get(reverse("ledger:latest_checkpoint")).text == LogCheckpoint.objects.get(size=12).note
    assert client.get(reverse("ledger:checkpoint", kwargs={"size": 11})).text in json.loads(proof)["first"]
    assert [file.name for file in sorted((tmp_path / "second").iterdir())] == ["000000000011.txt", "000000000012.txt"]
    assert verified(tmp_path / "proof.json", "--key", signer().vkey)[1].startswith(
        "HOLDS\nThe log of 12 entries continues"
    )
    assert client.get(reverse("ledger:consistency", kwargs={"first": 12, "second": 11})).status_code == 404
    day = selectors.daily_proofs().get()
    assert day.holds
    page = client.get(reverse("ledger:day", kwargs={"day": day.day})).text
    assert "owed" in page
    assert "&lt;time" not in page.partition("</title>")[0]
    assert "<time" not in page.partition("</title>")[0]


def test_the_proof_of_a_day_is_kept_once(logged):
    first = services.prove_day(day=date(2026, 1, 1), now=NOW)
    again = services.prove_day(day=date(2026, 1, 1), now=NOW + timedelta(hours=1))

    assert again == first
    assert again.proved_at == NOW
    assert ["debits = credits", "USD"] in [row[:2] for row in first.identities]


def test_a_posting_under_no_checkpoint_cannot_be_proved_yet(logged):
    sign()
    late = post("late")
    services.sequence_log()

    with pytest.raises(NotYetLogged):
        prove_posting(late.postings.first().pk)
