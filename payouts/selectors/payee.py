"""Bank accounts of holders, and what keeps money from going there."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.models import User
from catalog import selectors as catalog
from catalog.models import RightsHolder
from payouts.models import Payee, PayoutHold
from payouts.selectors.access import Person, is_finance
from payouts.selectors.terms import terms_on

Status = Payee.Status


def payees_of(holder: RightsHolder) -> QuerySet[Payee]:
    """This will list a holder's bank accounts, newest first."""
    return Payee.objects.filter(holder=holder).select_related("proposed_by", "confirmed_by").order_by("-id")


def payees_for(user: Person) -> QuerySet[Payee]:
    """This will find the bank accounts a person may see: those of the own holders; all of them for finance."""
    found = Payee.objects.select_related("holder", "proposed_by", "confirmed_by").order_by("-id")
    if is_finance(user):
        return found
    return found.filter(holder__in=catalog.holders_for(user))


def payees_waiting() -> QuerySet[Payee]:
    """This will list the accounts that wait for their second person, oldest first."""
    found = Payee.objects.filter(status=Status.PROPOSED).select_related("holder", "proposed_by")
    return found.order_by("proposed_at", "id")


def may_propose_payee(user: Person, holder: RightsHolder) -> bool:
    """This will tell whether a person may say where a holder's money goes."""
    return catalog.may_write(user, holder)


def may_confirm_payee(user: Person, payee: Payee, now: datetime) -> bool:
    """This will tell whether a person may be the second one for an account.

    Of an organisation another member who may act for it, and could before the change was asked for and for as many days
    as an account cools off: who was let in for the purpose is no second person. Else somebody of the money office who
    belongs to neither.
    """
    if not isinstance(user, User) or user.pk == payee.proposed_by_id:
        return False
    since = catalog.acts_since(user, payee.holder)
    if since is not None:
        long_enough = now - timedelta(days=terms_on(now.date()).cooling_off_days)
        is_settled = since < payee.proposed_at and since <= long_enough
        return payee.holder.kind != RightsHolder.Kind.PERSON and is_settled
    return is_finance(user) and not catalog.has_belonged(user, [payee.holder_id])


def may_end_payee(user: Person, payee: Payee) -> bool:
    """This will tell whether a person may say that an account is wrong: the holder's people and finance may."""
    return catalog.may_write(user, payee.holder) or is_finance(user)


def same_account(payee: Payee) -> QuerySet[Payee]:
    """This will find the same bank account under other holders."""
    others = Payee.objects.filter(fingerprint=payee.fingerprint).exclude(holder=payee.holder_id)
    return others.select_related("holder").order_by("pk")


def hold_of(holder: RightsHolder) -> PayoutHold | None:
    """This will find the order that stops payments to a holder, if there is one."""
    return PayoutHold.objects.filter(holder=holder, lifted_at=None).select_related("ordered_by").first()


def payees_in_force(holder_ids: Collection[int], now: datetime) -> tuple[dict[int, Payee], dict[int, str]]:
    """This will find per holder the account to pay to, or the code of why there is none."""
    payees = Payee.objects.filter(holder__in=holder_ids).filter(Q(status=Status.CONFIRMED) | Q(status=Status.PROPOSED))
    found: dict[int, Payee] = {}
    faults: dict[int, str] = {}
    for payee in payees:
        if payee.status == Status.PROPOSED:
            faults[payee.holder_id] = "account_changes"
        else:
            found[payee.holder_id] = payee
            assert payee.payable_from is not None
            if payee.payable_from > now:
                faults.setdefault(payee.holder_id, "cooling_off")
    for holder_id in set(holder_ids) - found.keys():
        faults.setdefault(holder_id, "no_payee")
    return found, faults
