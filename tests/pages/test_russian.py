"""Everything marked for translation has Russian words, and what is compiled is what is written."""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.utils import translation

FOLDER = Path(settings.BASE_DIR) / "locale" / "ru" / "LC_MESSAGES"
TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
PAIR = re.compile(r'^(?P<context>msgctxt ".*"\n)?msgid "(?P<id>.+)"\nmsgstr "(?P<text>.*)"$', re.M)
NAMES = re.compile(r"%\(\w+\)s|%s")
WORDS = re.compile(r"""^(?:translate|trans)\s+"((?:[^"\\]|\\.)*)\"""")


def unquoted(text):
    return text.replace('\\"', '"').replace("\\n", "\n")


@pytest.fixture(scope="module")
def written():
    source = (FOLDER / "django.po").read_text()
    plain = [found for found in PAIR.finditer(source) if not found["context"]]
    return {unquoted(found["id"]): unquoted(found["text"]) for found in plain}


def test_compiled_file_is_the_written_one(written):
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    assert written
    assert [key for key, text in written.items() if text and compiled.gettext(key) != text] == []


def test_nothing_is_left_untranslated_or_uncertain(written):
    source = (FOLDER / "django.po").read_text()

    assert [key for key, text in written.items() if not text] == []
    assert "#, fuzzy" not in source


def test_translations_keep_the_places_for_values(written):
    wrong = [key for key, text in written.items() if sorted(NAMES.findall(key)) != sorted(NAMES.findall(text))]

    assert not wrong


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_words_of_a_template_are_known(path, written):
    blocks = [token.contents for token in Lexer(path.read_text()).tokenize() if token.token_type == TokenType.BLOCK]
    marked = [unquoted(found[1]) for block in blocks if (found := WORDS.match(block))]

    assert [words for words in marked if words.replace("%", "%%") not in written and words not in written] == []


def test_plurals_are_russian():
    with translation.override("ru"):
        shown = [translation.ngettext("%(units)s time", "%(units)s times", n) % {"units": n} for n in (1, 3, 5, 21)]

    assert shown == ["1 раз", "3 раза", "5 раз", "21 раз"]
