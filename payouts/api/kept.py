"""Statements kept under their hash, as JSON and as files."""

from io import BytesIO

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from core.api import Pages
from core.vault import VaultError
from payouts import papers, selectors, services
from payouts.api import serializers
from payouts.api.views import HOLDER, PAGES
from payouts.models import Statement


@extend_schema(
    methods=["GET"],
    operation_id="kept_statements",
    parameters=[HOLDER, *PAGES],
    responses=serializers.KeptStatementPageSerializer,
)
@extend_schema(
    methods=["POST"],
    operation_id="keep_statement",
    request=serializers.NewKeptStatementSerializer,
    responses={201: serializers.KeptStatementSerializer},
)
@api_view(["GET", "POST"])
def kept_statements(request: Request) -> Response:
    """The statements kept for a holder, newest first; a new one is kept byte for byte, the same facts only once."""
    user = signed_in(request)
    named = request.data if request.method == "POST" else request.query_params
    named_id = named.get("holder", "") if isinstance(named, dict) else ""
    holder = get_object_or_404(selectors.holders_for(user), public_id=str(named_id))
    if request.method == "POST":
        asked = serializers.NewKeptStatementSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        kept = services.keep_statement(
            holder=holder, start=wanted["start"], end=wanted["end"], by=user, now=timezone.now()
        )
        return Response(serializers.KeptStatementSerializer(kept).data, status=201)
    pages = Pages()
    found = pages.paginate_queryset(selectors.statements_of(holder).select_related("holder"), request)
    return pages.get_paginated_response(serializers.KeptStatementSerializer(found, many=True).data)


@extend_schema(
    operation_id="kept_statement",
    parameters=[OpenApiParameter("form", str, OpenApiParameter.PATH, enum=list(papers.FORMS))],
    responses={(200, content_type): OpenApiTypes.BINARY for content_type in papers.FORMS.values()},
)
@api_view(["GET"])
def kept_statement(request: Request, statement_id: str, form: str) -> FileResponse:
    """A kept statement as the data file it is, or as spreadsheet or paper made of it, in the language asked for."""
    kept = get_object_or_404(
        Statement.objects.filter(holder__in=selectors.holders_for(signed_in(request))).select_related("holder"),
        public_id=statement_id,
    )
    if form not in papers.FORMS:
        raise NotFound
    try:
        content = BytesIO(services.open_statement(kept))
    except VaultError as gone:
        raise NotFound from gone
    file = papers.statement_in(form, content, sha256=kept.sha256, number=kept.public_id, day=kept.made_at.date())
    response = FileResponse(file, content_type=papers.FORMS[form], filename=f"{kept.public_id}.{form}")
    response["X-Content-SHA256"] = kept.sha256
    return response
