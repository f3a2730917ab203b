"""The message a store gets, for machines and for tables."""

import csv
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.utils import timezone

from claims import services
from claims.formats.takedown_notice import (
    COLUMNS,
    ROWS_INLINE_MAX,
    LeavingRight,
    NoticeMessage,
    NoticeTrack,
    as_csv,
    as_json,
)
from claims.services import notice_delivery
from tests import factories

TRACK = NoticeTrack(
    track="TRK-1",
    artist="=cmd()",
    title='Группа "крови"',
    isrcs=("RUABC0600001",),
    store_keys=("17", "18"),
    urls=("https://store.example.com/17",),
    leaving=(LeavingRight("WDR-1", "phonogram", date(2007, 7, 1), None, "Worldwide"),),
)
MESSAGE = NoticeMessage(
    notice="TDN-1",
    opt_out="OPT-1",
    licensee="LIC-1",
    basis="owner_opt_out",
    created_at=datetime(2007, 6, 30, 12, tzinfo=UTC),
    compliance_days=10,
    page_url="/notices/TDN-1/",
    rows_url="/rows/",
    acknowledge_url="/acknowledge/",
    sender=None,
    rows_total=1,
    rows=(TRACK,),
)


def test_json_is_the_same_each_time_and_names_the_stores_own_keys():
    body = as_json(MESSAGE)

    assert body == as_json(MESSAGE)
    read = json.loads(body)
    assert read["type"] == "takedown_notice.created"
    assert read["data"]["rows"][0]["store_keys"] == ["17", "18"]
    assert read["data"]["rows"][0]["leaving"][0]["end"] is None


def test_a_large_notice_points_to_its_rows_instead_of_carrying_them():
    body = json.loads(as_json(replace(MESSAGE, rows_total=ROWS_INLINE_MAX + 1)))

    assert body["data"]["rows"] == []
    assert body["data"]["rows_url"] == "/rows/"


def test_csv_has_a_line_per_right_and_runs_no_formula():
    lines = list(csv.DictReader(as_csv("TDN-1", [TRACK])))

    assert tuple(lines[0]) == COLUMNS
    assert lines[0]["artist"] == "'=cmd()"
    assert lines[0]["title"] == 'Группа "крови"'
    assert lines[0]["store_keys"] == "17 18"


@pytest.mark.django_db
def test_a_notice_of_very_many_tracks_is_no_mail_of_a_hundred_megabytes(alice, rita, client_of, store, monkeypatch):
    monkeypatch.setattr(notice_delivery, "ROWS_ATTACHED_MAX", 2)
    label = factories.a_holder("Example Label", owner=alice)
    factories.a_store("Shop", member=store, notice_email="shop@example.org")
    for count in (2, 3):
        case = factories.an_opt_out(alice, label, *(factories.a_track(f"Song {n}") for n in range(count)))
        services.grant_opt_out(opt_out=case, by=rita, now=timezone.now())

    short, long = [letter for letter in mail.outbox if letter.to == ["shop@example.org"]]

    assert [len(letter.attachments) for letter in (short, long)] == [1, 0]
    address = re.search(r"//[^/]+(/\S+rows\.csv)", long.body)[1]
    table = b"".join(client_of(store).get(address).streaming_content).decode()
    assert table.count("\n") == 4
    assert table.splitlines()[0] == short.attachments[0][1].splitlines()[0]
