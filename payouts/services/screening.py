"""Screening holders against uploaded sanctions lists: a name that fits raises a case, and nothing else."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import selectors as catalog
from catalog.names import artist_key
from core.workflow import move
from payouts import selectors
from payouts.formats.sanctions_list import BadList, read_list
from payouts.models import SanctionsEntry, SanctionsList, ScreeningCase
from payouts.services.errors import BadSanctionsList, OwnHolder, ReasonMissing
from payouts.services.store import require_finance

Status = ScreeningCase.Status


def take_sanctions_list(*, name: str, content: bytes, by: User, now: datetime) -> SanctionsList:
    """This will take in an edition of a list and look for every holder; the same bytes again change nothing.

    Raises: NotFinance, BadSanctionsList.
    """
    require_finance(by)
    name = " ".join(name.split())
    try:
        rows = read_list(content)
    except BadList as bad:
        raise BadSanctionsList(_("This cannot be read as a list of names: %s.") % bad) from bad
    if not name:
        raise BadSanctionsList(_("Say whose list it is."))
    with transaction.atomic():
        edition, is_new = SanctionsList.objects.get_or_create(
            name=name,
            sha256=sha256(content).hexdigest(),
            defaults={"entry_count": len(rows), "uploaded_by": by, "uploaded_at": now},
        )
        if is_new:
            SanctionsEntry.objects.bulk_create(
                (
                    SanctionsEntry(edition=edition, number=row.number, name=row.name, name_key=artist_key(row.name))
                    for row in rows
                ),
                batch_size=5000,
            )
            _raise_cases(selectors.hits([edition.pk]), now)
    return edition


def screen_holders(*, holder_ids: Collection[int], now: datetime) -> int:
    """This will look for some holders on the lists in force; returns how many cases are new. Nothing is refused."""
    return _raise_cases(selectors.hits(selectors.editions_in_force(), holder_ids), now)


def _raise_cases(hits: Collection[selectors.Hit], now: datetime) -> int:
    before = ScreeningCase.objects.filter(holder__in={hit.holder_id for hit in hits})
    known = set(before.values_list("holder_id", "list_name", "number", "name_key"))
    new = [hit for hit in hits if (hit.holder_id, hit.list_name, hit.number, hit.name_key) not in known]
    cases = [ScreeningCase(**hit._asdict(), found_at=now) for hit in new]
    ScreeningCase.objects.bulk_create(cases, ignore_conflicts=True)  # another screening at the same time found it too
    return len(new)


def decide_screening(*, case: ScreeningCase, same: bool, reason: str, by: User, now: datetime) -> ScreeningCase:
    """This will write down whether the holder is the person of the list. A hold is ordered apart, by `order_hold`.

    Raises: NotFinance, OwnHolder, ReasonMissing, MoveNotAllowed, MovedMeanwhile.
    """
    require_finance(by)
    if catalog.has_belonged(by, [case.holder_id]):
        raise OwnHolder(_("You act for this holder: somebody else must decide."))
    if not reason.strip():
        raise ReasonMissing(_("Say why."))
    with transaction.atomic():
        ScreeningCase.objects.filter(pk=case.pk, status=Status.OPEN).update(decided_by=by, decided_at=now)
        move(case, Status.CONFIRMED if same else Status.CLEARED, by=by, now=now, reason=reason)
    case.refresh_from_db()
    return case
