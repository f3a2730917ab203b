"""The log: leaves in order, one posting proved alone, and a changed row found."""

import json
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger import recipes, services
from ledger.models import Entry, LogLeaf, Posting
from ledger.note import Signer
from ledger.proofs import NotYetLogged, proof_holds, prove_posting
from ledger.publishing import signer
from ledger.recipes import Part
from ledger.verify import CHECKS, verify
from tests.ledger.lines import NOW, sale
from tests.ledger.test_guards import Session

SIGNER = Signer("portal.example.org/ledger", bytes(range(32)))


def post(key, items=3):
    parts = [Part(f"track:{n}:work", 1, Decimal(n)) for n in range(1, items + 1)]
    lines = recipes.accrual(licensee_id=1, currency="USD", parts=parts)
    return services.post_entry(kind="accrual", idempotency_key=key, event_at=NOW, postings=lines)


def sign(place=lambda name, text: None):
    return services.sign_checkpoint(signer=SIGNER, publish=place, now=NOW)


@pytest.fixture
def logged(db, sound):
    for n in range(7):
        post(f"entry-{n}", items=n + 1)
    services.sequence_log()


def test_sequencer_gives_committed_entries_contiguous_positions(logged):
    assert list(LogLeaf.objects.order_by("position").values_list("position", flat=True)) == list(range(7))
    assert services.sequence_log() == 0

    late = post("late")
    assert services.sequence_log() == 1

    assert LogLeaf.objects.get(entry=late).position == 7


def test_sequencer_works_in_batches(logged, monkeypatch):
    monkeypatch.setattr("ledger.services.log.BATCH_ENTRIES", 2)
    for n in range(5):
        post(f"more-{n}")

    assert services.sequence_log(batches_max=1) == 2
    monkeypatch.setattr("ledger.services.log.BATCH_POSTINGS", 1)
    assert services.sequence_log(batches_max=1) == 1
    assert services.sequence_log() == 2


def test_task_and_schedule_call_the_sequencer(logged, settings):
    from ledger.tasks import sequence_log

    post("one-more")

    assert sequence_log() == 1
    assert "ledger.sequence_log" in {sweep["task"] for sweep in settings.CELERY_BEAT_SCHEDULE.values()}


def test_one_posting_can_be_proved_alone(logged):
    assert sign()
    root = bytes.fromhex(verify().root)
    for posting in Posting.objects.all():
        assert proof_holds(prove_posting(posting.pk), root)

    proof = prove_posting(Posting.objects.order_by("id").last().pk)
    assert f"{proof.posting.decode()}".startswith("roms-posting-1\n")
    assert not proof_holds(replace(proof, posting=proof.posting.replace(b"7.0", b"8.0")), root)
    assert not proof_holds(replace(proof, salt=bytes(32)), root)
    assert not proof_holds(replace(proof, header=proof.header + b"x"), root)
    assert not proof_holds(replace(proof, position=0), root)
    assert not proof_holds(replace(proof, index=0), root)
    assert not proof_holds(replace(proof, entry_path=proof.entry_path[:-1]), root)
    assert not proof_holds(proof, bytes(32))


def test_a_proof_shows_no_other_posting(logged):
    entry = Entry.objects.get(idempotency_key="entry-3")
    assert sign()
    one, other, *_ = entry.postings.order_by("id").select_related("account")

    shown = json.dumps([repr(part) for part in vars_of(prove_posting(one.pk))])

    assert one.account.address in shown
    assert other.account.address not in shown
    assert entry.salt.hex() not in shown


def vars_of(proof):
    return [getattr(proof, name) for name in proof.__dataclass_fields__]


def test_an_entry_without_a_leaf_cannot_be_proved_yet(logged):
    with pytest.raises(NotYetLogged):
        prove_posting(post("late").postings.first().pk)


def test_verify_ledger_reports(logged, capsys):
    call_command("verify_ledger")
    assert "7 entries" in capsys.readouterr().out

    call_command("verify_ledger", "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is True
    assert [check["name"] for check in report["checks"]] == [*CHECKS, "payments", "tax", "conversions"]
    assert (report["log_size"], report["not_yet_logged"]) == (7, 0)
    assert len(report["root"]) == 64


def test_verify_ledger_of_an_empty_ledger(db):
    assert verify().ok


TAMPERED = {
    "guards": ["DROP TRIGGER ledger_posting_taken ON ledger_posting"],
    "guards (grant)": ["GRANT UPDATE ON ledger_entry TO roms_app"],
    "guards (column grant)": ["GRANT UPDATE (debit) ON ledger_accountbalance TO roms_app"],
    "guards (cache)": ["GRANT INSERT ON ledger_accountbalance TO roms_app"],
    "guards (time)": ["GRANT INSERT (created_at) ON ledger_entry TO roms_app"],
    "postings": ["UPDATE ledger_posting SET account_id = 99 WHERE id = 1"],
    "entries": ["UPDATE ledger_posting SET debit = debit + 1 WHERE debit > 0"],
    "balances": ["UPDATE ledger_accountbalance SET debit = debit + 1, credit = credit + 1"],
    "identities": ["UPDATE ledger_entry SET kind = 'opening'"],
    "lots": ["UPDATE ledger_posting SET lot = 9 WHERE debit > 0"],
    "log (kind)": ["UPDATE ledger_entry SET kind = 'accruals' WHERE kind = 'funding'"],
    "log (time)": ["UPDATE ledger_entry SET event_at = now()"],
    "log (lot)": ["UPDATE ledger_posting SET lot = 9"],
    "log (gap)": ["DELETE FROM ledger_logleaf WHERE position = 1"],
    "log (checkpoint)": ["UPDATE ledger_logcheckpoint SET root = sha256('x')"],
    "log (signature)": ["UPDATE ledger_logcheckpoint SET note = replace(note, 'localhost', 'elsewhere')"],
    "closes": [
        "INSERT INTO ledger_booksclose (first_open, status, proposed_by_id, proposed_at, decided_by_id, decided_at)"
        " VALUES ('2100-01-01', 'in_force', 1, now(), 2, '2000-01-01')"
    ],
    "nodes": ["INSERT INTO ledger_lognode (level, index, root) VALUES (1, 0, sha256('x'))"],
    "log (hash)": ["UPDATE ledger_logleaf SET leaf_hash = sha256('x') WHERE position = 1"],
}


@pytest.mark.slow
@pytest.mark.parametrize("check", TAMPERED)
def test_verify_ledger_names_what_a_superuser_changed(committed_db, check):
    store = {"licensee_id": 1, "currency": "USD"}
    services.post_entry(kind="accrual", idempotency_key="a", event_at=NOW, postings=sale())
    funding = recipes.funding(**store, lots=[(1, Decimal(1))])
    services.post_entry(kind="funding", idempotency_key="b", event_at=NOW, postings=funding)
    services.post_entry(kind="accrual", idempotency_key="c", event_at=NOW, postings=sale("3"))
    services.sequence_log()
    services.sign_checkpoint(signer=signer(), publish=lambda name, text: None, now=NOW)
    connection.close()
    superuser = Session("postgres")
    superuser.run("SET session_replication_role = replica")
    for statement in TAMPERED[check]:
        superuser.run(statement)
    superuser.connection.commit()
    superuser.connection.close()

    with pytest.raises(CommandError, match=f"^{check.split()[0]}: "):
        call_command("verify_ledger", stdout=StringIO())
