"""A label takes 100,000 tracks out with one file: three kinds of faults, a correction file, rows refused, receipts."""

import csv
import io
import json
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from standardwebhooks import Webhook

from catalog.models import RightsShare, Track, TrackIsrc, Withdrawal
from catalog.names import name_key
from catalog.services.copying import copy_objects, copy_rows, new_ids
from catalog.territories import worldwide
from claims.models import NoticeDelivery, NoticeRow, OptOut, RepertoireRow
from core.ids import new_public_id
from sales.models import StoreKey
from tests import factories
from tests.receiver import SECRET, receiving_process

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TRACKS = 100_000
UNREADABLE, UNKNOWN, REPEATED = 300, 400, 200
"""Rows with a broken ISRC, rows that name nothing the catalogue has, rows that name what an earlier one names."""
REFUSED = 1000
"""The first rows: the reviewers find no proof for them."""


def isrc(number):
    """The ISRC of a track by its number."""
    return f"RUA01{number:07}"


def the_file():
    """Every track once, the last of them with a broken ISRC; then what is unknown, then what comes again."""
    sound = range(1, TRACKS - UNREADABLE + 1)
    lines = [f"{isrc(number)},Song {number},Kino" for number in sound]
    lines += [f"RU-A01-{number},,Kino" for number in range(sound.stop, TRACKS + 1)]
    lines += [f"RUX99{number:07},Nothing {number},Nobody" for number in range(UNKNOWN)]
    lines += [f"{isrc(number)},Song {number},Kino" for number in range(1, REPEATED + 1)]
    return "\n".join(["ISRC,Title,Artist", *lines])


def mended(correction):
    """The correction file with every broken ISRC put right; the other rows stay as they are."""
    rows = list(csv.DictReader(io.StringIO(correction.removeprefix("\ufeff"))))
    out = io.StringIO()
    table = csv.DictWriter(out, rows[0].keys())
    table.writeheader()
    for row in rows:
        number = int(row["Row"]) - 1  # the first line has the headings
        if TRACKS - UNREADABLE < number <= TRACKS:
            row |= {"ISRC": isrc(number), "Title": ""}
        table.writerow(row)
    return out.getvalue()


@pytest.fixture
def label(alice):
    """A label with a large catalogue, written as a load writes it."""
    owner = factories.a_holder("Example Label", owner=alice)
    ids = new_ids(Track, TRACKS)
    columns = (
        "id",
        "public_id",
        "title",
        "artist",
        "name_key",
        "label",
        "label_key",
        "search_text",
        "match_codes",
        "language",
    )
    named = ((pk, f"Song {number}") for number, pk in enumerate(ids, 1))
    rows = (
        (pk, new_public_id("TRK"), song, "Kino", name_key(song, "Kino"), "", "", "", "{}", "") for pk, song in named
    )
    copy_rows(Track, columns, rows)
    copy_rows(TrackIsrc, ("track_id", "isrc"), ((pk, isrc(number)) for number, pk in enumerate(ids, 1)))
    like = {"holder": owner, "right": "phonogram", "percent": 100, "territories": worldwide(), "source": "contract"}
    copy_objects([RightsShare(**like, track_id=pk, recorded_at=timezone.now()) for pk in ids])
    return owner


def sells_all(shop, label):
    """The store has a key of its own for every track."""
    tracks = RightsShare.objects.filter(holder=label).values_list("track_id", flat=True)
    like = {"licensee": shop, "kind": "track", "first_seen_at": timezone.now(), "is_late": False}
    copy_objects([StoreKey(**like, track_id=pk, key=f"S{pk}", url=f"https://shop.example/{pk}") for pk in tracks])


class Program:
    """Somebody's program at the API."""

    def __init__(self, client):
        self.client = client

    def post(self, address, data):
        """Send JSON."""
        return self._answer(self.client.post(f"/api/v1/{address}", json.dumps(data), content_type="application/json"))

    def send(self, address, data):
        """Send a form with a file."""
        return self._answer(self.client.post(f"/api/v1/{address}", data))

    def get(self, address):
        """Ask."""
        return self._answer(self.client.get(f"/api/v1/{address}"))

    def _answer(self, answer):
        assert answer.status_code < 300, answer.content
        return answer.json()


