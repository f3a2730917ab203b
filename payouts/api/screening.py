"""Sanctions lists in their editions, and what screening found, as JSON, for the money office."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from core.api import PartsParser
from payouts import selectors, services
from payouts.api.payout import MONEY_DECISION, finance_only
from payouts.api.shapes import ForReasonShape, PageShape, decides_money, paged, read_body
from payouts.api.views import PAGES
from payouts.models import SanctionsList, ScreeningCase


class EditionShape(serializers.Serializer[Any]):
    """One edition of a sanctions list, kept as uploaded."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField(help_text="Whose list.")
    edition = serializers.IntegerField(help_text="Its number within its list, from 1.")
    in_force = serializers.SerializerMethodField(help_text="Whether it is the edition of its list that counts.")
    sha256 = serializers.CharField()
    entry_count = serializers.IntegerField()
    uploaded_at = serializers.DateTimeField()

    def get_in_force(self, edition: SanctionsList) -> bool:
        """This will tell whether the edition counts."""
        return edition.pk in self.context["in_force"]


class EditionPageShape(PageShape):
    """One page of editions."""

    results = EditionShape(many=True)


class NewEditionShape(serializers.Serializer[Any]):
    """An edition of a list: CSV with a column `name` and perhaps `number`, or one name a line. UTF-8."""

    name = serializers.CharField(max_length=100, help_text="Whose list: the same words for every edition.")
    file = serializers.FileField()


class ScreeningCaseShape(serializers.Serializer[Any]):
    """A holder, or one of its bank accounts, has a name of a list. It stops nothing by itself."""

    id = serializers.CharField(source="public_id")
    holder = serializers.CharField(source="holder.public_id")
    list_name = serializers.CharField()
    number = serializers.CharField(help_text="The list's own number of the person.")
    name = serializers.CharField(source="entry.name", help_text="As the list has it.")
    status = serializers.ChoiceField(choices=ScreeningCase.Status.choices)
    found_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ScreeningCasePageShape(PageShape):
    """One page of cases."""

    results = ScreeningCaseShape(many=True)


class ScreenedShape(ForReasonShape):
    """Whether the holder is the person of the list, and how that is known."""

    same = serializers.BooleanField()


def _told(edition: SanctionsList) -> Any:
    return EditionShape(edition, context={"in_force": selectors.editions_in_force()}).data


@extend_schema(
    methods=["GET"], operation_id="sanctions_lists", parameters=PAGES, responses=EditionPageShape, filters=False
)
@extend_schema(
    methods=["POST"],
    operation_id="take_sanctions_list",
    request={"multipart/form-data": NewEditionShape},
    responses={201: EditionShape},
    filters=False,
)
@api_view(["GET", "POST"])
@parser_classes([PartsParser])
def sanctions_lists(request: Request) -> Response:
    """The editions taken in, newest first; a new one is in force at once, and everybody is looked for by it.

    The same bytes again are the edition that is kept already: nothing changes, `in_force` says whether it counts.
    """
    finance_only(request)
    user = signed_in(request)
    if request.method == "POST":
        said = read_body(NewEditionShape, request)
        taken = services.take_sanctions_list(
            name=said["name"], content=said["file"].read(), by=user, now=timezone.now()
        )
        return Response(_told(_edition(request, taken.public_id)), status=201)
    return paged(request, selectors.sanctions_lists_for(user), EditionShape, in_force=selectors.editions_in_force())


def _edition(request: Request, edition_id: str) -> SanctionsList:
    found = get_object_or_404(selectors.sanctions_lists_for(signed_in(request)), public_id=edition_id)
    found.edition = selectors.edition_number(found)  # type: ignore[attr-defined]
    return found


@extend_schema(operation_id="sanctions_list", responses=EditionShape)
@api_view(["GET"])
def sanctions_list(request: Request, edition_id: str) -> Response:
    """One edition of a list."""
    return Response(_told(_edition(request, edition_id)))


@extend_schema(operation_id="choose_sanctions_list", request=None, responses=EditionShape)
@api_view(["POST"])
@permission_classes(MONEY_DECISION)
def choose_sanctions_list(request: Request, edition_id: str) -> Response:
    """Put a kept edition in force, an earlier one too; everybody is looked for by it. Chosen twice, nothing changes."""
    found = _edition(request, edition_id)
    services.choose_sanctions_list(edition=found, by=signed_in(request), now=timezone.now())
    return Response(_told(found))


@extend_schema(
    operation_id="screening_cases",
    parameters=[
        OpenApiParameter("status", str, enum=ScreeningCase.Status.values, description="Only cases in this state."),
        *PAGES,
    ],
    responses=ScreeningCasePageShape,
    filters=False,
)
@api_view(["GET"])
def screening_cases(request: Request) -> Response:
    """Holders whose name, or that of a bank account, is on a list: the open ones first."""
    finance_only(request)
    found = selectors.screening_cases_for(signed_in(request))
    status = request.query_params.get("status")
    return paged(request, found.filter(status=status) if status else found, ScreeningCaseShape)


@extend_schema(operation_id="screening_case", responses=ScreeningCaseShape)
@api_view(["GET"])
def screening_case(request: Request, case_id: str) -> Response:
    """One case."""
    found = get_object_or_404(selectors.screening_cases_for(signed_in(request)), public_id=case_id)
    return Response(ScreeningCaseShape(found).data)


@extend_schema(operation_id="decide_screening", request=ScreenedShape, responses=ScreeningCaseShape)
@api_view(["POST"])
@permission_classes(MONEY_DECISION)
def decide_screening(request: Request, case_id: str) -> Response:
    """Write down whether the holder is the person of the list; a hold of its money is ordered apart."""
    user = signed_in(request)
    found = get_object_or_404(selectors.screening_cases_for(user), public_id=case_id)
    said = read_body(ScreenedShape, request)
    done = services.decide_screening(case=found, **said, by=user, now=timezone.now())
    return Response(ScreeningCaseShape(done).data)


decides_money(sanctions_lists, choose_sanctions_list, decide_screening)
