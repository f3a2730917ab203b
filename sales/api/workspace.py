"""A store's calendar and its lists of catalogues over JSON: the same services as the pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, parser_classes
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from core.api import Pages, PartsParser
from sales import messages, selectors, services
from sales.api.reports import NoSuchStore
from sales.models import CatalogueSnapshot
from sales.tasks import limits


class DueMonthShape(serializers.Serializer[Any]):
    """One month a store has to report."""

    month = serializers.DateField()
    due_date = serializers.DateField()
    state = serializers.ChoiceField(choices=["received", "late", "missing", "waiting", "held"])
    received_at = serializers.DateTimeField(allow_null=True)
    reports = serializers.SlugRelatedField[Any](slug_field="public_id", many=True, read_only=True)


class SnapshotShape(serializers.Serializer[CatalogueSnapshot]):
    """A list of a store's catalogue: of which day, how many entries, of how many the track is known."""

    id = serializers.CharField(source="public_id")
    store = serializers.CharField(source="licensee.code")
    taken_date = serializers.DateField()
    status = serializers.ChoiceField(choices=CatalogueSnapshot.Status.choices)
    entry_count = serializers.IntegerField()
    matched_count = serializers.IntegerField()
    passed_over = serializers.IntegerField(help_text="Rows that name nothing.")
    reason = serializers.SerializerMethodField()

    def get_reason(self, snapshot: CatalogueSnapshot) -> dict[str, Any] | None:
        if not snapshot.reason:
            return None
        fault, remedy = messages.of_report(snapshot.reason, snapshot.reason_params)
        return {"code": snapshot.reason, "detail": fault, "remedy": remedy}


class SendSnapshotShape(serializers.Serializer[Any]):
    """A list to take in."""

    store = serializers.CharField()
    taken_date = serializers.DateField()
    file = serializers.FileField(allow_empty_file=True)


@extend_schema(responses=DueMonthShape(many=True))
@api_view(["GET"])
def calendar(request: Request, store: str) -> Response:
    """List the months a store has to report, newest first: due when, received when."""
    found = get_object_or_404(selectors.stores_seen_by(request.user), code=store)
    months = [row._asdict() for row in selectors.calendar_of(found, timezone.now().date())]
    return Response(DueMonthShape(months, many=True).data)


@extend_schema(methods=["GET"], responses=SnapshotShape(many=True))
@extend_schema(methods=["POST"], request={"multipart/form-data": SendSnapshotShape}, responses={202: SnapshotShape})
@api_view(["GET", "POST"])
@parser_classes([PartsParser])
def snapshots(request: Request) -> Response:
    """List the catalogues stores sent; POST one: the whole list of what the store sells that day."""
    if request.method == "GET":
        pages: Any = Pages()
        page = pages.paginate_queryset(selectors.snapshots_for(request.user), request)
        answer: Response = pages.get_paginated_response(SnapshotShape(page, many=True).data)
        return answer
    form = SendSnapshotShape(data=request.data)
    form.is_valid(raise_exception=True)
    said = form.validated_data
    store = selectors.licensees_for(request.user).filter(code=said["store"]).first()
    if store is None:
        raise NoSuchStore({"store": ["You send lists for no store of this code."]})
    made = services.receive_snapshot(
        licensee=store,
        stream=said["file"],
        name=said["file"].name,
        taken_date=said["taken_date"],
        by=request.user,
        now=timezone.now(),
        limits=limits(),
    )
    made.refresh_from_db()
    return Response(SnapshotShape(made).data, status=status.HTTP_202_ACCEPTED)


snapshots.cls.write_scope = ApiToken.Scope.REPORTS  # type: ignore[attr-defined]
