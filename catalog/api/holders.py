"""Holders: one's own, and registering a new one."""

from typing import Any, cast

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from catalog import selectors, services
from catalog.models import HolderIdentifier, RightsHolder
from core.ids import normalise_public_id


class HolderNameShape(serializers.Serializer[Any]):
    """Another name of a holder."""

    text = serializers.CharField(max_length=300)
    language = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)


class IdentifierShape(serializers.Serializer[Any]):
    """A number others know the holder by."""

    scheme = serializers.ChoiceField(choices=HolderIdentifier.Scheme.choices)
    value = serializers.CharField(max_length=60)


class HolderShape(serializers.Serializer[RightsHolder]):
    """An owner of rights, and what you may do for it."""

    id = serializers.CharField(source="public_id", read_only=True)
    name = serializers.CharField(max_length=300)
    kind = serializers.ChoiceField(choices=RightsHolder.Kind.choices)
    country = serializers.CharField(max_length=2, required=False, default="", allow_blank=True)
    status = serializers.ChoiceField(choices=RightsHolder.Status.choices, read_only=True)
    role = serializers.SerializerMethodField(help_text="owner and editor may file for the holder; reader may look.")
    names = HolderNameShape(many=True, required=False)
    identifiers = IdentifierShape(many=True, required=False)

    def get_role(self, holder: RightsHolder) -> str:
        user: User = self.context["request"].user
        return next((member.role for member in holder.members.all() if member.user_id == user.pk), "")


class HolderList(generics.ListAPIView[RightsHolder]):
    """The holders you act for; POST registers one with you as its owner."""

    serializer_class = HolderShape
    filter_backends = ()

    def get_queryset(self) -> QuerySet[RightsHolder]:
        """This will list the person's own holders."""
        return selectors.holders_for(self.request.user).prefetch_related("names", "identifiers", "members")

    @extend_schema(request=HolderShape, responses={201: HolderShape})
    def post(self, request: Request) -> Response:
        """Register a holder."""
        shape = self.get_serializer(data=request.data)
        shape.is_valid(raise_exception=True)
        said = shape.validated_data
        holder = services.register_holder(
            name=said["name"],
            kind=said["kind"],
            country=said["country"],
            by=cast(User, request.user),
            now=timezone.now(),
            names=[(name["text"], name["language"]) for name in said.get("names", ())],
            identifiers=[(number["scheme"], number["value"]) for number in said.get("identifiers", ())],
        )
        return Response(self.get_serializer(holder).data, status=status.HTTP_201_CREATED)


class HolderDetail(generics.RetrieveAPIView[RightsHolder]):
    """One of the holders you act for; an old id of a merged one leads to the one it became part of."""

    serializer_class = HolderShape

    def get_object(self) -> RightsHolder:
        """This will find the holder among the person's own."""
        own = selectors.holders_for(self.request.user).prefetch_related("names", "identifiers", "members")
        asked = normalise_public_id(self.kwargs["holder_id"], "HLD")
        old = RightsHolder.objects.filter(public_id=asked, merged_into__isnull=False).values("merged_into")
        return get_object_or_404(own, Q(public_id=asked) | Q(pk__in=old))
