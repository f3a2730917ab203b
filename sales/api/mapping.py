"""Mapping templates over JSON: list, look at, make, try on a report that waits. The same services as the pages."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiTypes, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Pages
from sales import messages, selectors, services
from sales.formats import rules
from sales.models import MappingTemplate, SalesReport
from sales.tasks import limits


class VersionShape(serializers.Serializer[Any]):
    """What a template said at one time."""

    number = serializers.IntegerField()
    rules = serializers.JSONField()
    columns = serializers.ListField(child=serializers.CharField())
    made_at = serializers.DateTimeField()


class TemplateShape(serializers.Serializer[MappingTemplate]):
    """A mapping template: how a store's tables are read."""

    id = serializers.CharField(source="public_id")
    store = serializers.CharField(source="licensee.code")
    name = serializers.CharField()
    retired_at = serializers.DateTimeField(allow_null=True)
    newest = serializers.IntegerField()
    columns = serializers.ListField(child=serializers.CharField())
    reports_read = serializers.IntegerField()


class TemplateWithVersions(TemplateShape):
    """A mapping template with all its versions, newest first."""

    versions = serializers.SerializerMethodField()

    @extend_schema_field(VersionShape(many=True))
    def get_versions(self, template: MappingTemplate) -> Any:
        return VersionShape(selectors.mapping_versions(template), many=True).data


class RulesField(serializers.JSONField):
    """A template's words as an object; what is left out is as usual. docs/flat-template.md lists them."""

    def to_internal_value(self, data: Any) -> Any:
        found: Any = super().to_internal_value(data)
        try:
            return rules.from_json(found)
        except (ValueError, TypeError, AttributeError) as error:
            raise serializers.ValidationError(str(error)) from error


@extend_schema_field(OpenApiTypes.OBJECT)
class RulesObject(RulesField):
    """The same, described."""


class NewTemplate(serializers.Serializer[Any]):
    """A template to save: for a report that waits, or for a store, with the names of the columns its files have."""

    name = serializers.CharField(max_length=80)
    rules = RulesObject()
    report = serializers.CharField(required=False)
    period = serializers.CharField(required=False, allow_blank=True, default="")
    store = serializers.CharField(required=False)
    columns = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Say which of both it is."""
        if "report" not in attrs and not {"store", "columns"} <= attrs.keys():
            raise serializers.ValidationError({"report": ["Name a report that waits, or a store and its columns."]})
        return attrs


class Try(serializers.Serializer[Any]):
    """What to try on a waiting report; without rules, a proposal is made."""

    rules = RulesObject(required=False)
    period = serializers.CharField(required=False, allow_blank=True, default="")


class RowShape(serializers.Serializer[Any]):
    """One of the first lines: its cells, and what we would take it for or why not."""

    line = serializers.IntegerField(source="row.line_no")
    cells = serializers.ListField(child=serializers.CharField(), source="row.cells")
    taken = serializers.SerializerMethodField()
    fault = serializers.SerializerMethodField()
    skipped = serializers.CharField(source="row.skipped")

    def get_taken(self, entry: dict[str, Any]) -> dict[str, Any] | None:
        taken = entry["row"].taken
        if taken is None:
            return None
        texts = ("title", "artist", "isrc", "store_id", "territory", "channel", "units", "returns", "currency")
        found = {name: getattr(taken, name) for name in texts}
        money = {"price": taken.price, "revenue": taken.revenue}
        found |= {name: None if amount is None else f"{amount:f}" for name, amount in money.items()}
        return found | {"use_start": taken.start, "use_end": taken.end}

    def get_fault(self, entry: dict[str, Any]) -> dict[str, str] | None:
        fault = entry["row"].fault or entry["row"].remark
        if fault is None:
            return None
        return {
            "cell": fault.cell,
            "code": fault.code,
            "found": fault.found,
            "detail": messages.of_line(fault.code).fault,
        }


class DraftShape(serializers.Serializer[Any]):
    """A template tried on the first lines: what is left to be said, and what becomes of each line."""

    rules = serializers.JSONField()
    columns = serializers.ListField(child=serializers.CharField())
    questions = serializers.ListField(child=serializers.CharField())
    period = serializers.CharField()
    missing = serializers.ListField(child=serializers.DictField())
    lines_read = serializers.IntegerField()
    lines_accepted = serializers.IntegerField()
    lines_rejected = serializers.IntegerField()
    total_lines = serializers.ListField(child=serializers.IntegerField())
    rows = RowShape(many=True)


class MappingIncomplete(serializers.ValidationError):
    """Something must still be said before the template can read the file."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__({where or "rules": [messages.of_mapping(code, where)] for code, where in faults})


@extend_schema(methods=["GET"], responses=TemplateShape(many=True))
@extend_schema(methods=["POST"], request=NewTemplate, responses={201: TemplateWithVersions})
@api_view(["GET", "POST"])
def templates(request: Request) -> Response:
    """List the templates of your stores; POST one for a waiting report (which is then read) or ahead of any file."""
    if request.method == "GET":
        pages: Any = Pages()
        page = pages.paginate_queryset(selectors.mapping_templates_for(request.user), request)
        return pages.get_paginated_response(TemplateShape(page, many=True).data)
    form = NewTemplate(data=request.data)
    form.is_valid(raise_exception=True)
    asked = form.validated_data
    by = {"name": asked["name"], "said": asked["rules"], "by": request.user, "now": timezone.now()}
    try:
        if "report" in asked:
            report = _report_or_404(request, asked["report"])
            version = services.save_mapping(report=report, period=asked["period"], limits=limits(), **by)
        else:
            store = get_object_or_404(selectors.licensees_for(request.user), code=asked["store"])
            version = services.create_template(licensee=store, columns=asked["columns"], **by)
    except services.MappingRefused as error:
        raise MappingIncomplete(error.faults) from error
    made = selectors.mapping_templates_for(request.user).get(pk=version.template_id)
    return Response(TemplateWithVersions(made).data, status=status.HTTP_201_CREATED)


@extend_schema(responses=TemplateWithVersions)
@api_view(["GET"])
def template(request: Request, template_id: str) -> Response:
    """Show one template with all its versions."""
    found = get_object_or_404(selectors.mapping_templates_for(request.user), public_id=template_id)
    return Response(TemplateWithVersions(found).data)


@extend_schema(request=Try, responses=DraftShape)
@api_view(["POST"])
def preview(request: Request, report_id: str) -> Response:
    """Try a template on the first lines of a report that waits; nothing is saved. Without rules: our proposal."""
    report = _report_or_404(request, report_id)
    form = Try(data=request.data)
    form.is_valid(raise_exception=True)
    draft = services.draft_mapping(
        report=report, said=form.validated_data.get("rules"), period=form.validated_data["period"], limits=limits()
    )
    tried = draft.preview
    shown = {
        "rules": rules.to_json(draft.rules),
        "columns": draft.names,
        "questions": draft.questions,
        "period": draft.period,
        "missing": [
            {"code": code, "where": where, "detail": messages.of_mapping(code, where)} for code, where in draft.faults
        ],
        "lines_read": tried.read,
        "lines_accepted": tried.accepted,
        "lines_rejected": tried.rejected,
        "total_lines": tried.totals,
        "rows": [{"row": row} for row in tried.rows],
    }
    return Response(DraftShape(shown).data)


def _report_or_404(request: Request, report_id: str) -> SalesReport:
    reports = selectors.reports_for(request.user).filter(licensee__in=selectors.licensees_for(request.user))
    return get_object_or_404(reports, public_id=report_id)
