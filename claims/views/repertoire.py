"""A holder's doors to lists: sent, looked up, chosen from, mended, and gone on with to a claim or an opt-out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import selectors, services
from claims.formats.correction_file import correction_table
from claims.forms import GroupsForm, MendForm, RepertoireForm
from claims.models import RepertoireList, RepertoireRow
from claims.reasons import row_reason
from claims.views.basket import basket_ids
from claims.views.door import attempt, person
from core.htmx import render

ROWS_PER_PAGE = 100
Status = RepertoireList.Status
Source = RepertoireList.Source
KINDS = ("chosen", "bad", "money", *RepertoireRow.Group.values, *RepertoireRow.Outcome.values)


@login_required
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """This will list the lists of the person's holders."""
    found = selectors.lists_for(request.user).exclude(status=Status.DROPPED)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "claims/repertoire_list.html", "claims/_repertoire_list.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_list(request: HttpRequest) -> HttpResponse:
    """This will take a list and have it looked up; nothing is signed by it."""
    holders = selectors.holders_for(request.user, writing=True)
    if not holders.exists():
        return redirect("claims:new_holder")
    basket = basket_ids(request)
    authorities = selectors.papers_held(request.user, timezone.now().date())
    asked = {
        "purpose": request.GET.get("for", "claim"),
        "source": Source.BASKET if "basket" in request.GET else Source.FILE,
    }
    form = RepertoireForm(
        request.POST or None,
        request.FILES or None,
        initial=asked,
        holders=holders,
        authorities=authorities,
        has_basket=bool(basket),
    )
    if request.method == "POST" and form.is_valid():
        made: list[RepertoireList] = []
        if attempt(request, lambda: made.append(_make(request, form, basket)), form):
            return redirect("claims:list", list_id=made[0].public_id)
    wrong = form.is_bound and bool(form.errors)
    page = {"form": form}
    return render(request, "claims/repertoire_form.html", "claims/repertoire_form.html", page, 422 if wrong else 200)


def _make(request: HttpRequest, form: RepertoireForm, basket: list[int]) -> RepertoireList:
    data, by, now = form.cleaned_data, person(request), timezone.now()
    paper = data.get("authority")
    terms = services.ListTerms(paper.principal if paper else data["holder"], data["purpose"], data["rights"], paper)
    if data["source"] == Source.FILE:
        return services.receive_list(terms=terms, file=data["file"], name=data["file"].name, by=by, now=now)
    if data["source"] == Source.PASTE:
        return services.paste_list(terms=terms, text=data["rows"].replace("\x00", ""), by=by, now=now)
    return services.pick_list(terms=terms, source=data["source"], name=data["name"], ids=basket, by=by, now=now)


@login_required
@require_safe
def one_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """This will show a list: how far it is, and once it is looked up its groups and rows."""
    return _show(request, _list(request, list_id))


@login_required
@require_safe
def list_progress(request: HttpRequest, list_id: str) -> HttpResponse:
    """This will show how far a list is; asked again until it is looked up, then the page comes anew."""
    found = _list(request, list_id)
    page = {"list": found, **selectors.progress(found)}
    answer = render(request, "claims/repertoire_progress.html", "claims/_repertoire_progress.html", page)
    if found.status not in (Status.RECEIVED, Status.READ):
        answer["HX-Refresh"] = "true"
    return answer


@login_required
@require_POST
def choose_groups(request: HttpRequest, list_id: str) -> HttpResponse:
    """This will choose whole groups of rows, and none of the others."""
    found = _list(request, list_id)
    form = GroupsForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: services.choose_groups(
                found=found, groups=form.cleaned_data["group"], by=person(request), now=timezone.now()
            ),
        )
    return redirect("claims:list", list_id=list_id)


@login_required
@require_POST
def choose_rows(request: HttpRequest, list_id: str) -> HttpResponse:
    """This will keep which of the rows on a page are chosen."""
    found = _list(request, list_id)
    shown, chosen = _numbers(request, "shown"), _numbers(request, "chosen")
    attempt(
        request,
        lambda: services.choose_rows(found=found, shown=shown, chosen=chosen, by=person(request), now=timezone.now()),
    )
    address = redirect("claims:list", list_id=list_id)
    kind, after = request.POST.get("kind", ""), request.POST.get("after", "")
    address["Location"] += f"?kind={kind if kind in KINDS else ''}&after={after if after.isdecimal() else ''}#rows"
    return address


@login_required
@require_POST
def mend_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """This will take a mended correction file."""
    found = _list(request, list_id)
    form = MendForm(request.POST, request.FILES)
    if form.is_valid() and attempt(
        request,
        lambda: services.mend_list(
            found=found,
            file=form.cleaned_data["file"],
            name=form.cleaned_data["file"].name,
            by=person(request),
            now=timezone.now(),
        ),
        form,
    ):
        return redirect("claims:list", list_id=list_id)
    return _show(request, found, form)


