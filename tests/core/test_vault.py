"""Data of a party is readable until its key is destroyed, and never after."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

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


def test_many_are_read_with_one_look_for_their_keys(django_assert_num_queries):
    sealed = [(party, vault.encrypt(party, party.encode())) for party in ("holder:2", "holder:1", "holder:2")]

    with django_assert_num_queries(1):
        assert vault.decrypt_many(sealed) == [b"holder:2", b"holder:1", b"holder:2"]
    with pytest.raises(vault.CannotDecrypt):
        vault.decrypt_many([*sealed, ("holder:3", sealed[0][1])])


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


def test_erasing_again_keeps_the_first_time():
    vault.erase("holder:1", now=NOW)
    vault.erase("holder:1", now=NOW.replace(year=2008))

    assert PartyKey.objects.get().erased_at == NOW


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_partykey SET wrapped = 'x', erased_at = NULL",
        "UPDATE core_partykey SET erased_at = now()",
        "UPDATE core_partykey SET party = 'holder:2'",
        "DELETE FROM core_partykey",
        "TRUNCATE core_partykey",
    ],
)
def test_database_lets_no_destroyed_key_come_back(statement):
    vault.erase("holder:1", now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_command_wraps_all_keys_anew_and_names_the_party_it_cannot_open(settings):
    vault.encrypt("holder:1", b"IBAN")
    settings.ROMS_FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match="holder:1"):
        call_command("rewrap_keys")

    settings.ROMS_FIELD_KEYS = [NEW, OLD]
    out = StringIO()
    call_command("rewrap_keys", stdout=out)

    assert out.getvalue().startswith("1 keys")


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
