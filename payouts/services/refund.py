"""Credit of a store goes back to it: proposed by one person, decided by another, never more than there is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import Money, TooManyDecimals, check_decimals, minor_places
from core.workflow import record_event
from ledger import recipes
from ledger import services as ledger
from payouts import selectors
from payouts.models import StoreRefund
from payouts.services.errors import BadRefund, MoreThanCredit, ReasonMissing
from payouts.services.second import decide, require_neutral
from sales.models import Licensee

Status = StoreRefund.Status


def propose_refund(*, licensee: Licensee, amount: Money, reason: str, by: User, now: datetime) -> StoreRefund:
    """This will propose to send credit back to a store. Proposed again while it waits, the first proposal stands.

    Locks the licensee. Raises: NotFinance, OwnStore, ReasonMissing, BadRefund, MoreThanCredit.
    """
    require_neutral(by, licensee)
    if not reason.strip():
        raise ReasonMissing(_("Say why."))
    try:
        check_decimals(amount.amount, minor_places(amount.currency))
    except TooManyDecimals as error:
        raise BadRefund(_("A bank sends whole coins.")) from error
    if amount.amount <= 0:
        raise BadRefund(_("A refund is more than zero."))
    with transaction.atomic():
        Licensee.objects.select_for_update().get(pk=licensee.pk)
        waiting = StoreRefund.objects.filter(licensee=licensee, currency=amount.currency, status=Status.PROPOSED)
        known = waiting.first()
        if known is not None:
            if known.amount != amount.amount:
                raise BadRefund(_("Another refund waits for its second person: %s.") % known.public_id)
            return known
        _check_credit(licensee, amount)
        made = StoreRefund.objects.create(
            licensee=licensee, currency=amount.currency, amount=amount.amount, proposed_by=by, proposed_at=now
        )
        record_event(made, "", Status.PROPOSED, by=by, now=now, reason=reason)
    return made


def decide_refund(*, refund: StoreRefund, approve: bool, by: User, now: datetime, reason: str = "") -> StoreRefund:
    """This will approve a refund (the money leaves our account) or refuse it, as the second person.

    Locks the licensee. Raises: NotFinance, OwnStore, NotTheSecond, MoreThanCredit, MoveNotAllowed, MovedMeanwhile.
    """
    require_neutral(by, refund.licensee)
    with transaction.atomic():
        Licensee.objects.select_for_update().get(pk=refund.licensee_id)
        decide(refund, Status.APPROVED if approve else Status.REFUSED, by=by, now=now, reason=reason)
        if approve:
            _check_credit(refund.licensee, Money(refund.amount, refund.currency))
            ledger.post_entry(
                kind=recipes.Kind.REFUND,
                idempotency_key=f"refund:{refund.public_id}",
                event_at=now,
                postings=recipes.refund(licensee_id=refund.licensee_id, currency=refund.currency, amount=refund.amount),
            )
    refund.refresh_from_db()
    return refund


def _check_credit(licensee: Licensee, amount: Money) -> None:
    credit = selectors.unallocated(licensee, amount.currency)
    if credit < amount:
        raise MoreThanCredit(_("The store's credit is %s.") % credit)
