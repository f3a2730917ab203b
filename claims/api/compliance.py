"""What stores sold, or list, of tracks that are out of them, over JSON: the same services as the pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from claims import selectors, services
from claims.api.scopes import answers_for_store, decides, person, read_body
from claims.models import ComplianceFinding
from core.api import Pages

KIND = OpenApiParameter("kind", str, enum=ComplianceFinding.Kind.values)
STATUS = OpenApiParameter("status", str, enum=ComplianceFinding.Status.values)
STORE = OpenApiParameter("store", str, description="Public id of a store.")
SOURCE = OpenApiParameter("source", str, description="Public id of a report, a list of a catalogue or an import.")


class FindingShape(serializers.Serializer[Any]):
    """What a store sold, or lists, of a track that a holder took out of it."""

    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=ComplianceFinding.Kind.choices)
    status = serializers.ChoiceField(choices=ComplianceFinding.Status.choices)
    store = serializers.CharField(source="licensee.code", default=None)
    report = serializers.CharField(source="report.public_id", default=None)
    snapshot = serializers.CharField(source="snapshot.public_id", default=None)
    track = serializers.CharField(source="track.public_id", default=None, help_text="None: all tracks of the report.")
    artist = serializers.CharField(source="track.artist", default=None)
    title = serializers.CharField(source="track.title", default=None)
    store_key = serializers.CharField(source="store_key.key", default=None)
    rights = serializers.ListField(child=serializers.CharField())
    out_since = serializers.DateField()
    allowed_until = serializers.DateField(help_text="First day on which the store's time was over.")
    use_start = serializers.DateField(allow_null=True)
    use_end = serializers.DateField(allow_null=True, help_text="Half-open.")
    territories = serializers.ListField(child=serializers.CharField())
    lines = serializers.IntegerField(source="line_count")
    units = serializers.IntegerField()
    units_after = serializers.IntegerField(allow_null=True, help_text="The store's word: sold after its time.")
    currency = serializers.CharField()
    royalty = serializers.DecimalField(max_digits=24, decimal_places=8, help_text="Of the rights withdrawn.")
    found_at = serializers.DateTimeField()


class FindingAnswerShape(serializers.Serializer[Any]):
    """How many of the units were sold on `allowed_until` or later."""

    units_after = serializers.IntegerField(min_value=0)
    words = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class FindingDecisionShape(serializers.Serializer[Any]):
    """What a reviewer decides, and why."""

    outcome = serializers.ChoiceField(choices=["confirm", "clear"])
    reason = serializers.CharField(max_length=5000)


@extend_schema(parameters=[KIND, STATUS, STORE, SOURCE], responses=FindingShape(many=True))
@api_view(["GET"])
def findings(request: Request) -> Response:
    """List the findings you may see, newest first."""
    pages = Pages()
    found = selectors.narrowed_findings(selectors.findings_for(request.user), request.query_params)
    page = pages.paginate_queryset(found, request) or []
    return pages.get_paginated_response(FindingShape(page, many=True).data)


@extend_schema(responses=FindingShape)
@api_view(["GET"])
def finding(request: Request, finding_id: str) -> Response:
    """Show one finding."""
    return Response(FindingShape(_finding(request, finding_id)).data)


@extend_schema(request=FindingAnswerShape, responses=FindingShape)
@answers_for_store
@api_view(["POST"])
def answer_finding(request: Request, finding_id: str) -> Response:
    """Say, for your store, how much of it was sold after its time was over."""
    found, form = _finding(request, finding_id), read_body(FindingAnswerShape, request)
    services.answer_finding(
        finding=found,
        units_after=form["units_after"],
        words=form.get("words", ""),
        by=person(request),
        now=timezone.now(),
    )
    return Response(FindingShape(_finding(request, finding_id)).data)


@extend_schema(request=FindingDecisionShape, responses=FindingShape)
@decides
@api_view(["POST"])
def decide_finding(request: Request, finding_id: str) -> Response:
    """Confirm a breach or clear a finding, for reviewers."""
    found, form = _finding(request, finding_id), read_body(FindingDecisionShape, request)
    act = services.confirm_finding if form["outcome"] == "confirm" else services.clear_finding
    act(finding=found, by=person(request), now=timezone.now(), reason=form["reason"])
    return Response(FindingShape(_finding(request, finding_id)).data)


def _finding(request: Request, finding_id: str) -> ComplianceFinding:
    return get_object_or_404(selectors.findings_for(request.user), public_id=finding_id)
