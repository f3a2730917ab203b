"""Two people doing the same thing at the same instant, again and again: each pair starts at one barrier."""

from collections.abc import Callable, Iterable
from threading import Barrier, Thread
from typing import Any

from django.db import connections


def both(things: Iterable[Any], *acts: Callable[[Any], object]) -> list[tuple[str, ...]]:
    """This will let every act meet every thing at the same instant, each in a thread of its own.

    Returns for each thing what became of each act: `done`, or the name of what was raised.
    """
    things = list(things)
    barrier, outcomes = Barrier(len(acts)), [[""] * len(acts) for _ in things]

    def work(number: int, act: Callable[[Any], object]) -> None:
        try:
            for at, thing in enumerate(things):
                barrier.wait(60)
                try:
                    act(thing)
                    outcomes[at][number] = "done"
                except Exception as error:
                    outcomes[at][number] = type(error).__name__
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [tuple(pair) for pair in outcomes]
