"""Two holders that are one: facts of the source become the target's, and can go back.

Shares, withdrawals, people, names, numbers, authorities and mandates unite; cases and documents stay with the source,
sealed under its own key, and are seen by the target's people. Whether to merge is decided in `claims`.
"""

from datetime import datetime
from typing import Any

from django.db import models, transaction

from catalog.models import (
    Authority,
    HolderIdentifier,
    HolderInvitation,
    HolderMember,
    HolderName,
    Mandate,
    Merge,
    MergedRow,
    RightsHolder,
    RightsShare,
    SocietyMembership,
    Withdrawal,
)
from catalog.services.merge import (
    Merged,
    family_of,
    forget_rows,
    lead_on,
    locked_merge,
    locked_pair,
    move_rows,
    note_rows,
    noted_rows,
    return_rows,
)
from core.workflow import move

SIDES = ("principal", "agent")
OWNED: tuple[type[models.Model], ...] = (
    RightsShare,
    Withdrawal,
    Mandate,
    HolderMember,
    HolderName,
    HolderIdentifier,
    SocietyMembership,
)
"""What of a holder moves with it, by the foreign key `holder`."""


def merge_holders(*, source: RightsHolder, target: RightsHolder, case: str, by: Any, now: datetime) -> Merged:
    """This will make `source` part of `target`. Locks both rows in the order of their ids until the caller's commit.

    Who belongs to both keeps the role in the target. Invitations of the source are taken back.

    Raises: SameSubject, AlreadyMerged.
    """
    with transaction.atomic():
        source, target = locked_pair(RightsHolder, source, target)
        merge = Merge.objects.create(source_holder=source, target_holder=target, case=case, merged_at=now)
        for invitation in source.invitations.filter(status=HolderInvitation.Status.OPEN):
            move(invitation, HolderInvitation.Status.REVOKED, by=by, now=now, reason_code="holder_merged")
        known = {HolderMember: _known(target.members, "user_id"), HolderName: _known(target.names, "text")}
        known[HolderName].add(target.name)
        societies = _known(target.societies.filter(end=None), "society_key")
        numbers = set(target.identifiers.values_list("scheme", "value"))
        for model in OWNED:
            rows = model._base_manager.filter(holder=source)
            if model is HolderMember:
                rows = rows.exclude(user__in=known[HolderMember])
            elif model is HolderName:
                rows = rows.exclude(text__in=known[HolderName])
            elif model is SocietyMembership:
                rows = rows.exclude(society_key__in=societies, end=None)
            elif model is HolderIdentifier:
                rows = rows.filter(
                    pk__in=[n.pk for n in source.identifiers.all() if (n.scheme, n.value) not in numbers]
                )
            move_rows(merge=merge, rows=rows, holder=target)
        _take_name(merge, source, target)
        for side in SIDES:
            _move_authorities(merge, side, source, target)
        lead_on(RightsHolder, merge, source, target)
    return Merged(merge, ())


def undo_holder_merge(*, merge: Merge, now: datetime) -> Merge:
    """This will give the source back what was its own; what came to the target since stays there.

    Locks source and target in the order of their ids. Raises: MergeEnded.
    """
    with transaction.atomic():
        merge = locked_merge(merge)
        source_id = merge.source_holder_id
        assert source_id is not None
        family = family_of(RightsHolder, source_id)
        list(RightsHolder.objects.select_for_update(no_key=True).filter(pk__in=family).order_by("pk"))
        there: dict[str, Any] = {"merge": merge, "source": source_id, "family": family}
        RightsHolder.objects.filter(pk=source_id).update(merged_into=None)
        forget_rows(merge=merge, table=RightsHolder._meta.label, ids=[source_id])
        return_rows(model=RightsHolder, field="merged_into_id", **there)
        made = merge.rows.filter(table=HolderName._meta.label, change=MergedRow.Change.MADE).values("row_id")
        HolderName.objects.filter(pk__in=made).delete()
        for table in OWNED:
            return_rows(model=table, field="holder_id", **there)
        for side in SIDES:
            ids = list(noted_rows(merge, _table(side)))
            Authority.objects.filter(pk__in=ids, **{f"{side}__in": family}).update(**{side: source_id})
            forget_rows(merge=merge, table=_table(side), ids=ids)
        Merge.objects.filter(pk=merge.pk).update(ended_at=now)
        merge.ended_at = now
    return merge


def _known(rows: Any, name: str) -> set[Any]:
    return set(rows.values_list(name, flat=True))


def _take_name(merge: Merge, source: RightsHolder, target: RightsHolder) -> None:
    """This will let the target be found under the source's own name."""
    fields = {"name_key": source.name_key}
    if source.name != target.name:
        name, made = HolderName.objects.get_or_create(holder=target, text=source.name, defaults=fields)
        if made:
            note_rows(merge=merge, table=HolderName._meta.label, ids=[name.pk], change=MergedRow.Change.MADE)


def _move_authorities(merge: Merge, side: str, source: RightsHolder, target: RightsHolder) -> None:
    """One given by the one to the other stays as it was: nobody is agent of itself."""
    other = "agent" if side == "principal" else "principal"
    rows = Authority.objects.filter(**{side: source}).exclude(**{other: target})
    ids = list(rows.values_list("pk", flat=True))
    Authority.objects.filter(pk__in=ids).update(**{side: target})
    note_rows(merge=merge, table=_table(side), ids=ids)


def _table(side: str) -> str:
    return f"{Authority._meta.label}:{side}"
