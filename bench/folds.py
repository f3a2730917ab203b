"""The threshold of catalog.matching.evidence, chosen on four fifths of labelled names and tried on the fifth held back.

In memory, without a database: the same reading, codes and judging as in the portal, a fold being a fifth of the names.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bench.labelled import Name, cases
from catalog.matching.codes import codes
from catalog.matching.evidence import ACCEPT, judge
from catalog.matching.mojibake import repaired
from catalog.matching.reading import Reading, read
from catalog.names import name_key

FOLDS = 5
PER_CLASS = 400
THRESHOLDS = tuple(step / 100 for step in range(50, 96, 5))


class _Answer(NamedTuple):
    fold: int
    score: float
    is_right: bool
    is_due: bool


def folds(names: Sequence[Name], absent: Sequence[Name]) -> Iterator[str]:
    """This will say, fold by fold, which threshold the others choose and how it does on the fold held back."""
    answers = _answers(list(names), list(absent))
    yield f"threshold in use {ACCEPT:.2f}; chosen on four fifths of {len(answers):,} names, tried on the fifth:"
    for fold in range(FOLDS):
        others = [answer for answer in answers if answer.fold != fold]
        mine = [answer for answer in answers if answer.fold == fold]
        chosen = max(THRESHOLDS, key=lambda threshold: (_f1(others, threshold), threshold))
        parts = []
        for threshold in (chosen, ACCEPT):
            recall, precision = _rates(mine, threshold)
            parts.append(f"at {threshold:.2f} recall {recall:.4f} precision {precision:.4f}")
        yield f"  fold {fold + 1}: " + "; ".join(parts)


def _answers(names: list[Name], absent: list[Name]) -> list[_Answer]:
    known = [read(name.title, name.artist) for name in names]
    places: dict[int, list[int]] = defaultdict(list)
    for place, reading in enumerate(known):
        for code in codes(reading):
            places[code].append(place)
    found = []
    for number, case in enumerate(cases(names, absent, set(names), PER_CLASS)):
        fold = (number if case.answer is None else case.answer) % FOLDS
        best, score = _best(case.title, case.artist, known, places)
        is_right = best is not None and case.answer is not None and _key(names[best]) == _key(names[case.answer])
        found.append(_Answer(fold, score, is_right, case.answer is not None))
    return found


def _best(title: str, artist: str, known: Sequence[Reading], places: dict[int, list[int]]) -> tuple[int | None, float]:
    again = repaired(title, artist)
    title, artist = (again[0], again[1]) if again else (title, artist)
    best: tuple[float, int] | None = None
    for one, other in ((title, artist), (artist, title)):
        asked = read(one, other)
        for place in {place for code in codes(asked, asks=True) for place in places.get(code, ())}:
            judged = judge(asked, known[place])
            if not judged.is_barred and (best is None or (judged.score, -place) > (best[0], -best[1])):
                best = (judged.score, place)
    return (best[1], best[0]) if best else (None, 0.0)


def _rates(answers: Sequence[_Answer], threshold: float) -> tuple[float, float]:
    taken = [answer for answer in answers if answer.score >= threshold]
    right = sum(answer.is_right for answer in taken)
    return right / max(1, sum(answer.is_due for answer in answers)), right / max(1, len(taken))


def _f1(answers: Sequence[_Answer], threshold: float) -> float:
    recall, precision = _rates(answers, threshold)
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def _key(name: Name) -> str:
    return name_key(name.title, name.artist)
