"""A few JSON doors that only raise, mounted by tests/api/test_errors.py instead of the portal's own addresses."""

from django.core.exceptions import ValidationError
from django.urls import path
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from accounts.services import BadTokenTerms
from core.money import TooManyDecimals
from core.workflow import MovedMeanwhile, MoveNotAllowed


class Line(serializers.Serializer):
    percent = serializers.DecimalField(max_digits=9, decimal_places=6)


class Case(serializers.Serializer):
    title = serializers.CharField()
    lines = Line(many=True)


class ShareTaken(Exception):
    status = 409
    fields = ({"name": "percent", "code": "above_100", "detail": "12 % are left."},)


ShareTaken.__module__ = "catalog.services"
RAISES = {
    "moved": MovedMeanwhile("claims.Claim 7: no longer filed"),
    "step": MoveNotAllowed("claims.Claim 7: draft > approved"),
    "fine": TooManyDecimals("0.000000001"),
    "taken": ShareTaken("Another holder has 88 %."),
    "terms": BadTokenTerms("Choose what the key may do."),
    "model": ValidationError({"isrc": ValidationError("Not an ISRC.", code="isrc_shape")}),
    "bug": ZeroDivisionError(),
}


@api_view(["POST"])
@permission_classes([AllowAny])
def case(request):
    Case(data=request.data).is_valid(raise_exception=True)
    return Response({})


@api_view(["GET"])
@permission_classes([AllowAny])
def raising(request, what):
    raise RAISES[what]


@api_view(["GET", "POST"])
def mine(request):
    return Response({"email": request.user.email})


urlpatterns = [
    path("case/", case),
    path("raising/<what>/", raising),
    path("api/v1/raising/<what>/", raising),
    path("mine/", mine),
]
handler500 = "roms_portal.views.server_error"
