"""Many names at once in several processes: what each gets does not depend on the others, so neither does the answer."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Final

import django

from catalog.matching.decide import Asked, Found

ALONE_MAX: Final = 20_000
"""So many names one process finds before others have started."""
CHUNK: Final = 10_000


def find_in_parallel(asked: Sequence[Asked], processes: int) -> Iterator[Found]:
    """This will find the track of each name, in their order, against the catalogue as it is committed."""
    if processes < 2 or len(asked) <= ALONE_MAX:
        yield from _find(asked)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=django.setup) as pool:
        for found in pool.map(_find, [asked[start : start + CHUNK] for start in range(0, len(asked), CHUNK)]):
            yield from found


def _find(asked: Sequence[Asked]) -> list[Found]:
    from catalog.matching.engine import find

    return list(find(asked))
