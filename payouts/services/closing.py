"""Closing the books up to a day, or opening them again from an earlier one: proposed by one, decided by another."""

from datetime import date, datetime

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.workflow import move, record_event
from ledger.models import BooksClose
from payouts.services.errors import BadClose, BooksBusy, NotTheSecond, ReasonMissing
from payouts.services.store import require_finance

Status = BooksClose.Status
LOCK_WAIT = "3s"
"""How long a close waits for entries that are being written; who writes new ones waits behind it as long."""


def propose_close(*, first_open: date, reason: str, by: User, now: datetime) -> BooksClose:
    """This will propose that entries be dated on this day (UTC) or later; nothing changes before another decides.

    A day before the one in force opens what was closed. Raises: NotFinance, ReasonMissing, BadClose.
    """
    require_finance(by)
    if not reason.strip():
        raise ReasonMissing(_("Say why."))
    if first_open.day != 1 or first_open > now.date():
        raise BadClose(_("Books are closed up to the first day of a month that has begun."))
    try:
        with transaction.atomic():
            made = BooksClose.objects.create(first_open=first_open, proposed_by=by, proposed_at=now)
            record_event(made, "", Status.PROPOSED, by=by, now=now, reason=reason)
    except IntegrityError as error:
        raise BadClose(_("Another close waits for its second person: decide that first.")) from error
    return made


def decide_close(*, close: BooksClose, approve: bool, by: User, now: datetime) -> BooksClose:
    """This will put a close in force, or refuse it, as the second person.

    In force from the moment on at which no entry is being written: one written before may be dated in the closed time,
    none after. Raises: NotFinance, NotTheSecond, BooksBusy, MoveNotAllowed, MovedMeanwhile.
    """
    require_finance(by)
    if close.proposed_by_id == by.pk:
        raise NotTheSecond(_("You proposed this: another person must decide."))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, TRUE)", [LOCK_WAIT])
            BooksClose.objects.filter(pk=close.pk, status=Status.PROPOSED).update(decided_by=by)
            move(close, Status.IN_FORCE if approve else Status.REFUSED, by=by, now=now)
    except OperationalError as error:
        raise BooksBusy(_("Entries are being written just now: try again in a minute.")) from error
    close.refresh_from_db()
    return close
