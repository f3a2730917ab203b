"""Who is one interest with a holder, so that they never conflict: principals and agents, a society and its members."""

from django.db.models import F, Q, QuerySet

from catalog.models import Authority, HolderName, RightsHolder, SocietyMembership


def kin_of(holder_id: int) -> set[int]:
    """This will name the principals a holder is or was agent of, its agents, its societies, and a society's members."""
    papers = Authority.objects.filter(status=Authority.Status.GRANTED).exclude(start=F("end"))
    up = papers.filter(agent=holder_id).values_list("principal_id", flat=True)
    down = papers.filter(principal=holder_id).values_list("agent_id", flat=True)
    return {*up, *down, *_societies(holder_id).values_list("pk", flat=True), *_members(holder_id)}


def _societies(holder_id: int) -> QuerySet[RightsHolder]:
    """This will find the verified societies that confirmed memberships of a holder name."""
    keys = _confirmed().filter(holder=holder_id).values("society_key")
    return RightsHolder.objects.filter(
        Q(name_key__in=keys) | Q(names__name_key__in=keys),
        kind=RightsHolder.Kind.SOCIETY,
        status=RightsHolder.Status.VERIFIED,
    )


def _members(holder_id: int) -> QuerySet[SocietyMembership, int]:
    """This will find whose confirmed memberships name this holder, where it is a verified society."""
    society = RightsHolder.objects.filter(
        pk=holder_id, kind=RightsHolder.Kind.SOCIETY, status=RightsHolder.Status.VERIFIED
    )
    names = HolderName.objects.filter(holder__in=society).values("name_key")
    named = Q(society_key__in=society.values("name_key")) | Q(society_key__in=names)
    return _confirmed().filter(named).values_list("holder_id", flat=True)


def _confirmed() -> QuerySet[SocietyMembership]:
    return SocietyMembership.objects.filter(status=SocietyMembership.Status.CONFIRMED).exclude(start=F("end"))


def societies_of(holder: RightsHolder) -> QuerySet[SocietyMembership]:
    """This will list the other societies a holder says it belongs or belonged to, but for those taken back."""
    return holder.societies.exclude(status=SocietyMembership.Status.RETRACTED).order_by("pk")
