"""A file in parts: announce it, ask for the offset, send the bytes from there, say that it is whole."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, parser_classes
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from sales import messages, selectors, services
from sales.api.reports import NoSuchStore
from sales.models import Upload
from sales.tasks import limits


class OctetParser(BaseParser):
    """Gives the body as it comes; whoever reads it says how much."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """This will hand on the unread stream."""
        return stream


class AnnounceShape(serializers.Serializer[Any]):
    """The file to come."""

    store = serializers.CharField()
    name = serializers.CharField(max_length=300)
    size = serializers.IntegerField(min_value=0)
    key = serializers.CharField(
        max_length=200, required=False, default="", help_text="Your own name of the file: the same one finds it again."
    )


class UploadShape(serializers.Serializer[Upload]):
    """How much of a file is here, and what became of it."""

    id = serializers.CharField(source="public_id")
    status = serializers.ChoiceField(choices=Upload.Status.choices)
    size = serializers.IntegerField()
    offset = serializers.IntegerField(help_text="Bytes that are here: go on from there.")
    part_bytes = serializers.SerializerMethodField(help_text="The largest part that is taken.")
    report = serializers.CharField(source="report.public_id", default=None, allow_null=True)
    is_duplicate = serializers.BooleanField(help_text="The very file was here already; nothing happened.")
    reason = serializers.SerializerMethodField(help_text="Why it was refused.")

    def get_part_bytes(self, upload: Upload) -> int:
        return limits().part_bytes

    def get_reason(self, upload: Upload) -> dict[str, Any] | None:
        if not upload.reason:
            return None
        fault, remedy = messages.of_report(upload.reason, upload.reason_params)
        return {"code": upload.reason, "detail": fault, "remedy": remedy}


@extend_schema(request=AnnounceShape, responses={201: UploadShape})
@api_view(["POST"])
def uploads(request: Request) -> Response:
    """Announce a file. An open upload of yours with the same key and size comes back with its offset."""
    form = AnnounceShape(data=request.data)
    form.is_valid(raise_exception=True)
    said = dict(form.validated_data)
    store = selectors.licensees_for(request.user).filter(code=said.pop("store")).first()
    if store is None:
        raise NoSuchStore({"store": ["You send reports for no store of this code."]})
    made = services.open_upload(licensee=store, by=request.user, now=timezone.now(), limits=limits(), **said)
    return Response(UploadShape(made).data, status=status.HTTP_201_CREATED)


@extend_schema(methods=["GET"], responses=UploadShape)
@extend_schema(
    methods=["PATCH"],
    request={"application/octet-stream": OpenApiTypes.BINARY},
    parameters=[OpenApiParameter("offset", int, description="Where these bytes begin.", required=True)],
    responses=UploadShape,
)
@api_view(["GET", "PATCH"])
@parser_classes([OctetParser])
def upload(request: Request, upload_id: str) -> Response:
    """Ask how far an upload is; PATCH bytes from `?offset=` on. 409 says where to go on instead."""
    found = get_object_or_404(selectors.uploads_for(request.user), public_id=upload_id)
    if request.method == "PATCH":
        bounds = limits()
        text = request.GET.get("offset", "")
        offset = int(text) if text.isdecimal() and len(text) < 16 else -1
        content = request.data.read(bounds.part_bytes + 1) if hasattr(request.data, "read") else b""
        try:
            found = services.add_part(upload=found, offset=offset, content=content, now=timezone.now(), limits=bounds)
        except services.UploadMisplaced as error:
            return Response({"code": error.code, **error.params}, status=error.status)
    return Response(UploadShape(found).data)


@extend_schema(request=None, responses={202: UploadShape})
@api_view(["POST"])
def complete_upload(request: Request, upload_id: str) -> Response:
    """Say that the file is whole; it becomes a report soon: ask again until `report` or `reason` is there."""
    found = get_object_or_404(selectors.uploads_for(request.user), public_id=upload_id)
    services.complete_upload(upload=found, by=request.user, now=timezone.now())
    found = selectors.uploads_for(request.user).get(pk=found.pk)
    return Response(UploadShape(found).data, status=status.HTTP_202_ACCEPTED)


for door in (uploads, upload, complete_upload):
    door.cls.write_scope = ApiToken.Scope.REPORTS  # type: ignore[attr-defined]
