"""Lists of repertoire over JSON: send, follow, look, choose, mend. The same services as the pages."""

from collections.abc import Iterable
from typing import Any

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import api_view, parser_classes
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Track
from catalog.rights import Right
from claims import selectors, services
from claims.api.scopes import person, read_body
from claims.formats.correction_file import correction_table
from claims.models import RepertoireList, RepertoireRow
from claims.reasons import row_reason
from core.api import LimitedFormParser, LimitedJSONParser, Pages, PartsParser

Source = RepertoireList.Source
ROWS_MAX = 500
TRACKS_MAX = 10_000


class RepertoireShape(serializers.Serializer[Any]):
    """A list, how far it is, and once it is looked up its rows by group and outcome."""

    id = serializers.CharField(source="public_id")
    holder = serializers.CharField(source="holder.public_id")
    purpose = serializers.ChoiceField(choices=RepertoireList.Purpose.choices)
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    rights = serializers.ListField(child=serializers.ChoiceField(choices=Right.choices))
    status = serializers.ChoiceField(choices=RepertoireList.Status.choices)
    reason = serializers.CharField(help_text="Why a file could not be taken: a code.")
    rows_read = serializers.IntegerField(source="row_count")
    rows_looked_up = serializers.SerializerMethodField()
    is_followed = serializers.BooleanField(help_text="Later tracks under its name are proposed to the holder.")
    follows = serializers.SerializerMethodField(help_text="The list under whose name these tracks came later.")
    counts = serializers.DictField(help_text="Per group and outcome; money that waits in orders of size.")
    created_at = serializers.DateTimeField()
    ready_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(OpenApiTypes.INT)
    def get_rows_looked_up(self, found: RepertoireList) -> int:
        return selectors.progress(found)["done"]

    @extend_schema_field(OpenApiTypes.STR)
    def get_follows(self, found: RepertoireList) -> str | None:
        return found.follows.public_id if found.follows else None


class NewRepertoireShape(serializers.Serializer[Any]):
    """A new list: exactly one of `file`, `rows`, `tracks` or `source` with `name`."""

    holder = serializers.CharField(help_text="Public id of the owner of the rights.")
    authority = serializers.CharField(required=False, help_text="Public id, when you act for the holder as its agent.")
    purpose = serializers.ChoiceField(choices=RepertoireList.Purpose.choices)
    rights = serializers.MultipleChoiceField(choices=Right.choices, allow_empty=False)
    file = serializers.FileField(required=False, help_text="CSV, TSV, XLSX, ERN or CWR; at most 1,000,000 rows.")
    rows = serializers.CharField(required=False, max_length=5_000_000, trim_whitespace=False, help_text="One a line.")
    tracks = serializers.ListField(child=serializers.CharField(), required=False, max_length=TRACKS_MAX)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=["label", "artist", "release", "catalogue"], required=False
    )
    name = serializers.CharField(required=False, max_length=500)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if sum(bool(data.get(name)) for name in ("file", "rows", "tracks", "source")) != 1:
            raise serializers.ValidationError("Send one of file, rows, tracks or source.", code="one_of")
        if data.get("source") not in (None, Source.CATALOGUE) and not data.get("name"):
            raise serializers.ValidationError({"name": "This source needs a name."}, code="required")
        return data


class RepertoireRowShape(serializers.Serializer[Any]):
    """A row as it was given and what it was found to be; `place` above 0: one more track it may mean."""

    row = serializers.IntegerField(source="row_no")
    place = serializers.IntegerField()
    typed = serializers.CharField()
    track = serializers.CharField(source="track.public_id", allow_null=True, default=None)
    group = serializers.CharField(help_text="exact, likely, doubtful, version, other_artist; empty: no track.")
    outcome = serializers.ChoiceField(choices=RepertoireRow.Outcome.choices)
    fault = serializers.CharField()
    found_by = serializers.CharField()
    score = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    others_percent = serializers.DecimalField(max_digits=9, decimal_places=6)
    other_holders = serializers.IntegerField(help_text="How many others have shares; never who.")
    has_money = serializers.BooleanField()
    is_out = serializers.BooleanField()
    is_chosen = serializers.BooleanField()


class ChoiceShape(serializers.Serializer[Any]):
    """Whole groups, or single rows as `row` or `row.place`: those in `on` are chosen, those in `off` not."""

    groups = serializers.MultipleChoiceField(choices=RepertoireRow.Group.choices, required=False)
    on = serializers.ListField(child=serializers.RegexField(r"^\d{1,9}(\.\d{1,4})?$"), required=False, max_length=5000)
    off = serializers.ListField(child=serializers.RegexField(r"^\d{1,9}(\.\d{1,4})?$"), required=False, max_length=5000)


class FollowShape(serializers.Serializer[Any]):
    """Whether later tracks under the name are proposed."""

    follow = serializers.BooleanField()


class MendShape(serializers.Serializer[Any]):
    """A correction file, mended."""

    file = serializers.FileField()


@extend_schema(methods=["GET"], responses=RepertoireShape(many=True))
@extend_schema(methods=["POST"], request=NewRepertoireShape, responses={201: RepertoireShape})
@api_view(["GET", "POST"])
@parser_classes([PartsParser, LimitedFormParser, LimitedJSONParser])
def repertoire_lists(request: Request) -> Response:
    """List your lists, newest first; POST a new one. It is looked up by itself: ask again until it is `ready`."""
    if request.method == "GET":
        pages: BasePagination = Pages()
        shown: Any = pages.paginate_queryset(selectors.lists_for(request.user), request)
        return pages.get_paginated_response(RepertoireShape(shown, many=True).data)
    return _one(_make(request), status.HTTP_201_CREATED)


