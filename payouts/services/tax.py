"""Certificates of tax residence: shown by the holder's people, accepted by somebody of the money office."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import selectors as catalog
from catalog import territories
from catalog.models import RightsHolder
from claims import services as cases
from claims.models import EvidenceDocument
from core.workflow import move, record_event
from payouts import selectors
from payouts.models import Payment, TaxResidence
from payouts.services.errors import BadResidence, MayNotChangePayee, OwnHolder, ReasonMissing
from payouts.services.store import require_finance
from payouts.services.tax_back import correct_tax

Status = TaxResidence.Status


def show_tax_residence(
    *,
    holder: RightsHolder,
    country: str,
    start: date,
    end: date,
    name: str,
    content: bytes,
    by: User,
    now: datetime,
) -> TaxResidence:
    """This will keep a certificate, sealed, for finance to accept. The same one again is the same.

    Raises: MayNotChangePayee, BadResidence, claims.services.EvidenceRefused.
    """
    if not selectors.may_propose_payee(by, holder):
        raise MayNotChangePayee(_("You may not act for this holder."))
    if country not in territories.names():
        raise BadResidence(_("This is no country: two letters, as DE or RU."))
    if end <= start:
        raise BadResidence(_("The period has no day: it must end after it starts."))
    with transaction.atomic():
        document = cases.add_evidence(
            holder=holder, name=name, content=content, kind=EvidenceDocument.Kind.OTHER, by=by, now=now
        )
        shown, is_new = TaxResidence.objects.get_or_create(
            holder=holder,
            country=country,
            start=start,
            document=document,
            defaults={"end": end, "proposed_by": by, "proposed_at": now},
        )
        if is_new:
            record_event(shown, "", Status.PROPOSED, by=by, now=now)
    return shown


def decide_tax_residence(
    *, residence: TaxResidence, accept: bool, by: User, now: datetime, reason: str = ""
) -> TaxResidence:
    """This will accept or refuse a certificate; what is paid from now on is taxed by it, what was paid is corrected.

    Locks the holder, as paying does.

    Raises: NotFinance, OwnHolder, ReasonMissing (a refusal says why), MoveNotAllowed, MovedMeanwhile.
    """
    require_finance(by)
    if catalog.has_belonged(by, [residence.holder_id]):
        raise OwnHolder(_("You act for this holder: somebody else must decide."))
    if not accept and not reason.strip():
        raise ReasonMissing(_("Say why."))
    with transaction.atomic():
        RightsHolder.objects.select_for_update(no_key=True).get(pk=residence.holder_id)
        waiting = TaxResidence.objects.filter(pk=residence.pk, status=Status.PROPOSED)
        waiting.update(decided_by=by, decided_at=now)
        move(residence, Status.ACCEPTED if accept else Status.REFUSED, by=by, now=now, reason=reason)
        if accept:
            paid = Payment.objects.filter(holder=residence.holder_id, status=Payment.Status.SETTLED)
            correct_tax(payments=paid, now=now)
    residence.refresh_from_db()
    return residence
