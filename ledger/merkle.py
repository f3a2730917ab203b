"""RFC 6962 Merkle trees: roots, inclusion proofs and consistency proofs over SHA-256.

A tree commits to a list. Changing, removing or adding in the middle changes the root; an inclusion proof shows one leaf
to be in a tree of a known root, a consistency proof a later tree to be the earlier one with leaves added at its end.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

RootOf = Callable[[int, int], bytes]
"""Gives the root over the leaves from one position up to another."""

EMPTY_ROOT = sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash the data of a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The root of a growing tree in little memory: one hash for each complete subtree, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add a leaf's hash at the end."""
        self.add_subtree(leaf, 0)

    def add_subtree(self, root: bytes, height: int) -> None:
        """Add the 2**height leaves under a complete subtree's root; as many must be a divisor of the size so far."""
        assert not self.size & ((1 << height) - 1)
        subtree, size = root, self.size >> height
        while size & 1:
            subtree = node_hash(self._subtrees.pop(), subtree)
            size >>= 1
        self._subtrees.append(subtree)
        self.size += 1 << height

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self._subtrees:
            return EMPTY_ROOT
        *rest, root = self._subtrees
        for subtree in reversed(rest):
            root = node_hash(subtree, root)
        return root


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of the leaf at `index`, from the leaf upwards."""
    return inclusion_path(index, len(leaves), lambda start, end: root(leaves[start:end]))


def inclusion_path(index: int, size: int, root_of: RootOf) -> list[bytes]:
    """Return the audit path of the leaf at `index` of a tree of `size` leaves, from the leaf upwards."""
    if not 0 <= index < size:
        raise IndexError(index)
    path, start, end = [], 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            path.append(root_of(split, end))
            end = split
        else:
            path.append(root_of(start, split))
            start = split
    return path[::-1]


def inclusion_root(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that `path` leads to from a leaf, or None when the path does not fit the tree's size."""
    if not 0 <= index < size:
        return None
    node, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return result if last == 0 else None


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Tell whether `path` proves that the leaf is at `index` of the tree with this size and root."""
    return inclusion_root(leaf, index, size, path) == expected


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """Return the proof that the tree over all `leaves` continues the tree over the `first` ones."""
    return consistency_path(first, len(leaves), lambda start, end: root(leaves[start:end]))


def consistency_path(first: int, size: int, root_of: RootOf) -> list[bytes]:
    """Return the proof that a tree of `size` leaves continues the tree over its `first` ones."""
    if not 0 < first <= size:
        raise IndexError(first)
    path, start, end = [], 0, size
    while first != end:
        split = start + _split(end - start)
        if first <= split:
            path.append(root_of(split, end))
            end = split
        else:
            path.append(root_of(start, split))
            start = split
    return [*([root_of(start, end)] if start else []), *path[::-1]]


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether `path` proves that the tree of size `second` continues the tree of size `first`."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    steps = list(path) if first & (first - 1) else [first_root, *path]
    if not steps:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
