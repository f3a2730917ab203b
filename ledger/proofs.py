"""Proof of one posting: that it is in the log, without showing any other posting.

A proof goes up in steps, each checkable with SHA-256 alone: posting + its salt = a commitment; commitments lead to the
entry's root; header + that root = the entry's leaf; leaves lead to the root of the log that was published.
"""

from dataclasses import dataclass

from ledger import canonical, merkle
from ledger.models import LogLeaf, Posting
from ledger.streams import whole_entries


class NotYetLogged(Exception):
    """The entry has no place in the log yet; the sequencer gives it one within a minute."""


@dataclass(frozen=True, slots=True)
class PostingProof:
    """Everything a stranger needs, with a published root, to check one posting."""

    posting: bytes
    salt: bytes
    index: int
    postings: int
    entry_path: list[bytes]
    header: bytes
    position: int
    log_size: int
    log_path: list[bytes]
    root: bytes


def prove_posting(posting_id: int) -> PostingProof:
    """Build the proof of one posting against the log as it is now.

    Raises: Posting.DoesNotExist, NotYetLogged.
    """
    posting = Posting.objects.get(pk=posting_id)
    leaf = LogLeaf.objects.filter(entry_id=posting.entry_id).first()
    if leaf is None:
        raise NotYetLogged(f"entry {posting.entry_id}")
    (whole,) = whole_entries([posting.entry_id])
    index = [line.posting_id for line in whole.lines].index(posting_id)
    commitments = canonical.commitments(whole.salt, whole.lines)
    leaves = [bytes(h) for h in LogLeaf.objects.order_by("position").values_list("leaf_hash", flat=True)]
    return PostingProof(
        posting=canonical.line_bytes(whole.lines[index]),
        salt=canonical.posting_salt(whole.salt, posting_id),
        index=index,
        postings=len(commitments),
        entry_path=merkle.inclusion_proof(commitments, index),
        header=canonical.header_bytes(whole.header, len(commitments)),
        position=leaf.position,
        log_size=len(leaves),
        log_path=merkle.inclusion_proof(leaves, leaf.position),
        root=merkle.root(leaves),
    )


def proof_holds(proof: PostingProof, root: bytes) -> bool:
    """Tell whether a proof shows its posting to be in the log with this published root."""
    commitment = canonical.commitment(proof.salt, proof.posting)
    entry_root = merkle.inclusion_root(commitment, proof.index, proof.postings, proof.entry_path)
    if entry_root is None:
        return False
    leaf = merkle.leaf_hash(canonical.leaf_data(proof.header, entry_root))
    return merkle.verify_inclusion(leaf, proof.position, proof.log_size, proof.log_path, root)
