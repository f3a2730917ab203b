"""Bank accounts, payments and payout batches as JSON. An account number never leaves by this door, nor comes in."""

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, parser_classes, permission_classes
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.doors import HasScope, ProvedToWrite
from accounts.models import ApiToken
from accounts.selectors import signed_in
from core.api import Pages, PartsParser
from payouts import selectors, services
from payouts.api import serializers
from payouts.api.views import HOLDER, PAGES

MONEY_DECISION = [IsAuthenticated, HasScope, ProvedToWrite]


def finance_only(request: Request) -> None:
    """This will let nobody else know that there is something here. Raises: NotFound."""
    if not selectors.is_finance(signed_in(request)):
        raise NotFound


def _holder_id(request: Request) -> str:
    return str(request.query_params.get("holder", ""))


@extend_schema(
    operation_id="payees", parameters=[HOLDER], responses=serializers.PayeeSerializer(many=True), filters=False
)
@api_view(["GET"])
def payees(request: Request) -> Response:
    """The bank accounts of a holder: kind, country, currency and state; entered and changed on the pages only."""
    holder = get_object_or_404(selectors.holders_for(signed_in(request)), public_id=_holder_id(request))
    return Response(serializers.PayeeSerializer(selectors.payees_of(holder), many=True).data)


@extend_schema(operation_id="payments", parameters=[HOLDER, *PAGES], responses=serializers.PaymentPageSerializer)
@api_view(["GET"])
def payments(request: Request) -> Response:
    """What was paid to a holder: gross, tax and deduction kept back, net, and the rate of a conversion."""
    holder = get_object_or_404(selectors.holders_for(signed_in(request)), public_id=_holder_id(request))
    pages = Pages()
    found = pages.paginate_queryset(selectors.payments_for(signed_in(request)).filter(holder=holder), request)
    return pages.get_paginated_response(serializers.PaymentSerializer(found, many=True).data)


@extend_schema(methods=["GET"], operation_id="batches", parameters=PAGES, responses=serializers.BatchPageSerializer)
@extend_schema(
    methods=["POST"],
    operation_id="draft_batch",
    request=serializers.NewBatchSerializer,
    responses={201: serializers.BatchSerializer},
)
@api_view(["GET", "POST"])
def batches(request: Request) -> Response:
    """The payout batches, for the money office; a new one is drafted of one currency and posts nothing."""
    finance_only(request)
    if request.method == "POST":
        asked = serializers.NewBatchSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        batch = services.draft_batch(
            currency=asked.validated_data["currency"],
            by=signed_in(request),
            now=timezone.now(),
            rates=settings.ROMS_RATES_FILE,
        )
        return Response(serializers.BatchSerializer(batch).data, status=201)
    pages = Pages()
    found = pages.paginate_queryset(selectors.batches_for(signed_in(request)), request)
    return pages.get_paginated_response(serializers.BatchSerializer(found, many=True).data)


@extend_schema(operation_id="approve_batch", request=None, responses=serializers.BatchSerializer)
@api_view(["POST"])
@permission_classes(MONEY_DECISION)
def approve_batch(request: Request, batch_id: str) -> Response:
    """Approve a batch as the second person: its money is on its way."""
    finance_only(request)
    batch = get_object_or_404(selectors.batches_for(signed_in(request)), public_id=batch_id)
    done = services.approve_batch(batch=batch, by=signed_in(request), now=timezone.now())
    return Response(serializers.BatchSerializer(done).data)


@extend_schema(
    operation_id="take_bank_file",
    request={"multipart/form-data": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}},
    responses={201: serializers.BankFileSerializer},
)
@api_view(["POST"])
@parser_classes([PartsParser])
def bank_files(request: Request) -> Response:
    """Take in a pain.002, camt.053 or camt.054; the same file again changes nothing."""
    finance_only(request)
    asked = serializers.NewBankFileSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    taken = services.take_bank_file(
        content=asked.validated_data["file"].read(), by=signed_in(request), now=timezone.now()
    )
    return Response(serializers.BankFileSerializer(taken.file).data, status=201 if taken.is_new else 200)


for _door in (batches, approve_batch, bank_files):
    _door.cls.write_scope = ApiToken.Scope.DECIDE  # type: ignore[attr-defined]
