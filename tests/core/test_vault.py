"""Data of a party is readable until its key is destroyed, and never after."""

from datetime import UTC, datetime

import pytest

from core import vault
from core.models import PartyKey

NOW = datetime(2007, 7, 1, tzinfo=UTC)
OLD, NEW = (bytes([n] * 32).hex() for n in (1, 2))


@pytest.fixture(autouse=True)
def master_keys(settings, db):
    settings.ROMS_FIELD_KEYS = [OLD]


def test_what_was_encrypted_can_be_read():
    sealed = vault.encrypt("holder:1", b"IBAN")

    assert vault.decrypt("holder:1", sealed) == b"IBAN"
    assert b"IBAN" not in sealed
    assert vault.encrypt("holder:1", b"IBAN") != sealed


def test_another_party_cannot_read_it():
    sealed = vault.encrypt("holder:1", b"IBAN")
    vault.encrypt("holder:2", b"")

    with pytest.raises(vault.CannotDecrypt):
        vault.decrypt("holder:2", sealed)
    with pytest.raises(vault.CannotDecrypt):
        vault.decrypt("holder:3", sealed)


@pytest.mark.parametrize("place", [0, 1, 13, -1])
def test_a_changed_byte_is_noticed(place):
    sealed = bytearray(vault.encrypt("holder:1", b"IBAN"))
    sealed[place] ^= 1

    with pytest.raises(vault.CannotDecrypt):
        vault.decrypt("holder:1", bytes(sealed))


def test_erased_data_is_gone_and_no_new_key_is_made():
    sealed = vault.encrypt("holder:1", b"IBAN")

    vault.erase("holder:1", now=NOW)

    with pytest.raises(vault.PartyErased):
        vault.decrypt("holder:1", sealed)
    with pytest.raises(vault.PartyErased):
        vault.encrypt("holder:1", b"again")
    assert PartyKey.objects.get().wrapped is None


def test_master_key_can_be_changed(settings):
    sealed = vault.encrypt("holder:1", b"IBAN")

    settings.ROMS_FIELD_KEYS = [NEW, OLD]
    assert vault.decrypt("holder:1", sealed) == b"IBAN"
    assert vault.rewrap_keys() == 1
    assert vault.rewrap_keys() == 0
    settings.ROMS_FIELD_KEYS = [NEW]

    assert vault.decrypt("holder:1", sealed) == b"IBAN"


def test_data_is_unreadable_without_its_master_key(settings):
    sealed = vault.encrypt("holder:1", b"IBAN")
    settings.ROMS_FIELD_KEYS = [NEW]

    with pytest.raises(vault.CannotDecrypt):
        vault.decrypt("holder:1", sealed)
