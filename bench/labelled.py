"""Names with a known answer: real or made-up tracks, and each of them spoiled in one way per difficulty class.

The transliterations are written out here from the standards, letter by letter, and share nothing with the matcher.
Real names are read from the sample files next to the project where they are present; without them names are made up
of syllables. Everything is drawn from fixed seeds.
"""

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import zstandard

SAMPLES = Path(__file__).resolve().parent.parent.parent / "shared" / "samples"

CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
SCHEMES = {
    "GOST 7.79 B": "a b v g d e yo zh z i j k l m n o p r s t u f x cz ch sh shh `` y' ` e' yu ya",
    "ISO 9": "a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â",
    "BGN/PCGN": "a b v g d e ë zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya",
    "passport": "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia",
    "as people type": "a b v g d e yo zh z i y k l m n o p r s t u f h c ch sh sch - y - e yu ya",
    "as Germans write": "a b w g d e jo sch s i j k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja",
}
NEIGHBOURS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
VERSIONS = (
    "(Remix)", "(Live)", "- Live", "(Karaoke Version)", "(Acoustic)", "(Instrumental)", "(Radio Edit)", "[Remastered]",
    "(2009 Remaster)", "(ремикс)", "(концертная запись)", "(караоке)", "(минус)", "(Club Mix)", "(Extended Mix)",
    "(Demo)", "(акустика)", "(Part 2)", "Pt. II", "(Live in Berlin)", "(кавер)", "(Cover Version)", "(en vivo)",
)  # fmt: skip
GUESTS = ("(feat. {})", "feat. {}", "ft. {}", "(при участии {})", "[featuring {}]")


@dataclass(frozen=True, slots=True)
class Name:
    """A title and its artist."""

    title: str
    artist: str


@dataclass(frozen=True, slots=True)
class Case:
    """A spoiled name; `answer` is the place of the track it is, or None where nothing may be matched."""

    kind: str
    title: str
    artist: str
    answer: int | None


def real_names() -> list[Name]:
    """This will read the distinct names of the sample files, or none where they are absent."""
    if not SAMPLES.is_dir():
        return []
    found: dict[Name, None] = {}
    columns = (
        ("catalogue/spotify_*.zst", "track", "artist"),
        ("catalogue/freemusicc_tracks*.zst", "title", "trackartist"),
        ("catalogue/most_streamed*.csv", "Track", "Artist"),
    )
    for pattern, title, artist in columns:
        for path in sorted(SAMPLES.glob(pattern)):
            for row in _rows(path):
                name = Name((row[title] or "").strip(), (row[artist] or "").strip())
                if _is_fit(name):
                    found[name] = None
    russian = _russian()
    titles = random.Random(5).sample(russian, len(russian))
    found |= dict.fromkeys(Name(*pair) for pair in zip(titles, russian, strict=True) if pair[0] != pair[1])
    return list(found)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opened = (
        zstandard.open(path, "rt", encoding="utf-8", newline="")
        if path.suffix == ".zst"
        else path.open(encoding="utf-8", errors="replace", newline="")
    )
    with opened as file:
        yield from csv.DictReader(file)


def _is_fit(name: Name) -> bool:
    letters = sum(c.isalpha() for c in name.title), sum(c.isalpha() for c in name.artist)
    return min(letters) >= 2 and "ýý" not in name.title + name.artist and "\ufffd" not in name.title + name.artist


def _russian() -> list[str]:
    names: dict[str, None] = {}
    for path in SAMPLES.glob("cyrillic/russian_artists*.zst"):
        for row in _rows(path):
            artist = row["artist"].strip()
            if sum(c in CYRILLIC for c in artist.lower()) >= 4:
                names[artist] = None
    return list(names)