@login_required
@require_POST
def reopen_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """This will let the holder choose anew before anything is signed."""
    found = _list(request, list_id)
    attempt(request, lambda: services.reopen_list(found=found, by=person(request), now=timezone.now()))
    return redirect("claims:list", list_id=list_id)


@login_required
@require_POST
def drop_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """This will throw a list away."""
    found = _list(request, list_id)
    if attempt(request, lambda: services.drop_list(found=found, by=person(request), now=timezone.now())):
        messages.success(request, _("The list is thrown away."))
        return redirect("claims:lists")
    return redirect("claims:list", list_id=list_id)


@login_required
@require_POST
def follow_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """This will have later tracks under the name proposed, or no more."""
    found, wanted = _list(request, list_id), request.POST.get("follow") == "on"
    attempt(
        request,
        lambda: services.follow_list(found=found, is_followed=wanted, by=person(request), now=timezone.now()),
    )
    return redirect("claims:list", list_id=list_id)


@login_required
@require_safe
def correction_file(request: HttpRequest, list_id: str) -> StreamingHttpResponse:
    """This will give only the rows that need mending, each with what is wrong, as a table to mend and send back."""
    found = _list(request, list_id)
    answer = StreamingHttpResponse(
        correction_table(selectors.bad_rows(found), row_reason), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{found.public_id}-correction.csv"'
    return answer


@login_required
@require_safe
def list_original(request: HttpRequest, list_id: str, sha256: str) -> StreamingHttpResponse:
    """This will give a file as it was received, byte for byte."""
    found = _list(request, list_id)
    file = get_object_or_404(found.files, sha256=sha256)
    answer = StreamingHttpResponse(services.list_original(file), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{found.public_id}-{sha256[:12]}"'
    return answer


# What the doors share -------------------------------------------------------------------------------------------------
def _show(request: HttpRequest, found: RepertoireList, mend_form: MendForm | None = None) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    typed = request.GET.get("after", "")
    after = int(typed) if typed.isdecimal() and len(typed) < 9 else 0
    rows: list[RepertoireRow] = []
    if found.status in (Status.READY, Status.CONFIRMED):
        rows = list(selectors.rows_of(found, kind=kind, after=after)[: ROWS_PER_PAGE + 1])
    more = rows[ROWS_PER_PAGE].row_no if len(rows) > ROWS_PER_PAGE else 0
    if more == rows[0].row_no if rows else False:
        more += 1
    page = {
        "list": found,
        "files": [(file, services.list_file_name(file)) for file in found.files.select_related("list__holder")],
        "kind": kind,
        "after": after,
        "more": more,
        "rows": selectors.with_tracks(rows[:ROWS_PER_PAGE]),
        "groups": _groups(found),
        "outcomes": _outcomes(found),
        "bands": [selectors.band_of(one) for one in found.counts.get("bands", [])],
        "cases": [*found.claims.order_by("pk"), *found.opt_outs.order_by("pk")],
        "may_write": selectors.may_write_case(request.user, found.holder, found.authority, timezone.now().date()),
        "mend_form": mend_form or MendForm(),
        "takeable": services.TAKEABLE,
        "may_follow": found.source in services.NAMED and found.follows_id is None and found.claims.exists(),
        **selectors.progress(found),
    }
    status = 422 if mend_form is not None and mend_form.errors else 200
    return render(request, "claims/repertoire_detail.html", "claims/repertoire_detail.html", page, status)


def _groups(found: RepertoireList) -> list[dict[str, Any]]:
    """Sum the counted kinds by group: rows, and how many of them are chosen."""
    kinds = found.counts.get("kinds", [])
    groups = []
    for code, label in RepertoireRow.Group.choices:
        mine = [kind for kind in kinds if kind["group"] == code]
        rows, chosen = sum(kind["rows"] for kind in mine), sum(kind["chosen"] for kind in mine)
        if rows:
            groups.append({"code": code, "label": label, "rows": rows, "chosen": chosen})
    return groups


def _outcomes(found: RepertoireList) -> list[dict[str, Any]]:
    """Sum the counted kinds by outcome."""
    sums: dict[str, int] = {}
    for kind in found.counts.get("kinds", []):
        sums[kind["outcome"]] = sums.get(kind["outcome"], 0) + kind["rows"]
    return [
        {"code": code, "label": label, "rows": sums[code]}
        for code, label in RepertoireRow.Outcome.choices
        if sums.get(code)
    ]


def _list(request: HttpRequest, list_id: str) -> RepertoireList:
    return get_object_or_404(selectors.lists_for(request.user), public_id=list_id)


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [int(word) for word in request.POST.getlist(name) if word.isdecimal() and len(word) < 19]
