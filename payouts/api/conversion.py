"""What the bank changed of money noted in another currency, as JSON: told by one person, booked by another."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from payouts import selectors, services
from payouts.api.payout import MONEY_DECISION, finance_only
from payouts.api.serializers import RemittancePageSerializer, RemittanceSerializer, exact
from payouts.api.shapes import PageShape, SecondWordShape, decides_money, paged, read_body
from payouts.api.views import PAGES
from payouts.models import Conversion, Remittance


class NewConversionShape(serializers.Serializer[Any]):
    """What the bank took and gave for payments of one pair of currencies."""

    remittances = serializers.SlugRelatedField(
        slug_field="public_id", queryset=Remittance.objects.all(), many=True, allow_empty=False
    )
    sold = exact(help_text="What the bank took of the currency they came in, in whole coins.")
    bought = exact(help_text="What it gave of the currency they count in.")
    day = serializers.DateField(help_text="Value date at the bank.")
    reference = serializers.CharField(max_length=140)


class ConversionShape(serializers.Serializer[Any]):
    """A conversion by the bank."""

    id = serializers.CharField(source="public_id")
    remittances = serializers.SerializerMethodField()
    sold = exact()
    sold_currency = serializers.CharField()
    bought = exact()
    bought_currency = serializers.CharField()
    day = serializers.DateField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=Conversion.Status.choices)
    proposed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_remittances(self, conversion: Conversion) -> list[str]:
        """This will name the payments."""
        return [part.remittance.public_id for part in conversion.parts.all()]


class ConversionPageShape(PageShape):
    """One page of conversions."""

    results = ConversionShape(many=True)


@extend_schema(operation_id="open_exchanges", parameters=PAGES, responses=RemittancePageSerializer, filters=False)
@api_view(["GET"])
def open_exchanges(request: Request) -> Response:
    """Payments noted in another currency that no conversion of the bank names yet, oldest first."""
    finance_only(request)
    found = selectors.open_exchanges_for(signed_in(request)).prefetch_related("allocations__report")
    return paged(request, found, RemittanceSerializer)


@extend_schema(
    methods=["GET"], operation_id="conversions", parameters=PAGES, responses=ConversionPageShape, filters=False
)
@extend_schema(
    methods=["POST"],
    operation_id="propose_conversion",
    request=NewConversionShape,
    responses={201: ConversionShape},
    filters=False,
)
@api_view(["GET", "POST"])
@permission_classes(MONEY_DECISION)
def conversions(request: Request) -> Response:
    """What the bank changed, newest first, for the money office; a new conversion waits for another person."""
    finance_only(request)
    user = signed_in(request)
    if request.method == "GET":
        return paged(request, selectors.conversions_for(user), ConversionShape)
    said = read_body(NewConversionShape, request)
    made = services.propose_conversion(**said, by=user, now=timezone.now())
    return Response(ConversionShape(made).data, status=201)


@extend_schema(operation_id="conversion", responses=ConversionShape)
@api_view(["GET"])
def conversion(request: Request, conversion_id: str) -> Response:
    """One conversion."""
    found = get_object_or_404(selectors.conversions_for(signed_in(request)), public_id=conversion_id)
    return Response(ConversionShape(found).data)


@extend_schema(operation_id="decide_conversion", request=SecondWordShape, responses=ConversionShape)
@api_view(["POST"])
@permission_classes(MONEY_DECISION)
def decide_conversion(request: Request, conversion_id: str) -> Response:
    """Book what the bank changed, or refuse it, as the second person; the difference is the house's gain or loss."""
    user = signed_in(request)
    found = get_object_or_404(selectors.conversions_for(user), public_id=conversion_id)
    said = read_body(SecondWordShape, request)
    done = services.decide_conversion(conversion=found, **said, by=user, now=timezone.now())
    return Response(ConversionShape(done).data)


decides_money(conversions, decide_conversion)
