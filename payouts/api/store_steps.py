"""Plans to pay in parts, and credit sent back, as JSON: the same services and two persons as on the store's page."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from core.money import Money
from payouts import selectors, services
from payouts.api.payout import MONEY_DECISION, finance_only
from payouts.api.serializers import exact
from payouts.api.shapes import ForReasonShape, PageShape, SecondWordShape, decides_money, paged, read_body
from payouts.api.views import PAGES
from payouts.models import AmountDue, InstalmentPlan, StoreRefund
from sales.models import Licensee

STORE = OpenApiParameter("licensee", str, description="Short name of a store: only what is about it.")


class InstalmentShape(serializers.Serializer[Any]):
    """One dated part of a plan."""

    due_date = serializers.DateField()
    amount = exact()


class PlanShape(serializers.Serializer[Any]):
    """A plan by which a store pays notes in parts."""

    id = serializers.CharField(source="public_id")
    licensee = serializers.CharField(source="licensee.code")
    currency = serializers.CharField()
    status = serializers.ChoiceField(choices=InstalmentPlan.Status.choices)
    notes = serializers.SerializerMethodField()
    parts = serializers.SerializerMethodField()
    proposed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_notes(self, plan: InstalmentPlan) -> list[str]:
        """This will name the notes of a plan."""
        return sorted(one.note.number for one in plan.notes.all())

    @extend_schema_field(InstalmentShape(many=True))
    def get_parts(self, plan: InstalmentPlan) -> Any:
        """This will give the parts by their days."""
        return InstalmentShape(sorted(plan.parts.all(), key=lambda part: part.due_date), many=True).data


class OpenInstalmentShape(InstalmentShape):
    """A part, and what is still due of it: payments count for the oldest part first."""

    left = exact()
    is_missed = serializers.BooleanField()


class PlanTodayShape(PlanShape):
    """A plan, each part with what is still due of it today."""

    @extend_schema_field(OpenInstalmentShape(many=True))
    def get_parts(self, plan: InstalmentPlan) -> Any:
        """This will give the parts as they stand today."""
        return OpenInstalmentShape(selectors.parts_of_plan(plan, timezone.now().date()), many=True).data


class PlanPageShape(PageShape):
    """One page of plans."""

    results = PlanShape(many=True)


class NewPlanShape(serializers.Serializer[Any]):
    """Notes of one store that are paid in equal parts, one a month."""

    licensee = serializers.SlugRelatedField(slug_field="code", queryset=Licensee.objects.all())
    notes = serializers.SlugRelatedField(
        slug_field="number", queryset=AmountDue.objects.select_related("report"), many=True, allow_empty=False
    )
    first = serializers.DateField(help_text="Day of the first part.")
    count = serializers.IntegerField(min_value=2, max_value=60, help_text="How many parts.")


class RefundShape(serializers.Serializer[Any]):
    """Credit of a store that goes back to it."""

    id = serializers.CharField(source="public_id")
    licensee = serializers.CharField(source="licensee.code")
    amount = exact()
    currency = serializers.CharField()
    status = serializers.ChoiceField(choices=StoreRefund.Status.choices)
    proposed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class RefundPageShape(PageShape):
    """One page of refunds."""

    results = RefundShape(many=True)


class NewRefundShape(ForReasonShape):
    """How much of a store's credit goes back, and why."""

    licensee = serializers.SlugRelatedField(slug_field="code", queryset=Licensee.objects.all())
    amount = exact()
    currency = serializers.RegexField(r"^[A-Z]{3}$")


def _of_store(request: Request, rows: Any) -> Any:
    code = request.query_params.get("licensee")
    return rows.filter(licensee__code=code) if code else rows


# Instalments


