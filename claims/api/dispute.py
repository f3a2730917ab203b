"""Disputes over JSON: a party reads, answers and settles, reviewers hold and decide. The same services as the pages."""

from decimal import Decimal
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import RightsHolder
from catalog.rights import Right
from claims import selectors, services
from claims.api.scopes import decides, person, read_body
from claims.models import Dispute, DisputeParty, GroupAct
from core.api import Pages
from core.ids import normalise_public_id


class DisputePartyShape(serializers.Serializer[Any]):
    """One side and the percent it says is its own."""

    holder = serializers.CharField(source="holder.public_id")
    name = serializers.CharField(source="holder.name")
    percent = serializers.DecimalField(max_digits=9, decimal_places=6)
    answer = serializers.CharField(allow_blank=True, help_text="What it answers now; empty: nothing.")
    asks = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    asks_start = serializers.DateField(allow_null=True)
    asks_end = serializers.DateField(allow_null=True, help_text="Half-open.")
    split = serializers.SerializerMethodField(help_text="The split it agrees to: a percent by number of each party.")

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}, "nullable": True})
    def get_split(self, party: DisputeParty) -> dict[str, str] | None:
        if party.split is None:
            return None
        numbers = {str(side.holder_id): side.holder.public_id for side in party.dispute.parties.all()}
        return {numbers[holder]: part for holder, part in party.split.items() if holder in numbers}


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
    group = serializers.CharField(source="group_key", help_text="Same parties, right and documents: the same group.")
    is_held = serializers.SerializerMethodField(help_text="A reviewer stopped paying what is contested.")
    parties = DisputePartyShape(many=True)

    def get_is_held(self, dispute: Dispute) -> bool:
        return dispute.hold_ordered_by_id is not None


class DisputeWordsShape(serializers.Serializer[Any]):
    """The reasons of an order."""

    text = serializers.CharField(max_length=5000)


class DecidedPartShape(serializers.Serializer[Any]):
    """What one party has from now on, in the days and territories of the dispute."""

    holder = serializers.CharField()
    percent = serializers.DecimalField(max_digits=9, decimal_places=6, min_value=0, max_value=100)


class DisputeDecisionShape(serializers.Serializer[Any]):
    """A verdict: a percent for each party, and reasons. The dispute ends when two reviewers find the same."""

    parties = DecidedPartShape(many=True)
    text = serializers.CharField(max_length=5000)


class DisputeAnswerShape(serializers.Serializer[Any]):
    """What a party answers. It moves nothing until all that is asked for fits together."""

    kind = serializers.ChoiceField(choices=DisputeParty.Answer.choices, default=DisputeParty.Answer.SAY)
    text = serializers.CharField(max_length=5000, default="", allow_blank=True)
    holder = serializers.CharField(default="", help_text="For which party, where you act for several.")
    percent = serializers.DecimalField(max_digits=9, decimal_places=6, default=None, help_text="With `reduce`.")
    start = serializers.DateField(default=None, help_text="With `period`.")
    end = serializers.DateField(default=None, help_text="With `period`: the first day on which it is not yours.")
    split = DecidedPartShape(many=True, default=list, help_text="With `split`: a part for every party.")
    documents = serializers.ListField(
        child=serializers.CharField(), default=list, help_text="Numbers of the party's own documents."
    )


class GroupActShape(serializers.Serializer[Any]):
    """One answer or verdict for all disputes of a group, and how far it has come."""

    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=GroupAct.Kind.choices)
    group = serializers.CharField(source="group_key")
    total = serializers.IntegerField(help_text="Disputes that were open when it was said.")
    done = serializers.IntegerField(help_text="Dealt with so far.")
    ended = serializers.IntegerField(help_text="Disputes that ended by it.")
    refused = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Number of a dispute, code of the reason."
    )
    finished_at = serializers.DateTimeField(allow_null=True)


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


