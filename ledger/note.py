"""Signed checkpoints of the log, as text that other programs verify too.

The text is C2SP's tlog-checkpoint (https://c2sp.org/tlog-checkpoint): origin, number of leaves, root in Base64, a line
each; signed as C2SP's signed-note (https://c2sp.org/signed-note) with Ed25519. The key's own text (its `vkey`) is

    name + hash of the key, 8 hexadecimal digits + Base64 of (algorithm byte 0x01, public key)
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
DASH = "\u2014 "


class BadNote(Exception):
    """A signed text is not of the form, or not signed by this key."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the log's name and the 32 secret bytes of an Ed25519 key, which are never in the database."""

    name: str
    seed: bytes

    @property
    def vkey(self) -> str:
        """Return the key's public text, which is published."""
        key = ED25519 + self._key().public_key().public_bytes_raw()
        return f"{self.name}+{_key_hash(self.name, key).hex()}+{b64encode(key).decode()}"

    def sign(self, size: int, root: bytes) -> str:
        """Return the signed checkpoint of a log."""
        text = checkpoint_text(self.name, size, root)
        key = ED25519 + self._key().public_key().public_bytes_raw()
        signature = _key_hash(self.name, key) + self._key().sign(text.encode())
        return f"{text}\n{DASH}{self.name} {b64encode(signature).decode()}\n"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def checkpoint_text(name: str, size: int, root: bytes) -> str:
    """Return the text of a checkpoint that is signed."""
    return f"{name}\n{size}\n{b64encode(root).decode()}\n"


def read_note(note: str, vkey: str) -> tuple[int, bytes]:
    """Return size and root of a signed checkpoint. Raises: BadNote."""
    try:
        name, key_hash, encoded = vkey.split("+", 2)
        key = b64decode(encoded, validate=True)
        text, _, signatures = note.partition("\n\n")
        origin, size, root = text.split("\n")
        signed = next(line for line in signatures.splitlines() if line.startswith(f"{DASH}{name} "))
        signature = b64decode(signed.rsplit(" ", 1)[1], validate=True)
        if origin != name or signature[:4].hex() != key_hash or _key_hash(name, key) != signature[:4]:
            raise BadNote("signed by another key")
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], f"{text}\n".encode())
        return int(size), b64decode(root, validate=True)
    except (ValueError, StopIteration, InvalidSignature) as error:
        raise BadNote(f"no valid checkpoint: {error}") from error


def fingerprint(vkey: str) -> str:
    """Return the SHA-256 of a key's public text: what is read out on the telephone."""
    return sha256(vkey.encode()).hexdigest()


def _key_hash(name: str, key: bytes) -> bytes:
    return sha256(f"{name}\n".encode() + key).digest()[:4]
