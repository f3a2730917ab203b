"""What nobody has matched, over JSON: the queue by money, decisions, rules, files, proposals. As on the pages."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, parser_classes
from rest_framework.request import Request
from rest_framework.response import Response

from claims import selectors, services
from claims.api.scopes import decides, person, read_body
from claims.reasons import words
from core.api import Pages, PartsParser
from sales import services as sales
from sales.formats.match_file import UnreadableFile, read_match_file
from sales.models import Licensee, MatchProposal, SameAsRule, StoreKey

T = TypeVar("T")
ROWS_MAX = 500
ROWS_PER_PAGE = 20


class WaitingMoneyShape(serializers.Serializer[Any]):
    """An amount of one currency."""

    currency = serializers.CharField()
    amount = serializers.DecimalField(max_digits=24, decimal_places=8)


class SuggestionShape(serializers.Serializer[Any]):
    """A track a name may be, how sure from 0 to 100, and why."""

    track = serializers.CharField(source="track.public_id")
    title = serializers.CharField(source="track.title")
    artist = serializers.CharField(source="track.artist")
    score = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())
    proposal = serializers.CharField(source="proposal.public_id", default=None, allow_null=True)


class UnmatchedShape(serializers.Serializer[Any]):
    """A store's key whose money waits."""

    key = serializers.CharField(source="key.public_id")
    kind = serializers.ChoiceField(source="key.kind", choices=StoreKey.Kind.choices)
    store = serializers.CharField(source="key.licensee.code")
    store_key = serializers.CharField(source="key.key")
    title = serializers.CharField(source="key.title")
    artist = serializers.CharField(source="key.artist")
    isrc = serializers.CharField(source="key.isrc")
    lines = serializers.IntegerField()
    first_sold = serializers.DateField(source="first", allow_null=True)
    last_sold = serializers.DateField(source="last", allow_null=True)
    waiting = WaitingMoneyShape(source="money", many=True)
    suggestions = SuggestionShape(source="suggested", many=True)


class UnmatchedPageShape(serializers.Serializer[Any]):
    """One page of names, most money first."""

    count = serializers.IntegerField()
    results = UnmatchedShape(many=True)


class MatchChoiceShape(serializers.Serializer[Any]):
    """What one key is: match (`to`: a track's id or ISRC, or a release's id), reject (`to`: tracks), or create."""

    key = serializers.CharField()
    act = serializers.ChoiceField(choices=[act.value for act in services.Act])
    to = serializers.ListField(child=serializers.CharField(max_length=40), default=list)
    remember = serializers.BooleanField(default=False, help_text="Always the same for this store.")


class MatchChoicesShape(serializers.Serializer[Any]):
    """Decisions, each by itself."""

    choices = MatchChoiceShape(many=True)
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class MatchOutcomeShape(serializers.Serializer[Any]):
    """What became of one key; `problem` when nothing did."""

    key = serializers.CharField(source="key.public_id")
    act = serializers.CharField()
    track = serializers.CharField(source="track.public_id", default=None, allow_null=True)
    problem = serializers.CharField()


class RuleShape(serializers.Serializer[SameAsRule]):
    """What one store writes, and the track it is."""

    id = serializers.CharField(source="public_id", read_only=True)
    store = serializers.CharField(source="licensee.code")
    pattern = serializers.CharField(max_length=500, help_text="* stands for any text.")
    track = serializers.CharField(source="track.public_id", help_text="Id or ISRC when written.")
    matched = serializers.IntegerField(read_only=True, default=None, help_text="Names matched when it was made.")


class NewRuleShape(serializers.Serializer[Any]):
    """A rule to remember."""

    store = serializers.CharField()
    pattern = serializers.CharField(max_length=500)
    track = serializers.CharField(max_length=40, help_text="Id or ISRC.")


class ProposalShape(serializers.Serializer[MatchProposal]):
    """A holder's word that a store's key is its track."""

    id = serializers.CharField(source="public_id")
    key = serializers.CharField(source="store_key.public_id")
    store = serializers.CharField(source="store_key.licensee.code")
    title = serializers.CharField(source="store_key.title")
    artist = serializers.CharField(source="store_key.artist")
    track = serializers.CharField(source="track.public_id")
    holder = serializers.CharField(source="holder.public_id")
    status = serializers.ChoiceField(choices=MatchProposal.Status.choices)
    proposed_at = serializers.DateTimeField()


