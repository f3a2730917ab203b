"""Taking out of a text what is personal, by rules: a proposal for the person who decides, never the decision itself.

Names, addresses and numbers that are known from the case are found wherever they stand; mail and web addresses,
telephone numbers, bank accounts, cards and postal addresses by their shape. Rather too much than too little.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

KNOWN_LENGTH_MIN: Final = 3
_LETTERS = r"[^\W\d_]"
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
    for kind, words in sorted(known, key=lambda one: -len(one[1])):
        if len(words.strip()) >= KNOWN_LENGTH_MIN:
            shape = r"\s+".join(re.escape(word) for word in words.split())
            text = _replaced(text, kind, re.compile(rf"(?<!\w){shape}(?!\w)", re.I), counts)
    for kind, rule in RULES:
        text = _replaced(text, kind, rule, counts)
    return Redacted(text, counts)


def _replaced(text: str, kind: str, rule: re.Pattern[str], counts: dict[str, int]) -> str:
    def mark(found: re.Match[str]) -> str:
        if kind in ("phone", "account") and KEPT.fullmatch(found[0].strip()):
            return found[0]
        counts[kind] = counts.get(kind, 0) + 1
        return f"[{kind}]"

    return rule.sub(mark, text)
