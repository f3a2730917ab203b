"""Takedown notices over JSON: a store pulls them in order, and answers. The same services as the pages.

`?after=TDN-...` continues behind the last notice seen, oldest first, so a store that asks again misses none. Every
answer carries an ETag; with `If-None-Match` an unchanged page costs 304 and no body.
"""

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes
from rest_framework.request import Request
from rest_framework.response import Response

from claims import selectors, services
from claims.api.scopes import answers_for_store, person, read_body
from claims.models import CounterNotice, NoticeRow, OptOut, TakedownNotice
from core.api import LimitedJSONParser, PartsParser

LIMIT, LIMIT_MAX = 100, 500
Ground = CounterNotice.Ground
STORE_GROUNDS = [(one.value, one.label) for one in Ground if one != Ground.NOT_THE_OWNER]
AFTER = OpenApiParameter("after", str, description="Public id of the last one you have; you get what comes behind.")
LIMITED = OpenApiParameter("limit", int, description=f"At most {LIMIT_MAX}; {LIMIT} unless you say.")
STATUS = OpenApiParameter("status", str, enum=TakedownNotice.Status.values)


class NoticeShape(serializers.Serializer[Any]):
    """A notice and how far it is."""

    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=TakedownNotice.Kind.choices)
    store = serializers.CharField(source="licensee.code")
    opt_out = serializers.CharField(source="opt_out.public_id")
    basis = serializers.ChoiceField(source="opt_out.basis", choices=OptOut.Basis.choices)
    status = serializers.ChoiceField(choices=TakedownNotice.Status.choices)
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    deadline_at = serializers.DateTimeField(allow_null=True)
    rows_total = serializers.IntegerField(source="row_count")
    rows_removed = serializers.IntegerField(source="removed_count")


class NoticeRightShape(serializers.Serializer[Any]):
    """One right of a track: from when (half-open) and where it is withdrawn."""

    withdrawal = serializers.CharField(source="public_id")
    right = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    territories = serializers.CharField(source="territories.label")


class NoticeRowShape(serializers.Serializer[Any]):
    """A track of a notice with the store's own keys and addresses."""

    track = serializers.CharField(source="track.public_id")
    artist = serializers.CharField(source="track.artist")
    title = serializers.CharField(source="track.title")
    isrcs = serializers.SerializerMethodField()
    store_keys = serializers.ListField(child=serializers.CharField())
    urls = serializers.ListField(child=serializers.CharField())
    leaving = NoticeRightShape(source="withdrawals", many=True)
    state = serializers.ChoiceField(choices=NoticeRow.State.choices)
    proof = serializers.ChoiceField(choices=NoticeRow.Proof.choices)
    reference = serializers.CharField(help_text="The store's own number for this row.")

    def get_isrcs(self, row: NoticeRow) -> list[str]:
        return [code.isrc for code in row.track.isrcs.all()]


class NoticePage(serializers.Serializer[Any]):
    """Notices behind `after`, oldest first; `next` is the `after` of the next page, null at the end."""

    results = NoticeShape(many=True)
    next = serializers.CharField(allow_null=True)


class NoticeRowPage(serializers.Serializer[Any]):
    """Rows behind `after` (a track's id); `next` is the `after` of the next page, null at the end."""

    results = NoticeRowShape(many=True)
    next = serializers.CharField(allow_null=True)


class NoticeReceiptShape(serializers.Serializer[Any]):
    """The store's receipt."""

    reference = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="Your own number.")
    received_at = serializers.DateTimeField(read_only=True)


class NoticeAnswerShape(serializers.Serializer[Any]):
    """Which rows, by their tracks; without the list: all."""

    tracks = serializers.ListField(child=serializers.CharField(), required=False, allow_empty=False)


class NoticeSwornShape(serializers.Serializer[Any]):
    """What 17 USC 512(g)(3) asks for."""

    name = serializers.CharField(max_length=200)
    address = serializers.CharField(max_length=500)
    phone = serializers.CharField(max_length=50)
    signature = serializers.CharField(max_length=200)
    confirmed = serializers.MultipleChoiceField(choices=["good_faith", "jurisdiction"])


class NoticeObjectionShape(NoticeAnswerShape):
    """Which rows, and why. A direct licence comes with its `document` (then as a form, not as JSON)."""

    ground = serializers.ChoiceField(choices=STORE_GROUNDS, default=Ground.OTHER)
    reason = serializers.CharField(max_length=5000)
    document = serializers.FileField(required=False)
    sworn = NoticeSwornShape(required=False, help_text="Only for usc_512.")


