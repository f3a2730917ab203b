"""The demo world: loads into an empty database only, the same every time, and adds up."""

import csv
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from claims.models import Claim, Dispute, OptOut
from core.models import Installation
from ledger import selectors as ledger_facts
from ledger.verify import verify
from payouts import selectors as money
from payouts.models import Remittance
from roms_portal.demo import reports, world
from roms_portal.demo.people import PASSWORD
from roms_portal.demo.repertoire import repertoire
from sales.models import SalesReport, Tariff
from tests.conftest import ROOT

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


DIGEST = """
import hashlib
from roms_portal.demo import reports
print(hashlib.sha256(b"".join(reports.write_report(month) for month in reports.months())).hexdigest())
"""


@pytest.mark.slow
def test_reports_are_the_same_bytes_in_every_process():
    def digest(seed):
        command = [sys.executable, "-c", DIGEST]
        return subprocess.check_output(command, cwd=ROOT, env={"PYTHONHASHSEED": seed}, text=True)

    assert len(reports.months()) == 30
    assert digest("1") == digest("2")
    assert reports.write_report(date(2005, 1, 1)).startswith(b"HEAD\tdsrf/")


def test_channels_follow_the_history_of_the_cards():
    def channels(month):
        lines = reports.write_report(month).decode().splitlines()
        column = lines[0].split(",").index("Channel")
        return {row[column] for row in csv.reader(lines[1:])}

    assert channels(date(2006, 5, 1)) == {"visa", "mastercard"}
    assert channels(date(2006, 10, 1)) == {"mastercard"}
    assert channels(date(2007, 6, 1)) == {"xrost"}


def test_repertoire_is_in_both_scripts_with_codes_of_its_own():
    tracks = repertoire()

    assert len(tracks) > 200
    assert {track.language for track in tracks} == {"en", "ru", "uk"}
    assert len({track.isrc for track in tracks}) == len(tracks)
    assert all(track.isrc[2:5] == "R0M" for track in tracks)


def test_world_loads_once_and_adds_up(committed_db):
    world.load(now=NOW, months=2)
    before = [(total.place, total.debit, total.credit) for total in ledger_facts.totals()]
    world.load(now=NOW, months=2)

    assert [(total.place, total.debit, total.credit) for total in ledger_facts.totals()] == before
    assert verify().ok
    assert set(Claim.objects.values_list("status", flat=True)) == {"awarded", "under_review"}
    assert Dispute.objects.filter(status="opened").exists()
    assert OptOut.objects.get().status == OptOut.Status.REQUESTED
    assert User.objects.get(email="alice@example.org").check_password(PASSWORD)
    may, june = SalesReport.objects.order_by("usage_start")
    due = money.outstanding([may.pk, june.pk])
    assert due[may.pk, "USD"] == 0
    assert due[june.pk, "USD"] > 0
    assert set(Remittance.objects.values_list("payer", flat=True)) == {"Xrost"}
    assert Tariff.objects.get().rate == Decimal("0.15")
    assert money.closed_until() == date(2007, 1, 1)


def test_world_is_refused_where_somebody_is(db, alice):
    with pytest.raises(world.NotADemo):
        world.load(now=NOW)
    Installation.objects.create(pk=1, kind=Installation.Kind.REAL)
    with pytest.raises(world.NotADemo):
        world.claim_installation()


def test_command_is_refused_unless_the_installation_allows_demo_data(db, settings):
    settings.ROMS_DEMO = False

    with pytest.raises(CommandError, match="ROMS_DEMO"):
        call_command("load_demo")
    assert not User.objects.exists()
