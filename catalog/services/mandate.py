"""A holder's mandate to the society: a separate, optional act that nothing else depends on."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from catalog.models import Mandate, RightsHolder, TerritorySet
from catalog.services.errors import EndsWrongly, NothingGranted
from catalog.services.holder import require_owner
from core.workflow import record_event


def give_mandate(
    *, holder: RightsHolder, rights: Collection[str], territory_set: TerritorySet, start: date, by: User, now: datetime
) -> Mandate:
    """This will let a holder join the society for some rights, from today or a later day. Raises: NotAMember,
    NothingGranted, EndsWrongly.
    """
    if not rights:
        raise NothingGranted
    if start < now.date():
        raise EndsWrongly
    with transaction.atomic():
        holder = require_owner(by, holder)
        mandate = Mandate.objects.create(
            holder=holder, rights=sorted(set(rights)), territories=territory_set, start=start
        )
        record_event(mandate, "", "given", by=by, now=now)
    return mandate


def end_mandate(*, mandate: Mandate, end: date, by: User, now: datetime) -> Mandate:
    """This will end a mandate, today or later; no reason is asked. Raises: NotAMember, EndsWrongly."""
    with transaction.atomic():
        require_owner(by, mandate.holder)
        current = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
        if end < now.date() or (current.end is not None and end > current.end):
            raise EndsWrongly
        current.end = max(end, current.start)
        current.save(update_fields=["end"])
        record_event(current, "", "ended", by=by, now=now)
    return current
