"""Answers about many disputes at once, from a filled-in table: each row says what it would do, or did.

What one row gets wrong hinders no other. A row that says what the party says already is left alone, so a file may be
sent twice, and what a killed upload did stays done when it is sent again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from accounts.models import User
from claims import selectors
from claims.formats.dispute_file import DisputeRow
from claims.models import Dispute, DisputeParty, EvidenceDocument
from claims.services.dispute import Said, agreement_of, answer_dispute, is_said
from claims.services.errors import Refused
from core.workflow import MovedMeanwhile, MoveNotAllowed

DOES = {
    "kept": gettext_noop("The answer is kept"),
    "settles": gettext_noop("All parties agree: the dispute ends"),
    "same": gettext_noop("Said already"),
    "nothing": gettext_noop("No answer given"),
    "refused": gettext_noop("Not done"),
}


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What a row does: a key of `DOES`, or why not (`code`)."""

    row: DisputeRow
    does: str
    dispute: Dispute | None = None
    code: str = ""


def answer_many(*, rows: Sequence[DisputeRow], by: User, now: datetime, is_dry_run: bool) -> list[RowOutcome]:
    """This will keep the answers of a table, row by row, each a transaction of its own, or only say what it would."""
    wanted = {row.dispute for row in rows}
    disputes = {each.public_id: each for each in selectors.disputes_for(by).filter(public_id__in=wanted)}
    own = selectors.own_parties_of(list(disputes.values()), by, now.date())
    named = {word for row in rows for word in row.documents}
    documents = {each.public_id: each for each in selectors.evidence_for(by).filter(public_id__in=named)}
    return [_do(row, disputes.get(row.dispute), own, documents, by, now, is_dry_run) for row in rows]


def _do(
    row: DisputeRow,
    dispute: Dispute | None,
    own: Mapping[tuple[int, str], DisputeParty],
    documents: Mapping[str, EvidenceDocument],
    by: User,
    now: datetime,
    is_dry_run: bool,
) -> RowOutcome:
    if row.fault:
        return RowOutcome(row, "refused", dispute, row.fault)
    if not row.answer:
        return RowOutcome(row, "nothing", dispute)
    party = own.get((dispute.pk, row.party)) if dispute else None
    if dispute is None or party is None:
        return RowOutcome(row, "refused", None, "no_such_dispute")
    if dispute.status not in selectors.LIVE:
        return RowOutcome(row, "refused", dispute, "case_closed")
    if set(row.documents) - documents.keys():
        return RowOutcome(row, "refused", dispute, "no_such_document")
    holders = {each.holder.public_id: each.holder_id for each in dispute.parties.all()}
    if set(row.split) - holders.keys():
        return RowOutcome(row, "refused", dispute, "bad_answer")
    said = Said(
        kind=row.answer,
        percent=row.percent,
        start=row.start,
        end=row.end,
        split={holders[who]: part for who, part in row.split.items()},
        words=row.words,
        documents=tuple(documents[word] for word in row.documents),
    )
    if is_said(party, said):
        return RowOutcome(row, "same", dispute)
    try:
        if is_dry_run:
            return RowOutcome(row, "settles" if agreement_of(dispute, party, said) else "kept", dispute)
        done = answer_dispute(dispute=dispute, said=said, by=by, now=now, holder=party.holder)
    except Refused as refusal:
        return RowOutcome(row, "refused", dispute, refusal.code)
    except (MoveNotAllowed, MovedMeanwhile):
        return RowOutcome(row, "refused", dispute, "case_closed")
    return RowOutcome(row, "settles" if done.status == Dispute.Status.SETTLED else "kept", done)