@extend_schema(parameters=[AFTER, LIMITED, STATUS], responses=NoticePage)
@api_view(["GET"])
def takedown_notices(request: Request) -> HttpResponse:
    """List the notices you may see, oldest first, behind a cursor."""
    found = selectors.counted_notices(request.user).order_by("pk")
    if (wanted := request.query_params.get("status")) is not None:
        found = found.filter(status=wanted)
    if after := request.query_params.get("after"):
        found = found.filter(pk__gt=get_object_or_404(found.model, public_id=after, pk__in=found.order_by()).pk)
    limit = limit_of(request)
    page = list(found[: limit + 1])
    more = page[limit - 1].public_id if len(page) > limit else None
    return tagged(request, {"results": NoticeShape(page[:limit], many=True).data, "next": more})


@extend_schema(responses=NoticeShape)
@api_view(["GET"])
def takedown_notice(request: Request, public_id: str) -> HttpResponse:
    """Show one notice."""
    return tagged(request, NoticeShape(find_notice(request, public_id)).data)


@extend_schema(parameters=[AFTER, LIMITED], responses=NoticeRowPage)
@api_view(["GET"])
def takedown_notice_rows(request: Request, public_id: str) -> HttpResponse:
    """List the tracks of a notice behind a cursor, with your own keys and addresses and the state of each."""
    rows = selectors.notice_rows(find_notice(request, public_id))
    if after := request.query_params.get("after"):
        rows = rows.filter(pk__gt=get_object_or_404(rows, track__public_id=after).pk)
    limit = limit_of(request)
    page = list(rows[: limit + 1])
    more = page[limit - 1].track.public_id if len(page) > limit else None
    return tagged(request, {"results": NoticeRowShape(page[:limit], many=True).data, "next": more})


@extend_schema(request=NoticeReceiptShape, responses=NoticeReceiptShape)
@answers_for_store
@api_view(["POST"])
def acknowledge(request: Request, public_id: str) -> Response:
    """Acknowledge a notice, with your own number for it. Again with the same notice: the first receipt."""
    found = find_notice(request, public_id)
    form = read_body(NoticeReceiptShape, request)
    receipt = services.acknowledge_notice(
        notice=found, reference=form.get("reference", ""), by=person(request), now=timezone.now()
    )
    return Response(NoticeReceiptShape(receipt).data)


@extend_schema(request=NoticeAnswerShape, responses=NoticeShape)
@answers_for_store
@api_view(["POST"])
def removed(request: Request, public_id: str) -> Response:
    """Say that tracks are removed; without `tracks`: all of them."""
    found = find_notice(request, public_id)
    rows = _rows(found, read_body(NoticeAnswerShape, request))
    services.mark_rows_removed(notice=found, row_ids=rows, by=person(request), now=timezone.now())
    return Response(NoticeShape(find_notice(request, public_id)).data)


@extend_schema(request=NoticeObjectionShape, responses=NoticeShape)
@answers_for_store
@api_view(["POST"])
@parser_classes([LimitedJSONParser, PartsParser])
def objection(request: Request, public_id: str) -> Response:
    """Object to tracks and say why; without `tracks`: to all. They stay out until a person decides otherwise."""
    found = find_notice(request, public_id)
    form = read_body(NoticeObjectionShape, request)
    file, sworn = form.get("document"), form.get("sworn", {})
    said = services.Countered(
        ground=form["ground"],
        words=form["reason"],
        paper=(file.name, file.read(services.EVIDENCE_SIZE_MAX + 1)) if file else None,
        sworn={name: value for name, value in sworn.items() if name != "confirmed"},
        confirmed=sworn.get("confirmed", ()),
    )
    services.file_counter_notice(
        notice=found, said=said, row_ids=_rows(found, form), by=person(request), now=timezone.now()
    )
    return Response(NoticeShape(find_notice(request, public_id)).data)


def find_notice(request: Request, public_id: str) -> TakedownNotice:
    """This will find a notice somebody may see, or answer 404."""
    return get_object_or_404(selectors.counted_notices(request.user), public_id=public_id)


def _rows(found: TakedownNotice, form: dict[str, Any]) -> Collection[int] | None:
    if "tracks" not in form:
        return None
    known = dict(found.rows.values_list("track__public_id", "pk"))
    unknown = [track for track in form["tracks"] if track not in known]
    if unknown:
        raise serializers.ValidationError({"tracks": f"Not in this notice: {', '.join(unknown[:5])}"}, code="unknown")
    return [known[track] for track in form["tracks"]]


def limit_of(request: Request) -> int:
    """This will read how many are wanted at once. Raises: ValidationError."""
    text = request.query_params.get("limit", str(LIMIT))
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= LIMIT_MAX:
        raise serializers.ValidationError({"limit": f"A number from 1 to {LIMIT_MAX}."}, code="limit")
    return int(text)


def tagged(request: Request, data: Any) -> HttpResponse:
    """This will answer with the digest of what is said, or with 304 when the asker has it already."""
    digest = hashlib.sha256(json.dumps(data, default=str, sort_keys=True).encode()).hexdigest()
    etag = f'"{digest[:32]}"'
    response = Response(data, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    unchanged = get_conditional_response(request._request, etag=etag)
    return unchanged if unchanged is not None else response
