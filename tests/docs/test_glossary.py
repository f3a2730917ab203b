"""The examples of docs/glossary.md say what the code does; the README names only what there is."""

import doctest
import re

from django.core.management import get_commands

from tests.conftest import ROOT


def test_examples_of_the_glossary_hold():
    failed, tried = doctest.testfile(str(ROOT / "docs" / "glossary.md"), module_relative=False)

    assert tried > 10
    assert failed == 0


def test_readme_names_make_targets_and_commands_that_exist():
    readme = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))

    assert set(re.findall(r"^    make ([a-z-]+)", readme, re.M)) <= targets
    assert set(re.findall(r"manage\.py ([a-z_]+)", readme)) <= set(get_commands())


def test_readme_links_lead_somewhere():
    links = re.findall(r"\]\((docs/[^)]+)\)", (ROOT / "README.md").read_text())

    assert [link for link in links if not link.endswith(".png") and not (ROOT / link).exists()] == []


def test_readme_names_every_variable_production_needs():
    prod = (ROOT / "roms_portal" / "settings" / "prod.py").read_text()
    required = re.findall(r'^    "([A-Z_]+)": "', prod, re.M)

    readme = (ROOT / "README.md").read_text()
    assert required
    assert [name for name in required if f"`{name}` *" not in readme] == []