class NewProposalShape(serializers.Serializer[Any]):
    """A key, the track it is, and for whom one says so."""

    key = serializers.CharField()
    track = serializers.CharField(max_length=40)
    holder = serializers.CharField()
    words = serializers.CharField(max_length=2000, default="", allow_blank=True)


class ProposalDecisionShape(serializers.Serializer[Any]):
    """What staff say; the holder reads the reason."""

    accept = serializers.BooleanField()
    reason = serializers.CharField(max_length=5000)


class MatchFileShape(serializers.Serializer[Any]):
    """A file of matches."""

    file = serializers.FileField()
    store = serializers.CharField(required=False, help_text="Code of the store whose own keys the file names.")
    dry_run = serializers.BooleanField(default=True)


class MatchFileRowShape(serializers.Serializer[Any]):
    """What one row does: matched, moved, withdrawn, asked (a second person), same, refused."""

    row = serializers.IntegerField(source="row.number")
    key = serializers.CharField(source="row.key")
    track = serializers.CharField(source="track.public_id", default=None, allow_null=True)
    outcome = serializers.CharField(source="does")
    problem = serializers.CharField()
    case = serializers.CharField()


class SalesRefused(services.Refused):
    """What the sales services refuse, in words."""

    status = 409

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()


@extend_schema(
    parameters=[
        OpenApiParameter("currency", str, description="The one with the most names unless you say."),
        OpenApiParameter("page", int),
    ],
    responses=UnmatchedPageShape,
)
@api_view(["GET"])
def unmatched(request: Request) -> Response:
    """List the names stores sold that are no known track, most money first; for reviewers."""
    _staff(request)
    totals = selectors.waiting_currencies()
    currency = request.query_params.get("currency") or (totals[0].currency if totals else "")
    ids = selectors.unmatched_ids(request.user, currency)
    page = Paginator(ids, ROWS_PER_PAGE).get_page(request.query_params.get("page"))
    rows = selectors.unmatched_rows(list(page.object_list))
    return Response(UnmatchedPageShape({"count": len(ids), "results": rows}).data)


@extend_schema(request=MatchChoicesShape, responses=MatchOutcomeShape(many=True))
@decides
@api_view(["POST"])
def decide_unmatched(request: Request) -> Response:
    """Say what names are, each by itself: one that is refused hinders no other; for reviewers."""
    _staff(request)
    form = read_body(MatchChoicesShape, request)
    rows = form["choices"][:ROWS_MAX]
    keys = StoreKey.objects.select_related("licensee", "track", "release").in_bulk(
        [row["key"] for row in rows], field_name="public_id"
    )
    if unknown := [row["key"] for row in rows if row["key"] not in keys]:
        raise serializers.ValidationError({"choices": f"Unknown: {', '.join(unknown[:5])}"}, code="unknown")
    choices = [
        services.Choice(keys[row["key"]], services.Act(row["act"]), tuple(row["to"]), row["remember"]) for row in rows
    ]
    outcomes = services.decide_keys(choices=choices, by=person(request), now=timezone.now(), reason=form["reason"])
    return Response(MatchOutcomeShape(outcomes, many=True).data)


@extend_schema(methods=["GET"], responses=RuleShape(many=True))
@extend_schema(methods=["POST"], request=NewRuleShape, responses={201: RuleShape})
@decides
@api_view(["GET", "POST"])
def rules(request: Request) -> Response:
    """List the stores' rules of names, or make one; for reviewers."""
    _staff(request)
    if request.method == "GET":
        return _page(request, selectors.rules_for(request.user), RuleShape)
    form = read_body(NewRuleShape, request)
    store = Licensee.objects.filter(code=form["store"]).first()
    if store is None:
        raise serializers.ValidationError({"store": "No store of this code."}, code="unknown")
    rule, matched = _said(
        lambda: services.make_rule(
            licensee=store, pattern=form["pattern"], to=form["track"], by=person(request), now=timezone.now()
        )
    )
    return Response(RuleShape(rule).data | {"matched": matched}, status=status.HTTP_201_CREATED)


