"""Words that make another recording of it: remix, live, karaoke, remaster ... and words that say nothing. Pure.

Words are given here as anybody writes them and compared in the spelling of `catalog.names.words`, so one entry covers
both scripts. Firm words count anywhere in a title; the others are also ordinary words ("Live and Let Die") and count
only where versions are named: in brackets, after a dash, at the end.
"""

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from catalog.names import words

REMIX, LIVE, ACOUSTIC, KARAOKE, INSTRUMENTAL = "remix", "live", "acoustic", "karaoke", "instrumental"
EDIT, EXTENDED, REMASTER, DEMO, COVER = "edit", "extended", "remaster", "demo", "cover"
A_CAPPELLA, SESSION, RERECORDED, OTHER_LANGUAGE, SPED, OTHER_TAKE = (
    "a_cappella",
    "session",
    "rerecorded",
    "other_language",
    "sped",
    "other_take",
)

_FIRM: Final = {
    REMIX: "remix rmx remixed remixes ремикс рмкс mashup megamix мегамикс bootleg бутлег remezcla nightcore найткор",
    ACOUSTIC: "acoustic acoustical акустика акустический акустическая acustico acustica acoustique akustisch unplugged"
    " анплагд акустик",
    KARAOKE: "karaoke караоке минусовка playback фонограмма backing",
    INSTRUMENTAL: "instrumental instrumentals инструментал инструментальная инструментальный instrumentale"
    " instrumentalna",
    REMASTER: "remaster remastered remasterd remastering ремастер ремастеринг remasterizado remasterisé",
    A_CAPPELLA: "acapella acappella акапелла акапела cappella",
    RERECORDED: "rerecorded rerecording перезапись",
    COVER: "tribute трибьют кавер",
    SPED: "slowed",
    SESSION: "sessions",
}
_WHERE_VERSIONS_ARE_NAMED: Final = {
    REMIX: "mix микс dub даб rework flip vip mixed refix reprise реприза",
    LIVE: "live лайв концерт концертная концертный живой живьем живая живое concert konzert vivo directo direct vivant"
    " zywo наживо концертне concierto",
    KARAOKE: "минус minus",
    EDIT: "edit эдит radio радио cut short clean tv",
    EXTENDED: "extended long full maxi inch длинная",
    DEMO: "demo демо rough sketch черновик",
    COVER: "cover covered",
    SESSION: "session сессия sessie",
    OTHER_LANGUAGE: "english russian french german spanish italian japanese ukrainian английская русская испанская"
    " украинская немецкая французская",
    SPED: "sped speed slow reverb",
    OTHER_TAKE: "alternate alternative альтернативная take дубль orchestral symphonic оркестровая unreleased",
    INSTRUMENTAL: "inst instr piano strings orchestra",
}
_SAY_NOTHING: Final = (
    "version versión versione versie версия версион ver original originale оригинал оригинальная mono stereo album"
    " explicit эксплисит official audio video clip клип hd hq lyrics lyric single сингл альбомная deluxe edition the a"
    " an and at from in of on for by with в из на с и для из official music soundtrack ost саундтрек wav kbps bonus"
    " track трек бонус ao"
    " dal al de la le el im auf digital digitally цифровой"
)
_PARTS: Final = "part pt parts часть ч частина vol volume том том no nr № number номер chapter глава disc disk cd диск"
_ROMAN: Final = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12}
_ROMAN_ALONE: Final = {"i": 1, "v": 5, "x": 10}
_SPELLED_NUMBERS: Final = (
    "one two three four five six seven eight nine ten",
    "один два три четыре пять шесть семь восемь девять десять",
    "первая вторая третья четвертая пятая шестая седьмая восьмая девятая десятая",
    "first second third fourth fifth sixth seventh eighth ninth tenth",
)


def _table(source: dict[str, str]) -> dict[str, str]:
    return {word: code for code, text in source.items() for spelled in text.split() for word in words(spelled)}


FIRM: Final = _table(_FIRM)
NAMED: Final = {**_table(_WHERE_VERSIONS_ARE_NAMED), **FIRM}
NOTHING: Final = frozenset(words(_SAY_NOTHING))
PART_WORDS: Final = frozenset(words(_PARTS))
NUMBERS: Final = {word: place for line in _SPELLED_NUMBERS for place, word in enumerate(words(line), 1)}
_MISTYPED_LENGTH_MIN: Final = 5
_FIRM_WORDS: Final = {letter: [word for word in FIRM if word[0] == letter] for letter in {word[0] for word in FIRM}}
for _word in (*NUMBERS, *FIRM):
    assert _word not in PART_WORDS, _word


@lru_cache(maxsize=1 << 15)
def firm_code(word: str) -> str:
    """This will return the version a word names wherever it stands, also when one letter but the first is wrong."""
    if word in FIRM or len(word) < _MISTYPED_LENGTH_MIN or word in NAMED or word in NOTHING:
        return FIRM.get(word, "")
    near = {FIRM[known] for known in _FIRM_WORDS.get(word[0], ()) if OSA.distance(known, word, score_cutoff=1) == 1}
    return near.pop() if len(near) == 1 else ""


@lru_cache(maxsize=1 << 15)
def code_of(word: str) -> str:
    """This will return the version a word names where versions are named."""
    return NAMED.get(word) or firm_code(word)


def number_of(word: str, *, after_part: bool) -> str:
    """This will return the number a word stands for, as digits, or nothing; `after_part`: as in "Part I"."""
    if word.isdigit():
        return word.lstrip("0") or "0"
    if word in _ROMAN:
        return str(_ROMAN[word])
    if after_part:
        found = _ROMAN_ALONE.get(word) or NUMBERS.get(word)
        return str(found) if found else ""
    return ""
