"""Recording what a holder got before the portal or outside it, by two persons, and letting it count."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.models import User
from catalog import selectors as catalog
from catalog.models import RightsHolder, Track
from claims import selectors
from claims.models import EvidenceDocument, PaidBefore
from claims.services.errors import BadPaidBefore, DecidesOwnCase, NotMoneyOffice
from claims.services.evidence import keep_document
from core.money import Money
from core.workflow import move, record_event
from ledger import chart, recipes
from ledger import services as ledger
from ledger.recipes import Kind, Part

ZERO = Decimal(0)
PARTS_PER_ENTRY = 20_000
Status = PaidBefore.Status


def record_paid_before(
    *,
    holder: RightsHolder,
    amount: Money,
    paid_on: date,
    start: date | None,
    end: date | None,
    track: Track | None,
    from_bank: bool,
    reference: str,
    name: str,
    content: bytes,
    by: User,
    now: datetime,
) -> PaidBefore:
    """This will record a payment with its document, for another person to accept; nothing is posted.

    Raises: NotMoneyOffice, DecidesOwnCase, BadPaidBefore (`code` says what), EvidenceRefused.
    """
    _require_neutral(by, holder)
    reference = " ".join(reference.split())
    if amount.amount <= 0 or not reference or paid_on > now.date():
        raise BadPaidBefore("paid_before_figures")
    if start is not None and end is not None and end <= start:
        raise BadPaidBefore("paid_before_period")
    try:
        with transaction.atomic():
            document = keep_document(
                holder=holder, name=name, content=content, kind=EvidenceDocument.Kind.OTHER, by=by, now=now
            )
            made = PaidBefore.objects.create(
                holder=holder,
                currency=amount.currency,
                amount=amount.amount,
                paid_on=paid_on,
                start=start,
                end=end,
                track=track,
                from_bank=from_bank,
                reference=reference,
                document=document,
                proposed_by=by,
                proposed_at=now,
            )
            record_event(made, "", Status.PROPOSED, by=by, now=now)
    except IntegrityError as error:
        raise BadPaidBefore("paid_before_known") from error
    return made


def decide_paid_before(*, payment: PaidBefore, accept: bool, by: User, now: datetime, reason: str = "") -> PaidBefore:
    """This will accept (what is payable in its scope counts as paid at once) or refuse, as the second person.

    What left the house's own account must be covered at once, or bank and books would not agree. Locks the holder.
    Raises: NotMoneyOffice, DecidesOwnCase, BadPaidBefore, MoveNotAllowed, MovedMeanwhile.
    """
    _require_neutral(by, payment.holder)
    if payment.proposed_by_id == by.pk:
        raise DecidesOwnCase
    if not accept and not reason.strip():
        raise BadPaidBefore("paid_before_reason")
    with transaction.atomic():
        RightsHolder.objects.select_for_update(no_key=True).get(pk=payment.holder_id)
        waiting = PaidBefore.objects.filter(pk=payment.pk, status=Status.PROPOSED)
        waiting.update(decided_by=by, decided_at=now)
        move(payment, Status.ACCEPTED if accept else Status.REFUSED, by=by, now=now, reason=reason)
        if accept and _cover(payment, ZERO, now) < payment.amount and payment.from_bank:
            raise BadPaidBefore("paid_before_uncovered")
    payment.refresh_from_db()
    return payment


def cover_paid_before(*, currency: str, now: datetime, holder_ids: Collection[int] | None = None) -> None:
    """This will let what was paid before count for money that became payable since.

    Called before anything is paid, in the caller's transaction. Locks the holders, then the tracks whose money moves.
    """
    accepted = PaidBefore.objects.filter(status=Status.ACCEPTED, currency=currency).order_by("holder_id", "pk")
    if holder_ids is not None:
        accepted = accepted.filter(holder__in=holder_ids)
    payments = list(accepted)
    if not payments:
        return
    locked = RightsHolder.objects.select_for_update(no_key=True).filter(pk__in=[one.holder_id for one in payments])
    list(locked.order_by("pk").values_list("pk", flat=True))
    done = selectors.covered(payments)
    for payment in payments:
        if done[payment.pk] < payment.amount:
            _cover(payment, done[payment.pk], now)


def _cover(payment: PaidBefore, done: Decimal, now: datetime) -> Decimal:
    """Post what is payable in the scope as paid, up to the amount less what is done; give how much it was."""
    seen = selectors.payable_in_scope(payment)
    tracks = {int(part.item.split(":")[1]) for part in seen}
    list(Track.objects.select_for_update(no_key=True).filter(pk__in=tracks).order_by("pk").values_list("pk", flat=True))
    parts = _up_to(selectors.payable_in_scope(payment), payment.amount - done)
    rows = (
        row
        for at in range(0, len(parts), PARTS_PER_ENTRY)
        for row in ledger.staged(
            f"{payment.tag}:{done.normalize():f}:{at}",
            Kind.PAID_BEFORE,
            recipes.paid_before(
                owner=chart.holder(payment.holder_id),
                currency=payment.currency,
                parts=parts[at : at + PARTS_PER_ENTRY],
                from_bank=payment.from_bank,
            ),
        )
    )
    if parts:
        event_at = datetime.combine(payment.paid_on, time(12), tzinfo=UTC) if payment.from_bank else now
        ledger.post_entries(event_at=event_at, rows=rows, batch=payment.tag)
    return sum((part.amount for part in parts), ZERO)


def _up_to(parts: Sequence[Part], wanted: Decimal) -> list[Part]:
    """Take parts in their order, the last one cut."""
    taken = []
    for part in parts:
        cut = min(part.amount, wanted)
        if cut > 0:
            taken.append(part._replace(amount=cut))
            wanted -= cut
    return taken


def _require_neutral(by: User, holder: RightsHolder) -> None:
    if not selectors.may_order_runs(by):
        raise NotMoneyOffice
    if catalog.has_belonged(by, [holder.pk]):
        raise DecidesOwnCase
