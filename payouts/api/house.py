"""The society's own bookings as JSON: what the bank took and paid, tax paid on, and what the account held at first."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from core.money import Money
from payouts import selectors, services
from payouts.api.payout import finance_only
from payouts.api.serializers import exact
from payouts.api.shapes import PageShape, decides_money, paged, read_body
from payouts.api.views import PAGES
from payouts.models import HouseBooking


class NewHouseBookingShape(serializers.Serializer[Any]):
    """A line of the bank's statement that is of no store and no holder."""

    kind = serializers.ChoiceField(choices=HouseBooking.Kind.choices)
    amount = exact()
    currency = serializers.RegexField(r"^[A-Z]{3}$")
    day = serializers.DateField(help_text="Value date at the bank.")
    reference = serializers.CharField(max_length=140)


class HouseBookingShape(NewHouseBookingShape):
    """A booking of the house; never changed."""

    id = serializers.CharField(source="public_id")
    entered_at = serializers.DateTimeField()


class HouseBookingPageShape(PageShape):
    """One page of bookings."""

    results = HouseBookingShape(many=True)


@extend_schema(
    methods=["GET"], operation_id="house_bookings", parameters=PAGES, responses=HouseBookingPageShape, filters=False
)
@extend_schema(
    methods=["POST"],
    operation_id="book_house",
    request=NewHouseBookingShape,
    responses={201: HouseBookingShape},
    filters=False,
)
@api_view(["GET", "POST"])
def house_bookings(request: Request) -> Response:
    """The house's own bookings, newest first, for the money office, which enters a new one.

    The same kind and reference with the same figures is the same booking and changes nothing.
    """
    finance_only(request)
    user = signed_in(request)
    if request.method == "GET":
        return paged(request, selectors.house_bookings_for(user), HouseBookingShape)
    said = read_body(NewHouseBookingShape, request)
    amount = Money(said.pop("amount"), said.pop("currency"))
    made = services.book_house(**said, amount=amount, by=user, now=timezone.now())
    return Response(HouseBookingShape(made).data, status=201)


@extend_schema(operation_id="house_booking", responses=HouseBookingShape)
@api_view(["GET"])
def house_booking(request: Request, booking_id: str) -> Response:
    """One booking."""
    found = get_object_or_404(selectors.house_bookings_for(signed_in(request)), public_id=booking_id)
    return Response(HouseBookingShape(found).data)


decides_money(house_bookings)
