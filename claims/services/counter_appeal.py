"""The sender of an opt-out was overruled, and another reviewer finds that it was right: its tracks may leave anew."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from catalog.models import TrackWork
from claims.models import Appeal, Attestation, Clock, CounterNotice, EvidenceUse, OptOut, OptOutLine
from claims.services.checks import start_checks
from claims.services.clock import start_clock
from claims.services.moves import move
from core.workflow import record_event

LINES_PER_STATEMENT = 5000


def leave_anew(appeal: Appeal, counter: CounterNotice, by: User, now: datetime) -> OptOut:
    """This will make an opt-out of what came back by a contest or counter-notice, under review, out from its grant on.

    On the signature and documents of the first, with what the appeal adds: the withdrawals that ended stay ended, and
    leaving again is a fact of its own. Of one store where it was a store's counter-notice. Within the decision.
    """
    first = counter.opt_out
    rights = sorted(set(counter.withdrawals.values_list("right", flat=True))) or first.rights
    case = OptOut.objects.create(
        holder=first.holder,
        authority=first.authority,
        basis=first.basis,
        standing=first.standing,
        rights=rights,
        territories=first.territories,
        end=first.end,
        contact_sealed=first.contact_sealed,
        explanation_sealed=first.explanation_sealed,
        confirmed=first.confirmed,
        is_name_public=first.is_name_public,
        created_by=first.created_by,
        created_at=now,
        requested_at=now,
    )
    case.deadline_at = start_clock(case.public_id, Clock.Purpose.OPT_OUT_DECISION, now).due_at
    case.save(update_fields=["deadline_at"])
    case.licensees.set([counter.licensee] if counter.licensee else first.licensees.all())
    OptOutLine.objects.bulk_create(
        (
            OptOutLine(
                opt_out=case, row_no=line.row_no, typed=line.typed, found_by=line.found_by, track_id=line.track_id
            )
            for line in _lines(counter).order_by("row_no").iterator(LINES_PER_STATEMENT)
        ),
        batch_size=LINES_PER_STATEMENT,
    )
    signed = Attestation.objects.filter(opt_out=first).first()
    if signed is not None:
        signed.pk, signed.opt_out = None, case
        signed.save(force_insert=True)
    shown = {*first.evidence_uses.values_list("document_id", flat=True)}
    shown |= set(appeal.documents.values_list("pk", flat=True))
    EvidenceUse.objects.bulk_create(EvidenceUse(document_id=pk, opt_out=case) for pk in sorted(shown))
    record_event(case, "", OptOut.Status.DRAFT, by=None, now=now, reason_code=appeal.public_id)
    move(case, OptOut.Status.REQUESTED, by=None, now=now, reason_code=appeal.public_id)
    move(case, OptOut.Status.UNDER_REVIEW, by=by, now=now)
    start_checks(opt_out=case)
    return case


def _lines(counter: CounterNotice) -> QuerySet[OptOutLine]:
    """The rows of the opt-out whose tracks, themselves or by their songs, came back."""
    out = counter.withdrawals.order_by()
    works = TrackWork.objects.filter(work__in=out.filter(work__isnull=False).values("work_id"))
    about = Q(track__in=counter.rows.order_by().values("track_id"))
    about |= Q(track__in=out.filter(track__isnull=False).values("track_id")) | Q(track__in=works.values("track_id"))
    return counter.opt_out.lines.filter(about, outcome=OptOutLine.Outcome.ACCEPTED)
