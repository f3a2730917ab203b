"""Claims over JSON: draft, prove, sign, follow, take back; reviewers decide. The same services as the pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, parser_classes
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Authority, RightsShare, Track
from catalog.rights import Right
from claims import selectors, services
from claims.api.scopes import decides, person, read_body
from claims.api.terms import SignatureShape, TermsShape, require_present_wording, terms_of
from claims.models import Check, Claim, ClaimLine, EvidenceDocument
from claims.reasons import DECISION, words
from core.api import Pages, PartsParser

TRACKS_MAX = 10_000


class ClaimAmountShape(serializers.Serializer[Any]):
    """Money of one currency: received by ROMS, and reported but not yet paid by the store."""

    currency = serializers.CharField()
    received = serializers.DecimalField(max_digits=24, decimal_places=8)
    unpaid = serializers.DecimalField(max_digits=24, decimal_places=8)


class ClaimCheckShape(serializers.Serializer[Check]):
    """What an automatic check of a claim found."""

    name = serializers.CharField()
    result = serializers.ChoiceField(choices=Check.Result.choices)
    code = serializers.CharField(source="reason")
    detail = serializers.SerializerMethodField()

    def get_detail(self, check: Check) -> str:
        return words(check.reason, check.params) if check.reason else ""


class ClaimShape(serializers.Serializer[Claim]):
    """A claim and how far it is."""

    id = serializers.CharField(source="public_id")
    holder = serializers.CharField(source="holder.public_id")
    authority = serializers.CharField(source="authority.public_id", allow_null=True, default=None)
    status = serializers.ChoiceField(choices=Claim.Status.choices)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Claim.Role.choices))
    standing = serializers.ChoiceField(choices=Claim.Standing.choices)
    choice = serializers.ChoiceField(choices=RightsShare.Choice.choices)
    created_at = serializers.DateTimeField()
    filed_at = serializers.DateTimeField(allow_null=True)
    deadline_at = serializers.DateTimeField(allow_null=True, help_text="Our own goal; when it passes nothing moves.")
    decided_at = serializers.DateTimeField(allow_null=True)
    checks = ClaimCheckShape(many=True)


class ClaimLineShape(serializers.Serializer[Any]):
    """One right of one track: what is claimed, what became of it, what waits and what moved to the holder."""

    line = serializers.IntegerField(source="number", help_text="Within this claim, from 1.")
    track = serializers.CharField()
    right = serializers.ChoiceField(choices=Right.choices)
    percent = serializers.DecimalField(max_digits=9, decimal_places=6)
    territories = serializers.CharField()
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True, help_text="Half-open; null: until further notice.")
    outcome = serializers.ChoiceField(choices=ClaimLine.Outcome.choices)
    reason = serializers.CharField()
    granted_percent = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    waiting = ClaimAmountShape(many=True, help_text="Exact once the claim is filed; nothing before.")
    moved = ClaimAmountShape(many=True)


class NewClaimShape(TermsShape):
    """What is claimed, of which tracks, where and when, and what shall happen with the money."""

    holder = serializers.CharField(help_text="Public id of the owner of the rights.")
    authority = serializers.CharField(required=False, help_text="Public id, when you act for the holder as its agent.")
    tracks = serializers.ListField(child=serializers.CharField(), required=False, max_length=TRACKS_MAX)
    repertoire_list = serializers.CharField(required=False, help_text="A list that was looked up, instead of tracks.")
    standing = serializers.ChoiceField(choices=Claim.Standing.choices, default=Claim.Standing.SELF)


class NewEvidenceShape(serializers.Serializer[Any]):
    """A document: PDF, PNG, JPEG, TXT, DOCX (no macros) or XLSX, at most 20 MB."""

    kind = serializers.CharField(help_text="A code: contract, registration, identity, inheritance, authority ...")
    file = serializers.FileField()


class DocumentShape(serializers.Serializer[EvidenceDocument]):
    """A document that was kept."""

    id = serializers.CharField(source="public_id")
    kind = serializers.CharField(help_text="A code: contract, registration, identity, inheritance, authority ...")
    content_type = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()


class AttestationShape(serializers.Serializer[Any]):
    """The exact wording a claim is signed under."""

    language = serializers.CharField()
    version = serializers.IntegerField()
    text = serializers.CharField()
    sha256 = serializers.CharField()


class ClaimWordsShape(serializers.Serializer[Any]):
    """Words to the other side."""

    text = serializers.CharField(max_length=5000)


class LineDecisionShape(serializers.Serializer[Any]):
    """The decision about one line."""

    line = serializers.IntegerField(help_text="Its number within the claim.")
    outcome = serializers.ChoiceField(choices=["accepted", "reduced", "rejected"])
    reason = serializers.ChoiceField(choices=list(DECISION.items()), default="proof_in_order")
    percent = serializers.DecimalField(max_digits=9, decimal_places=6, required=False, allow_null=True)


class ApproveShape(serializers.Serializer[Any]):
    """Lines not named are accepted as claimed."""

    lines = LineDecisionShape(many=True, required=False)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class RejectShape(serializers.Serializer[Any]):
    """One reason for all lines."""

    reason = serializers.ChoiceField(choices=list(DECISION.items()))
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True)


@extend_schema(methods=["GET"], responses=ClaimShape(many=True))
@extend_schema(methods=["POST"], request=NewClaimShape, responses={201: ClaimShape})
@api_view(["GET", "POST"])
def claims(request: Request) -> Response:
    """List the claims you may see, newest first; POST a new draft."""
    if request.method == "GET":
        pages = Pages()
        page: list[Claim] = pages.paginate_queryset(_seen(request), request) or []
        return pages.get_paginated_response(ClaimShape(page, many=True).data)  # type: ignore[arg-type]
    draft = services.create_draft(**_draft(request), by=person(request), now=timezone.now())
    return _one(request, draft.public_id, status.HTTP_201_CREATED)


@extend_schema(responses=AttestationShape)
@api_view(["GET"])
def attestation(request: Request) -> Response:
    """Show the exact wording a claim is signed under, in `?language=`."""
    text = services.attestation_text("claim", request.query_params.get("language", "en"))
    return Response(AttestationShape(text).data)


@extend_schema(methods=["GET"], responses=ClaimShape)
@extend_schema(methods=["PUT"], request=NewClaimShape, responses=ClaimShape)
@api_view(["GET", "PUT"])
def claim(request: Request, claim_id: str) -> Response:
    """Show one claim; PUT other tracks and terms into a draft (its holder stays)."""
    found = _claim(request, claim_id)
    if request.method == "PUT":
        draft = _draft(request)
        if draft.pop("repertoire") != found.repertoire:
            raise serializers.ValidationError({"repertoire_list": "A draft keeps its list."}, code="fixed")
        if draft.pop("holder") != found.holder:
            raise serializers.ValidationError({"holder": "A draft keeps its holder."}, code="fixed")
        services.amend_draft(claim=found, **draft, by=person(request), now=timezone.now())
    return _one(request, claim_id)


@extend_schema(responses=ClaimLineShape(many=True))
@api_view(["GET"])
def claim_lines(request: Request, claim_id: str) -> Response:
    """List the lines with their outcome, what waits for each and what moved to the holder."""
    found, pages = _claim(request, claim_id), Pages()
    numbers = _numbers(found)
    page = pages.paginate_queryset(selectors.lines_of(found), request) or []
    rows = [
        {
            "number": numbers[line.pk],
            "track": line.track.public_id,
            "territories": line.territories.label,
            "reason": line.outcome_reason,
            "waiting": waiting if found.filed_at else [],
            "moved": moved,
            **{name: getattr(line, name) for name in ("right", "percent", "start", "end", "outcome")},
            "granted_percent": line.granted_percent,
        }
        for line, waiting, moved in selectors.with_amounts(found, page)
    ]
    return pages.get_paginated_response(ClaimLineShape(rows, many=True).data)


@extend_schema(request={"multipart/form-data": NewEvidenceShape}, responses={201: DocumentShape})
@api_view(["POST"])
@parser_classes([PartsParser])
def claim_evidence(request: Request, claim_id: str) -> Response:
    """Keep a document, sealed, and show it for this claim."""
    found, form = _claim(request, claim_id), read_body(NewEvidenceShape, request)
    document = services.add_evidence(
        holder=found.holder,
        name=form["file"].name,
        content=form["file"].read(services.EVIDENCE_SIZE_MAX + 1),
        kind=form["kind"],
        by=person(request),
        now=timezone.now(),
        claim=found,
    )
    return Response(DocumentShape(document).data, status=status.HTTP_201_CREATED)


@extend_schema(request=SignatureShape, responses=ClaimShape)
@api_view(["POST"])
def file_claim(request: Request, claim_id: str) -> Response:
    """Sign a draft under the wording you have read, and file it; its checks start."""
    found, form = _claim(request, claim_id), read_body(SignatureShape, request)
    require_present_wording(form)
    services.file_claim(
        claim=found, signature=form["signature"], language=form["language"], by=person(request), now=timezone.now()
    )
    return _one(request, claim_id)


@extend_schema(request=ClaimWordsShape, responses=ClaimShape)
@api_view(["POST"])
def answer_claim(request: Request, claim_id: str) -> Response:
    """Answer a reviewer who asked for more."""
    found, form = _claim(request, claim_id), read_body(ClaimWordsShape, request)
    services.answer_claim(claim=found, answer=form["text"], by=person(request), now=timezone.now())
    return _one(request, claim_id)


@extend_schema(request=None, responses=ClaimShape)
@api_view(["POST"])
def retract_claim(request: Request, claim_id: str) -> Response:
    """Take a claim back before it is decided."""
    services.retract_claim(claim=_claim(request, claim_id), by=person(request), now=timezone.now())
    return _one(request, claim_id)


@extend_schema(request=None, responses=ClaimShape)
@decides
@api_view(["POST"])
def start_review(request: Request, claim_id: str) -> Response:
    """Take a filed claim under review; for reviewers."""
    services.start_review(claim=_claim(request, claim_id), by=person(request), now=timezone.now())
    return _one(request, claim_id)


@extend_schema(request=ClaimWordsShape, responses=ClaimShape)
@decides
@api_view(["POST"])
def request_evidence(request: Request, claim_id: str) -> Response:
    """Ask the holder for more; for reviewers."""
    found, form = _claim(request, claim_id), read_body(ClaimWordsShape, request)
    services.request_evidence(claim=found, question=form["text"], by=person(request), now=timezone.now())
    return _one(request, claim_id)


@extend_schema(request=ApproveShape, responses=ClaimShape)
@decides
@api_view(["POST"])
def approve_claim(request: Request, claim_id: str) -> Response:
    """Approve a claim, line by line; the award is posted right after; for reviewers."""
    found, form = _claim(request, claim_id), read_body(ApproveShape, request)
    lines = {number: pk for pk, number in _numbers(found).items()}
    decisions = {pk: services.LineDecision("accepted") for pk in lines.values()}
    for line in form.get("lines", []):
        if line["line"] not in lines:
            raise serializers.ValidationError({"lines": f"No line {line['line']}."}, code="unknown")
        decisions[lines[line["line"]]] = services.LineDecision(line["outcome"], line["reason"], line.get("percent"))
    services.decide_claim(
        claim=found, decisions=decisions, note=form.get("note", ""), by=person(request), now=timezone.now()
    )
    return _one(request, claim_id)


@extend_schema(request=RejectShape, responses=ClaimShape)
@decides
@api_view(["POST"])
def reject_claim(request: Request, claim_id: str) -> Response:
    """Reject every line of a claim for one reason; for reviewers."""
    found, form = _claim(request, claim_id), read_body(RejectShape, request)
    services.reject_claim(
        claim=found, reason=form["reason"], note=form.get("note", ""), by=person(request), now=timezone.now()
    )
    return _one(request, claim_id)


def _seen(request: Request) -> Any:
    return selectors.claims_for(request.user).prefetch_related("checks")


def _claim(request: Request, claim_id: str) -> Claim:
    found: Claim = get_object_or_404(selectors.claims_for(request.user), public_id=claim_id)
    return found


def _one(request: Request, claim_id: str, code: int = status.HTTP_200_OK) -> Response:
    return Response(ClaimShape(get_object_or_404(_seen(request), public_id=claim_id)).data, status=code)


def _numbers(found: Claim) -> dict[int, int]:
    """Number the lines of a claim from 1 in the order they were written."""
    return {pk: number for number, pk in enumerate(found.lines.order_by("pk").values_list("pk", flat=True), 1)}


def _draft(request: Request) -> dict[str, Any]:
    """Read a draft into the words of the service."""
    form = read_body(NewClaimShape, request)
    mine = selectors.holders_for(request.user)
    held = selectors.authorities_held(request.user, Authority.Purpose.COLLECT, timezone.now().date())
    authority = held.filter(public_id=form.get("authority", "")).first()
    if form.get("authority") and authority is None:
        raise serializers.ValidationError({"authority": "You hold no authority of this id."}, code="unknown")
    holder = authority.principal if authority else mine.filter(public_id=form["holder"]).first()
    if holder is None or holder.public_id != form["holder"]:
        raise serializers.ValidationError({"holder": "You act for no holder of this id."}, code="unknown")
    asked = form.get("tracks", [])
    known = dict(Track.objects.filter(public_id__in=asked).values_list("public_id", "pk"))
    if unknown := [track for track in asked if track not in known]:
        raise serializers.ValidationError({"tracks": f"Unknown: {', '.join(unknown[:5])}"}, code="unknown")
    of_list = None
    if "repertoire_list" in form:
        of_list = selectors.lists_for(request.user).filter(public_id=form["repertoire_list"]).first()
        if of_list is None:
            raise serializers.ValidationError({"repertoire_list": "You have no list of this id."}, code="unknown")
    terms = terms_of(form, standing=form["standing"], authority=authority)
    track_ids = None if of_list else set(known.values())
    return {"holder": holder, "track_ids": track_ids, "repertoire": of_list, "terms": terms}
