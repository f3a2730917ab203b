"""Sales reports over JSON: send, list, look at, faults. The same services as the pages."""

from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, parser_classes
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from core.api import Pages, PartsParser
from sales import messages, selectors, services
from sales.models import LineFault, SalesReport
from sales.pipeline import rejected
from sales.tasks import limits


class TotalShape(serializers.Serializer[Any]):
    """What a report came to in one currency."""

    currency = serializers.CharField()
    units = serializers.IntegerField()
    base = serializers.DecimalField(max_digits=24, decimal_places=8)
    royalty = serializers.DecimalField(max_digits=24, decimal_places=8)
    base_missing_units = serializers.IntegerField()


class ReportShape(serializers.Serializer[SalesReport]):
    """A report: what it is, how far it is, what it came to."""

    id = serializers.CharField(source="public_id")
    store = serializers.CharField(source="licensee.code")
    profile = serializers.CharField()
    message_id = serializers.CharField()
    usage_start = serializers.DateField(allow_null=True)
    usage_end = serializers.DateField(allow_null=True, help_text="First day after the period.")
    status = serializers.ChoiceField(choices=SalesReport.Status.choices)
    stage = serializers.CharField(help_text="What is being done now.")
    progress_percent = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    lines_read = serializers.IntegerField()
    lines_accepted = serializers.IntegerField()
    lines_rejected = serializers.IntegerField()
    lines_unmatched = serializers.IntegerField()
    totals = TotalShape(many=True)
    reason = serializers.SerializerMethodField(help_text="Why it is held or rejected.")
    files_missing = serializers.SerializerMethodField(help_text="Numbers of the files that are not in yet.")
    differences = serializers.SerializerMethodField(help_text="Where the file's own counts differ from ours.")
    stated = serializers.JSONField(help_text="The footer's counts beside ours: [{file, cell, stated, counted}].")
    rejected_by_code = serializers.JSONField(source="fault_codes", help_text="Rejected lines by code, all of them.")
    kind = serializers.ChoiceField(choices=SalesReport.Kind.choices)
    supersedes = serializers.CharField(source="supersedes.public_id", default=None, allow_null=True)
    difference = serializers.JSONField(help_text="What taking the other's place posts, before it is posted.")
    decisions = serializers.SerializerMethodField(help_text="What a person of finance can do with it while it is held.")

    def get_reason(self, report: SalesReport) -> dict[str, Any] | None:
        if not report.reason:
            return None
        fault, remedy = messages.of_report(report.reason, report.reason_params)
        return {"code": report.reason, "detail": fault, "remedy": remedy, "params": report.reason_params}

    def get_decisions(self, report: SalesReport) -> list[str]:
        return services.decisions_of(report)

    def get_files_missing(self, report: SalesReport) -> list[int]:
        return selectors.missing_files(report) if report.file_count > 1 else []

    def get_differences(self, report: SalesReport) -> list[dict[str, Any]]:
        return [{**row, "detail": messages.of_difference(row)} for row in report.footer_faults]


class FaultShape(serializers.Serializer[LineFault]):
    """What was wrong with one line: file, line, cell, and what to do."""

    file = serializers.CharField(source="file.name")
    line = serializers.IntegerField(source="line_no")
    cell = serializers.CharField()
    code = serializers.CharField()
    found = serializers.CharField()
    rejected = serializers.BooleanField(source="is_fatal")
    detail = serializers.SerializerMethodField()
    remedy = serializers.SerializerMethodField()

    def get_detail(self, fault: LineFault) -> str:
        return messages.of_line(fault.code).fault

    def get_remedy(self, fault: LineFault) -> str:
        return messages.of_line(fault.code).remedy


class SendShape(serializers.Serializer[Any]):
    """A file to take in, and the code of the store it is from."""

    store = serializers.CharField()
    file = serializers.FileField(allow_empty_file=True)
    template = serializers.CharField(required=False, help_text="Name of the mapping template to read it through.")
    period = serializers.CharField(required=False, default="", help_text="Where the file does not say it: 2006-10.")


class DecisionShape(serializers.Serializer[Any]):
    """What becomes of a held report, and why."""

    decision = serializers.CharField()
    reason = serializers.CharField(max_length=500)


class ReasonShape(serializers.Serializer[Any]):
    """Why something is done."""

    reason = serializers.CharField(max_length=500)


class NoSuchStore(serializers.ValidationError):
    """The person does not act for a store of this code."""


