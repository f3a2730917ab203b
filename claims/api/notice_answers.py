"""Many answers at once over JSON, what holders saw in a store, and what a store was told beside its notices."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from claims import selectors, services
from claims.api.scopes import answers_for_store, person, read_body
from claims.api.takedown import AFTER, LIMITED, find_notice, limit_of, tagged
from claims.formats.answer_file import RowAnswer
from claims.models import Observation, StoreMessage
from claims.reasons import words

ANSWERS_MAX = 20_000
NOTICES_MAX = 500


class RowAnswerShape(serializers.Serializer[Any]):
    """What you say of one row, named by `track` or by your own `store_key`."""

    track = serializers.CharField(required=False, max_length=20)
    store_key = serializers.CharField(required=False, max_length=200)
    answer = serializers.ChoiceField(choices=["acknowledged", "removed", "objected"])
    reference = serializers.CharField(required=False, max_length=200, allow_blank=True, help_text="Your own number.")
    reason = serializers.CharField(required=False, max_length=5000, allow_blank=True, help_text="Of an objection.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """This will ask for one of the two names."""
        if not attrs.get("track") and not attrs.get("store_key"):
            raise serializers.ValidationError({"track": "Name the track or your own key."}, code="required")
        return attrs


class RowAnswersShape(serializers.Serializer[Any]):
    """Answers about rows of one notice."""

    rows = serializers.ListField(child=RowAnswerShape(), allow_empty=False, max_length=ANSWERS_MAX)


class AnswerFaultShape(serializers.Serializer[Any]):
    """An answer that counts for nothing: its place in the list (1 = first), and why."""

    row = serializers.IntegerField(source="line_no")
    named = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.SerializerMethodField()

    def get_detail(self, fault: services.AnswerFault) -> str:
        return words(fault.code)


class AnsweredShape(serializers.Serializer[Any]):
    """How many rows were answered, and which answers count for nothing."""

    rows = serializers.IntegerField()
    faults = AnswerFaultShape(many=True)


class ReceiptShape(serializers.Serializer[Any]):
    """A notice and your own number for it."""

    notice = serializers.CharField(max_length=20)
    reference = serializers.CharField(required=False, max_length=200, allow_blank=True)


class ReceiptsShape(serializers.Serializer[Any]):
    """Receipts of several notices."""

    notices = serializers.ListField(child=ReceiptShape(), allow_empty=False, max_length=NOTICES_MAX)


class ReceivedShape(serializers.Serializer[Any]):
    """Which notices are acknowledged now."""

    acknowledged = serializers.ListField(child=serializers.CharField())


class ObservationShape(serializers.Serializer[Any]):
    """What somebody saw of a track in the store after the takedown."""

    id = serializers.CharField(source="public_id", read_only=True)
    track = serializers.CharField(source="row.track.public_id")
    seen = serializers.ChoiceField(choices=Observation.Seen.choices)
    seen_at = serializers.DateTimeField()
    url = serializers.CharField(max_length=500, required=False, allow_blank=True)
    purchase = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="Receipt of a test purchase."
    )


class StoreMessageShape(serializers.Serializer[Any]):
    """What your store was told; `about` is the `data` of the webhook of this type."""

    id = serializers.CharField(source="message_id")
    type = serializers.ChoiceField(source="kind", choices=StoreMessage.Kind.choices)
    store = serializers.CharField(source="licensee.code")
    created_at = serializers.DateTimeField()
    about = serializers.JSONField(source="data")


class StoreMessagePage(serializers.Serializer[Any]):
    """Messages behind `after`, oldest first; `next` is the `after` of the next page, null at the end."""

    results = StoreMessageShape(many=True)
    next = serializers.CharField(allow_null=True)


@extend_schema(request=RowAnswersShape, responses=AnsweredShape)
@answers_for_store
@api_view(["POST"])
def answers(request: Request, public_id: str) -> Response:
    """Answer many rows at once, each with your own number. What one gets wrong hinders no other."""
    found = find_notice(request, public_id)
    rows = read_body(RowAnswersShape, request)["rows"]
    said = [
        RowAnswer(
            number,
            row.get("track") or row["store_key"],
            row["answer"],
            row.get("reference", ""),
            row.get("reason", "").strip(),
        )
        for number, row in enumerate(rows, 1)
    ]
    done = services.answer_rows(notice=found, answers=said, by=person(request), now=timezone.now())
    return Response(AnsweredShape(done).data)


@extend_schema(request=ReceiptsShape, responses=ReceivedShape)
@answers_for_store
@api_view(["POST"])
def acknowledge_many(request: Request) -> Response:
    """Acknowledge several notices, each with your own number. Those you do not see are left out of the answer."""
    wanted = {row["notice"]: row.get("reference", "") for row in read_body(ReceiptsShape, request)["notices"]}
    done = []
    for notice in selectors.store_notices(person(request)).filter(public_id__in=wanted).order_by("pk"):
        services.acknowledge_notice(
            notice=notice, reference=wanted[notice.public_id], by=person(request), now=timezone.now()
        )
        done.append(notice.public_id)
    return Response({"acknowledged": done})


@extend_schema(methods=["GET"], responses=ObservationShape(many=True))
@extend_schema(methods=["POST"], request=ObservationShape, responses={201: ObservationShape})
@api_view(["GET", "POST"])
def observations(request: Request, public_id: str) -> Response:
    """List what was seen of the tracks of a notice; POST what you saw (a picture is added on the page)."""
    found = find_notice(request, public_id)
    if request.method == "GET":
        return Response(ObservationShape(selectors.observations_of(found)[:NOTICES_MAX], many=True).data)
    form = read_body(ObservationShape, request)
    row = get_object_or_404(found.rows.select_related("track"), track__public_id=form["row"]["track"]["public_id"])
    seen_at: datetime = form["seen_at"]
    look = services.Look(seen=form["seen"], seen_at=seen_at, url=form.get("url", ""), purchase=form.get("purchase", ""))
    seen = services.add_observation(row=row, look=look, by=person(request), now=timezone.now())
    return Response(ObservationShape(seen).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[AFTER, LIMITED], responses=StoreMessagePage)
@api_view(["GET"])
def store_messages(request: Request) -> HttpResponse:
    """List what your store was told beside its notices, oldest first, behind a cursor."""
    found = selectors.store_messages(request.user)
    if after := request.query_params.get("after"):
        found = found.filter(pk__gt=get_object_or_404(found.order_by(), message_id=after).pk)
    limit = limit_of(request)
    page = list(found[: limit + 1])
    more = page[limit - 1].message_id if len(page) > limit else None
    return tagged(request, {"results": StoreMessageShape(page[:limit], many=True).data, "next": more})