def made_up_names(count: int, seed: int = 1) -> list[Name]:
    """This will make names of syllables, a quarter of them Cyrillic."""
    luck = random.Random(seed)
    syllables = {
        True: [a + b for a in "бвгджзклмнпрстфхцчшщ" for b in "аеиоуыюя"],
        False: [a + b for a in (*"bcdfghjklmnprstvwz", "ch", "sh", "th", "br", "st") for b in "aeiou"],
    }

    def words(is_cyrillic: bool, most: int) -> str:
        made = (
            "".join(luck.choices(syllables[is_cyrillic], k=luck.randint(2, 4))) for _ in range(luck.randint(1, most))
        )
        return " ".join(made).capitalize()

    return [Name(words(script, 4), words(script, 2).title()) for script in (luck.random() < 0.25 for _ in range(count))]


def crossed(names: list[Name], count: int, seed: int = 2) -> list[Name]:
    """This will make more tracks of real titles and real artists, each pair once and none of them real."""
    luck = random.Random(seed)
    by_script = {script: [name for name in names if is_cyrillic(name.title) == script] for script in (True, False)}
    seen = set(names)
    made: list[Name] = []
    while len(made) < count:
        script = luck.random() < 0.25
        pool = by_script[script] or names
        name = Name(luck.choice(pool).title, luck.choice(pool).artist)
        if name not in seen:
            seen.add(name)
            made.append(name)
    return made


def is_cyrillic(text: str) -> bool:
    """This will tell whether a text has Russian letters."""
    return any(c in CYRILLIC for c in text.lower())


def transliterated(text: str, scheme: str) -> str:
    """This will spell a Russian text in Latin letters by one of the schemes."""
    latin = dict(zip(CYRILLIC, ("" if part == "-" else part for part in SCHEMES[scheme].split()), strict=True))
    out = []
    for place, letter in enumerate(text):
        spelled = latin.get(letter.lower(), letter)
        if (
            scheme == "BGN/PCGN"
            and letter.lower() in "её"
            and (not place or text[place - 1].lower() in " аеёиоуыэюяйъь")
        ):
            spelled = "y" + spelled
        out.append(spelled.capitalize() if letter.isupper() and spelled else spelled)
    return "".join(out)


