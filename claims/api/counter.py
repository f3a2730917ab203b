"""Objections of stores and contests of holders over JSON: read, file, take back, go to court, decide. Same services."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from claims import selectors, services
from claims.api.scopes import decides, person, read_body
from claims.models import CounterNotice
from core.api import Pages


class CounterNoticeShape(serializers.Serializer[Any]):
    """What was said against an opt-out and how far it is. Who contests is not named to the other holder."""

    id = serializers.CharField(source="public_id")
    status = serializers.ChoiceField(choices=CounterNotice.Status.choices)
    ground = serializers.ChoiceField(choices=CounterNotice.Ground.choices)
    opt_out = serializers.CharField(source="opt_out.public_id")
    notice = serializers.CharField(source="notice.public_id", allow_null=True, default=None)
    store = serializers.CharField(source="licensee.code", allow_null=True, default=None)
    appeal_of = serializers.CharField(source="appeal_of.public_id", allow_null=True, default=None)
    filed_at = serializers.DateTimeField()
    restore_from = serializers.DateTimeField(allow_null=True, help_text="17 USC 512(g): nothing comes back before.")
    deadline_at = serializers.DateTimeField(allow_null=True, help_text="It restores nothing; a person is late then.")
    suit_filed_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class NewContestShape(serializers.Serializer[Any]):
    """Why a withdrawal is contested, and on whose rights; documents are those in your vault."""

    holder = serializers.CharField(max_length=20)
    text = serializers.CharField(max_length=5000)
    documents = serializers.ListField(child=serializers.CharField(max_length=20), required=False)


class CounterWordsShape(serializers.Serializer[Any]):
    """Words."""

    text = serializers.CharField(max_length=5000)


class CounterDecisionShape(CounterWordsShape):
    """Accepted or not, and why."""

    is_accepted = serializers.BooleanField()


@extend_schema(responses=CounterNoticeShape(many=True))
@api_view(["GET"])
def counter_notices(request: Request) -> Response:
    """List the objections and contests you may see, newest first."""
    pages: BasePagination = Pages()
    shown: Any = pages.paginate_queryset(selectors.counter_notices_for(request.user), request)
    return pages.get_paginated_response(CounterNoticeShape(shown, many=True).data)


@extend_schema(responses=CounterNoticeShape)
@api_view(["GET"])
def counter_notice(request: Request, counter_id: str) -> Response:
    """Show one."""
    return Response(CounterNoticeShape(_counter(request, counter_id)).data)


@extend_schema(request=NewContestShape, responses={201: CounterNoticeShape})
@api_view(["POST"])
def contest(request: Request, withdrawal_id: str) -> Response:
    """Contest a withdrawal of another holder; on a recorded share, or on documents in your vault."""
    fact = get_object_or_404(selectors.contestable(timezone.now().date()), public_id=withdrawal_id)
    form = read_body(NewContestShape, request)
    holder = selectors.holders_for(request.user).filter(public_id=form["holder"]).first()
    if holder is None:
        raise serializers.ValidationError({"holder": "You act for no holder of this id."}, code="unknown")
    documents = selectors.evidence_for(request.user).filter(holder=holder, public_id__in=form.get("documents", ()))
    made = services.contest_withdrawals(
        withdrawals=[fact],
        holder=holder,
        words=form["text"],
        documents=list(documents),
        by=person(request),
        now=timezone.now(),
    )
    return Response(CounterNoticeShape(made).data, status=status.HTTP_201_CREATED)


@extend_schema(request=None, responses=CounterNoticeShape)
@api_view(["POST"])
def retract_counter_notice(request: Request, counter_id: str) -> Response:
    """Take it back, by its own side."""
    found = _counter(request, counter_id)
    services.retract_counter_notice(counter=found, by=person(request), now=timezone.now())
    return Response(CounterNoticeShape(_counter(request, counter_id)).data)


@extend_schema(request=CounterWordsShape, responses=CounterNoticeShape)
@api_view(["POST"])
def note_suit(request: Request, counter_id: str) -> Response:
    """Say, as the sender of the notice, that you have gone to court: nothing comes back under 17 USC 512(g) then."""
    found, form = _counter(request, counter_id), read_body(CounterWordsShape, request)
    services.note_suit(counter=found, reason=form["text"], by=person(request), now=timezone.now())
    return Response(CounterNoticeShape(_counter(request, counter_id)).data)


@extend_schema(request=CounterDecisionShape, responses=CounterNoticeShape)
@decides
@api_view(["POST"])
def decide_counter_notice(request: Request, counter_id: str) -> Response:
    """Accept or dismiss, with reasons; for reviewers."""
    found, form = _counter(request, counter_id), read_body(CounterDecisionShape, request)
    services.decide_counter_notice(
        counter=found, is_accepted=form["is_accepted"], reason=form["text"], by=person(request), now=timezone.now()
    )
    return Response(CounterNoticeShape(_counter(request, counter_id)).data)


def _counter(request: Request, counter_id: str) -> CounterNotice:
    return get_object_or_404(selectors.counter_notices_for(request.user), public_id=counter_id)
