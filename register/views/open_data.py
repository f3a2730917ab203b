"""Open data: a page of days, a file of a day, the checksums of a day. The same for everybody."""

from datetime import date, datetime
from typing import Final

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from core.public import public_page
from register import selectors
from register.formats.rows import checksums
from register.models import OpenFile
from register.views.entry import shell

DAYS_PER_PAGE: Final = 31
TYPES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json", "zip": "application/zip"}


def _list_stamp(request: HttpRequest) -> datetime | None:
    return selectors.last_made_at()


@require_safe
@public_page(_list_stamp)
def open_data(request: HttpRequest) -> HttpResponse:
    """This will list the days with their files, newest first."""
    before = day_or_404(request.GET["before"]) if "before" in request.GET else None
    days = selectors.open_days(before, limit=DAYS_PER_PAGE + 1)
    context = {
        **shell(request),
        "days": days[:DAYS_PER_PAGE],
        "earlier": days[DAYS_PER_PAGE - 1][0] if len(days) > DAYS_PER_PAGE else None,
    }
    return render(request, "register/open_data.html", context)


def _file_stamp(request: HttpRequest, day: str, name: str) -> datetime | None:
    if day == "latest":
        return None
    found = selectors.open_file(day_or_404(day), name)
    return (found.forgotten_at or found.made_at) if found else None


@require_safe
@public_page(_file_stamp)
def open_file(request: HttpRequest, day: str, name: str) -> HttpResponseBase:
    """This will give a file of a day; `latest` leads to the newest day that has it. 410: kept long enough, its hash is
    all there is.
    """
    if day == "latest":
        newest = selectors.open_file(None, name)
        if newest is None:
            raise Http404
        return redirect("register:open_file", newest.day.isoformat(), name)
    found = selectors.open_file(day_or_404(day), name)
    if found is None:
        raise Http404
    if found.forgotten_at:
        return render(request, "register/open_file_gone.html", {**shell(request), "file": found}, status=410)
    answer = FileResponse(default_storage.open(found.stored), content_type=TYPES[name.rpartition(".")[2]])
    answer["Content-Length"] = str(found.size)
    answer["Content-Disposition"] = f'attachment; filename="roms-{found.day}-{name}"'
    return answer


def _sums_stamp(request: HttpRequest, day: str) -> datetime | None:
    return max((file.made_at for file in _files(day)), default=None)


@require_safe
@public_page(_sums_stamp)
def open_sums(request: HttpRequest, day: str) -> HttpResponse:
    """This will give the checksums of a day's files, as `sha256sum --check` reads them after a download."""
    files = _files(day)
    if not files:
        raise Http404
    text = checksums([(file.sha256, f"roms-{file.day}-{file.name}") for file in files])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _files(day: str) -> list[OpenFile]:
    return list(OpenFile.objects.filter(day=day_or_404(day)).order_by("name"))


def day_or_404(text: str) -> date:
    """Read a day of an address. Raises: Http404."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Http404
    return day