def _make(request: Request) -> RepertoireList:
    form, now = read_body(NewRepertoireShape, request), timezone.now()
    paper = None
    if form.get("authority"):
        paper = get_object_or_404(selectors.papers_held(request.user, now.date()), public_id=form["authority"])
        holder = paper.principal
    else:
        holder = get_object_or_404(selectors.holders_for(request.user), public_id=form["holder"])
    terms = services.ListTerms(holder, form["purpose"], form["rights"], paper)
    by = person(request)
    if form.get("file"):
        return services.receive_list(terms=terms, file=form["file"], name=form["file"].name, by=by, now=now)
    if form.get("rows"):
        return services.paste_list(terms=terms, text=form["rows"].replace("\x00", ""), by=by, now=now)
    ids = list(Track.objects.filter(public_id__in=form.get("tracks", [])).values_list("pk", flat=True))
    source = form.get("source") or Source.BASKET
    return services.pick_list(terms=terms, source=source, name=form.get("name", ""), ids=ids, by=by, now=now)


@extend_schema(responses=RepertoireShape)
@api_view(["GET"])
def repertoire_list(request: Request, list_id: str) -> Response:
    """Show one list."""
    return _one(_list(request, list_id))


@extend_schema(
    responses=RepertoireRowShape(many=True),
    parameters=[
        OpenApiParameter("kind", str, description="A group, an outcome, `bad`, `chosen` or `money`."),
        OpenApiParameter("after", int, description="Rows from this number on."),
        OpenApiParameter("limit", int, description=f"At most {ROWS_MAX}."),
    ],
)
@api_view(["GET"])
def repertoire_rows(request: Request, list_id: str) -> Response:
    """Give rows in their order; ask on with `after` = the last row's number + 1."""
    found, asked = _list(request, list_id), request.query_params
    after, limit = _number(asked.get("after"), 0), _number(asked.get("limit"), ROWS_MAX)
    rows = selectors.rows_of(found, kind=asked.get("kind", ""), after=after)[: min(limit, ROWS_MAX)]
    return Response(RepertoireRowShape(selectors.with_tracks(list(rows)), many=True).data)


@extend_schema(request=ChoiceShape, responses=RepertoireShape)
@api_view(["POST"])
def choose(request: Request, list_id: str) -> Response:
    """Choose whole groups (and none of the others), then single rows."""
    found, form = _list(request, list_id), read_body(ChoiceShape, request)
    by, now = person(request), timezone.now()
    if "groups" in form:
        services.choose_groups(found=found, groups=form["groups"], by=by, now=now)
    on, off = _row_ids(found, form.get("on", [])), _row_ids(found, form.get("off", []))
    if on or off:
        services.choose_rows(found=found, shown=[*on, *off], chosen=on, by=by, now=now)
    return _one(_list(request, list_id))


@extend_schema(request={"multipart/form-data": MendShape}, responses=RepertoireShape)
@api_view(["POST"])
@parser_classes([PartsParser])
def mend(request: Request, list_id: str) -> Response:
    """Send a mended correction file; its rows are looked up again."""
    found = _list(request, list_id)
    file = read_body(MendShape, request)["file"]
    services.mend_list(found=found, file=file, name=file.name, by=person(request), now=timezone.now())
    return _one(_list(request, list_id))


@extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
@api_view(["GET"])
def correction(request: Request, list_id: str) -> StreamingHttpResponse:
    """Give only the rows that need mending, each with its reason, as CSV."""
    found = _list(request, list_id)
    return StreamingHttpResponse(
        correction_table(selectors.bad_rows(found), row_reason), content_type="text/csv; charset=utf-8"
    )


@extend_schema(request=None, responses=RepertoireShape)
@api_view(["POST"])
def reopen(request: Request, list_id: str) -> Response:
    """Choose anew, before anything made from the list is signed."""
    services.reopen_list(found=_list(request, list_id), by=person(request), now=timezone.now())
    return _one(_list(request, list_id))


@extend_schema(request=None, responses=RepertoireShape)
@api_view(["POST"])
def drop(request: Request, list_id: str) -> Response:
    """Throw a list away; what was received stays kept."""
    services.drop_list(found=_list(request, list_id), by=person(request), now=timezone.now())
    return _one(_list(request, list_id))


@extend_schema(request=FollowShape, responses=RepertoireShape)
@api_view(["POST"])
def follow(request: Request, list_id: str) -> Response:
    """Have tracks that come later under the list's name proposed to the holder, or no more. Nothing is ever claimed."""
    found, wanted = _list(request, list_id), read_body(FollowShape, request)["follow"]
    services.follow_list(found=found, is_followed=wanted, by=person(request), now=timezone.now())
    return _one(_list(request, list_id))


def _row_ids(found: RepertoireList, named: Iterable[str]) -> list[int]:
    wanted = {(int(row), int(place or 0)) for row, _, place in (word.partition(".") for word in named)}
    rows = RepertoireRow.objects.filter(list=found, row_no__in=[row for row, _ in wanted])
    return [pk for pk, row, place in rows.values_list("pk", "row_no", "place") if (row, place) in wanted]


def _number(word: str | None, usual: int) -> int:
    return int(word) if word and word.isdecimal() and len(word) < 10 else usual


def _list(request: Request, list_id: str) -> RepertoireList:
    found: RepertoireList = get_object_or_404(selectors.lists_for(request.user), public_id=list_id)
    return found


def _one(found: RepertoireList, code: int = status.HTTP_200_OK) -> Response:
    return Response(RepertoireShape(found).data, status=code)
