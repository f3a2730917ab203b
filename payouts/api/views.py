"""A holder's balance and statement, what stores owe, what they paid, as JSON."""

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken
from accounts.selectors import signed_in
from catalog.models import RightsHolder
from claims import services as cases
from core.api import Pages
from core.money import Money
from ledger.streams import snapshot
from payouts import selectors, services
from payouts.api import serializers
from payouts.formats.statement_csv import ALWAYS, WORDINGS, hash_of
from sales.models import Licensee, SalesReport

HOLDER = OpenApiParameter("holder", str, required=True, description="Public id of the holder, HLD-...")
PAGES = [
    OpenApiParameter("page", int, description="Page number, from 1."),
    OpenApiParameter("page_size", int, description="Rows of a page, at most 500."),
]


def _holder(request: Request) -> RightsHolder:
    return get_object_or_404(
        selectors.holders_for(signed_in(request)), public_id=request.query_params.get("holder", "")
    )


@extend_schema(
    operation_id="statement",
    parameters=[
        HOLDER,
        OpenApiParameter("start", str, description="First day, YYYY-MM-DD; without it the first posting."),
        OpenApiParameter("end", str, description="First day after, YYYY-MM-DD; without it tomorrow."),
        *PAGES,
    ],
    responses=serializers.StatementSerializer,
)
@api_view(["GET"])
def statement(request: Request) -> Response:
    """A holder's statement from the ledger: opening, movements (in pages), closing, exact to the last digit.

    `sha256` is the hash of the CSV file with the same facts; null for more than 5,000 movements, whose file says it.
    """
    holder = _holder(request)
    start, end = selectors.statement_period(holder, timezone.now().date())
    asked = serializers.PeriodSerializer(data={"start": start, "end": end} | request.query_params.dict())
    asked.is_valid(raise_exception=True)
    pages = Pages()
    with snapshot():
        facts = selectors.statement_facts(holder=holder, **asked.validated_data)
        movements = list(pages.paginate_queryset(facts.movements, request) or [])
        sha256 = hash_of(facts)
    body = {
        "holder": holder.public_id,
        "start": facts.start,
        "end": facts.end,
        "sha256": sha256 or None,
        "wording": [text for text in (WORDINGS[facts.wording], ALWAYS) if text],
        "opening": facts.opening,
        "closing": facts.closing,
        "movements": movements,
        "count": len(facts.movements),
        "next": pages.get_next_link(),
        "previous": pages.get_previous_link(),
    }
    return Response(serializers.StatementSerializer(body).data)


@extend_schema(
    operation_id="balances", parameters=[HOLDER], responses=serializers.BandSerializer(many=True), filters=False
)
@api_view(["GET"])
def balances(request: Request) -> Response:
    """What rests where for a holder per currency, the part received from the stores apart."""
    return Response(serializers.BandSerializer(selectors.bands(_holder(request)), many=True).data)


@extend_schema(
    operation_id="ask_for_money",
    request=serializers.NewMoneyRequestSerializer,
    responses={201: serializers.MoneyRequestSerializer},
)
@api_view(["POST"])
def money_requests(request: Request) -> Response:
    """Ask for the money of sales after the holder's opt-outs: what was sold before today becomes payable.

    It cannot be taken back. Later sales are kept apart again. It permits no sale and ends no opt-out. Asked again on
    the same day, the first answer is given.
    """
    asked = serializers.NewMoneyRequestSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    user = signed_in(request)
    holder = get_object_or_404(selectors.holders_for(user), public_id=asked.validated_data["holder"])
    made = cases.ask_for_money(holder=holder, by=user, now=timezone.now())
    return Response(serializers.MoneyRequestSerializer(made).data, status=201)


@extend_schema(operation_id="amounts_due", parameters=PAGES, responses=serializers.DuePageSerializer)
@api_view(["GET"])
def amounts_due(request: Request) -> Response:
    """The numbered notes of what a store owes per report: all for finance, its own for a store."""
    if not selectors.sees_store_money(signed_in(request)):
        raise NotFound
    pages = Pages()
    notes = pages.paginate_queryset(selectors.amounts_due_for(signed_in(request)), request)
    return pages.get_paginated_response(serializers.DueSerializer(selectors.due_rows(notes or []), many=True).data)


@extend_schema(operation_id="amount_due", responses=serializers.NoteSerializer)
@api_view(["GET"])
def amount_due(request: Request, number: str) -> Response:
    """One note with its workings: period, bases, deductions, tariff, tax, what it corrects, how it is paid."""
    note = get_object_or_404(selectors.amounts_due_for(signed_in(request)), number=number)
    return Response(serializers.NoteSerializer(selectors.due_rows([note])[0]).data)


@extend_schema(
    methods=["GET"], operation_id="remittances", parameters=PAGES, responses=serializers.RemittancePageSerializer
)
@extend_schema(
    methods=["POST"],
    operation_id="record_remittance",
    request=serializers.NewRemittanceSerializer,
    responses={201: serializers.RemittanceSerializer},
)
@api_view(["GET", "POST"])
def remittances(request: Request) -> Response:
    """Payments received from stores; finance enters a new one.

    The same payer and reference with the same figures is the same payment and changes nothing.
    """
    user = signed_in(request)
    if not selectors.sees_store_money(user):
        raise NotFound
    if request.method == "POST":
        return _record(request)
    pages = Pages()
    found = pages.paginate_queryset(selectors.remittances_for(user), request)
    return pages.get_paginated_response(serializers.RemittanceSerializer(found, many=True).data)


def _record(request: Request) -> Response:
    services.require_finance(signed_in(request))  # before the body: what it names exists or not is finance's to know
    asked = serializers.NewRemittanceSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    data = asked.validated_data
    licensee: Licensee = data["licensee"]
    parts: list[tuple[SalesReport, object]] = [(part["report"], part.get("amount")) for part in data["allocations"]]
    remittance = services.record_remittance(
        licensee=licensee,
        payer=data["payer"],
        amount=Money(data["amount"], data["currency"]),
        received_date=data["received_date"],
        reference=data["reference"],
        allocations=[services.Allocation(*part) for part in parts],  # type: ignore[arg-type]
        by=signed_in(request),
        now=timezone.now(),
        paid_in=data["paid_in"],
        rates=settings.ROMS_RATES_FILE,
    )
    return Response(serializers.RemittanceSerializer(remittance).data, status=201)


remittances.cls.write_scope = ApiToken.Scope.DECIDE  # type: ignore[attr-defined]
