"""Personal data that can be made unreadable for ever: envelope encryption with one data key per party.

Every party (`holder:17`, `user:4`) has its own random key; its data is AES-256-GCM under that key, bound to the
party's name. The key itself is stored wrapped by the installation's master key, which comes from the environment and is
never in the database. Erasing a party destroys its key: every copy of its data, also in backed-up files, is noise then,
while proofs made over ids and salts stay verifiable. A destroyed key is never made again.

`ROMS_FIELD_KEYS` lists master keys of 64 hexadecimal digits: the first wraps, all unwrap. To change it, put the new key
first, run `manage.py rewrap_keys`, then drop the old one.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from core.models import PartyKey

_VERSION = b"\x01"
_NONCE = 12
_KEY_ID = 8


class VaultError(Exception):
    """The data cannot be read."""


class PartyErased(VaultError):
    """The party's key was destroyed, so its data is gone and no new data may be kept under its name."""


class CannotDecrypt(VaultError):
    """The data was changed, belongs to another party, or no master key fits."""


def encrypt(party: str, data: bytes) -> bytes:
    """Encrypt `data` under the key of `party`, which is made at the first use.

    Raises: PartyErased.
    """
    return _seal(_key_of(party), data, party)


def decrypt(party: str, sealed: bytes) -> bytes:
    """Return the data that `encrypt` sealed for the same party.

    Raises: PartyErased, CannotDecrypt.
    """
    return decrypt_many([(party, sealed)])[0]


def decrypt_many(sealed: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """Return the data of many (party, sealed), in their order, with one look for all keys.

    Raises: PartyErased, CannotDecrypt.
    """
    found = {row.party: row.wrapped for row in PartyKey.objects.filter(party__in={party for party, _ in sealed})}
    if missing := [party for party, _ in sealed if party not in found]:
        raise CannotDecrypt(missing[0])
    return [_open(_opened(found[party], party), bytes(data), party) for party, data in sealed]


def erase(party: str, *, now: datetime) -> None:
    """Destroy the key of `party`, and so the data of it everywhere; a party never seen is barred from now on.

    Doing it again changes nothing: the first time stands.
    """
    PartyKey.objects.get_or_create(party=party, defaults={"wrapped": None, "erased_at": now})
    PartyKey.objects.filter(party=party, wrapped__isnull=False).update(wrapped=None, erased_at=now)


def rewrap_keys() -> int:
    """Wrap every party key by the first master key; return how many were changed."""
    first, *_ = _master_keys()
    changed = 0
    for row in PartyKey.objects.filter(wrapped__isnull=False).order_by("id").iterator():
        old = bytes(row.wrapped or b"")
        if old.startswith(_key_id(first)):
            continue
        fresh = _wrap(_unwrap(old, row.party), row.party)
        changed += PartyKey.objects.filter(pk=row.pk, wrapped=old).update(wrapped=fresh)
    return changed


def _key_of(party: str) -> bytes:
    row = PartyKey.objects.filter(party=party).first()
    if row is None:
        fresh = _wrap(AESGCM.generate_key(256), party)
        row, _ = PartyKey.objects.get_or_create(party=party, defaults={"wrapped": fresh})
    return _opened(row.wrapped, party)


def _opened(wrapped: bytes | memoryview | None, party: str) -> bytes:
    if wrapped is None:
        raise PartyErased(party)
    return _unwrap(bytes(wrapped), party)


def _wrap(key: bytes, party: str) -> bytes:
    first, *_ = _master_keys()
    return _key_id(first) + _seal(first, key, party)


def _unwrap(wrapped: bytes, party: str) -> bytes:
    for master in _master_keys():
        if wrapped.startswith(_key_id(master)):
            return _open(master, wrapped[_KEY_ID:], party)
    raise CannotDecrypt(f"{party}: no master key fits")


def _seal(key: bytes, data: bytes, party: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, data, _bound_to(party))


def _open(key: bytes, sealed: bytes, party: str) -> bytes:
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    if sealed[:1] != _VERSION or len(nonce) != _NONCE:
        raise CannotDecrypt(party)
    try:
        return AESGCM(key).decrypt(nonce, body, _bound_to(party))
    except InvalidTag as error:
        raise CannotDecrypt(party) from error


def _bound_to(party: str) -> bytes:
    return _VERSION + party.encode()


def _key_id(master: bytes) -> bytes:
    return sha256(b"roms master key id" + master).digest()[:_KEY_ID]


def _master_keys() -> list[bytes]:
    keys: Iterable[str] = settings.ROMS_FIELD_KEYS
    try:
        decoded = [bytes.fromhex(key) for key in keys]
    except ValueError:
        decoded = []
    if not decoded or any(len(key) != 32 for key in decoded):
        raise VaultError("ROMS_FIELD_KEYS must list one or more keys of 64 hexadecimal digits")
    return decoded