def kinds(found):
    """How many rows came to which outcome."""
    counted = Counter()
    for kind in found["counts"]["kinds"]:
        counted[kind["outcome"]] += kind["rows"]
    return dict(counted)


def test_a_file_of_100_000_rows_is_mended_partly_granted_and_answered(alice, rita, label, store, client_of, tmp_path):
    sofia = factories.a_colleague("sofia")
    program, shopkeeper = Program(client_of(alice)), Program(client_of(store))
    with receiving_process(tmp_path) as receiver:
        shop = factories.a_store("AllofMP3", member=store, webhook_url=receiver.url, secret=SECRET)
        sells_all(shop, label)
        file = SimpleUploadedFile("catalogue.csv", the_file().encode())
        new = {"holder": label.public_id, "purpose": "opt_out", "rights": ["phonogram"], "file": file}

        found = program.get(f"repertoire-lists/{program.send('repertoire-lists/', new)['id']}/")
        address = f"repertoire-lists/{found['id']}/"
        assert kinds(found) == {
            "found": TRACKS - UNREADABLE,
            "unreadable": UNREADABLE,
            "unknown": UNKNOWN,
            "duplicate": REPEATED,
        }

        correction = b"".join(program.client.get(f"/api/v1/{address}correction.csv").streaming_content).decode()
        assert correction.count("\n") == 1 + UNREADABLE + UNKNOWN + REPEATED
        right = SimpleUploadedFile("correction.csv", mended(correction).encode())
        program.send(f"{address}mend/", {"file": right})
        found = program.get(address)
        assert kinds(found) == {"found": TRACKS, "unknown": UNKNOWN, "duplicate": REPEATED}
        assert found["counts"]["chosen"] == TRACKS

        draft = {"holder": label.public_id, "rights": ["phonogram"], "repertoire_list": found["id"]}
        case = program.post("opt-outs/", draft)["id"]
        sworn = {
            "contact": {"name": "Alice", "email": "alice@example.org"},
            "confirmed": ["authorised", "accurate"],
            "signature": "Alice",
            "text_sha256": program.get("opt-outs/attestation/")["sha256"],
        }
        program.post(f"opt-outs/{case}/request/", sworn)
        stays = {"stays": f"2-{REFUSED + 1} proof_missing", "text": "The first thousand are not proved."}
        first = client_of(rita).post(f"/review/opt-outs/{case}/grant/", stays)
        assert first.status_code == 302
        assert not Withdrawal.objects.exists()
        client_of(sofia).post(f"/review/opt-outs/{case}/grant/", {})
        assert OptOut.objects.get().status == "granted"
        lines = Counter(OptOut.objects.get().lines.values_list("outcome", "outcome_reason"))
        left = TRACKS - REFUSED
        assert lines == {
            ("accepted", ""): left,
            ("refused", "proof_missing"): REFUSED,
            ("unknown", "unknown_row"): UNKNOWN,
            ("unknown", "repeated_row"): REPEATED,
        }

        ((headers, body),) = receiver.got()
    notice = Webhook(SECRET).verify(body, headers)["data"]
    assert notice["rows"] == []
    page = shopkeeper.get(f"takedown-notices/{notice['notice']}/rows/?limit=500")
    assert [row["store_keys"][0][0] for row in page["results"]] == ["S"] * 500
    assert page["next"]
    shopkeeper.post(f"takedown-notices/{notice['notice']}/acknowledge/", {"reference": "T-17"})
    done = shopkeeper.post(f"takedown-notices/{notice['notice']}/removed/", {})
    assert (done["status"], done["rows_total"], done["rows_removed"]) == ("complied", left, left)
    assert Withdrawal.objects.count() == NoticeRow.objects.filter(state="removed", proof="store_word").count() == left
    assert NoticeDelivery.objects.filter(channel="webhook", state="delivered").count() == 1
    assert RepertoireRow.objects.count() == TRACKS + UNKNOWN + REPEATED
