"""Is there money for me? Over JSON, open to everybody, in bands as on the page."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from claims import selectors

TYPED_MIN, TYPED_MAX, LIMIT_MAX = 2, 200, 100


class QuerySerializer(serializers.Serializer[Any]):
    """What is looked for."""

    q = serializers.CharField(min_length=TYPED_MIN, max_length=TYPED_MAX, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=LIMIT_MAX, default=20)


class AmountBandSerializer(serializers.Serializer[Any]):
    """An order of size: at least `low`, less than `high`; null is no bound. Never the exact amount."""

    currency = serializers.CharField()
    low = serializers.DecimalField(max_digits=24, decimal_places=8, allow_null=True)
    high = serializers.DecimalField(max_digits=24, decimal_places=8, allow_null=True)


class HitSerializer(serializers.Serializer[Any]):
    """A track and what waits for whoever owns it."""

    track = serializers.CharField(source="track.public_id")
    title = serializers.CharField(source="track.title")
    artist = serializers.CharField(source="track.artist")
    label = serializers.CharField(source="track.label")  # type: ignore[assignment]  # Field.label is a caption
    isrcs = serializers.ListField(child=serializers.CharField())
    first_sold = serializers.DateField(allow_null=True)
    last_sold = serializers.DateField(allow_null=True)
    unclaimed = AmountBandSerializer(source="waiting.bands", many=True, help_text="Reported by the stores.")
    received = AmountBandSerializer(source="waiting.received_bands", many=True, help_text="Of it received by ROMS.")


class FoundSerializer(serializers.Serializer[Any]):
    """What was found, best first."""

    results = HitSerializer(many=True)


@extend_schema(
    operation_id="unclaimed",
    parameters=[
        OpenApiParameter("q", str, required=True, description="Artist, title or ISRC, in any script."),
        OpenApiParameter("limit", int, description=f"At most {LIMIT_MAX}; 20 unless you say."),
    ],
    responses=FoundSerializer,
)
@api_view(["GET"])
@permission_classes([AllowAny])
def unclaimed(request: Request) -> Response:
    """Find tracks with money nobody has claimed, in Latin or Cyrillic letters. Amounts are bands, never exact."""
    asked = QuerySerializer(data=request.query_params)
    asked.is_valid(raise_exception=True)
    text = " ".join(asked.validated_data["q"].replace("\x00", " ").split())
    found = selectors.unclaimed_search(text, limit=asked.validated_data["limit"]) if text else []
    return Response(FoundSerializer({"results": found}).data)
