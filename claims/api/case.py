"""The queue, appeals and messages over JSON: the same services as the pages."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from claims import selectors, services
from claims.api.scopes import decides, person, read_body
from claims.models import Appeal, Appealed, CaseMessage, Claim, OptOut, QueueItem


class QueueItemShape(serializers.Serializer[QueueItem]):
    """One case that waits for a reviewer."""

    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=QueueItem.Kind.choices)
    holder = serializers.CharField(source="title")
    status = serializers.CharField()
    since = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField(allow_null=True)
    lines = serializers.IntegerField(source="line_count")
    money = serializers.JSONField(help_text="[[currency, amount]]")
    leased_until = serializers.DateTimeField(source="lease_until", allow_null=True)


class QueuePageShape(serializers.Serializer[Any]):
    """A page of the queue; `after` of the next page, empty on the last."""

    items = QueueItemShape(many=True)
    after = serializers.CharField(allow_blank=True)


class TextShape(serializers.Serializer[Any]):
    """Words to the other side."""

    text = serializers.CharField(max_length=5000)


class MessageShape(serializers.Serializer[Any]):
    """One message of the thread of a case."""

    at = serializers.DateTimeField(source="message.at")
    side = serializers.ChoiceField(source="message.side", choices=CaseMessage.Side.choices)
    kind = serializers.ChoiceField(source="message.kind", choices=CaseMessage.Kind.choices)
    who = serializers.CharField()
    text = serializers.CharField()


class AppealShape(serializers.Serializer[Appeal]):
    """An appeal against a refusal."""

    id = serializers.CharField(source="public_id")
    case = serializers.CharField(source="case.public_id")
    status = serializers.ChoiceField(choices=Appeal.Status.choices)
    filed_at = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField(allow_null=True)
    reopened = serializers.SerializerMethodField(help_text="The claim, dispute or opt-out it was opened anew as.")

    def get_reopened(self, appeal: Appeal) -> str | None:
        anew = appeal.reopened or appeal.reopened_dispute or appeal.reopened_opt_out
        return anew.public_id if anew else None


class AppealDecisionShape(serializers.Serializer[Any]):
    """Reversed, or the first decision stands; with the reasons."""

    outcome = serializers.ChoiceField(choices=[Appeal.Status.UPHELD.value, Appeal.Status.REVERSED.value])
    reason = serializers.CharField(max_length=5000)


@extend_schema(responses=QueuePageShape)
@api_view(["GET"])
def review_queue(request: Request) -> Response:
    """List what waits for reviewers: `?sort=` urgency, money, age, deadline; `kind`, `whose`, `proof`, `after`."""
    if not selectors.may_review(request.user):
        raise Http404
    page = selectors.queue_page(request.user, selectors.Wanted.of(request.query_params), timezone.now())
    return Response(QueuePageShape({"items": page.items, "after": page.after}).data)


@extend_schema(request=None, responses={200: QueueItemShape, 204: None})
@decides
@api_view(["POST"])
def take_next(request: Request) -> Response:
    """Take the most urgent case for a while; 204 when nothing waits."""
    if not selectors.may_review(request.user):
        raise Http404
    item = services.take_and_start(by=person(request), now=timezone.now())
    return Response(status=status.HTTP_204_NO_CONTENT) if item is None else Response(QueueItemShape(item).data)


@extend_schema(methods=["GET"], responses=MessageShape(many=True))
@extend_schema(methods=["POST"], request=TextShape, responses={201: MessageShape(many=True)})
@api_view(["GET", "POST"])
def case_messages(request: Request, case_id: str) -> Response:
    """Read the thread of a claim or an opt-out; POST a message to the other side."""
    case, code = _case(request, case_id), int(status.HTTP_200_OK)
    if request.method == "POST":
        text = read_body(TextShape, request)["text"]
        services.write_message(case=case, text=text, by=person(request), now=timezone.now())
        code = status.HTTP_201_CREATED
    return Response(MessageShape(services.thread_of(case, person(request)), many=True).data, status=code)


@extend_schema(request=TextShape, responses={201: AppealShape})
@api_view(["POST"])
def file_appeal(request: Request, case_id: str) -> Response:
    """Appeal against a refusal in a claim or opt-out, the decision of a dispute, or a contest accepted against you.

    Another reviewer looks at it.
    """
    case: Appealed
    if case_id.startswith("DIS-"):
        case = get_object_or_404(selectors.disputes_for(request.user, mine=True), public_id=case_id)
    elif case_id.startswith("CTN-"):
        case = get_object_or_404(selectors.counter_notices_for(request.user), public_id=case_id)
    else:
        case = _case(request, case_id)
    text = read_body(TextShape, request)["text"]
    appeal = services.file_appeal(case=case, words=text, by=person(request), now=timezone.now())
    return Response(AppealShape(appeal).data, status=status.HTTP_201_CREATED)


@extend_schema(responses=AppealShape)
@api_view(["GET"])
def appeal(request: Request, appeal_id: str) -> Response:
    """Show an appeal."""
    return Response(AppealShape(_appeal(request, appeal_id)).data)


@extend_schema(request=AppealDecisionShape, responses=AppealShape)
@decides
@api_view(["POST"])
def decide_appeal(request: Request, appeal_id: str) -> Response:
    """Decide an appeal, as another reviewer than the first."""
    found, form = _appeal(request, appeal_id), read_body(AppealDecisionShape, request)
    decided = services.decide_appeal(
        appeal=found,
        is_reversed=form["outcome"] == Appeal.Status.REVERSED,
        reason=form["reason"],
        by=person(request),
        now=timezone.now(),
    )
    return Response(AppealShape(decided).data)


def _case(request: Request, case_id: str) -> Claim | OptOut:
    if case_id.startswith("OPT-"):
        opt_out: OptOut = get_object_or_404(selectors.opt_outs_for(request.user), public_id=case_id)
        return opt_out
    claim: Claim = get_object_or_404(selectors.claims_for(request.user), public_id=case_id)
    return claim


def _appeal(request: Request, appeal_id: str) -> Appeal:
    found: Appeal = get_object_or_404(selectors.appeals_for(request.user), public_id=appeal_id)
    return found
