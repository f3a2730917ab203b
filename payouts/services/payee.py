"""Bank accounts: proposed by one person, confirmed by another, told to everybody, and paid to only after a while.

All changes of one holder lock the holder's row first, as approving and sending a payout batch does: an account cannot
change between the moment a batch looked at it and the moment the money is on its way.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import selectors as catalog
from catalog.models import RightsHolder
from catalog.names import artist_key
from claims.services.evidence import party
from core import vault
from core.models import Event
from core.workflow import events_of, move, record_event
from payouts import selectors
from payouts.formats.account import OWN_CURRENCY, BankAccount
from payouts.models import Payee, PayeeNotice, PayoutHold
from payouts.services.errors import (
    BadCurrency,
    MayNotChangePayee,
    NotFinance,
    NothingHeld,
    NotTheSecond,
    OwnHolder,
    PayeeWaits,
    ReasonMissing,
)
from payouts.services.payee_notice import tell_everybody

Status = Payee.Status
LOOKED = "looked"


def propose_payee(*, holder: RightsHolder, account: BankAccount, currency: str, by: User, now: datetime) -> Payee:
    """This will seal a new bank account of a holder and tell everybody; it waits for a second person.

    The same account proposed again while it waits is the same proposal. Raises: MayNotChangePayee, BadCurrency,
    PayeeWaits, core.vault.PartyErased.
    """
    if not selectors.may_propose_payee(by, holder):
        raise MayNotChangePayee(_("You may not act for this holder."))
    if OWN_CURRENCY.get(account.scheme, currency) != currency:
        raise BadCurrency("currency_wrong")
    fingerprint = salted_hmac("payouts.payee", account.key, algorithm="sha256").hexdigest()
    with transaction.atomic():
        _lock(holder)
        waiting = Payee.objects.filter(holder=holder, status=Status.PROPOSED).first()
        if waiting is not None:
            if (waiting.fingerprint, waiting.currency) == (fingerprint, currency) and waiting.proposed_by_id == by.pk:
                return waiting
            raise PayeeWaits(_("Another change of the bank account waits for its second person."))
        payee = Payee.objects.create(
            holder=holder,
            scheme=account.scheme,
            country=account.country,
            currency=currency,
            sealed=vault.encrypt(party(holder), account.as_json()),
            fingerprint=fingerprint,
            replaces=Payee.objects.filter(holder=holder, status=Status.CONFIRMED).first(),
            proposed_by=by,
            proposed_at=now,
        )
        event = record_event(payee, "", Status.PROPOSED, by=by, now=now)
        tell_everybody(payee, event, PayeeNotice.Topic.PROPOSED, now)
    return payee


def confirm_payee(*, payee: Payee, by: User, now: datetime) -> Payee:
    """This will confirm an account as the second person; it is paid to once the waiting period is over.

    Raises: NotTheSecond, core.workflow.MoveNotAllowed, MovedMeanwhile.
    """
    with transaction.atomic():
        _lock(payee.holder)
        payee = Payee.objects.select_related("holder").get(pk=payee.pk)
        if not selectors.may_confirm_payee(by, payee, now):
            days = selectors.terms_on(now.date()).cooling_off_days
            raise NotTheSecond(
                _(
                    "Another person must confirm this account: one who acted for the holder before the change was asked"
                    " for, and for at least %(days)s days; or finance."
                )
                % {"days": days}
            )
        if payee.status == Status.PROPOSED:
            for old in Payee.objects.filter(holder=payee.holder_id, status=Status.CONFIRMED):
                move(old, Status.REPLACED, by=by, now=now)
        wait = timedelta(days=selectors.terms_on(now.date()).cooling_off_days)
        Payee.objects.filter(pk=payee.pk, status=Status.PROPOSED).update(
            confirmed_by=by, confirmed_at=now, payable_from=now + wait
        )
        move(payee, Status.CONFIRMED, by=by, now=now)
        tell_everybody(payee, _latest(payee), PayeeNotice.Topic.CONFIRMED, now)
    payee.refresh_from_db()
    return payee


def end_payee(*, payee: Payee, reason: str, by: User, now: datetime) -> Payee:
    """This will refuse a proposed account or stop a confirmed one; the one it had replaced is paid to again.

    Raises: MayNotChangePayee, ReasonMissing, core.workflow.MoveNotAllowed, MovedMeanwhile.
    """
    if not selectors.may_end_payee(by, payee):
        raise MayNotChangePayee(_("You may not act for this holder."))
    if not reason.strip():
        raise ReasonMissing(_("Say why."))
    with transaction.atomic():
        _lock(payee.holder)
        payee = Payee.objects.select_related("holder", "replaces").get(pk=payee.pk)
        is_proposed = payee.status == Status.PROPOSED
        move(payee, Status.REFUSED if is_proposed else Status.STOPPED, by=by, now=now, reason=reason)
        event = _latest(payee)
        if not is_proposed and payee.replaces is not None and payee.replaces.status == Status.REPLACED:
            move(payee.replaces, Status.CONFIRMED, by=by, now=now)
        tell_everybody(payee, event, PayeeNotice.Topic.ENDED, now)
    return payee


def open_payee(*, payee: Payee) -> BankAccount:
    """This will unseal an account. Raises: core.vault.VaultError when the holder was erased."""
    return open_payees(payees=[payee])[0]


def open_payees(*, payees: Sequence[Payee]) -> list[BankAccount]:
    """This will unseal many accounts, in their order. Raises: as open_payee."""
    opened = vault.decrypt_many([(party(payee.holder), bytes(payee.sealed)) for payee in payees])
    return [BankAccount.from_json(account) for account in opened]


def look_at_payee(*, payee: Payee, by: User, now: datetime) -> BankAccount:
    """This will unseal an account for somebody of the money office, and write down who looked.

    Raises: NotFinance, core.vault.VaultError.
    """
    if not selectors.is_finance(by):
        raise NotFinance(_("Only finance may look at bank accounts."))
    account = open_payee(payee=payee)
    record_event(payee, payee.status, LOOKED, by=by, now=now)
    return account


def is_name_of(name: str, holder: RightsHolder) -> bool:
    """This will tell whether the name on an account is one of the holder's, in any script and spelling."""
    keys = {holder.name_key, *holder.names.values_list("name_key", flat=True)}
    return artist_key(name) in keys


