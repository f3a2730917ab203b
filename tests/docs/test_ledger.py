"""docs/ledger.md is true: every place and kind is there once, and its examples give the balances it shows."""

import re
from decimal import Decimal
from pathlib import Path

from ledger import recipes, selectors, services
from ledger.chart import DEBIT_NORMAL, PLACES, Place
from ledger.identities import identities
from ledger.recipes import Delta, Kind, Part
from ledger.verify import verify
from tests.ledger.lines import NOW

PAGE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text()
ROW = re.compile(r"^\| `?([^`|]+?)`? \| (.+) \|$", re.MULTILINE)


def section(title):
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def test_every_place_is_listed_once_with_its_normal_side():
    listed = ROW.findall(section("The places"))
    places = [(name, rest.split(" | ")[0]) for name, rest in listed if name != "place" and "---" not in name]

    assert sorted(places) == sorted((place, "debit" if place in DEBIT_NORMAL else "credit") for place in PLACES)


def test_every_kind_is_listed_once_with_its_recipe():
    listed = [(name, rest.split(" | ")[0].strip("`")) for name, rest in ROW.findall(section("What moves money"))]

    assert sorted(listed[1:]) == sorted((kind.value, kind.value) for kind in Kind)
    assert all(callable(getattr(recipes, kind.value)) for kind in Kind)


def test_the_example_gives_the_balances_it_shows(db):
    def post(key, kind, lines):
        services.post_entry(kind=kind, idempotency_key=key.replace(" ", "_"), event_at=NOW, postings=lines)

    names = {"post": post, "recipes": recipes, "Part": Part, "Delta": Delta, "Place": Place, "Decimal": Decimal}
    blocks = re.findall(r"```python\n([^`]*)```\s+\| account \| balance \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE)
    assert len(blocks) == PAGE.count("```python") == 4

    for code, table in blocks:
        exec(code, names)
        for address, amount in ROW.findall(table):
            assert selectors.balance(address, "USD").amount == Decimal(amount), address

    shown = {i.name: i.left for i in identities(selectors.sums_by_kind())}
    for name, amount in ROW.findall(section("What is published, and must hold"))[1:]:
        assert shown[name] == Decimal(amount)
    assert verify().ok