def mistyped(text: str, luck: random.Random) -> str:
    """This will swap, drop, double, replace or insert one letter, never the first one."""
    places = [place for place in range(1, len(text)) if text[place].isalpha()]
    if len(places) < 3:
        return text
    at = luck.choice(places)
    letter = text[at]
    kind = luck.randrange(5)
    if kind == 0 and at + 1 < len(text) and text[at + 1] != letter:
        return text[:at] + text[at + 1] + letter + text[at + 2 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + letter + text[at:]
    near = _neighbour(letter, luck)
    return text[:at] + near + text[at + 1 :] if kind == 3 else text[:at] + near + text[at:]


def _neighbour(letter: str, luck: random.Random) -> str:
    for row in NEIGHBOURS:
        at = row.find(letter.lower())
        if at >= 0:
            near = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
            found = luck.choice(near)
            return found.upper() if letter.isupper() else found
    return "e"


def _case(name: Name, luck: random.Random) -> Name:
    how: Callable[[str], str] = luck.choice([str.upper, str.lower, str.title, lambda text: _plain(text)])
    return Name(how(name.title), how(name.artist))


def _plain(text: str) -> str:
    import unicodedata

    kept = unicodedata.normalize("NFD", text)
    return "".join(c for c in kept if not unicodedata.combining(c) or c == "\u0306")


def _typo_in_one(name: Name, luck: random.Random) -> Name:
    if luck.random() < 0.65:
        return Name(mistyped(name.title, luck), name.artist)
    return Name(name.title, mistyped(name.artist, luck))


def _typo_in_both(name: Name, luck: random.Random) -> Name:
    return Name(mistyped(name.title, luck), mistyped(name.artist, luck))


def _guest(name: Name, luck: random.Random) -> Name:
    guest = luck.choice(GUESTS).format(luck.choice(("Alla", "DJ Vovan", "Мария", "M. Ward")))
    if luck.random() < 0.7:
        return Name(f"{name.title} {guest}", name.artist)
    return Name(name.title, f"{name.artist} {guest}")


def _small_words(name: Name, luck: random.Random) -> Name:
    artist = name.artist
    swaps = (("The ", ""), (" & ", " and "), (" and ", " & "), (" и ", " & "), (" & ", " и "))
    for old, new in luck.sample(swaps, len(swaps)):
        if old in artist:
            return Name(name.title, artist.replace(old, new, 1))
    if artist.startswith(("The ", "the ")):
        return Name(name.title, f"{artist[4:]}, The")
    return Name(name.title, f"The {artist}" if not is_cyrillic(artist) else f"«{artist}»")


def _order(name: Name, luck: random.Random) -> Name:
    parts = name.artist.split()
    if len(parts) == 2:
        return Name(name.title, f"{parts[1]}, {parts[0]}" if luck.random() < 0.5 else f"{parts[1]} {parts[0]}")
    parts = name.title.split()
    return Name(" ".join([*parts[1:], parts[0]]), name.artist)


BROKEN = (("cp1251", "latin-1"), ("utf-8", "cp1251"), ("koi8-r", "cp1251"), ("koi8-r", "latin-1"), ("utf-8", "cp1252"))


def _mojibake(name: Name, luck: random.Random) -> Name | None:
    written, read = luck.choice(BROKEN)
    try:
        return Name(*(text.encode(written).decode(read) for text in (name.title, name.artist)))
    except UnicodeError:
        return None


def _transliterated(scheme: str, name: Name, luck: random.Random) -> Name:
    return Name(transliterated(name.title, scheme), transliterated(name.artist, scheme))


MUST_MATCH: dict[str, Callable[[Name, random.Random], Name | None]] = {
    "as written": lambda name, luck: name,
    "case and diacritics": _case,
    "guest named": _guest,
    "The, &, and, и": _small_words,
    "word order": _order,
    "artist and title swapped": lambda name, luck: Name(name.artist, name.title),
    "one typo": _typo_in_one,
    "a typo in both": _typo_in_both,
}
RUSSIAN_ONLY: dict[str, Callable[[Name, random.Random], Name | None]] = {
    **{scheme: partial(_transliterated, scheme) for scheme in SCHEMES},
    "mojibake": _mojibake,
}


def cases(names: list[Name], absent: list[Name], known: set[Name], count: int, seed: int = 3) -> list[Case]:
    """This will spoil `count` names of each class; `absent` are names of tracks that are not in the catalogue."""
    luck = random.Random(seed)
    russian = [place for place, name in enumerate(names) if is_cyrillic(name.title) and is_cyrillic(name.artist)]
    found = []
    for kinds, pool in ((MUST_MATCH, range(len(names))), (RUSSIAN_ONLY, russian)):
        for kind, spoil in kinds.items():
            for place in luck.sample(pool, min(count, len(pool))):
                spoiled = spoil(names[place], luck)
                if spoiled is not None and (spoiled == names[place] or spoiled not in known):
                    found.append(Case(kind, spoiled.title, spoiled.artist, place))
    plain = [name for name in names if not any(mark in name.title for mark in "()[]-")]
    for name in luck.sample(plain, min(count, len(plain))):
        changed = Name(f"{name.title} {luck.choice(VERSIONS)}", name.artist)
        if changed not in known:
            found.append(Case("another version", changed.title, changed.artist, None))
    for kind in ("absent", "absent, known artist", "absent, known title"):
        for name in luck.sample(absent, min(count, len(absent))):
            title = luck.choice(names).title if kind.endswith("title") else name.title
            artist = luck.choice(names).artist if kind.endswith("artist") else name.artist
            if Name(title, artist) not in known:
                found.append(Case(kind, title, artist, None))
    return found