class NoSuchTemplate(serializers.ValidationError):
    """The store has no mapping template of this name in use."""


@extend_schema(methods=["GET"], responses=ReportShape(many=True))
@extend_schema(
    methods=["POST"], request={"multipart/form-data": SendShape}, responses={200: ReportShape, 202: ReportShape}
)
@api_view(["GET", "POST"])
@parser_classes([PartsParser])
def reports(request: Request) -> Response:
    """List the reports you may see, newest first; POST a file to send one.

    202: taken in, being processed. 200: this very file was here already and nothing happened.
    """
    if request.method == "GET":
        return _page(request, selectors.reports_for(request.user).prefetch_related("totals"), ReportShape)
    form = SendShape(data=request.data)
    form.is_valid(raise_exception=True)
    store = selectors.licensees_for(request.user).filter(code=form.validated_data["store"]).first()
    if store is None:
        raise NoSuchStore({"store": ["You send reports for no store of this code."]})
    template = selectors.mapping_template_named(store, form.validated_data.get("template", ""))
    if template is None and form.validated_data.get("template"):
        raise NoSuchTemplate({"template": ["The store has no template of this name."]})
    upload = form.validated_data["file"]
    receipt = services.receive_report(
        licensee=store,
        stream=upload,
        name=upload.name,
        by=request.user,
        now=timezone.now(),
        limits=limits(),
        template=template,
        period=form.validated_data["period"],
    )
    code = status.HTTP_200_OK if receipt.is_duplicate else status.HTTP_202_ACCEPTED
    return Response(ReportShape(receipt.report).data, status=code)


@extend_schema(responses=ReportShape)
@api_view(["GET"])
def report(request: Request, report_id: str) -> Response:
    """Show one report."""
    return Response(ReportShape(_report_or_404(request, report_id)).data)


@extend_schema(responses=FaultShape(many=True))
@api_view(["GET"])
def report_faults(request: Request, report_id: str) -> Response:
    """List the lines that were rejected, or taken with a remark; `?code=` narrows it to one fault."""
    found = _report_or_404(request, report_id)
    return _page(request, selectors.faults_of(found, request.GET.get("code", "")), FaultShape)


@extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
@api_view(["GET"])
def correction_file(request: Request, report_id: str) -> FileResponse:
    """Give the rejected lines in the layout they came in, each with its reason; mended, POST it to /reports/."""
    found = _report_or_404(request, report_id)
    if not services.may_be_mended(found):
        raise Http404
    content = TemporaryFile()  # noqa: SIM115  the response closes it
    name = rejected.write_correction_file(found, content)
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=name)


@extend_schema(request=DecisionShape, responses=ReportShape)
@api_view(["POST"])
def decide_report(request: Request, report_id: str) -> Response:
    """Decide about a held report; finance only. `decisions` of the report says what can be done."""
    found = _finance_report_or_404(request, report_id)
    form = DecisionShape(data=request.data)
    form.is_valid(raise_exception=True)
    services.decide_report(report=found, by=request.user, now=timezone.now(), **form.validated_data)
    found.refresh_from_db()
    return Response(ReportShape(found).data)


@extend_schema(request=ReasonShape, responses={202: ReportShape})
@api_view(["POST"])
def reprocess_report(request: Request, report_id: str) -> Response:
    """Read a posted report again with today's code, tariff and matches; finance only."""
    found = _finance_report_or_404(request, report_id)
    form = ReasonShape(data=request.data)
    form.is_valid(raise_exception=True)
    made = services.reprocess_report(report=found, by=request.user, now=timezone.now(), **form.validated_data)
    return Response(ReportShape(made).data, status=status.HTTP_202_ACCEPTED)


def _finance_report_or_404(request: Request, report_id: str) -> SalesReport:
    found = _report_or_404(request, report_id)
    if getattr(request.user, "role", "") not in ("finance", "supervisor"):
        raise Http404
    return found


def _report_or_404(request: Request, report_id: str) -> SalesReport:
    return get_object_or_404(selectors.reports_for(request.user), public_id=report_id)


def _page(request: Request, rows: Any, shape: type[serializers.Serializer[Any]]) -> Response:
    pages: BasePagination = Pages()
    page: Any = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(shape(page, many=True).data)


reports.cls.write_scope = ApiToken.Scope.REPORTS  # type: ignore[attr-defined]
for door in (decide_report, reprocess_report):
    door.cls.write_scope = ApiToken.Scope.DECIDE  # type: ignore[attr-defined]
