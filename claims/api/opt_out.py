"""Opt-outs over JSON: draft, correct, sign, follow, take back; reviewers decide. The same services as the pages."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import api_view, parser_classes
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import territories
from catalog.models import Authority, Track
from catalog.rights import Right
from claims import attestations, selectors, services
from claims.api.claim import AttestationShape, DocumentShape, NewEvidenceShape
from claims.api.scopes import decides, person, read_body
from claims.formats.pasted_list import ROW_LENGTH_MAX, PastedRow, read_row
from claims.forms import read_file
from claims.models import Check, OptOut, OptOutLine
from claims.reasons import OPT_OUT_DECISION, words
from core.api import Pages, PartsParser
from sales.models import Licensee

Basis = OptOut.Basis


class OptOutRowShape(serializers.Serializer[Any]):
    """One row: as it was given, what it was found to be, and what became of it."""

    row = serializers.IntegerField(source="row_no")
    typed = serializers.CharField()
    track = serializers.CharField(source="track.public_id", allow_null=True, default=None)
    found_by = serializers.CharField()
    candidates = serializers.SerializerMethodField(help_text="Tracks it may be; choose one with `chosen`.")
    outcome = serializers.ChoiceField(choices=OptOutLine.Outcome.choices)
    reason = serializers.CharField(source="outcome_reason")
    withdrawals = serializers.SlugRelatedField("public_id", many=True, read_only=True)  # type: ignore[var-annotated]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_candidates(self, line: OptOutLine) -> list[str]:
        known = self.context.get("candidates", {})
        return [known[track] for track in line.candidates if track in known] if line.track_id is None else []


class ListFileShape(serializers.Serializer[Any]):
    """A list of tracks as a file: CSV, TSV or XLSX, at most 5 MB and 5,000 rows."""

    file = serializers.FileField()


class ListedRowShape(serializers.Serializer[Any]):
    """One row of a file and what it is; `typed` is what to send in `rows` of a new opt-out."""

    row = serializers.IntegerField(source="row_no")
    typed = serializers.CharField()
    state = serializers.ChoiceField(choices=["found", "ambiguous", "unknown"])
    track = serializers.CharField(source="track.public_id", allow_null=True, default=None)
    candidates = serializers.SlugRelatedField("public_id", many=True, read_only=True)  # type: ignore[var-annotated]


class ListedShape(serializers.Serializer[Any]):
    """Every row of a list, in its order."""

    results = ListedRowShape(many=True)


class OptOutCheckShape(serializers.Serializer[Any]):
    """What an automatic check found."""

    name = serializers.CharField()
    result = serializers.ChoiceField(choices=Check.Result.choices)
    code = serializers.CharField(source="reason")
    detail = serializers.SerializerMethodField()

    def get_detail(self, check: Check) -> str:
        return words(check.reason, check.params) if check.reason else ""


class OptOutShape(serializers.Serializer[Any]):
    """An opt-out and how far it is."""

    id = serializers.CharField(source="public_id")
    holder = serializers.CharField(source="holder.public_id")
    status = serializers.ChoiceField(choices=OptOut.Status.choices)
    basis = serializers.ChoiceField(choices=Basis.choices)
    rights = serializers.ListField(child=serializers.ChoiceField(choices=Right.choices))
    territories = serializers.CharField(source="territories.label")
    stores = serializers.SlugRelatedField("code", source="licensees", many=True, read_only=True)  # type: ignore[var-annotated]
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True, help_text="First day back; null: until further notice.")
    requested_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    checks = OptOutCheckShape(many=True)
    notices = serializers.SlugRelatedField("public_id", many=True, read_only=True)  # type: ignore[var-annotated]


class NewOptOutShape(serializers.Serializer[Any]):
    """What is to leave which stores, when and where."""

    holder = serializers.CharField(help_text="Public id of the holder you act for.")
    rows = serializers.ListField(
        child=serializers.CharField(max_length=ROW_LENGTH_MAX), required=False, max_length=services.OPT_OUT_ROWS_MAX
    )
    repertoire_list = serializers.CharField(required=False, help_text="A list that was looked up, instead of rows.")
    chosen = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="Row number (from 1) to track id, where several fit."
    )
    rights = serializers.MultipleChoiceField(choices=Right.choices, allow_empty=False)
    stores = serializers.SlugRelatedField(
        "code", queryset=Licensee.objects.all(), many=True, required=False, help_text="None: all stores."
    )
    start = serializers.DateField(required=False, help_text="Tomorrow unless you say; never before the grant.")
    end = serializers.DateField(required=False, allow_null=True)
    territories = serializers.ListField(
        child=serializers.CharField(max_length=8), required=False, help_text="Codes; none: everywhere."
    )
    basis = serializers.ChoiceField(choices=Basis.choices, default=Basis.OWNER_OPT_OUT)
    standing = serializers.ChoiceField(choices=OptOut.Standing.choices, default=OptOut.Standing.SELF)
    authority = serializers.CharField(required=False, help_text="Public id, when you act for the holder as its agent.")
    is_name_public = serializers.BooleanField(default=False)

    def validate_territories(self, codes: list[str]) -> list[str]:
        try:
            territories.resolve_bits([code.upper() for code in codes])
        except (territories.UnknownTerritory, territories.EmptyTerritorySet) as error:
            raise serializers.ValidationError(f"Not a territory: {error}", code="unknown") from error
        return [code.upper() for code in codes]


class OptOutContactShape(serializers.Serializer[Any]):
    """Who sends it; which of these are needed, the ground says."""

    name = serializers.CharField(max_length=200)
    email = serializers.EmailField()
    address = serializers.CharField(max_length=500, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=50, required=False, allow_blank=True)


class OptOutSwornShape(serializers.Serializer[Any]):
    """The statement: contact, elements confirmed one by one, a typed name as signature."""

    contact = OptOutContactShape()
    confirmed = serializers.MultipleChoiceField(choices=OptOut.Element.choices)
    explanation = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    signature = serializers.CharField(max_length=200)
    text_sha256 = serializers.CharField(help_text="Of the wording you have read: GET /opt-outs/attestation/.")
    language = serializers.CharField(max_length=12, default="en")


class OptOutWordsShape(serializers.Serializer[Any]):
    """Words to the other side."""

    text = serializers.CharField(max_length=5000)


class OptOutGrantShape(serializers.Serializer[Any]):
    """Which rows stay in, by row number, each with its reason; a remark for the holder."""

    refused = serializers.DictField(
        child=serializers.ChoiceField(choices=list(OPT_OUT_DECISION.items())), required=False
    )
    text = serializers.CharField(max_length=5000, required=False, allow_blank=True)


@extend_schema(methods=["GET"], responses=OptOutShape(many=True))
@extend_schema(methods=["POST"], request=NewOptOutShape, responses={201: OptOutShape})
@api_view(["GET", "POST"])
def opt_outs(request: Request) -> Response:
    """List the opt-outs you may see, newest first; POST a new draft, every row looked up."""
    if request.method == "GET":
        pages: BasePagination = Pages()
        shown: Any = pages.paginate_queryset(_seen(request), request)
        return pages.get_paginated_response(OptOutShape(shown, many=True).data)
    draft = services.draft_opt_out(**_draft(request), by=person(request), now=timezone.now())
    return _one(request, draft.public_id, status.HTTP_201_CREATED)


@extend_schema(methods=["GET"], responses=OptOutShape)
@extend_schema(methods=["PUT"], request=NewOptOutShape, responses=OptOutShape)
@api_view(["GET", "PUT"])
def opt_out(request: Request, opt_out_id: str) -> Response:
    """Show one opt-out; PUT other rows and terms into a draft."""
    found = _opt_out(request, opt_out_id)
    if request.method == "PUT":
        draft = _draft(request)
        if draft.pop("repertoire", None) != found.repertoire:
            raise serializers.ValidationError({"repertoire_list": "A draft keeps its list."}, code="fixed")
        services.change_opt_out(opt_out=found, **draft, by=person(request), now=timezone.now())
    return _one(request, opt_out_id)


@extend_schema(responses=OptOutRowShape(many=True))
@api_view(["GET"])
def opt_out_rows(request: Request, opt_out_id: str) -> Response:
    """List the rows, each with the track it is, those it may be, and its outcome."""
    pages: BasePagination = Pages()
    page = pages.paginate_queryset(selectors.opt_out_lines(_opt_out(request, opt_out_id)), request) or []
    several = {track for line in page for track in line.candidates}
    known = dict(Track.objects.filter(pk__in=several).values_list("pk", "public_id"))
    return pages.get_paginated_response(OptOutRowShape(page, many=True, context={"candidates": known}).data)


@extend_schema(request={"multipart/form-data": ListFileShape}, responses=ListedShape)
@api_view(["POST"])
@parser_classes([PartsParser])
def opt_out_list_file(request: Request) -> Response:
    """Look every row of a file up, as a dry run: nothing is kept."""
    form = read_body(ListFileShape, request)
    try:
        typed = read_file(form["file"])
    except ValidationError as error:
        raise serializers.ValidationError({"file": error.messages}, code=error.code) from error
    rows = [read_row(row, number) for number, row in enumerate(typed, 1)]
    return Response(ListedShape({"results": selectors.shown_rows(selectors.find_rows(rows), {})}).data)


@extend_schema(request={"multipart/form-data": NewEvidenceShape}, responses={201: DocumentShape})
@api_view(["POST"])
@parser_classes([PartsParser])
def opt_out_evidence(request: Request, opt_out_id: str) -> Response:
    """Keep a document, sealed, and show it for this opt-out."""
    found, form = _opt_out(request, opt_out_id), read_body(NewEvidenceShape, request)
    document = services.add_evidence(
        holder=found.holder,
        name=form["file"].name,
        content=form["file"].read(services.EVIDENCE_SIZE_MAX + 1),
        kind=form["kind"],
        by=person(request),
        now=timezone.now(),
        opt_out=found,
    )
    return Response(DocumentShape(document).data, status=status.HTTP_201_CREATED)


@extend_schema(responses=AttestationShape)
@api_view(["GET"])
def attestation(request: Request) -> Response:
    """Show the exact wording an opt-out is signed under, in `?language=`."""
    text = services.attestation_text(attestations.OPT_OUT, request.query_params.get("language", "en"))
    return Response(AttestationShape(text).data)


@extend_schema(request=OptOutSwornShape, responses=OptOutShape)
@api_view(["POST"])
def request_opt_out(request: Request, opt_out_id: str) -> Response:
    """Sign a draft and send it; its checks start."""
    found, form = _opt_out(request, opt_out_id), read_body(OptOutSwornShape, request)
    text = services.attestation_text(attestations.OPT_OUT, form["language"])
    if text.sha256 != form["text_sha256"]:
        raise serializers.ValidationError({"text_sha256": "This is not the present wording."}, code="other_wording")
    statement = services.Sworn(
        contact=form["contact"],
        confirmed=form["confirmed"],
        signature=form["signature"],
        explanation=form.get("explanation", ""),
        language=form["language"],
    )
    services.request_opt_out(opt_out=found, sworn=statement, by=person(request), now=timezone.now())
    return _one(request, opt_out_id)


@extend_schema(request=OptOutWordsShape, responses=OptOutShape)
@api_view(["POST"])
def answer_opt_out(request: Request, opt_out_id: str) -> Response:
    """Answer a reviewer who asked for more."""
    found, form = _opt_out(request, opt_out_id), read_body(OptOutWordsShape, request)
    services.answer_opt_out(opt_out=found, answer=form["text"], by=person(request), now=timezone.now())
    return _one(request, opt_out_id)


@extend_schema(request=None, responses=OptOutShape)
@api_view(["POST"])
def retract_opt_out(request: Request, opt_out_id: str) -> Response:
    """Take an opt-out back before it is decided."""
    services.retract_opt_out(opt_out=_opt_out(request, opt_out_id), by=person(request), now=timezone.now())
    return _one(request, opt_out_id)


@extend_schema(request=None, responses=OptOutShape)
@api_view(["POST"])
def withdraw_name(request: Request, opt_out_id: str) -> Response:
    """Be no longer named in the public register, whatever became of the case."""
    services.withdraw_name(opt_out=_opt_out(request, opt_out_id), by=person(request), now=timezone.now())
    return _one(request, opt_out_id)


@extend_schema(request=OptOutGrantShape, responses=OptOutShape)
@decides
@api_view(["POST"])
def grant_opt_out(request: Request, opt_out_id: str) -> Response:
    """Grant an opt-out, row by row; for reviewers."""
    found, form = _opt_out(request, opt_out_id), read_body(OptOutGrantShape, request)
    rows = {str(row): pk for row, pk in found.lines.values_list("row_no", "pk")}
    refused = {rows[row]: reason for row, reason in form.get("refused", {}).items() if row in rows}
    services.grant_opt_out(
        opt_out=found, refused=refused, reason=form.get("text", ""), by=person(request), now=timezone.now()
    )
    return _one(request, opt_out_id)


@extend_schema(request=OptOutWordsShape, responses=OptOutShape)
@decides
@api_view(["POST"])
def refuse_opt_out(request: Request, opt_out_id: str) -> Response:
    """Refuse an opt-out, with words for the holder; for reviewers."""
    found, form = _opt_out(request, opt_out_id), read_body(OptOutWordsShape, request)
    services.refuse_opt_out(opt_out=found, reason=form["text"], by=person(request), now=timezone.now())
    return _one(request, opt_out_id)


def _seen(request: Request) -> Any:
    return selectors.opt_outs_for(request.user).prefetch_related("licensees", "checks", "notices")


def _opt_out(request: Request, opt_out_id: str) -> OptOut:
    found: OptOut = get_object_or_404(selectors.opt_outs_for(request.user), public_id=opt_out_id)
    return found


def _one(request: Request, opt_out_id: str, code: int = status.HTTP_200_OK) -> Response:
    return Response(OptOutShape(get_object_or_404(_seen(request), public_id=opt_out_id)).data, status=code)


def _draft(request: Request) -> dict[str, Any]:
    """Read a draft into the words of the service."""
    form = read_body(NewOptOutShape, request)
    held = selectors.authorities_held(request.user, Authority.Purpose.TAKE_DOWN, timezone.now().date())
    authority = held.filter(public_id=form.get("authority", "")).first()
    if form.get("authority") and authority is None:
        raise serializers.ValidationError({"authority": "You hold no authority of this id."}, code="unknown")
    mine = selectors.holders_for(request.user)
    holder = authority.principal if authority else mine.filter(public_id=form["holder"]).first()
    if holder is None or holder.public_id != form["holder"]:
        raise serializers.ValidationError({"holder": "You act for no holder of this id."}, code="unknown")
    terms = services.OptOutTerms(
        rights=sorted(form["rights"]),
        territories=territories.resolve(form["territories"]) if form.get("territories") else territories.worldwide(),
        licensees=form.get("stores", []),
        start=form.get("start", timezone.now().date() + timedelta(days=1)),
        end=form.get("end"),
        basis=form["basis"],
        standing=form["standing"],
        authority=authority,
        is_name_public=form["is_name_public"],
    )
    rows = [
        read_row(" ".join(typed.split()) if "\t" not in typed else typed, n)
        for n, typed in enumerate(form.get("rows", []), 1)
    ]
    draft = {"holder": holder, "terms": terms, "rows": rows, "chosen": _chosen(form, rows)}
    if "repertoire_list" in form:
        draft["repertoire"] = selectors.lists_for(request.user).filter(public_id=form["repertoire_list"]).first()
        if draft["repertoire"] is None:
            raise serializers.ValidationError({"repertoire_list": "You have no list of this id."}, code="unknown")
    return draft


def _chosen(form: dict[str, Any], rows: list[PastedRow]) -> dict[int, int]:
    wanted = {int(row): track for row, track in form.get("chosen", {}).items() if row.isdecimal() and len(row) < 10}
    known = dict(Track.objects.filter(public_id__in=wanted.values()).values_list("public_id", "pk"))
    numbers = {row.row_no for row in rows}
    return {row: known[track] for row, track in wanted.items() if row in numbers and track in known}
