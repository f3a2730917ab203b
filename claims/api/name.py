"""Names of artists and labels over JSON, and watching them by mail; open to everybody."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import selectors as catalog
from catalog.models import NameKind
from claims import selectors, services
from claims.api.search import AmountBandSerializer, HitSerializer
from core.api import Pages


class NameSerializer(serializers.Serializer[Any]):
    """An artist's or a label's name with the order of size of what waits under it; null when it has too many tracks."""

    kind = serializers.ChoiceField(choices=NameKind.choices)
    name = serializers.CharField()
    also = serializers.ListField(child=serializers.CharField(), help_text="Other ways it is written.")
    count = serializers.IntegerField(help_text="Its tracks.")
    unclaimed = AmountBandSerializer(many=True, allow_null=True, help_text="Reported by the stores.")
    received = AmountBandSerializer(many=True, allow_null=True, help_text="Of it received by ROMS.")
    results = HitSerializer(many=True, help_text="A page of its tracks, by title.")


@extend_schema(operation_id="name", responses=NameSerializer)
@api_view(["GET"])
@permission_classes([AllowAny])
def name(request: Request, kind: str, slug: str) -> Response:
    """Show an artist's (`artist`) or a label's (`label`) name and its tracks by title. Amounts are bands."""
    found = catalog.find_name(kind, slug) if kind in NameKind.values else None
    if found is None:
        raise Http404
    pages = Pages()
    tracks = catalog.tracks_named(kind, found.key).order_by("title", "pk")
    shown = pages.paginate_queryset(tracks, request) or []
    waiting = selectors.waiting_under(kind, found.key)
    body = {
        "kind": kind,
        "name": found.name,
        "also": found.also,
        "count": tracks.count(),
        "unclaimed": waiting.bands if waiting else None,
        "received": waiting.received_bands if waiting else None,
        "results": selectors.hits(shown),
    }
    return Response(NameSerializer(body).data, headers={"X-Robots-Tag": "noindex"})


class WatchSerializer(serializers.Serializer[Any]):
    """A name to watch and where to write to."""

    kind = serializers.ChoiceField(choices=NameKind.choices)
    name = serializers.CharField(max_length=300)
    email = serializers.EmailField()


@extend_schema(operation_id="watch", request=WatchSerializer, responses={202: None})
@api_view(["POST"])
@permission_classes([AllowAny])
def watch(request: Request) -> Response:
    """Ask to be told by mail when something turns up under a name. Nothing happens until the mail is confirmed."""
    asked = WatchSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    services.ask_watch(
        kind=asked.validated_data["kind"],
        name=asked.validated_data["name"],
        address=asked.validated_data["email"],
        language=get_language() or settings.LANGUAGE_CODE,
        now=timezone.now(),
        secret=settings.SECRET_KEY,
    )
    return Response(status=status.HTTP_202_ACCEPTED)
