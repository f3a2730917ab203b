"""Ordered runs of the distribution over JSON: the same services as the pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from accounts.selectors import signed_in
from claims import selectors as claims
from claims import services as cases
from claims.models import PlannedRun
from core.api import Pages
from payouts.api.payout import MONEY_DECISION
from payouts.api.serializers import exact
from payouts.api.shapes import PageShape
from payouts.api.views import PAGES
from sales.models import Licensee


class NewRunShape(serializers.Serializer[Any]):
    """Whose money a run is over."""

    licensee = serializers.SlugRelatedField(
        slug_field="code", queryset=Licensee.objects.all(), allow_null=True, required=False, default=None
    )


class RunShape(serializers.Serializer[Any]):
    """An ordered run."""

    id = serializers.CharField(source="public_id")
    licensee = serializers.CharField(source="licensee.code", default=None)
    status = serializers.ChoiceField(choices=PlannedRun.Status.choices)
    tracks_counted = serializers.IntegerField()
    ordered_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)


class RunTotalShape(serializers.Serializer[Any]):
    """What the run moves into (above zero) or out of a place of a holder; no holder: nobody's yet."""

    holder = serializers.CharField(source="holder.public_id", default=None)
    place = serializers.CharField()
    currency = serializers.CharField()
    counted = exact()
    posted = exact()


class RunPageShape(PageShape):
    """A page of runs."""

    results = RunShape(many=True)


class RunTotalPageShape(serializers.Serializer[Any]):
    """A page of a run's totals, with the run."""

    run = RunShape()
    count = serializers.IntegerField()
    results = RunTotalShape(many=True)


def _run(request: Request, run_id: str) -> PlannedRun:
    return get_object_or_404(claims.planned_runs_for(signed_in(request)), public_id=run_id)


@extend_schema(methods=["GET"], operation_id="distribution_runs", parameters=PAGES, responses=RunPageShape)
@extend_schema(methods=["POST"], operation_id="order_run", request=NewRunShape, responses={201: RunShape})
@api_view(["GET", "POST"])
def runs(request: Request) -> Response:
    """The ordered runs, for the money office; a new one is counted at once and posts nothing."""
    user = signed_in(request)
    if not claims.may_order_runs(user):
        raise NotFound
    if request.method == "POST":
        asked = NewRunShape(data=request.data)
        asked.is_valid(raise_exception=True)
        made = cases.order_run(licensee=asked.validated_data["licensee"], by=user, now=timezone.now())
        made.refresh_from_db()
        return Response(RunShape(made).data, status=201)
    pages = Pages()
    found = pages.paginate_queryset(claims.planned_runs_for(user), request)
    return pages.get_paginated_response(RunShape(found, many=True).data)


@extend_schema(operation_id="distribution_run", parameters=PAGES, responses=RunTotalPageShape)
@api_view(["GET"])
def run(request: Request, run_id: str) -> Response:
    """What a run was counted to move per holder, and what it has posted."""
    found = _run(request, run_id)
    totals = claims.run_totals(found)
    pages = Pages()
    shown = pages.paginate_queryset(totals, request)
    body = {"run": found, "count": len(totals), "results": shown}
    return Response(RunTotalPageShape(body).data)


@extend_schema(operation_id="approve_run", request=None, responses=RunShape)
@api_view(["POST"])
@permission_classes(MONEY_DECISION)
def approve_run(request: Request, run_id: str) -> Response:
    """Approve a counted run as the second person: it is posted."""
    done = cases.approve_run(run=_run(request, run_id), by=signed_in(request), now=timezone.now())
    return Response(RunShape(done).data)


for _door in (runs, approve_run):
    _door.cls.write_scope = ApiToken.Scope.DECIDE  # type: ignore[attr-defined]
