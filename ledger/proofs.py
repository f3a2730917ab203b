"""Proof of one posting: that it is in the log, without showing any other posting.

A proof goes up in steps, each checkable with SHA-256 alone: posting + its salt = a commitment; commitments lead to the
entry's root; header + that root = the entry's leaf; leaves lead to the root of the log that was published.
"""

import json
from dataclasses import dataclass

from ledger import canonical, merkle, tree
from ledger.models import LogCheckpoint, LogLeaf, Posting
from ledger.streams import whole_entries

FORMAT = "roms-proof-1"


class NotYetLogged(Exception):
    """The entry is under no signed checkpoint yet; the next one is signed within the hour."""


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
    checkpoint: str
    """The signed text with the log's size and root."""

    def as_json(self, vkey: str) -> str:
        """Return the proof as a file; `vkey` is the public text of the key that signed."""
        return json.dumps(
            {
                "format": FORMAT,
                "posting": {"text": self.posting.decode(), "salt": self.salt.hex()},
                "entry": {
                    "header": self.header.decode(),
                    "index": self.index,
                    "postings": self.postings,
                    "path": [step.hex() for step in self.entry_path],
                },
                "log": {
                    "position": self.position,
                    "size": self.log_size,
                    "path": [step.hex() for step in self.log_path],
                },
                "checkpoint": self.checkpoint,
                "key": vkey,
            },
            indent=1,
        )


def prove_posting(posting_id: int) -> PostingProof:
    """Build the proof of one posting against the newest signed checkpoint.

    Raises: Posting.DoesNotExist, NotYetLogged.
    """
    posting = Posting.objects.get(pk=posting_id)
    leaf = LogLeaf.objects.filter(entry_id=posting.entry_id).first()
    checkpoint = LogCheckpoint.objects.order_by("-size").first()
    if leaf is None or checkpoint is None or leaf.position >= checkpoint.size:
        raise NotYetLogged(f"entry {posting.entry_id}")
    (whole,) = whole_entries([posting.entry_id])
    index = [line.posting_id for line in whole.lines].index(posting_id)
    commitments = canonical.commitments(whole.salt, whole.lines)
    return PostingProof(
        posting=canonical.line_bytes(whole.lines[index]),
        salt=canonical.posting_salt(whole.salt, posting_id),
        index=index,
        postings=len(commitments),
        entry_path=merkle.inclusion_proof(commitments, index),
        header=canonical.header_bytes(whole.header, len(commitments)),
        position=leaf.position,
        log_size=checkpoint.size,
        log_path=merkle.inclusion_path(leaf.position, checkpoint.size, tree.root_of),
        checkpoint=checkpoint.note,
    )


def proof_holds(proof: PostingProof, root: bytes) -> bool:
    """Tell whether a proof shows its posting to be in the log with this published root."""
    commitment = canonical.commitment(proof.salt, proof.posting)
    entry_root = merkle.inclusion_root(commitment, proof.index, proof.postings, proof.entry_path)
    if entry_root is None:
        return False
    leaf = merkle.leaf_hash(canonical.leaf_data(proof.header, entry_root))
    return merkle.verify_inclusion(leaf, proof.position, proof.log_size, proof.log_path, root)