@extend_schema(request=DisputeAnswerShape, responses=DisputeShape)
@api_view(["POST"])
def answer_dispute(request: Request, dispute_id: str) -> Response:
    """Answer: confirm with documents, release, reduce, give a period, a split, or say it is another recording."""
    found, form = _dispute(request, dispute_id), read_body(DisputeAnswerShape, request)
    said, holder = _said(request, found, form)
    services.answer_dispute(dispute=found, said=said, by=person(request), now=timezone.now(), holder=holder)
    return Response(DisputeShape(_dispute(request, dispute_id)).data)


@extend_schema(request=DisputeAnswerShape, responses={202: GroupActShape})
@api_view(["POST"])
def answer_group(request: Request, key: str) -> Response:
    """Give the same answer in every open dispute of a group; how far it has come is at the address of the act."""
    found, form = _group(request, key), read_body(DisputeAnswerShape, request)
    said, holder = _said(request, found[0], form)
    act = services.answer_group(disputes=found, said=said, by=person(request), now=timezone.now(), holder=holder)
    return Response(GroupActShape(act).data, status=status.HTTP_202_ACCEPTED)


@extend_schema(request=DisputeDecisionShape, responses={202: GroupActShape})
@decides
@api_view(["POST"])
def decide_group(request: Request, key: str) -> Response:
    """Give the same verdict about every open dispute of a group; for reviewers."""
    if not selectors.may_review(request.user):
        raise Http404
    found, form = _group(request, key), read_body(DisputeDecisionShape, request)
    act = services.decide_dispute_group(
        disputes=found,
        percents=_parts(found[0], form["parties"], "parties"),
        reason=form["text"],
        by=person(request),
        now=timezone.now(),
    )
    return Response(GroupActShape(act).data, status=status.HTTP_202_ACCEPTED)


@extend_schema(responses=GroupActShape)
@api_view(["GET"])
def group_act(request: Request, act_id: str) -> Response:
    """How far an answer or verdict of yours for a whole group has come."""
    acts = selectors.group_acts_for(request.user)
    return Response(GroupActShape(get_object_or_404(acts, public_id=normalise_public_id(act_id, "GRA"))).data)


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
    """Give your verdict, a percent for each party, with reasons; for reviewers. Two alike end the dispute."""
    found, form = _dispute(request, dispute_id), read_body(DisputeDecisionShape, request)
    services.decide_dispute(
        dispute=found,
        percents=_parts(found, form["parties"], "parties"),
        reason=form["text"],
        by=person(request),
        now=timezone.now(),
    )
    return Response(DisputeShape(_dispute(request, dispute_id)).data)


def _said(request: Request, found: Dispute, form: dict[str, Any]) -> tuple[services.DisputeSaid, RightsHolder | None]:
    """Read an answer, and for which party. Raises: ValidationError."""
    documents = list(selectors.evidence_for(request.user).filter(public_id__in=form["documents"]))
    if len(documents) != len(set(form["documents"])):
        raise serializers.ValidationError({"documents": "Not all of these are documents of yours."}, code="unknown")
    said = services.DisputeSaid(
        kind=form["kind"],
        percent=form["percent"],
        start=form["start"],
        end=form["end"],
        split=_parts(found, form["split"], "split"),
        words=form["text"],
        documents=tuple(documents),
    )
    holder = next((party.holder for party in found.parties.all() if party.holder.public_id == form["holder"]), None)
    if form["holder"] and holder is None:
        raise serializers.ValidationError({"holder": "No party."}, code="unknown")
    return said, holder


def _parts(found: Dispute, parts: list[dict[str, Any]], field: str) -> dict[int, Decimal]:
    """Read percents by holder. Raises: ValidationError, for who is no party."""
    holders = {party.holder.public_id: party.holder_id for party in found.parties.all()}
    if unknown := [part["holder"] for part in parts if part["holder"] not in holders]:
        raise serializers.ValidationError({field: f"No party: {', '.join(unknown[:5])}"}, code="unknown")
    return {holders[part["holder"]]: part["percent"] for part in parts}


def _dispute(request: Request, dispute_id: str) -> Dispute:
    return get_object_or_404(selectors.disputes_for(request.user), public_id=dispute_id)


def _group(request: Request, key: str) -> list[Dispute]:
    found = list(selectors.disputes_in_group(selectors.disputes_for(request.user), key)) if key else []
    if not found:
        raise Http404
    return found
