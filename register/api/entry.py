"""Entries of the public register, for programs: list and entry, to be read by anybody and kept by any cache."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.rights import Right
from core.public import public_page
from register import selectors, stamps
from register.forms import FilterForm
from register.models import Entry, Passage

ROWS_PER_PAGE = 50
TRACKS_PER_PAGE = 100
AFTER = OpenApiParameter("after", str, description="`next` of the page before.")


class EntryShape(serializers.Serializer[Entry]):
    """One entry: what was asked, told, said or decided. Never who asked, unless the holder wants to be named."""

    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=Entry.Kind.choices)
    number = serializers.CharField(help_text="Of the opt-out, notice, objection or return itself.")
    opt_out = serializers.CharField(source="opt_out.public_id")
    state = serializers.CharField()
    at = serializers.DateTimeField(help_text="Sent, written, said or decided at.")
    changed_at = serializers.DateTimeField()
    stores = serializers.SerializerMethodField(help_text="Empty: every store.")
    territories = serializers.CharField(source="opt_out.territories.label")
    ground = serializers.CharField(source="opt_out.basis")
    holder = serializers.SerializerMethodField(help_text="Empty unless the holder asked to be named.")
    tracks = serializers.IntegerField(source="track_count")
    titles = serializers.SerializerMethodField(help_text="The first tracks that left.")
    page = serializers.SerializerMethodField(help_text="The address that stays, for people.")

    def get_stores(self, entry: Entry) -> list[str]:
        about = [entry.licensee_id] if entry.licensee_id else entry.store_ids
        return [self.context["stores"][store] for store in about]

    def get_holder(self, entry: Entry) -> str:
        return entry.opt_out.holder.name if entry.opt_out.is_name_public else ""

    def get_titles(self, entry: Entry) -> list[str]:
        return self.context["titles"].get(entry.opt_out_id, []) if entry.track_count else []

    def get_page(self, entry: Entry) -> str:
        return settings.ROMS_ORIGIN + reverse("register:entry", args=[entry.public_id])


class EntriesShape(serializers.Serializer[Any]):
    """A page of entries, newest first."""

    results = EntryShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="Ask for `?after=` this for the older ones; null: none.")
    is_cut = serializers.BooleanField(help_text="The words fit too many tracks; not all were looked through.")


class PassageShape(serializers.Serializer[Any]):
    """Somebody's words as a reviewer let them be published; `text` null: withheld, or nobody has looked at them yet."""

    part = serializers.ChoiceField(choices=Passage.Part.choices)
    status = serializers.ChoiceField(choices=Passage.Status.choices)
    text = serializers.CharField(allow_null=True)


class OutShape(serializers.Serializer[Any]):
    """One right of a track, out from a day on."""

    right = serializers.ChoiceField(choices=Right.choices)
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="First day on which it no longer holds.")


class LeftShape(serializers.Serializer[Any]):
    """A track that left; of a notice also what the store did about it and how that is known."""

    id = serializers.CharField(source="track.public_id")
    artist = serializers.CharField(source="track.artist")
    title = serializers.CharField(source="track.title")
    isrcs = serializers.SerializerMethodField()
    withdrawals = OutShape(many=True)
    state = serializers.CharField(source="row.state", default=None, allow_null=True)
    proof = serializers.CharField(source="row.proof", default=None, allow_null=True)

    def get_isrcs(self, left: selectors.Leaving) -> list[str]:
        return [code.isrc for code in left.track.isrcs.all()]


class WholeEntryShape(EntryShape):
    """One entry with its words, its tracks page by page, and the numbers of what else there is of the case."""

    passages = serializers.SerializerMethodField()
    left = serializers.SerializerMethodField()
    next = serializers.SerializerMethodField(help_text="Ask for `?after=` this for further tracks; null: none.")
    related = serializers.SerializerMethodField(help_text="Register numbers of the same case, newest first.")

    @extend_schema_field(PassageShape(many=True))
    def get_passages(self, entry: Entry) -> list[dict[str, Any]]:
        return [
            {"part": one.part, "status": one.status, "text": text.note.text if text and text.note else None}
            for one, text in selectors.words_published(entry)
        ]

    @extend_schema_field(LeftShape(many=True))
    def get_left(self, entry: Entry) -> Any:
        return LeftShape(self.context["left"], many=True).data

    def get_next(self, entry: Entry) -> str | None:
        return self.context["next"] or None

    def get_related(self, entry: Entry) -> list[str]:
        return [one.public_id for one in selectors.related(entry)]


class Entries(APIView):
    """Looks at no person: the answer is the same for everybody."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="register_list",
        responses=EntriesShape,
        parameters=[
            OpenApiParameter("q", str, description="Artist, title, ISRC, store or number."),
            OpenApiParameter("kind", str, enum=Entry.Kind.values),
            OpenApiParameter("state", str, description="A state of the thing itself, as entries have it."),
            OpenApiParameter("store", str, description="Code of a store."),
            OpenApiParameter("start", str, description="From this day on, YYYY-MM-DD."),
            OpenApiParameter("end", str, description="Until this day, included."),
            AFTER,
        ],
    )
    def get(self, request: Request) -> Response:
        """List the register, newest first, or what you look for in it. ETag: ask again with If-None-Match."""
        form = FilterForm(request.query_params)
        if not form.is_valid():
            raise exceptions.ValidationError(
                {name: [str(one) for one in faults] for name, faults in form.errors.items()}
            )
        after = request.query_params.get("after")
        last = selectors.entry_by_number(after) if after else None
        if after and last is None:
            raise Http404
        found = selectors.find(form.asked(last), size=ROWS_PER_PAGE)
        rows: Any = found.entries
        shown = {
            "results": EntryShape(rows, many=True, context=_context(found.entries)).data,
            "next": found.last.public_id if found.last else None,
            "is_cut": found.is_cut,
        }
        return Response(shown)


class OneEntry(APIView):
    """Looks at no person: the answer is the same for everybody."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="register_retrieve", responses=WholeEntryShape, parameters=[AFTER])
    def get(self, request: Request, entry_id: str) -> Response:
        """Read one entry; the number of an opt-out or a notice leads to its entry."""
        found = selectors.entry_by_number(entry_id)
        if found is None:
            raise Http404
        left, following = selectors.tracks_left(
            found, after=request.query_params.get("after", ""), size=TRACKS_PER_PAGE
        )
        context = {**_context([found]), "left": left, "next": following}
        return Response(WholeEntryShape(found, context=context).data)


def _context(found: list[Entry]) -> dict[str, Any]:
    return {
        "titles": selectors.titles(found),
        "stores": {store.pk: store.name for store in selectors.stores()},
    }


entries: Callable[..., Any] = public_page(stamps.of_list)(Entries.as_view())
entry: Callable[..., Any] = public_page(stamps.of_entry)(OneEntry.as_view())
