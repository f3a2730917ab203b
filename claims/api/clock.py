"""Deadlines over JSON: those that run for a case, and for staff every clock with its source; a supervisor sets them."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from claims import selectors, services
from claims.api.scopes import decides, person, read_body
from claims.models import Clock, ClockSet


class CaseClockShape(serializers.Serializer[Any]):
    """One deadline of a case. When it passes a person is called, and nothing else happens."""

    purpose = serializers.ChoiceField(source="clock.purpose", choices=Clock.Purpose.choices)
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    paused_at = serializers.DateTimeField(allow_null=True, help_text="Stands still since then.")
    by = serializers.CharField(source="clock.of.name")
    basis = serializers.ChoiceField(source="clock.of.basis", choices=ClockSet.Basis.choices)
    source = serializers.CharField(source="clock.of.source")  # type: ignore[assignment]


class ClockShape(serializers.Serializer[Any]):
    """How long something takes from a day on, and what it goes by."""

    set = serializers.CharField(source="of.code")
    purpose = serializers.ChoiceField(choices=Clock.Purpose.choices)
    days = serializers.IntegerField(min_value=1, max_value=3660)
    is_business = serializers.BooleanField(default=False, help_text="Only Monday to Friday count.")
    calendar = serializers.CharField(max_length=10, default="", allow_blank=True, help_text="Whose holidays.")
    remind_days = serializers.IntegerField(min_value=0, max_value=3660, default=0)
    start = serializers.DateField()
    why = serializers.CharField(max_length=500)
    source = serializers.CharField(source="of.source", read_only=True)  # type: ignore[assignment]


@extend_schema(responses=CaseClockShape(many=True))
@api_view(["GET"])
def case_clocks(request: Request, case_id: str) -> Response:
    """List the deadlines that run for a claim, an opt-out, a dispute or an appeal, with what each goes by."""
    found: Any = {
        "CLM": selectors.claims_for,
        "OPT": selectors.opt_outs_for,
        "DIS": selectors.disputes_for,
        "APL": selectors.appeals_for,
    }.get(case_id[:3])
    if found is None:
        raise Http404
    case = get_object_or_404(found(request.user), public_id=case_id)
    return Response(CaseClockShape(selectors.clocks_of(case.public_id), many=True).data)


@extend_schema(methods=["GET"], responses=ClockShape(many=True))
@extend_schema(methods=["POST"], request=ClockShape, responses={201: ClockShape})
@decides
@api_view(["GET", "POST"])
def clocks(request: Request) -> Response:
    """List, for staff, the clocks in use today; POST the next version of one, for supervisors."""
    if not selectors.may_review(request.user):
        raise Http404
    if request.method == "GET":
        return Response(ClockShape(selectors.clocks_in_use(timezone.now().date()), many=True).data)
    form = read_body(ClockShape, request)
    of = ClockSet.objects.filter(code=form.pop("of")["code"]).first()
    if of is None:
        raise serializers.ValidationError({"set": "There is no set of this code."}, code="unknown")
    made = services.set_clock(of=of, **form, by=person(request), now=timezone.now())
    return Response(ClockShape(made).data, status=status.HTTP_201_CREATED)
