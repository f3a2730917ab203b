"""Papers: the PDF files the portal writes, for people who file them. Typst sets them; docs/papers.md says how.

A paper is a template of `papers/` and facts. The facts go in as data (JSON), never as markup, so nothing in a name can
become a command. No system font and no network is used, and the day is a fact like any other: the same facts are the
same bytes. Every paper is tagged for screen readers (PDF/UA-1) and fit for an archive (PDF/A-2a).
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
from anyascii import anyascii
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

FOLDER = Path(__file__).resolve().parent.parent / "papers"
_NAME = re.compile(r"[a-z_]+(/[a-z_]+)*")
_RANGES = (
    "20-7e a0-36f 384-3ce 400-477 48c-4c4 4c7-4cc 4cf-4f9 510-511 531-556 559-55f 561-587 10d0-10fc 1e00-1fff"
    " 2010-2027 202f-2037 2039-203f 2070-209c 20a0-20b5 20b8-20ba 20bd 20bf 2100-2103 2113 2116-2117 2120 2122 2126"
    " 2153-215e 2190-222e 2248 2260-2265 25a0-25ff 2669-266f fb01-fb02"
)
"""What the two fonts that come with typst (Libertinus Serif, DejaVu Sans Mono; both free) can write: Latin, Greek,
Cyrillic, Armenian, Georgian, signs. `tests/core/test_papers.py` sets every one of them."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and their values, one below the other."""

    rows: Sequence[tuple[object, object]]
    title: object = ""
    kind: str = "pairs"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head stands on every page; a cell is text, or lines of which the first counts.

    `widths`: 0 as wide as needed, else a part of the rest of the line; `right`: columns of figures, from 0; `tenths` of
    a point is the size of the letters.
    """

    head: Sequence[object]
    rows: Sequence[Sequence[object]]
    widths: Sequence[int]
    right: Sequence[int] = ()
    title: object = ""
    tenths: int = 85
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Note:
    """What must be seen: a reservation, a warning."""

    text: object
    title: object = ""
    kind: str = "note"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: object
    title: object = ""
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Code:
    """Hashes with their names, in groups a person can compare."""

    rows: Sequence[tuple[object, str]]
    title: object = ""
    kind: str = "code"


Part = Pairs | Table | Note | Text | Code


class PaperFailed(Exception):
    """A paper could not be set: its template and its facts do not fit."""


def sheet(parts: Iterable[Part], *, title: str, number: str, day: date) -> bytes:
    """This will set a paper put together from parts, in their order. Raises: PaperFailed."""
    whole = [{field.name: getattr(part, field.name) for field in fields(part)} for part in parts]
    return render("sheet", {"parts": whole}, title=title, number=number, day=day)


def render(template: str, facts: Mapping[str, object], *, title: str, number: str, day: date) -> bytes:
    """This will set a paper in the language of the moment and give its PDF.

    `template` is a name in `papers/` without ending; `number` stands on every page, `day` in the file. Facts are text
    already written for the reader, numbers, Decimals (written in full), days, lists and dictionaries. Letters the fonts
    lack are written in Latin letters in brackets: a reader sees that something stood there, the data file has it whole.

    Raises: PaperFailed.
    """
    if not _NAME.fullmatch(template) or not (file := FOLDER / f"{template}.typ").is_file():
        raise PaperFailed(f"no template {template!r}")
    whole = {
        "lang": (get_language() or "en")[:2],
        "title": title,
        "number": number,
        "day": [day.year, day.month, day.day],
        "society": _("ROMS, a non-profit collecting society"),
        "page_words": _("page {page} of {pages}"),
        **facts,
    }
    try:
        return bytes(
            typst.compile(
                file,
                root=FOLDER,
                ignore_system_fonts=True,
                sys_inputs={"facts": json.dumps(_plain(whole), ensure_ascii=False)},
                pdf_standards=["ua-1", "a-2a"],
                timestamp=int(datetime.combine(day, time(12), tzinfo=UTC).timestamp()),
            )
        )
    except (RuntimeError, ValueError) as error:
        raise PaperFailed(str(error)) from error


def _plain(value: Any) -> Any:
    """Turn facts into what JSON knows; text into what the fonts can write."""
    match value:
        case str() | Promise():
            return printable(str(value))
        case bool() | int() | None:
            return value
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    raise PaperFailed(f"{type(value).__name__} is no fact a paper can say")


def printable(text: str) -> str:
    """This will give text as the fonts can write it: other scripts in Latin letters in brackets, no hidden signs."""
    clean = unicodedata.normalize("NFC", text)
    if clean.isascii() and clean.isprintable():
        return clean
    clean = "".join(" " if sign in "\t\r\n" else sign for sign in clean if _is_seen(sign))
    return _FOREIGN.sub(lambda run: _in_brackets(anyascii(run.group())), clean)


def _is_seen(sign: str) -> bool:
    return sign in "\t\r\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cn", "Co", "Cs"}


def _in_brackets(text: str) -> str:
    return f"[{text.strip() or '?'}]"


def _foreign() -> re.Pattern[str]:
    parts = (part.split("-") for part in _RANGES.split())
    known = "".join(f"{chr(int(part[0], 16))}-{chr(int(part[-1], 16))}".replace("\\", r"\\") for part in parts)
    return re.compile(f"[^{known}]+(?: +[^{known}]+)*")


_FOREIGN = _foreign()
