"""The log's tree over what is stored: leaves, and the roots of complete stretches of 256 and of 65,536 leaves.

A root over ten million leaves takes a few hundred rows, so proofs and checkpoints cost the same however long the log
gets. The sequencer stores the root of a stretch in the transaction that appends its last leaf.
"""

from collections.abc import Iterator

from ledger import merkle
from ledger.models import LogLeaf, LogNode

LEVELS = 2
WIDTH_BITS = 8
"""A stretch of one level is made of 256 stretches of the level below."""


def width(level: int) -> int:
    """Return how many leaves a stretch of a level has."""
    return 1 << WIDTH_BITS * level


def log_size() -> int:
    """Return how many entries have a place in the log."""
    last = LogLeaf.objects.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def root_of(start: int, end: int) -> bytes:
    """Return the root over the leaves [start, end), a subtree of the log as RFC 6962 divides it."""
    return root_from(LEVELS, start, end)


def root_from(level: int, start: int, end: int) -> bytes:
    """Return the same, made of stretches of no higher level than this."""
    frontier = merkle.Frontier()
    for height, root in _stretches(level, start, end):
        frontier.add_subtree(root, height)
    return frontier.root()


def _stretches(level: int, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield the largest stored stretches that [start, end) is made of, in order, as (height, root)."""
    if level == 0:
        leaves = LogLeaf.objects.filter(position__gte=start, position__lt=end).order_by("position")
        yield from ((0, bytes(leaf)) for leaf in leaves.values_list("leaf_hash", flat=True))
        return
    first, last = -(-start // width(level)), end // width(level)
    nodes = LogNode.objects.filter(level=level, index__gte=first, index__lt=last).order_by("index")
    roots = list(nodes.values_list("root", flat=True)) if first < last else []
    if len(roots) < last - first or not roots:
        yield from _stretches(level - 1, start, end)
        return
    if start < first * width(level):
        yield from _stretches(level - 1, start, first * width(level))
    yield from ((WIDTH_BITS * level, bytes(root)) for root in roots)
    if last * width(level) < end:
        yield from _stretches(level - 1, last * width(level), end)
