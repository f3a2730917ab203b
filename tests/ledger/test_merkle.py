"""RFC 6962 trees, held to published vectors and to every small size."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import merkle

# Inputs, roots and proofs of the reference implementation of RFC 6962 (certificate-transparency, merkle_tree_test).
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(data) for data in INPUTS]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_root_of_nothing_is_the_hash_of_nothing():
    assert merkle.root([]) == sha256(b"").digest()


def test_inclusion_proof_is_that_of_the_reference():
    assert [node.hex() for node in merkle.inclusion_proof(LEAVES, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_consistency_proof_is_that_of_the_reference():
    assert [node.hex() for node in merkle.consistency_proof(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def some(size):
    return [merkle.leaf_hash(b"%d" % number) for number in range(size)]


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_of_every_small_tree_is_proved(size):
    leaves = some(size)
    for index, leaf in enumerate(leaves):
        path = merkle.inclusion_proof(leaves, index)
        assert merkle.verify_inclusion(leaf, index, size, path, merkle.root(leaves))
        assert not merkle.verify_inclusion(merkle.leaf_hash(b"x"), index, size, path, merkle.root(leaves))
        if size > 1:
            assert not merkle.verify_inclusion(leaf, (index + 1) % size, size, path, merkle.root(leaves))
            assert not merkle.verify_inclusion(leaf, index, size, path[:-1], merkle.root(leaves))
        assert not merkle.verify_inclusion(leaf, index, size, [*path, leaf], merkle.root(leaves))


@pytest.mark.parametrize("size", range(1, 34))
def test_every_small_tree_continues_every_smaller_one(size):
    leaves = some(size)
    for first in range(1, size + 1):
        path = merkle.consistency_proof(leaves, first)
        old, new = merkle.root(leaves[:first]), merkle.root(leaves)
        assert merkle.verify_consistency(first, size, old, new, path)
        if first < size:
            assert not merkle.verify_consistency(first, size, merkle.leaf_hash(b"x"), new, path)
            assert not merkle.verify_consistency(first, size, old, merkle.leaf_hash(b"x"), path)
            assert not merkle.verify_consistency(first, size, old, new, path[:-1])


@given(st.integers(0, 300))
def test_frontier_grows_to_the_same_root(size):
    frontier = merkle.Frontier()
    for leaf in some(size):
        frontier.add(leaf)

    assert (frontier.size, frontier.root()) == (size, plain_root(some(size)))


def plain_root(leaves):
    """The definition in RFC 6962, section 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


def test_proofs_of_what_is_not_there_are_refused():
    with pytest.raises(IndexError):
        merkle.inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        merkle.consistency_proof(LEAVES, 0)
    assert not merkle.verify_inclusion(LEAVES[0], 8, 8, [], LEAVES[0])
    assert not merkle.verify_consistency(3, 2, LEAVES[0], LEAVES[0], [])
