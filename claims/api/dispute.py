"""Disputes over JSON: a party reads and answers, a reviewer holds and decides. The same services as the pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.rights import Right
from claims import selectors, services
from claims.api.scopes import decides, person, read_body
from claims.models import Dispute
from core.api import Pages


class DisputePartyShape(serializers.Serializer[Any]):
    """One side and the percent it says is its own."""

    holder = serializers.CharField(source="holder.public_id")
    name = serializers.CharField(source="holder.name")
    percent = serializers.DecimalField(max_digits=9, decimal_places=6)


class DisputeShape(serializers.Serializer[Any]):
    """A dispute and how far it is; for its parties and reviewers only."""

    id = serializers.CharField(source="public_id")
    track = serializers.CharField(source="track.public_id")
    right = serializers.ChoiceField(choices=Right.choices)
    territories = serializers.CharField(source="territories.label")
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True, help_text="Half-open; null: until further notice.")
    status = serializers.ChoiceField(choices=Dispute.Status.choices)
    opened_at = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField(allow_null=True, help_text="When it passes no money and no right moves.")
    is_held = serializers.SerializerMethodField(help_text="A reviewer stopped paying what is contested.")
    parties = DisputePartyShape(many=True)

    def get_is_held(self, dispute: Dispute) -> bool:
        return dispute.hold_ordered_by_id is not None


class DisputeWordsShape(serializers.Serializer[Any]):
    """An answer, or the reasons of an order."""

    text = serializers.CharField(max_length=5000)


class DecidedPartShape(serializers.Serializer[Any]):
    """What one party has from now on, in the days and territories of the dispute."""

    holder = serializers.CharField()
    percent = serializers.DecimalField(max_digits=9, decimal_places=6, min_value=0, max_value=100)


class DisputeDecisionShape(serializers.Serializer[Any]):
    """How it ends: a percent for each party, reasons, and whether the parties agreed."""

    parties = DecidedPartShape(many=True)
    text = serializers.CharField(max_length=5000)
    settled = serializers.BooleanField(default=False)


@extend_schema(responses=DisputeShape(many=True))
@api_view(["GET"])
def disputes(request: Request) -> Response:
    """List the disputes you may see, newest first."""
    pages = Pages()
    page = pages.paginate_queryset(selectors.disputes_for(request.user), request) or []
    return pages.get_paginated_response(DisputeShape(page, many=True).data)


@extend_schema(responses=DisputeShape)
@api_view(["GET"])
def dispute(request: Request, dispute_id: str) -> Response:
    """Show one dispute."""
    return Response(DisputeShape(_dispute(request, dispute_id)).data)


@extend_schema(request=DisputeWordsShape, responses=DisputeShape)
@api_view(["POST"])
def answer_dispute(request: Request, dispute_id: str) -> Response:
    """Say your side; for the parties."""
    found, form = _dispute(request, dispute_id), read_body(DisputeWordsShape, request)
    services.answer_dispute(dispute=found, answer=form["text"], by=person(request), now=timezone.now())
    return Response(DisputeShape(_dispute(request, dispute_id)).data)


@extend_schema(request=DisputeWordsShape, responses=DisputeShape)
@decides
@api_view(["POST"])
def order_hold(request: Request, dispute_id: str) -> Response:
    """Stop paying what is contested, with reasons; for reviewers."""
    found, form = _dispute(request, dispute_id), read_body(DisputeWordsShape, request)
    services.order_hold(dispute=found, reason=form["text"], by=person(request), now=timezone.now())
    return Response(DisputeShape(_dispute(request, dispute_id)).data)


@extend_schema(request=DisputeDecisionShape, responses=DisputeShape)
@decides
@api_view(["POST"])
def decide_dispute(request: Request, dispute_id: str) -> Response:
    """End a dispute with a percent for each party, with reasons; for reviewers."""
    found, form = _dispute(request, dispute_id), read_body(DisputeDecisionShape, request)
    holders = {party.holder.public_id: party.holder_id for party in found.parties.all()}
    if unknown := [part["holder"] for part in form["parties"] if part["holder"] not in holders]:
        raise serializers.ValidationError({"parties": f"No party: {', '.join(unknown[:5])}"}, code="unknown")
    services.decide_dispute(
        dispute=found,
        percents={holders[part["holder"]]: part["percent"] for part in form["parties"]},
        settled=form["settled"],
        reason=form["text"],
        by=person(request),
        now=timezone.now(),
    )
    return Response(DisputeShape(_dispute(request, dispute_id)).data)


def _dispute(request: Request, dispute_id: str) -> Dispute:
    return get_object_or_404(selectors.disputes_for(request.user), public_id=dispute_id)
