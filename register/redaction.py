"""Taking out of a text what is personal, by rules: a proposal for the person who decides, never the decision itself.

Names, addresses and numbers that are known from the case are found wherever they stand, Russian ones in every case of
the language; mail and web addresses, telephone numbers, bank accounts, cards and postal addresses by their shape.
Rather too much than too little.

The house rule for Russian words: what is left of a word without its ending, followed by any ending a name can have, is
that word (Иванов: Иванова, Ивановым, Ивановой, Ивановых). Е and ё are one letter; a vowel that comes and goes (Павел,
Павла) may be missing. A word that does not change (Шевченко) is found as it stands. A known name is found by any one of
its words too, so that "Анне Ивановой" and "Иванова" both go.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

KNOWN_LENGTH_MIN: Final = 3
PART_LENGTH_MIN: Final = 4
"""A shorter word of a name goes only together with the others."""
_LETTERS = r"[^\W\d_]"
_RUSSIAN: Final = re.compile(r"[А-ЯЁа-яё]{3,}")
_ENDED: Final = re.compile(r"(?<=.{3})(?:[иыо]й|[ая]я)$|(?<=..)[аяьй]$", re.I)
_UNCHANGING: Final = re.compile(r"(?:[оеуюиыэё]|[иы]х)$", re.I)
_FLEETING: Final = re.compile(r"(?<=[бвгджзклмнпрстфхцчшщ])[еёо](?=[лцк]$)", re.I)
_ENDINGS: Final = (
    r"(?:[аяыиеуюьй]|[оеиы]й|[оеёыи]м|[оея]ю|ью|[аяыи]х|[ая]м|[аяыи]ми|[ое]в|[ое]го|[ое]му|[ая]я|[ую]ю|[ыи]е)?"
)
_STREET = (
    r"street|str\.?|avenue|ave\.?|road|rd\.?|lane|square|boulevard|blvd\.?|house|flat|apt\.?"
    r"|улица|ул\.?|проспект|пр-т|пр\.?|переулок|пер\.?|площадь|пл\.?|шоссе|бульвар|набережная|наб\.?|дом|д\.|кв\.?"
)
RULES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("mail", re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")),
    ("link", re.compile(r"(?:https?://|www\.)\S+", re.I)),
    ("account", re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b")),
    ("account", re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,19}(?![\w-])")),
    ("phone", re.compile(r"(?<![\w+-])(?:\+|00)?\(?\d[\d() -]{6,16}\d(?![\w-])")),
    (
        "address",
        re.compile(rf"\b\d+[\w/-]*\s+(?:{_LETTERS}+\s+){{1,3}}(?:{_STREET})(?!\w)[^.;\n]{{0,40}}", re.I),
    ),
    (
        "address",
        re.compile(
            rf"(?<!\w)(?:{_STREET})\s+{_LETTERS}[\w .-]{{1,40}},?\s*(?:{_STREET})?\s*\d+[\w/]*"
            rf"(?:,?\s*(?:{_STREET})\s*\d+\w*)*",
            re.I,
        ),
    ),
    ("address", re.compile(r"\b\d{5,6},\s*(?:г\.\s*)?[A-ZА-ЯЁ][\w-]+")),
    (
        "name",
        re.compile(r"\b(?:Mr|Mrs|Ms|Dr|г-н|г-жа|господин|госпожа|гр\.)\.?\s+[A-ZА-ЯЁ][\w-]+(?:\s+[A-ZА-ЯЁ][\w-]+)*"),
    ),
    ("name", re.compile(r"\b[А-ЯЁ][а-яё]+\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.")),
    ("name", re.compile(r"\b[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+")),
)
"""(what it is, shape)."""
KEPT: Final = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?\.\d\d?\.\d{2,4}|\d{4} ?- ?\d{4}|\d{1,3}(?: \d{3}){1,2}")
"""Days, years and counts, which are no telephone numbers."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text with marks such as `[phone]` in place of what was taken out, and how much of each kind."""

    text: str
    counts: dict[str, int]


def redact(text: str, known: Iterable[tuple[str, str]] = ()) -> Redacted:
    """This will take out what is personal. `known` are (what it is, the words themselves) from the case."""
    counts: dict[str, int] = {}
    for kind, words in sorted(_with_parts(known), key=lambda one: -len(one[1])):
        if len(words.strip()) >= KNOWN_LENGTH_MIN:
            shape = r"\s+".join(map(_shape, words.split()))
            text = _replaced(text, kind, re.compile(rf"(?<!\w){shape}(?!\w)", re.I), counts)
    for kind, rule in RULES:
        text = _replaced(text, kind, rule, counts)
    return Redacted(text, counts)


def _with_parts(known: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Every known text, and of a person's name every longer word by itself."""
    found = set(known)
    parts = {(kind, part) for kind, words in found if kind == "name" for part in words.split()}
    return found | {(kind, part) for kind, part in parts if len(part) >= PART_LENGTH_MIN}


def _shape(word: str) -> str:
    """The pattern of one word; of a Russian one in every case, see the head of this module."""
    if not _RUSSIAN.fullmatch(word) or _UNCHANGING.search(word):
        return re.escape(word)
    stem = _FLEETING.sub(lambda found: f"[{found[0]}]?", _ENDED.sub("", word))
    return re.sub(r"\[е\]|е", "[её]", stem.lower().replace("ё", "е")) + _ENDINGS


def _replaced(text: str, kind: str, rule: re.Pattern[str], counts: dict[str, int]) -> str:
    def mark(found: re.Match[str]) -> str:
        if kind in ("phone", "account") and KEPT.fullmatch(found[0].strip()):
            return found[0]
        counts[kind] = counts.get(kind, 0) + 1
        return f"[{kind}]"

    return rule.sub(mark, text)
