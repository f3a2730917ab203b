"""Tracks: find and look at. Public; nothing here says who owns or claims one."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import selectors
from catalog.models import ReleaseTrack, Track, TrackWork
from core.ids import normalise_public_id

FOUND_MAX = 100


class NameShape(serializers.Serializer[Any]):
    """Another way title and artist are written."""

    title = serializers.CharField()
    artist = serializers.CharField()
    language = serializers.CharField(help_text="BCP 47 tag, or empty.")


class TrackShape(serializers.Serializer[Track]):
    """A sound recording."""

    id = serializers.CharField(source="public_id")
    title = serializers.CharField()
    artist = serializers.CharField()
    duration_seconds = serializers.IntegerField(allow_null=True)
    label_name = serializers.CharField(source="label")
    isrcs = serializers.SerializerMethodField()

    def get_isrcs(self, track: Track) -> list[str]:
        return sorted(code.isrc for code in track.isrcs.all())


class PlaceShape(serializers.Serializer[ReleaseTrack]):
    """Where a track stands on a release."""

    release = serializers.CharField(source="release.public_id")
    title = serializers.CharField(source="release.title")
    icpn = serializers.CharField(source="release.icpn")
    released_date = serializers.DateField(source="release.released_date", allow_null=True)
    sequence = serializers.IntegerField()


class PartShape(serializers.Serializer[TrackWork]):
    """A work the track plays, and how much of the track it is."""

    work = serializers.CharField(source="work.public_id")
    title = serializers.CharField(source="work.title")
    iswc = serializers.CharField(source="work.iswc")
    percent = serializers.DecimalField(max_digits=9, decimal_places=6)


class TrackDetailShape(TrackShape):
    """A sound recording with its other names, releases and works."""

    language = serializers.CharField()
    names = NameShape(many=True)
    releases = PlaceShape(source="places", many=True)
    works = PartShape(source="work_parts", many=True)


@extend_schema_view(
    get=extend_schema(
        parameters=[
            OpenApiParameter(
                "q", str, description="Words of title, artist or label in either script, an ISRC, or an id; best first."
            ),
            OpenApiParameter("isrc", str, description="Exactly this ISRC, with or without hyphens."),
        ]
    )
)
class TrackList(generics.ListAPIView[Track]):
    """All tracks by id, or those somebody means by `q`."""

    serializer_class = TrackShape
    permission_classes = (AllowAny,)
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Track]:
        """This will find the tracks; a search gives the best hundred, in their order."""
        words = self.request.query_params.get("isrc") or self.request.query_params.get("q")
        if words is None:
            return selectors.current_tracks().order_by("pk").prefetch_related("isrcs")
        found = [track.pk for track in selectors.search_tracks(words, limit=FOUND_MAX)]
        return selectors.tracks_in_order(found).prefetch_related("isrcs")


class TrackDetail(generics.RetrieveAPIView[Track]):
    """One track."""

    serializer_class = TrackDetailShape
    permission_classes = (AllowAny,)
    queryset = Track.objects.select_related("merged_into").prefetch_related(
        "isrcs",
        "names",
        Prefetch("places", ReleaseTrack.objects.select_related("release").order_by("release_id", "sequence")),
        Prefetch("work_parts", TrackWork.objects.select_related("work").order_by("pk")),
    )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show one track; the id of a merged one leads to the track it became part of (302: merges can be undone)."""
        track = self.get_object()
        if track.merged_into is not None:
            address = reverse("api-track", kwargs={"track_id": track.merged_into.public_id})
            return Response(status=status.HTTP_302_FOUND, headers={"Location": address})
        return Response(self.get_serializer(track).data)

    def get_object(self) -> Track:
        """This will find the track however its id is typed."""
        return get_object_or_404(self.get_queryset(), public_id=normalise_public_id(self.kwargs["track_id"], "TRK"))
