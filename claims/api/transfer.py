"""Handing a catalogue over, over JSON: one side proposes, another person of the other side confirms or refuses."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import RightsHolder, RightsShare, Track
from catalog.rights import Right
from claims import selectors, services
from claims.api.holder import PROVED
from claims.api.scopes import person, read_body
from claims.models import CatalogueTransfer
from core.api import Pages

TRACKS_MAX = 10_000


class TransferShape(serializers.Serializer[Any]):
    """A transfer of rights from one holder to another, from a day of use on."""

    id = serializers.CharField(source="public_id")
    status = serializers.ChoiceField(choices=CatalogueTransfer.Status.choices)
    giver = serializers.CharField(source="giver.public_id")
    taker = serializers.CharField(source="taker.public_id")
    waits_for = serializers.SerializerMethodField(help_text="The side that has to confirm: `giver`, `taker`, or none.")
    rights = serializers.ListField(child=serializers.ChoiceField(choices=Right.choices))
    start = serializers.DateField(help_text="First day of use that is the taker's.")
    choice = serializers.ChoiceField(choices=RightsShare.Choice.choices)
    proposed_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    shares = serializers.IntegerField(source="share_count", help_text="How many were handed over.")

    def get_waits_for(self, transfer: CatalogueTransfer) -> str | None:
        if transfer.status != CatalogueTransfer.Status.PROPOSED:
            return None
        return "taker" if transfer.giver_by_id is not None else "giver"


class NewTransferShape(serializers.Serializer[Any]):
    """One of the two holders is yours. Without `tracks`: everything the giver has in these rights."""

    giver = serializers.CharField()
    taker = serializers.CharField()
    rights = serializers.MultipleChoiceField(choices=Right.choices, allow_empty=False)
    start = serializers.DateField()
    tracks = serializers.ListField(child=serializers.CharField(), required=False, max_length=TRACKS_MAX)
    choice = serializers.ChoiceField(choices=RightsShare.Choice.choices, default=RightsShare.Choice.PAY)


class RefusalShape(serializers.Serializer[Any]):
    """Your words to the other side, if any."""

    text = serializers.CharField(max_length=5000, default="", allow_blank=True)


@extend_schema(methods=["GET"], responses=TransferShape(many=True))
@extend_schema(methods=["POST"], request=NewTransferShape, responses={201: TransferShape})
@api_view(["GET", "POST"])
@permission_classes(PROVED)
def transfers(request: Request) -> Response:
    """List the transfers of your holders, newest first; POST a proposal, for either side."""
    if request.method == "GET":
        pages = Pages()
        page = pages.paginate_queryset(selectors.transfers_for(request.user), request) or []
        return pages.get_paginated_response(TransferShape(page, many=True).data)
    form = read_body(NewTransferShape, request)
    found = services.propose_transfer(
        giver=_holder(form, "giver"),
        taker=_holder(form, "taker"),
        rights=form["rights"],
        start=form["start"],
        tracks=_tracks(form.get("tracks", [])),
        choice=form["choice"],
        by=person(request),
        now=timezone.now(),
    )
    return Response(TransferShape(found).data, status=status.HTTP_201_CREATED)


@extend_schema(responses=TransferShape)
@api_view(["GET"])
def transfer(request: Request, transfer_id: str) -> Response:
    """Show a transfer to both sides."""
    return Response(TransferShape(_transfer(request, transfer_id)).data)


@extend_schema(request=None, responses=TransferShape)
@api_view(["POST"])
@permission_classes(PROVED)
def confirm_transfer(request: Request, transfer_id: str) -> Response:
    """Confirm, for the side that did not propose it, as another person: it is done at once."""
    found = _transfer(request, transfer_id)
    services.confirm_transfer(transfer=found, by=person(request), now=timezone.now())
    return Response(TransferShape(_transfer(request, transfer_id)).data)


@extend_schema(request=RefusalShape, responses=TransferShape)
@api_view(["POST"])
def refuse_transfer(request: Request, transfer_id: str) -> Response:
    """Refuse it for the other side, or take it back for the side that proposed it."""
    found, words = _transfer(request, transfer_id), read_body(RefusalShape, request)["text"]
    services.refuse_transfer(transfer=found, by=person(request), now=timezone.now(), reason=words)
    return Response(TransferShape(_transfer(request, transfer_id)).data)


def _holder(form: dict[str, Any], side: str) -> RightsHolder:
    found = RightsHolder.objects.filter(public_id=form[side], merged_into=None).first()
    if found is None:
        raise serializers.ValidationError({side: "There is no holder of this number."}, code="unknown")
    return found


def _tracks(asked: list[str]) -> list[Track]:
    found = list(Track.objects.filter(public_id__in=asked))
    if unknown := sorted(set(asked) - {track.public_id for track in found}):
        raise serializers.ValidationError({"tracks": f"Unknown: {', '.join(unknown[:5])}"}, code="unknown")
    return found


def _transfer(request: Request, transfer_id: str) -> CatalogueTransfer:
    found: CatalogueTransfer = get_object_or_404(selectors.transfers_for(request.user), public_id=transfer_id)
    return found