def order_hold(*, holder: RightsHolder, reason: str, by: User, now: datetime) -> PayoutHold:
    """This will stop every payment to a holder, also those not yet sent, until another person lifts it.

    Ordered again, the first order stands. Raises: NotFinance, ReasonMissing.
    """
    _require_neutral(by, holder)
    if not reason.strip():
        raise ReasonMissing(_("Say why."))
    with transaction.atomic():
        _lock(holder)
        found = selectors.hold_of(holder)
        if found is not None:
            return found
        found = PayoutHold.objects.create(holder=holder, ordered_by=by, ordered_at=now)
        record_event(found, "", "ordered", by=by, now=now, reason=reason)
    return found


def lift_hold(*, holder: RightsHolder, reason: str, by: User, now: datetime) -> PayoutHold:
    """This will let a holder be paid again: another person than the one who stopped it.

    Raises: NotFinance, ReasonMissing, NothingHeld, NotTheSecond.
    """
    _require_neutral(by, holder)
    if not reason.strip():
        raise ReasonMissing(_("Say why."))
    with transaction.atomic():
        _lock(holder)
        found = selectors.hold_of(holder)
        if found is None:
            raise NothingHeld(_("Nothing stops payments to this holder."))
        if found.ordered_by_id == by.pk:
            raise NotTheSecond(_("Another person must lift what you ordered."))
        found.lifted_by, found.lifted_at = by, now
        found.save(update_fields=["lifted_by", "lifted_at"])
        record_event(found, "ordered", "lifted", by=by, now=now, reason=reason)
    return found


def _require_neutral(by: User, holder: RightsHolder) -> None:
    if not (selectors.is_finance(by) or by.role == User.Role.REVIEWER):
        raise NotFinance(_("Only the society's staff may stop payments."))
    if catalog.has_belonged(by, [holder.pk]):
        raise OwnHolder(_("You act for this holder: somebody else must decide."))


def _lock(holder: RightsHolder) -> None:
    RightsHolder.objects.select_for_update(no_key=True).get(pk=holder.pk)


def _latest(payee: Payee) -> Event:
    event = events_of(payee).last()
    assert event is not None
    return event
