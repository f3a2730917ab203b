"""Authorities over JSON: listed to their sides, granted by the owner of rights, ended. As on the pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.doors import HasScope, ProvedRecently
from catalog import territories
from catalog.models import Authority, RightsHolder
from catalog.rights import Right
from catalog.selectors import current_tracks
from claims import selectors, services
from claims.api.scopes import person, read_body
from core.api import Pages
from core.ids import BadPublicId, normalise_public_id

PROVED = [IsAuthenticated, HasScope, ProvedRecently]


class AuthorityShape(serializers.Serializer[Any]):
    """Who may act for whom, how far and until when."""

    id = serializers.CharField(source="public_id")
    principal = serializers.CharField(source="principal.public_id")
    agent = serializers.CharField(source="agent.public_id")
    status = serializers.ChoiceField(choices=Authority.Status.choices)
    purposes = serializers.ListField(child=serializers.ChoiceField(choices=Authority.Purpose.choices))
    rights = serializers.ListField(child=serializers.ChoiceField(choices=Right.choices))
    territories = serializers.CharField(source="territories.label")
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True, help_text="Half-open: the first day on which it no longer holds.")
    is_exclusive = serializers.BooleanField()
    may_delegate = serializers.BooleanField()
    passed_on_from = serializers.CharField(source="parent.public_id", allow_null=True, default=None)


class NewAuthorityShape(serializers.Serializer[Any]):
    """What the owner of rights grants. Without `tracks` it is about all of them, without `countries` everywhere."""

    principal = serializers.CharField()
    agent = serializers.CharField()
    purposes = serializers.ListField(child=serializers.ChoiceField(choices=Authority.Purpose.choices), min_length=1)
    rights = serializers.ListField(child=serializers.ChoiceField(choices=Right.choices), min_length=1)
    countries = serializers.ListField(child=serializers.CharField(max_length=4), required=False, default=list)
    tracks = serializers.ListField(child=serializers.CharField(), required=False, default=list, max_length=5000)
    start = serializers.DateField(required=False, allow_null=True, default=None)
    end = serializers.DateField(required=False, allow_null=True, default=None)
    is_exclusive = serializers.BooleanField(required=False, default=False)
    may_delegate = serializers.BooleanField(required=False, default=False)


class EndAuthorityShape(serializers.Serializer[Any]):
    """From which day on an authority no longer holds."""

    end = serializers.DateField()
    reason = serializers.CharField(max_length=5000, required=False, default="", allow_blank=True)


@extend_schema(methods=["GET"], responses=AuthorityShape(many=True))
@extend_schema(methods=["POST"], request=NewAuthorityShape, responses={201: AuthorityShape})
@api_view(["GET", "POST"])
@permission_classes(PROVED)
def authorities(request: Request) -> Response:
    """The authorities of your holders, given and held; POST grants one."""
    if request.method == "GET":
        pages = Pages()
        rows = pages.paginate_queryset(selectors.authorities_for(request.user), request)
        return pages.get_paginated_response(AuthorityShape(rows, many=True).data)
    said = read_body(NewAuthorityShape, request)
    own = selectors.holders_for(request.user)
    principal = get_object_or_404(own, public_id=normalise_public_id(said["principal"], "HLD"))
    made = services.give_authority(
        principal=principal, agent=_agent(said["agent"]), terms=_terms(said), by=person(request), now=timezone.now()
    )
    return Response(AuthorityShape(made).data, status=status.HTTP_201_CREATED)


@extend_schema(responses=AuthorityShape)
@api_view(["GET"])
def authority(request: Request, authority_id: str) -> Response:
    """One authority of your holders."""
    return Response(AuthorityShape(_own(request, authority_id)).data)


@extend_schema(request=EndAuthorityShape, responses=AuthorityShape)
@api_view(["POST"])
@permission_classes(PROVED)
def end_authority(request: Request, authority_id: str) -> Response:
    """End an authority from a day on; money of later use goes to the owner of the rights."""
    paper, said = _own(request, authority_id), read_body(EndAuthorityShape, request)
    paper = services.end_authority(authority=paper, **said, by=person(request), now=timezone.now())
    return Response(AuthorityShape(paper).data)


def _own(request: Request, authority_id: str) -> Authority:
    papers = selectors.authorities_for(request.user)
    return get_object_or_404(papers, public_id=normalise_public_id(authority_id, "AUT"))


def _agent(typed: str) -> RightsHolder:
    try:
        return RightsHolder.objects.get(public_id=normalise_public_id(typed, "HLD"))
    except (BadPublicId, RightsHolder.DoesNotExist) as error:
        raise serializers.ValidationError({"agent": "No holder has this number."}, code="unknown") from error


def _terms(said: dict[str, Any]) -> services.AuthorityTerms:
    tracks = list(current_tracks().filter(public_id__in=said["tracks"]))
    if len(tracks) != len(set(said["tracks"])):
        raise services.NoSuchTrack
    countries = [code.upper() for code in said["countries"]]
    try:
        places = territories.resolve(countries) if countries else territories.worldwide()
    except (territories.UnknownTerritory, territories.EmptyTerritorySet) as error:
        raise serializers.ValidationError({"countries": "Not a country code."}, code="unknown") from error
    names = ("purposes", "rights", "start", "end", "is_exclusive", "may_delegate")
    return services.AuthorityTerms(territory_set=places, tracks=tracks, **{name: said[name] for name in names})
