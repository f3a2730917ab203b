"""How long the steps of an import take, for whoever asks: `with collecting() as spent: ...; spent["archive"]`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

_spent: ContextVar[dict[str, float] | None] = ContextVar("spent", default=None)


@contextmanager
def collecting() -> Iterator[dict[str, float]]:
    """This will give a dictionary that holds seconds by step afterwards."""
    spent: dict[str, float] = {}
    token = _spent.set(spent)
    try:
        yield spent
    finally:
        _spent.reset(token)


@contextmanager
def timed(step: str) -> Iterator[None]:
    """This will add the seconds spent inside to a step, where somebody collects them."""
    began = monotonic()
    try:
        yield
    finally:
        spent = _spent.get()
        if spent is not None:
            spent[step] = spent.get(step, 0.0) + monotonic() - began
