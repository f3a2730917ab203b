"""The door to the documents: streamed only to who may see them, as a download, every look written down."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims import selectors, services
from claims.views.door import person
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
