"""The door to the documents: streamed only to who may see them, as a download, every look written down."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims import selectors, services
from claims.models import EvidenceDocument
from claims.views.door import person, reviewer_or_404
from core.vault import VaultError


@login_required
@never_cache
@require_safe
def evidence(request: HttpRequest, document_id: str) -> HttpResponse:
    """This will hand out one document; never shown inside a page of ours, never guessed by the browser."""
    document = get_object_or_404(selectors.evidence_for(request.user), public_id=document_id)
    try:
        opened = services.open_evidence(document=document, by=person(request), now=timezone.now())
    except VaultError as error:
        raise Http404 from error
    response = HttpResponse(opened.content, content_type=opened.content_type)
    response["Content-Disposition"] = content_disposition_header(True, opened.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@login_required
@never_cache
@require_safe
def evidence_page(request: HttpRequest, document_id: str, number: int) -> HttpResponse:
    """This will show a reviewer one page of a document as a picture: a PDF drawn to pixels, or the image itself."""
    reviewer_or_404(request)
    document = get_object_or_404(selectors.evidence_for(request.user), public_id=document_id)
    try:
        picture = services.picture_of(document=document, number=number, by=person(request), now=timezone.now())
    except (VaultError, services.CannotDraw) as error:
        raise Http404 from error
    response = HttpResponse(picture.content, content_type=picture.content_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def viewer_of(request: HttpRequest, documents: QuerySet[EvidenceDocument]) -> dict[str, Any]:
    """This will give what the viewer beside a case shows: one document of the case, and the page asked for."""
    wanted = request.GET.get("look", "")
    document = documents.filter(public_id=wanted).first() if wanted else None
    if document is None:
        return {"looked": None}
    number = request.GET.get("leaf", "1")
    at = max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1
    try:
        looked = services.look_at(document=document, number=at, by=person(request), now=timezone.now())
    except VaultError:
        return {"looked": None}
    return {"looked": looked}