@extend_schema(
    methods=["GET"], operation_id="instalment_plans", parameters=[STORE, *PAGES], responses=PlanPageShape, filters=False
)
@extend_schema(
    methods=["POST"], operation_id="propose_plan", request=NewPlanShape, responses={201: PlanTodayShape}, filters=False
)
@api_view(["GET", "POST"])
@permission_classes(MONEY_DECISION)
def plans(request: Request) -> Response:
    """Plans by which stores pay in parts: all for finance, a store's own agreed or ended ones; finance proposes one.

    What is still due on the notes is cut into equal parts, one a month. Another person agrees.
    """
    user = signed_in(request)
    if not selectors.sees_store_money(user):
        raise NotFound
    if request.method == "GET":
        return paged(request, _of_store(request, selectors.plans_for(user)), PlanShape)
    services.require_finance(user)
    said = read_body(NewPlanShape, request)
    notes = sorted(said["notes"], key=lambda note: (note.due_date, note.pk))
    parts = services.equal_parts(notes, said["first"], said["count"])
    made = services.propose_plan(licensee=said["licensee"], notes=notes, parts=parts, by=user, now=timezone.now())
    return Response(PlanTodayShape(made).data, status=201)


@extend_schema(operation_id="instalment_plan", responses=PlanTodayShape)
@api_view(["GET"])
def plan(request: Request, plan_id: str) -> Response:
    """A plan with what is still due of each part today."""
    found = get_object_or_404(selectors.plans_for(signed_in(request)), public_id=plan_id)
    return Response(PlanTodayShape(found).data)


@extend_schema(operation_id="decide_plan", request=SecondWordShape, responses=PlanTodayShape)
@api_view(["POST"])
@permission_classes(MONEY_DECISION)
def decide_plan(request: Request, plan_id: str) -> Response:
    """Agree to a plan or refuse it, as the second person."""
    user = signed_in(request)
    found = get_object_or_404(selectors.plans_waiting_for(user), public_id=plan_id)
    said = read_body(SecondWordShape, request)
    done = services.decide_plan(plan=found, agree=said["approve"], reason=said["reason"], by=user, now=timezone.now())
    return Response(PlanTodayShape(done).data)


@extend_schema(operation_id="end_plan", request=ForReasonShape, responses=PlanTodayShape)
@api_view(["POST"])
@permission_classes(MONEY_DECISION)
def end_plan(request: Request, plan_id: str) -> Response:
    """End a plan of which a part was missed: its notes are due again on their own days."""
    user = signed_in(request)
    found = get_object_or_404(selectors.plans_waiting_for(user), public_id=plan_id)
    said = read_body(ForReasonShape, request)
    done = services.end_plan(plan=found, reason=said["reason"], by=user, now=timezone.now())
    return Response(PlanTodayShape(done).data)


# Credit sent back


@extend_schema(
    methods=["GET"], operation_id="refunds", parameters=[STORE, *PAGES], responses=RefundPageShape, filters=False
)
@extend_schema(
    methods=["POST"], operation_id="propose_refund", request=NewRefundShape, responses={201: RefundShape}, filters=False
)
@api_view(["GET", "POST"])
@permission_classes(MONEY_DECISION)
def refunds(request: Request) -> Response:
    """Credit of stores that goes back to them, for the money office; a new refund waits for another person."""
    finance_only(request)
    user = signed_in(request)
    if request.method == "GET":
        return paged(request, _of_store(request, selectors.refunds_for(user)), RefundShape)
    said = read_body(NewRefundShape, request)
    made = services.propose_refund(
        licensee=said["licensee"],
        amount=Money(said["amount"], said["currency"]),
        reason=said["reason"],
        by=user,
        now=timezone.now(),
    )
    return Response(RefundShape(made).data, status=201)


@extend_schema(operation_id="refund", responses=RefundShape)
@api_view(["GET"])
def refund(request: Request, refund_id: str) -> Response:
    """One refund."""
    found = get_object_or_404(selectors.refunds_for(signed_in(request)), public_id=refund_id)
    return Response(RefundShape(found).data)


@extend_schema(operation_id="decide_refund", request=SecondWordShape, responses=RefundShape)
@api_view(["POST"])
@permission_classes(MONEY_DECISION)
def decide_refund(request: Request, refund_id: str) -> Response:
    """Approve a refund (the money leaves our account) or refuse it, as the second person."""
    user = signed_in(request)
    found = get_object_or_404(selectors.refunds_for(user), public_id=refund_id)
    said = read_body(SecondWordShape, request)
    done = services.decide_refund(
        refund=found, approve=said["approve"], reason=said["reason"], by=user, now=timezone.now()
    )
    return Response(RefundShape(done).data)


decides_money(plans, decide_plan, end_plan, refunds, decide_refund)
