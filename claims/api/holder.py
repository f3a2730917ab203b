"""The people of a holder over JSON, and a reviewer's word about who it is. The same services as the pages."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.doors import HasScope, ProvedRecently
from catalog import selectors as catalog_facts
from catalog import services as catalog
from catalog.models import HolderMember, RightsHolder
from claims import selectors, services
from claims.api.scopes import decides, person, read_body
from claims.reasons import IDENTITY
from core.ids import normalise_public_id

PROVED = [IsAuthenticated, HasScope, ProvedRecently]


class MemberShape(serializers.Serializer[Any]):
    """A person who acts for a holder."""

    name = serializers.CharField(source="user.__str__")
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=HolderMember.Role.choices)


class InvitationShape(serializers.Serializer[Any]):
    """An address asked to act for a holder; the link is in the mail only."""

    id = serializers.CharField(source="public_id", read_only=True)
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=HolderMember.Role.choices)
    expires_at = serializers.DateTimeField(read_only=True)


class MemberGoneShape(serializers.Serializer[Any]):
    """Whom to remove; your own address to leave."""

    email = serializers.EmailField()


class HolderAnswerShape(serializers.Serializer[Any]):
    """Your words to the reviewer."""

    text = serializers.CharField(max_length=5000)


class HolderReviewShape(serializers.Serializer[Any]):
    """A reviewer's word about who a holder is."""

    outcome = serializers.ChoiceField(choices=[(each.value, each.label) for each in services.HOLDER_OUTCOMES])
    reason = serializers.CharField(help_text=f"A code: {', '.join(IDENTITY)}.")
    text = serializers.CharField(max_length=5000)
    again_on = serializers.DateField(required=False, allow_null=True, default=None)


class HolderStatusShape(serializers.Serializer[Any]):
    """Where a holder stands."""

    id = serializers.CharField(source="public_id")
    status = serializers.ChoiceField(choices=RightsHolder.Status.choices)


@extend_schema(responses=MemberShape(many=True))
@api_view(["GET"])
def members(request: Request, holder_id: str) -> Response:
    """Who acts for one of your holders."""
    return Response(MemberShape(catalog_facts.people_of(own_holder(request, holder_id)), many=True).data)


@extend_schema(request=MemberGoneShape, responses={204: None})
@api_view(["POST"])
@permission_classes(PROVED)
def remove_member(request: Request, holder_id: str) -> Response:
    """Remove somebody from a holder you own, at once and from everything; or leave one yourself."""
    holder, email = own_holder(request, holder_id), read_body(MemberGoneShape, request)["email"].lower()
    member = get_object_or_404(HolderMember.objects.select_related("user"), holder=holder, user__email=email)
    catalog.remove_member(holder=holder, user=member.user, by=person(request), now=timezone.now())
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(methods=["GET"], responses=InvitationShape(many=True))
@extend_schema(methods=["POST"], request=InvitationShape, responses={201: InvitationShape})
@api_view(["GET", "POST"])
@permission_classes(PROVED)
def invitations(request: Request, holder_id: str) -> Response:
    """Invitations of a holder you own that nobody has answered; POST invites an address by mail."""
    holder = own_holder(request, holder_id)
    if selectors.role_in(request.user, holder) != HolderMember.Role.OWNER:
        raise Http404
    if request.method == "GET":
        return Response(InvitationShape(catalog_facts.open_invitations(holder), many=True).data)
    said = read_body(InvitationShape, request)
    made = services.invite(
        holder=holder, email=said["email"], role=said["role"], by=person(request), now=timezone.now()
    )
    return Response(InvitationShape(made).data, status=status.HTTP_201_CREATED)


@extend_schema(request=HolderAnswerShape, responses=HolderStatusShape)
@api_view(["POST"])
def answer_holder(request: Request, holder_id: str) -> Response:
    """Ask a reviewer to verify a holder, or answer what the reviewer asked."""
    holder, said = own_holder(request, holder_id), read_body(HolderAnswerShape, request)
    holder = services.answer_holder(holder=holder, answer=said["text"], by=person(request), now=timezone.now())
    return Response(HolderStatusShape(holder).data)


@extend_schema(request=HolderReviewShape, responses=HolderStatusShape)
@decides
@api_view(["POST"])
def review_holder(request: Request, holder_id: str) -> Response:
    """Say, as a reviewer, whether a holder is who it says."""
    if not selectors.may_review(request.user):
        raise Http404
    holder = get_object_or_404(RightsHolder, public_id=normalise_public_id(holder_id, "HLD"))
    said = read_body(HolderReviewShape, request)
    services.review_holder(
        holder=holder,
        outcome=said["outcome"],
        reason_code=said["reason"],
        reason=said["text"],
        again_on=said["again_on"],
        by=person(request),
        now=timezone.now(),
    )
    holder.refresh_from_db()
    return Response(HolderStatusShape(holder).data)


def own_holder(request: Request, holder_id: str) -> RightsHolder:
    """This will find a holder among those the person belongs to."""
    return get_object_or_404(selectors.holders_for(request.user), public_id=normalise_public_id(holder_id, "HLD"))
