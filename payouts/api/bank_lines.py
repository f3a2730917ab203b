"""Books and bank line by line as JSON: which line explains which entry, and what is open on either side.

A line is named by its file and its number in it.
"""

from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from payouts import selectors, services
from payouts.api.payout import finance_only
from payouts.api.serializers import RemittanceSerializer, exact
from payouts.api.shapes import ForReasonShape, PageShape, decides_money, paged, read_body
from payouts.api.views import PAGES
from payouts.models import BankLine
from sales.models import Licensee, SalesReport

SHOW = OpenApiParameter("show", str, enum=["open", "explained"], description="`open` if it is left out.")


class AccountLineShape(serializers.Serializer[Any]):
    """A line of the bank about our account, and what it explains."""

    file = serializers.CharField(source="file.public_id")
    number = serializers.IntegerField()
    kind = serializers.CharField(source="file.kind")
    value_date = serializers.DateField(allow_null=True)
    amount = exact(allow_null=True, help_text="Above zero: to our account.")
    currency = serializers.CharField()
    reference = serializers.CharField()
    payer = serializers.CharField()
    text = serializers.CharField()
    outcome = serializers.ChoiceField(choices=BankLine.Outcome.choices)
    reason = serializers.CharField(help_text="Why a person must look.")
    explains = serializers.SerializerMethodField(help_text="Number of the entry; empty for none.")
    days = serializers.SerializerMethodField(help_text="Since the value date.")

    def get_explains(self, line: BankLine) -> str:
        """This will name what the line explains."""
        return selectors.explained_by(line)

    def get_days(self, line: BankLine) -> int | None:
        """This will say how old the line is."""
        return selectors.age_of(line, timezone.now().date())


class AccountLinePageShape(PageShape):
    """One page of lines."""

    results = AccountLineShape(many=True)


class OpenEntryShape(serializers.Serializer[Any]):
    """Money that our books say moved at the bank, of which no line of the bank tells."""

    number = serializers.CharField()
    kind = serializers.CharField()
    moved_at = serializers.DateTimeField()
    amount = exact()
    currency = serializers.CharField()


class OpenEntryPageShape(PageShape):
    """One page of entries."""

    results = OpenEntryShape(many=True)


class ExplainedShape(serializers.Serializer[Any]):
    """Which entry a line explains."""

    number = serializers.CharField(max_length=20, help_text="Of the entry: REM-, HSB-, RFD- or CNV-.")


class EnteredShape(serializers.Serializer[Any]):
    """For which store and reports money is that came in."""

    licensee = serializers.SlugRelatedField(slug_field="code", queryset=Licensee.objects.all())
    reports = serializers.SlugRelatedField(
        slug_field="public_id",
        queryset=SalesReport.objects.all(),
        many=True,
        required=False,
        help_text="Paid in this order as far as the money reaches; the rest stays the store's credit.",
    )
    paid_in = serializers.RegexField(
        r"^[A-Z]{3}$", required=False, default="", help_text="Currency of the reports, if it is another."
    )


def _line(request: Request, file_id: str, number: int) -> BankLine:
    lines = selectors.account_lines_for(signed_in(request))
    return get_object_or_404(lines, file__public_id=file_id, number=number)


@extend_schema(
    operation_id="bank_lines",
    parameters=[SHOW, *PAGES],
    responses=AccountLinePageShape,
    filters=False,
)
@api_view(["GET"])
def bank_lines(request: Request) -> Response:
    """The bank's lines about our account: those nobody has explained, oldest first, or the others, newest first."""
    finance_only(request)
    only_open = request.query_params.get("show") != "explained"
    return paged(request, selectors.bank_lines_for(signed_in(request), only_open=only_open), AccountLineShape)


@extend_schema(operation_id="open_entries", parameters=PAGES, responses=OpenEntryPageShape, filters=False)
@api_view(["GET"])
def open_entries(request: Request) -> Response:
    """What our books say moved at the bank and no line of the bank tells of, oldest first."""
    finance_only(request)
    return paged(request, selectors.OpenEntries(), OpenEntryShape)


@extend_schema(operation_id="bank_line", responses=AccountLineShape)
@api_view(["GET"])
def bank_line(request: Request, file_id: str, number: int) -> Response:
    """One line of the bank."""
    return Response(AccountLineShape(_line(request, file_id, number)).data)


@extend_schema(operation_id="explain_bank_line", request=ExplainedShape, responses=AccountLineShape)
@api_view(["POST"])
def explain_bank_line(request: Request, file_id: str, number: int) -> Response:
    """Say which entry a waiting line explains; amount and currency must be the same, and no other line explains it."""
    line, said = _line(request, file_id, number), read_body(ExplainedShape, request)
    services.explain_bank_line(line=line, number=said["number"], by=signed_in(request), now=timezone.now())
    return Response(AccountLineShape(_line(request, file_id, number)).data)


@extend_schema(operation_id="enter_bank_line", request=EnteredShape, responses={201: RemittanceSerializer})
@api_view(["POST"])
def enter_bank_line(request: Request, file_id: str, number: int) -> Response:
    """Enter money that came in as a payment of a store; entered again, the first payment stands."""
    line, said = _line(request, file_id, number), read_body(EnteredShape, request)
    made = services.enter_bank_line(
        line=line, **{"reports": []} | said, by=signed_in(request), now=timezone.now(), rates=settings.ROMS_RATES_FILE
    )
    return Response(RemittanceSerializer(made).data, status=201)


@extend_schema(operation_id="pass_bank_line", request=ForReasonShape, responses=AccountLineShape)
@api_view(["POST"])
def pass_bank_line(request: Request, file_id: str, number: int) -> Response:
    """Set a waiting line aside, with words."""
    line, said = _line(request, file_id, number), read_body(ForReasonShape, request)
    services.pass_bank_line(line=line, reason=said["reason"], by=signed_in(request), now=timezone.now())
    return Response(AccountLineShape(_line(request, file_id, number)).data)


decides_money(explain_bank_line, enter_bank_line, pass_bank_line)
