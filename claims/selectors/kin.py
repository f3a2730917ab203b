"""Principals and their agents: they never conflict."""

from django.db.models import F

from catalog.models import Authority


def kin_of(holder_id: int) -> set[int]:
    """This will name the principals a holder is or was agent of, and its agents: with none of them it conflicts."""
    papers = Authority.objects.filter(status=Authority.Status.GRANTED).exclude(start=F("end"))
    up = papers.filter(agent=holder_id).values_list("principal_id", flat=True)
    down = papers.filter(principal=holder_id).values_list("agent_id", flat=True)
    return {*up, *down}
