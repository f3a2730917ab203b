"""No page breaks the content security policy: no inline script or style, in any template, and the header is strict."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FORBIDDEN = {
    "inline script": r"<script(?![^>]*\bsrc=)",
    "inline style": r"<style|\sstyle\s*=",
    "script in an attribute": r"\son[a-z]+\s*=|\shx-on\b|hx-vals\s*=\s*.js:|javascript:",
    "something from elsewhere": r"(src|href)=[\"'](https?:)?//",
    "trigger filter, which needs eval": r"hx-trigger=\"[^\"]*\[",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_needs_no_exception_from_the_policy(path):
    source = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)

    for what, pattern in FORBIDDEN.items():
        found = re.search(pattern, source)
        assert not found, f"{what}: {source[found.start() : found.start() + 80]}"


def test_own_files_come_from_here_only():
    for path in [*(ROOT / "static").rglob("*.css"), *(ROOT / "static/js").rglob("*.js")]:
        assert not re.search(r"url\(\s*[\"']?(https?:)?//|@import\s+[\"'](https?:)?//", path.read_text()), path


def test_policy_header_is_strict(db):
    header = Client().get("/how/")["Content-Security-Policy"]

    assert "default-src 'none'" in header
    assert "script-src 'self'" in header
    assert "style-src 'self'" in header
    assert "unsafe" not in header


def test_every_vendored_folder_carries_its_licence():
    for folder in (ROOT / "static/vendor").iterdir():
        if folder.is_dir():
            assert list(folder.glob("LICENSE*")), folder


def test_vendored_files_are_named_in_the_readme():
    readme = (ROOT / "static/vendor/README.md").read_text()

    assert all(folder.name in readme for folder in (ROOT / "static/vendor").iterdir() if folder.is_dir())
