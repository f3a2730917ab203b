"""Names whose bytes were read in the wrong encoding: recognised by how little they look like words, and read again.

Ãðóïïà êðîâè is cp1251 read as Latin-1, Р“СЂСѓРїРїР° is UTF-8 read as cp1251, зТХРРБ is KOI8-R read as cp1251. A
repair is only used to compare names, and said with the match; what the store wrote is kept as it came. Pure.
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

_MISREAD: Final = (
    ("cp1252", "cp1251"),
    ("cp1252", "utf-8"),
    ("cp1251", "utf-8"),
    ("cp1251", "koi8-r"),
    ("koi8-r", "cp1251"),
    ("cp1252", "koi8-r"),
    ("koi8-r", "utf-8"),
    ("cp1251", "cp866"),
    ("cp866", "cp1251"),
    ("latin-1", "cp866"),
    ("cp866", "utf-8"),
    ("mac-cyrillic", "cp1251"),
)
"""(what it was read as, what it was written in). Latin-1 goes with cp1252, which programs mix."""
_GAIN_MIN: Final = 0.25
_GAIN_MIN_UTF_8: Final = 0.01
"""Texts that happen to be valid UTF-8 hardly exist, so a small gain is enough."""
_COMMON_PAIRS: Final = frozenset(
    """
    ст но то на ен ов ни ра во ко ро ал ре по пр ло ос ет го ли ва ер не та ас ор ан ел ка ог от ом ле ат ри ве
    ол де ла ин об ль ви ия да ил ар ой ск ть ки ик ам од ес ый ев ич ми те ма ти ме ди ий сь ав ем им ит за бо
    до ру се че ны бы са мо тр ак си ир ша ня ля вы чт сл св нн зн ед ча ец ид же ож аз иц вл вс ты др ба ая мы
    ус уд уш юб лю ну ку бе ок ее га ад ай ах бр бу гр дн ду ей ек жа жи зо из ищ кр кт лы мн му оз ою ощ пе пи
    пл пу ры рь ся сн со су сы тв тн ту уг ук ул ум ун уп ур хо чи чн ше ши ью юр як ям ян ён ёр йн йс эт эл эр
    юл ют яр ят ых их фе фи фо фр цв це ци гу гл гн вн вр зе зи ги шк шл шн ще щи ыл ын ыш ьн ьк ьс
    """.split()  # noqa: SIM905
)
"""Pairs of letters that are common in Russian names and titles."""


def repaired(*texts: str) -> tuple[str, ...] | None:
    """This will return what some texts of one source were before they were misread, or None when they look right.

    All of them were misread alike, so they are judged together: an artist of two letters says little by itself.
    """
    if all(text.isascii() for text in texts):
        return None
    return _repaired(texts)


@lru_cache(maxsize=1 << 12)
def _repaired(texts: tuple[str, ...]) -> tuple[str, ...] | None:
    best, best_gain, looks = None, 0.0, _looks(texts)
    may_gain = _looks_at_best(texts) - looks > _GAIN_MIN
    for read_as, written_in in _MISREAD:
        if not may_gain and written_in != "utf-8":
            continue
        try:
            again = tuple(_bytes(text, read_as).decode(written_in) for text in texts)
        except UnicodeError:
            continue
        gain = _looks(again) - looks
        if again != texts and gain > max(best_gain, _GAIN_MIN_UTF_8 if written_in == "utf-8" else _GAIN_MIN):
            best, best_gain = again, gain
    return best


def _bytes(text: str, read_as: str) -> bytes:
    try:
        return text.encode(read_as)
    except UnicodeError:
        if read_as != "cp1252":
            raise
    return b"".join(letter.encode("latin-1" if letter < "\u0100" else read_as) for letter in text)


def is_hopeless(text: str) -> bool:
    """This will tell whether letters are lost for good: replaced by one sign over and over (ýýýýý, ?????)."""
    marks = sum(text.count(mark) for mark in ("\ufffd", "??", "ýý"))
    return marks > 0 and marks * 4 >= len(text.replace(" ", ""))


class _Pairs(dict[tuple[str, str], float]):
    """How much like words two neighbouring letters look; filled as pairs turn up."""

    def __missing__(self, pair: tuple[str, str]) -> float:
        if len(self) >= _PAIRS_MAX:
            self.clear()
        self[pair] = looks = _pair_looks(*pair)
        return looks


_PAIRS_MAX: Final = 1 << 16
_PAIRS: Final = _Pairs()
_PLAIN_PAIR: Final = re.compile(r"[\x00-\x7f](?=[\x00-\x7f])")
_STRANGE_PAIR: Final = re.compile(r"[^\x00-\x7f](?=[^\x00-\x7f])")


def _looks(texts: tuple[str, ...]) -> float:
    """How much like words some texts look: the share of common pairs of letters, less for oddities."""
    return sum(sum(map(_PAIRS.__getitem__, pairwise(text))) for text in texts) / _pairs(texts)


def _looks_at_best(texts: tuple[str, ...]) -> float:
    """How much like words they can look at most when each letter beyond ASCII is another one."""
    plain = sum(len(_PLAIN_PAIR.findall(text)) for text in texts)
    strange = sum(len(_STRANGE_PAIR.findall(text)) for text in texts)
    return (0.5 * _pairs(texts) + 0.1 * plain + 0.5 * strange) / _pairs(texts)


def _pairs(texts: tuple[str, ...]) -> int:
    """How many pairs of neighbouring letters there are; 1 for none, to divide by."""
    return sum(len(text) - 1 for text in texts if text) or 1


def _pair_looks(one: str, other: str) -> float:
    if one.isascii() and other.isascii():
        return 0.6
    if "\u0400" <= one <= "\u045f" and "\u0400" <= other <= "\u045f":
        return float((one.lower() + other.lower() in _COMMON_PAIRS) - (one.islower() and other.isupper()))
    if _is_mark(one) or _is_mark(other):
        return -1.0
    if one.isalpha() and other.isalpha():
        return 0.5 if one.isascii() or other.isascii() else -0.3
    return 0.4


def _is_mark(letter: str) -> bool:
    return not letter.isascii() and not letter.isalpha() and letter not in "«»“”‘’—–…№ʹʺ"
