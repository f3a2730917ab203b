"""Moves: only declared steps, only from the status that was read, each with its Event. A holder serves as the noun."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.models import RightsHolder
from core.models import Event
from core.workflow import MovedMeanwhile, MoveNotAllowed, erase_note, events_of, move
from tests.factories import a_holder

NOW = datetime(2007, 7, 1, 12, tzinfo=UTC)
Status = RightsHolder.Status


def test_move_changes_the_status_and_records_who_when_and_why(rita):
    holder = a_holder(status=Status.UNDER_REVIEW)

    move(holder, Status.VERIFIED, by=rita, now=NOW, reason="passport seen", reason_code="identity_ok")

    event = events_of(holder).get()
    assert RightsHolder.objects.get().status == holder.status == Status.VERIFIED
    assert (event.noun, event.object_id) == ("catalog.RightsHolder", holder.pk)
    assert (event.from_status, event.to_status) == ("under_review", "verified")
    assert (event.by, event.at, event.reason_code, event.note.text) == (rita, NOW, "identity_ok", "passport seen")


def test_move_without_a_person_or_words_records_none(db):
    holder = move(a_holder(status=Status.REGISTERED), Status.UNDER_REVIEW, by=None, now=NOW)

    event = events_of(holder).get()
    assert event.by is None
    assert event.note is None


@pytest.mark.parametrize("to", [Status.REGISTERED, Status.REFUSED, "no such status"])
def test_move_refuses_a_step_that_is_not_declared(db, to):
    holder = a_holder(status=Status.VERIFIED)

    with pytest.raises(MoveNotAllowed):
        move(holder, to, by=None, now=NOW)

    assert RightsHolder.objects.get().status == Status.VERIFIED
    assert not Event.objects.exists()


def test_move_refuses_when_somebody_moved_it_meanwhile(db):
    mine = a_holder(status=Status.UNDER_REVIEW)
    yours = RightsHolder.objects.get(pk=mine.pk)
    move(yours, Status.REFUSED, by=None, now=NOW)

    with pytest.raises(MovedMeanwhile):
        move(mine, Status.VERIFIED, by=None, now=NOW)

    assert mine.status == Status.UNDER_REVIEW
    assert events_of(mine).get().to_status == "refused"


@pytest.mark.slow
def test_of_two_people_deciding_at_once_one_wins(committed_db):
    holder = a_holder(status=Status.UNDER_REVIEW)
    both_have_read = Barrier(2)

    def decide(to):
        mine = RightsHolder.objects.get(pk=holder.pk)
        both_have_read.wait(10)
        try:
            move(mine, to, by=None, now=NOW)
        except MovedMeanwhile:
            return "late"
        else:
            return "won"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(decide, [Status.VERIFIED, Status.REFUSED]))

    assert sorted(outcomes) == ["late", "won"]
    assert events_of(holder).count() == 1


def test_words_can_be_erased_and_the_event_stands(db):
    holder = move(a_holder(status=Status.REGISTERED), Status.UNDER_REVIEW, by=None, now=NOW, reason="private")

    erase_note(events_of(holder).get().note, now=NOW)

    note = events_of(holder).get().note
    assert (note.text, note.erased_at) == ("", NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_note SET text = 'never said'",
        "UPDATE core_note SET text = 'never said', erased_at = now()",
        "UPDATE core_note SET created_at = now()",
        "DELETE FROM core_note",
        "TRUNCATE core_note CASCADE",
    ],
)
@pytest.mark.parametrize("is_erased", [False, True])
def test_words_are_never_rewritten(db, statement, is_erased):
    holder = move(a_holder(status=Status.REGISTERED), Status.UNDER_REVIEW, by=None, now=NOW, reason="said so")
    if is_erased:
        erase_note(events_of(holder).get().note, now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_event SET to_status = 'x'", "DELETE FROM core_event", "TRUNCATE core_event"],
)
def test_application_cannot_change_an_event(db, statement):
    move(a_holder(status=Status.REGISTERED), Status.UNDER_REVIEW, by=None, now=NOW)

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
