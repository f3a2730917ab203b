"""Tracks of an opt-out come back, over JSON: asked by the holder or ordered by a reviewer, as on the page."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Track
from catalog.rights import Right
from claims import selectors, services
from claims.api.scopes import decides, person, read_body
from claims.models import CatalogueTransfer, OptOut, Reentry
from sales.models import Licensee

RETURNS_SHOWN = 500


class ReturnOrderShape(serializers.Serializer[Any]):
    """What comes back, ordered by a person at ROMS, who says why. Left out: all of it, from today."""

    tracks = serializers.ListField(child=serializers.CharField(max_length=20), required=False, allow_empty=False)
    rights = serializers.MultipleChoiceField(choices=Right.choices, required=False)
    stores = serializers.SlugRelatedField("code", queryset=Licensee.objects.all(), many=True, required=False)
    start = serializers.DateField(required=False, help_text="First day back; never before today.")
    reason = serializers.CharField(max_length=2000)


class NewReturnShape(ReturnOrderShape):
    """The same, asked by the holder."""

    is_retraction = serializers.BooleanField(default=False, help_text="You take the notice back: it was a mistake.")
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class SuccessorReturnShape(ReturnOrderShape):
    """The same, asked by who has the catalogue now."""

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ReturnShape(serializers.Serializer[Any]):
    """An act that brought tracks back."""

    id = serializers.CharField(source="public_id")
    ground = serializers.ChoiceField(choices=Reentry.Ground.choices)
    rights = serializers.ListField(child=serializers.ChoiceField(choices=Right.choices))
    stores = serializers.SlugRelatedField("code", source="licensees", many=True, read_only=True)  # type: ignore[var-annotated]
    start = serializers.DateField()
    tracks = serializers.IntegerField(source="track_count")
    still_out = serializers.IntegerField(source="still_out_count", help_text="Kept out by another withdrawal.")
    at = serializers.DateTimeField()
    notices = serializers.SlugRelatedField("public_id", many=True, read_only=True)  # type: ignore[var-annotated]


@extend_schema(methods=["GET"], responses=ReturnShape(many=True))
@extend_schema(methods=["POST"], request=NewReturnShape, responses={201: ReturnShape})
@api_view(["GET", "POST"])
def returns(request: Request, opt_out_id: str) -> Response:
    """List what came back of an opt-out, newest first; POST brings tracks back."""
    found = _opt_out(request, opt_out_id)
    if request.method == "GET":
        return Response(ReturnShape(selectors.reentries_of(found)[:RETURNS_SHOWN], many=True).data)
    form = read_body(NewReturnShape, request)
    ground = Reentry.Ground.RETRACTION if form["is_retraction"] else Reentry.Ground.RETURN
    return _written(request, found, form, ground)


@extend_schema(request=ReturnOrderShape, responses={201: ReturnShape})
@decides
@api_view(["POST"])
def order_return(request: Request, opt_out_id: str) -> Response:
    """Order that tracks come back, with reasons; for reviewers."""
    found = _opt_out(request, opt_out_id)
    return _written(request, found, read_body(ReturnOrderShape, request), Reentry.Ground.ORDER)


@extend_schema(methods=["GET"], responses=ReturnShape(many=True))
@extend_schema(methods=["POST"], request=SuccessorReturnShape, responses={201: ReturnShape(many=True)})
@api_view(["GET", "POST"])
def returns_of_transfer(request: Request, transfer_id: str) -> Response:
    """List what came back of a catalogue; POST brings back, for the new owner, what the old one took out."""
    found: CatalogueTransfer = get_object_or_404(selectors.transfers_for(request.user), public_id=transfer_id)
    if request.method == "GET":
        return Response(ReturnShape(selectors.returns_of_transfer(found)[:RETURNS_SHOWN], many=True).data)
    form = read_body(SuccessorReturnShape, request)
    acts = services.return_succeeded(
        transfer=found,
        back=_back(form, _known(form, Track.objects.all())),
        reason=form.get("reason", ""),
        by=person(request),
        now=timezone.now(),
    )
    return Response(ReturnShape(acts, many=True).data, status=status.HTTP_201_CREATED)


def _written(request: Request, found: OptOut, form: dict[str, Any], ground: str) -> Response:
    act = services.return_tracks(
        opt_out=found,
        back=_back(form, _known(form, Track.objects.filter(opt_out_lines__in=found.lines.filter(outcome="accepted")))),
        ground=ground,
        reason=form.get("reason", ""),
        by=person(request),
        now=timezone.now(),
    )
    return Response(ReturnShape(act).data, status=status.HTTP_201_CREATED)


def _back(form: dict[str, Any], track_ids: list[int] | None) -> services.Back:
    return services.Back(
        track_ids=track_ids,
        rights=sorted(form.get("rights", ())),
        licensees=form.get("stores", []),
        start=form.get("start"),
    )


def _known(form: dict[str, Any], among: QuerySet[Track]) -> list[int] | None:
    if "tracks" not in form:
        return None
    known = dict(among.filter(public_id__in=form["tracks"]).values_list("public_id", "pk"))
    unknown = [track for track in form["tracks"] if track not in known]
    if unknown:
        raise serializers.ValidationError({"tracks": f"Not in this opt-out: {', '.join(unknown[:5])}"}, code="unknown")
    return list(known.values())


def _opt_out(request: Request, opt_out_id: str) -> OptOut:
    found: OptOut = get_object_or_404(selectors.opt_outs_for(request.user), public_id=opt_out_id)
    return found
