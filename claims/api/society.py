"""Of which other societies a holder is a member, over JSON: said, left, confirmed. The same services as the pages."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import services as catalog
from catalog.models import SocietyMembership
from claims import selectors, services
from claims.api.holder import own_holder
from claims.api.scopes import decides, person, read_body
from core.ids import normalise_public_id


class SocietyShape(serializers.Serializer[Any]):
    """A membership of another society; it changes nothing until a reviewer confirms it."""

    id = serializers.CharField(source="public_id", read_only=True)
    society = serializers.CharField(max_length=300)
    start = serializers.DateField(required=False, allow_null=True, default=None, help_text="Member since.")
    end = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="The first day on which it was no longer a member."
    )
    seen_in = serializers.CharField(source="source", max_length=300, help_text="Where it can be seen.")
    status = serializers.ChoiceField(choices=SocietyMembership.Status.choices, read_only=True)


class LeaveSocietyShape(serializers.Serializer[Any]):
    """The day a membership ended; today without one. What nobody confirmed yet is taken back."""

    end = serializers.DateField(required=False, allow_null=True, default=None)


class SocietyDecisionShape(serializers.Serializer[Any]):
    """A reviewer's word about a membership; a refusal needs words."""

    is_confirmed = serializers.BooleanField()
    text = serializers.CharField(max_length=5000, required=False, default="", allow_blank=True)


@extend_schema(methods=["GET"], responses=SocietyShape(many=True))
@extend_schema(methods=["POST"], request=SocietyShape, responses={201: SocietyShape})
@api_view(["GET", "POST"])
def societies(request: Request, holder_id: str) -> Response:
    """Which other societies one of your holders belongs to; POST names one."""
    holder = own_holder(request, holder_id)
    if request.method == "GET":
        return Response(SocietyShape(selectors.societies_of(holder), many=True).data)
    said = read_body(SocietyShape, request)
    made = catalog.state_society(holder=holder, **said, by=person(request), now=timezone.now())
    return Response(SocietyShape(made).data, status=status.HTTP_201_CREATED)


@extend_schema(request=LeaveSocietyShape, responses=SocietyShape)
@api_view(["POST"])
def leave_society(request: Request, holder_id: str, membership_id: str) -> Response:
    """End a membership of one of your holders, or take back what nobody confirmed yet."""
    found = get_object_or_404(
        own_holder(request, holder_id).societies, public_id=normalise_public_id(membership_id, "SOC")
    )
    said = read_body(LeaveSocietyShape, request)
    left = catalog.leave_society(membership=found, end=said["end"], by=person(request), now=timezone.now())
    return Response(SocietyShape(left).data)


@extend_schema(request=SocietyDecisionShape, responses=SocietyShape)
@decides
@api_view(["POST"])
def decide_society(request: Request, holder_id: str, membership_id: str) -> Response:
    """Confirm or refuse, as a reviewer, a membership a holder names."""
    if not selectors.may_review(request.user):
        raise Http404
    found = get_object_or_404(
        SocietyMembership,
        public_id=normalise_public_id(membership_id, "SOC"),
        holder__public_id=normalise_public_id(holder_id, "HLD"),
    )
    said = read_body(SocietyDecisionShape, request)
    services.decide_society(
        membership=found,
        is_confirmed=said["is_confirmed"],
        reason=said["text"],
        by=person(request),
        now=timezone.now(),
    )
    found.refresh_from_db()
    return Response(SocietyShape(found).data)
