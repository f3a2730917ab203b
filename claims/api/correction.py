"""Merges, their undoing and corrected matches over JSON: look first (`dry_run`), then ask; a second person confirms."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Merge, RightsHolder, Track, Work
from claims import selectors, services
from claims.api.matching import WaitingMoneyShape
from claims.api.scopes import decides, person
from claims.models import Correction
from core.api import Pages
from sales.models import StoreKey

KEYS_MAX = 500
KINDS = ("merge", "undo", "keys", "release_keys")


class CorrectionShape(serializers.Serializer[Correction]):
    """A correction and how far it is."""

    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=Correction.Kind.choices)
    status = serializers.ChoiceField(choices=Correction.Status.choices)
    source = serializers.SerializerMethodField()  # type: ignore[assignment]  # Field.source is another thing
    target = serializers.SerializerMethodField()
    merge = serializers.CharField(source="merge.public_id", default=None, allow_null=True)
    money = serializers.SerializerMethodField()
    needs_second = serializers.BooleanField()
    asked_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)

    def get_source(self, case: Correction) -> str | None:
        found = case.source_track or case.source_work or case.source_holder
        return found.public_id if found else None

    def get_target(self, case: Correction) -> str | None:
        found = case.target_track or case.target_work or case.target_holder or case.target_release
        return found.public_id if found else None

    def get_money(self, case: Correction) -> list[dict[str, str]]:
        return [{"currency": currency, "amount": amount} for currency, amount in case.money]


class NewCorrectionShape(serializers.Serializer[Any]):
    """merge: source becomes part of target (tracks, works, holders). undo: a merge. keys: to target, or to none.

    release_keys: keys of releases to the release `target` (its id or ICPN), or to none.
    """

    kind = serializers.ChoiceField(choices=KINDS)
    source = serializers.CharField(required=False)  # type: ignore[assignment]
    target = serializers.CharField(required=False, allow_null=True)
    merge = serializers.CharField(required=False)
    keys = serializers.ListField(child=serializers.CharField(), max_length=KEYS_MAX, default=list)
    isrcs = serializers.ListField(
        child=serializers.CharField(max_length=12), default=list, help_text="Codes that go with the keys."
    )
    reason = serializers.CharField(max_length=5000, default="", allow_blank=True)
    dry_run = serializers.BooleanField(default=False)


class MovedMoneyShape(serializers.Serializer[Any]):
    """What rests in one place before and after."""

    item = serializers.CharField()
    place = serializers.CharField()
    owner = serializers.CharField()
    before = WaitingMoneyShape()
    after = WaitingMoneyShape()


class CorrectionPreviewShape(serializers.Serializer[Any]):
    """What a correction would do."""

    needs_second = serializers.BooleanField()
    money = MovedMoneyShape(many=True)
    conflicts = serializers.ListField(child=serializers.CharField(), help_text="Rights whose shares do not fit.")


class CorrectionWordsShape(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=5000, default="", allow_blank=True)


@extend_schema(methods=["GET"], responses=CorrectionShape(many=True))
@extend_schema(
    methods=["POST"], request=NewCorrectionShape, responses={200: CorrectionPreviewShape, 201: CorrectionShape}
)
@decides
@api_view(["GET", "POST"])
def corrections(request: Request) -> Response:
    """List corrections, or make one: done at once, or waiting for a second person above the limit; for reviewers."""
    _staff(request)
    if request.method == "GET":
        pages = Pages()
        page: Any = pages.paginate_queryset(selectors.corrections_for(request.user), request)
        return pages.get_paginated_response(CorrectionShape(page, many=True).data)
    form = NewCorrectionShape(data=request.data)
    form.is_valid(raise_exception=True)
    said = form.validated_data
    correction, keys = _described(said)
    by, now = person(request), timezone.now()
    if said["dry_run"]:
        return Response(_preview(services.preview_correction(correction=correction, keys=keys, by=by, now=now)))
    done = services.ask_correction(correction=correction, keys=keys, by=by, now=now, reason=said["reason"])
    return Response(CorrectionShape(done).data, status=status.HTTP_201_CREATED)


@extend_schema(responses=CorrectionShape)
@api_view(["GET"])
def correction(request: Request, correction_id: str) -> Response:
    """Show a correction; for reviewers."""
    return Response(CorrectionShape(_correction(request, correction_id)).data)


@extend_schema(request=CorrectionWordsShape, responses=CorrectionShape)
@decides
@api_view(["POST"])
def confirm_correction(request: Request, correction_id: str) -> Response:
    """Do what another reviewer asked for."""
    found, reason = _correction(request, correction_id), _reason(request)
    services.confirm_correction(correction=found, by=person(request), now=timezone.now(), reason=reason)
    return Response(CorrectionShape(_correction(request, correction_id)).data)


@extend_schema(request=CorrectionWordsShape, responses=CorrectionShape)
@decides
@api_view(["POST"])
def refuse_correction(request: Request, correction_id: str) -> Response:
    """Refuse what another reviewer asked for, or take your own back."""
    found, reason = _correction(request, correction_id), _reason(request)
    services.refuse_correction(correction=found, by=person(request), now=timezone.now(), reason=reason)
    return Response(CorrectionShape(_correction(request, correction_id)).data)


def _described(said: dict[str, Any]) -> tuple[Correction, list[StoreKey]]:
    if said["kind"] == "undo":
        return services.undoing_of(get_object_or_404(Merge, public_id=said.get("merge", ""))), []
    if said["kind"] in ("keys", "release_keys"):
        keys = list(StoreKey.objects.filter(public_id__in=said["keys"]).order_by("pk"))
        if not keys or len(keys) != len(set(said["keys"])):
            raise serializers.ValidationError({"keys": "Some are unknown."}, code="unknown")
        target = said.get("target")
        if said["kind"] == "release_keys":
            return services.rematch_release_of(services.find_release(target) if target else None), keys
        return services.rematch_of(services.find_track(target) if target else None, said["isrcs"]), keys
    for model in (Track, Work, RightsHolder):
        pair = model.objects.in_bulk([said.get("source", ""), said.get("target") or ""], field_name="public_id")
        if len(pair) == 2:
            return services.merge_of(pair[said["source"]], pair[said["target"]]), []
    raise serializers.ValidationError(
        {"source": "Name two tracks, two works or two holders by their ids."}, code="unknown"
    )


def _preview(seen: selectors.Preview) -> dict[str, Any]:
    ids = selectors.subject_ids(seen.money)
    money = [
        {
            "item": ids[row.subject],
            "place": row.place,
            "owner": ids.get(row.owner, ""),
            "before": row.before,
            "after": row.after,
        }
        for row in seen.money
    ]
    conflicts = [dispute.right for dispute in seen.conflicts]
    shape = CorrectionPreviewShape({"needs_second": seen.needs_second, "money": money, "conflicts": conflicts})
    return dict(shape.data)


def _staff(request: Request) -> None:
    if not selectors.may_match(request.user):
        raise Http404


def _correction(request: Request, correction_id: str) -> Correction:
    found: Correction = get_object_or_404(selectors.corrections_for(request.user), public_id=correction_id)
    return found


def _reason(request: Request) -> str:
    form = CorrectionWordsShape(data=request.data)
    form.is_valid(raise_exception=True)
    return str(form.validated_data["reason"])