@extend_schema(responses={204: None})
@decides
@api_view(["DELETE"])
def rule(request: Request, rule_id: str) -> Response:
    """Stop a rule; what it matched stays matched."""
    found = get_object_or_404(selectors.rules_for(request.user), public_id=rule_id)
    services.remove_rule(rule=found, by=person(request), now=timezone.now())
    return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(request={"multipart/form-data": MatchFileShape}, responses=MatchFileRowShape(many=True))
@decides
@api_view(["POST"])
@parser_classes([PartsParser])
def match_file(request: Request) -> Response:
    """Say what a file of matches would do (`dry_run`, as it is unless you say), or do it; for reviewers."""
    _staff(request)
    form = read_body(MatchFileShape, request)
    store = Licensee.objects.filter(code=form.get("store", "")).first()
    upload = form["file"]
    try:
        rows = read_match_file(upload.read())
    except UnreadableFile as error:
        raise serializers.ValidationError({"file": words(str(error))}, code=str(error)) from error
    outcomes = services.apply_match_file(
        rows=rows,
        licensee=store,
        by=person(request),
        now=timezone.now(),
        name=upload.name,
        is_dry_run=form["dry_run"],
    )
    return Response(MatchFileRowShape(outcomes, many=True).data)


# Proposals ------------------------------------------------------------------------------------------------------------
@extend_schema(methods=["GET"], responses=ProposalShape(many=True))
@extend_schema(methods=["POST"], request=NewProposalShape, responses={201: ProposalShape})
@api_view(["GET", "POST"])
def proposals(request: Request) -> Response:
    """List your holders' proposed matches (all, for reviewers), or propose one. It moves no money by itself."""
    if request.method == "GET":
        return _page(request, selectors.proposals_for(request.user), ProposalShape)
    form = read_body(NewProposalShape, request)
    holder = selectors.holders_for(request.user, writing=True).filter(public_id=form["holder"]).first()
    key = StoreKey.objects.filter(public_id=form["key"]).select_related("licensee").first()
    if holder is None or key is None:
        raise serializers.ValidationError({"holder" if holder is None else "key": "Unknown."}, code="unknown")
    made = _said(
        lambda: sales.propose_match(
            key=key,
            track=services.find_track(form["track"]),
            holder=holder,
            by=person(request),
            now=timezone.now(),
            words=form["words"],
        )
    )
    return Response(ProposalShape(made).data, status=status.HTTP_201_CREATED)


@extend_schema(responses=ProposalShape)
@api_view(["GET"])
def proposal(request: Request, proposal_id: str) -> Response:
    """Show a proposed match."""
    return Response(ProposalShape(_proposal(request, proposal_id)).data)


@extend_schema(request=None, responses=ProposalShape)
@api_view(["POST"])
def retract_proposal(request: Request, proposal_id: str) -> Response:
    """Take a proposal back before it is decided."""
    found = _proposal(request, proposal_id)
    _said(lambda: sales.retract_proposal(proposal=found, by=person(request), now=timezone.now()))
    return Response(ProposalShape(found).data)


@extend_schema(request=ProposalDecisionShape, responses=ProposalShape)
@decides
@api_view(["POST"])
def decide_proposal(request: Request, proposal_id: str) -> Response:
    """Accept or refuse a proposed match, with a reason the holder reads; for reviewers."""
    _staff(request)
    found, form = _proposal(request, proposal_id), read_body(ProposalDecisionShape, request)
    done = _said(
        lambda: services.decide_proposal(
            proposal=found, accept=form["accept"], by=person(request), now=timezone.now(), reason=form["reason"]
        )
    )
    return Response(ProposalShape(done).data)


def _staff(request: Request) -> None:
    if not selectors.may_match(request.user):
        raise Http404


def _proposal(request: Request, proposal_id: str) -> MatchProposal:
    found: MatchProposal = get_object_or_404(selectors.proposals_for(request.user), public_id=proposal_id)
    return found


def _said(act: Callable[[], T]) -> T:
    try:
        return act()
    except sales.SalesError as refusal:
        raise SalesRefused(refusal.code) from refusal


def _page(request: Request, rows: Any, shape: type[serializers.Serializer[Any]]) -> Response:
    pages = Pages()
    page: Any = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(shape(page, many=True).data)
