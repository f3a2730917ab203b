"""Changing a filed claim over JSON: other terms, signed anew, the checks run again."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from claims import selectors, services
from claims.api.scopes import person, read_body
from claims.api.terms import SignatureShape, TermsShape, require_present_wording, terms_of
from claims.models import ClaimAmendment


class NewAmendmentShape(TermsShape, SignatureShape):
    """The terms from now on, and your signature under the present wording."""


class AmendmentShape(serializers.Serializer[ClaimAmendment]):
    """One change of a filed claim: the terms before and after."""

    at = serializers.DateTimeField()
    before = serializers.JSONField()
    after = serializers.JSONField()


@extend_schema(methods=["GET"], responses=AmendmentShape(many=True))
@extend_schema(methods=["POST"], request=NewAmendmentShape, responses={201: AmendmentShape(many=True)})
@api_view(["GET", "POST"])
def amendments(request: Request, claim_id: str) -> Response:
    """List the changes of a filed claim, oldest first; POST others, signed, until it is decided."""
    found = get_object_or_404(selectors.claims_for(request.user), public_id=claim_id)
    code = int(status.HTTP_200_OK)
    if request.method == "POST":
        form = read_body(NewAmendmentShape, request)
        require_present_wording(form)
        services.amend_claim(
            claim=found,
            terms=terms_of(form, standing=found.standing, authority=found.authority),
            signature=form["signature"],
            language=form["language"],
            by=person(request),
            now=timezone.now(),
        )
        code = int(status.HTTP_201_CREATED)
    rows: Any = found.amendments.order_by("pk")
    return Response(AmendmentShape(rows, many=True).data, status=code)
