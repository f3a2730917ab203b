"""Setting the numbers a review goes by, and what is known from frauds. A number is never changed: a later one holds."""

from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from django.db import IntegrityError, transaction

from accounts.models import User
from catalog.names import artist_key
from claims import selectors
from claims.house_rules import COUNT, DAYS, MINUTES, MONEY, RULES
from claims.models import FraudMark, HouseRule
from claims.services.errors import BadNumber, KnownAlready, NotASupervisor, NotStaff, WordsNeeded
from core.workflow import record_event

WHOLE = (COUNT, DAYS, MINUTES)


def set_rule(
    *, code: str, value: Decimal, why: str, start: date, by: User, now: datetime, currency: str = ""
) -> HouseRule:
    """This will write down a number that holds from a day on, not before today: decisions stand on what held then.

    Raises: NotASupervisor, WordsNeeded, BadNumber.
    """
    if not selectors.may_set_rules(by):
        raise NotASupervisor
    if not why.strip():
        raise WordsNeeded
    kind, currency = RULES.get(code), currency.strip().upper()
    is_money = kind is not None and kind.unit == MONEY
    whole = kind is not None and kind.unit in WHOLE
    shape = len(currency) == 3 and currency.isalpha() if is_money else not currency
    if kind is None or not shape or value < 0 or start < now.date() or (whole and value != int(value)):
        raise BadNumber
    with transaction.atomic():
        rule = HouseRule.objects.create(
            code=code, currency=currency, value=value, start=start, why=why.strip(), set_by=by, set_at=now
        )
        record_event(rule, "", "set", by=by, now=now, reason_code=code)
    return rule


def add_fraud_mark(*, kind: str, value: str, hint: str, why: str, by: User, now: datetime) -> FraudMark:
    """This will remember something known from a fraud, as a digest. Raises: NotStaff, WordsNeeded, KnownAlready."""
    if not selectors.may_review(by):
        raise NotStaff
    clean = normalised(kind, value)
    if not clean or not why.strip() or not hint.strip():
        raise WordsNeeded
    try:
        with transaction.atomic():
            mark = FraudMark.objects.create(
                kind=FraudMark.Kind(kind),
                digest=digest_of(kind, value),
                hint=hint.strip()[:100],
                why=why.strip(),
                added_by=by,
                added_at=now,
            )
            record_event(mark, "", "added", by=by, now=now, reason_code=kind)
    except IntegrityError as error:
        raise KnownAlready from error
    return mark


def end_fraud_mark(*, mark: FraudMark, by: User, now: datetime) -> None:
    """This will let something known from a fraud count no longer; the row stays. Raises: NotStaff."""
    if not selectors.may_review(by):
        raise NotStaff
    with transaction.atomic():
        if FraudMark.objects.filter(pk=mark.pk, ended_at=None).update(ended_at=now, ended_by=by):
            record_event(mark, "added", "ended", by=by, now=now)


def normalised(kind: str, value: str) -> str:
    """This will bring a value into the form that is compared."""
    if kind == FraudMark.Kind.NAME:
        return artist_key(value)
    squeezed = "".join(value.split()).lower()
    return squeezed.lstrip("@") if kind == FraudMark.Kind.MAIL else squeezed


def digest_of(kind: str, value: str) -> str:
    """This will give what a value is looked up by."""
    return sha256(f"{kind}:{normalised(kind, value)}".encode()).hexdigest()
