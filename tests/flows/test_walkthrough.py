"""The whole main job in one command, on our own samples and on real reports where they are at hand."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ledger import selectors as ledger_facts
from roms_portal.walkthrough import STEPS
from tests.conftest import ROOT

SAMPLES = Path(__file__).resolve().parent.parent / "data"
REAL = ROOT.parent / "shared" / "samples" / "dsr"
REAL_BASIC_AUDIO = "DSR_PADPIDA00123456743*.tsv"
REAL_UGC = "DSR_TEST_YouTube*.tsv"


@pytest.fixture(autouse=True)
def demo_allowed(settings):
    settings.ROMS_DEMO = True


def walk(path, licensee="allofmp3"):
    out = StringIO()
    fault = None
    try:
        call_command("walkthrough", report=path, licensee=licensee, json=True, stdout=out)
    except CommandError as error:
        fault = error
    return json.loads(out.getvalue()), fault


def step(result, name):
    return next(found for found in result["steps"] if found["step"] == name)


def test_walkthrough_of_our_dsr_sample_takes_every_step(committed_db):
    result, fault = walk(SAMPLES / "dsr_basic_audio_2005-01.tsv")

    assert fault is None
    assert [found["step"] for found in result["steps"]] == [name for name, _ in STEPS]
    claimed = step(result, "find")["unclaimed"]
    assert step(result, "award")["balance"] == claimed
    assert step(result, "statement")["payable"] == step(result, "statement")["received"] == claimed
    for currency, amount in claimed.items():
        paid = step(result, "payout")[currency]
        assert paid["state"] == "Settled"
        assert Decimal(paid["gross"]) + Decimal(paid["stays"]) == Decimal(amount)
    paper = step(result, "paper")
    assert paper["payments"] == len(claimed)
    assert paper["movements_proved"] >= 4 * len(claimed), "assigned, two of the payout, paid"


@pytest.mark.slow
def test_walkthrough_of_a_real_report_takes_every_step(committed_db):
    found = sorted(REAL.glob(REAL_BASIC_AUDIO))
    if not found:
        pytest.skip(f"no real sample reports at {REAL}")

    result, fault = walk(found[0], licensee="unlimited")

    assert fault is None
    assert result["ok"]
    assert step(result, "import")["base"] == {"GBP": "5000.00000000"}
    assert step(result, "import")["accrued"] == {"GBP": "750.00000000"}
    assert step(result, "acknowledge")["status"] == "complied"


def test_walkthrough_of_a_real_report_of_another_profile_takes_every_step(committed_db):
    found = sorted(REAL.glob(REAL_UGC))
    if not found:
        pytest.skip(f"no real sample reports at {REAL}")

    result, fault = walk(found[0])

    assert fault is None
    assert result["ok"]
    assert step(result, "import")["profile"] == "UGCProfile 1.0"


def test_walkthrough_of_one_part_of_a_report_posts_nothing(committed_db):
    found = sorted(REAL.glob("*_1of2_*.tsv"))
    if not found:
        pytest.skip(f"no real sample reports at {REAL}")

    result, fault = walk(found[0])

    assert not result["ok"]
    assert str(fault).startswith("import: the report is")
    assert ledger_facts.totals() == []


@pytest.mark.slow
def test_walkthrough_of_our_flat_sample_says_its_steps_as_lines(committed_db):
    out = StringIO()

    call_command("walkthrough", report=SAMPLES / "flat_2007-06.csv", licensee="allofmp3", stdout=out)

    assert [line.split()[0] for line in out.getvalue().splitlines() if not line.startswith(" ")] == [
        n for n, _ in STEPS
    ]


def test_walkthrough_is_refused_on_a_real_installation(db, alice, settings):
    with pytest.raises(CommandError, match="not created as a demo"):
        call_command("walkthrough", report=SAMPLES / "flat_2007-06.csv", licensee="allofmp3")
    settings.ROMS_DEMO = False
    with pytest.raises(CommandError, match="ROMS_DEMO"):
        call_command("walkthrough", report=SAMPLES / "flat_2007-06.csv", licensee="allofmp3")
