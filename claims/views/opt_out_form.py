"""The one page on which a holder puts an opt-out together, keeps it as a draft and sends it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog import territories
from catalog.models import Authority, Track
from claims import attestations, selectors, services
from claims.formats.pasted_list import PastedRow, TooManyRows, read_list
from claims.forms import ListForm, OptOutForm, ProofForm, SwornForm, show_as_needed
from claims.legal import CONTACT_FIELDS
from claims.models import OptOut, RepertoireList
from claims.views.basket import basket_ids
from claims.views.door import Domain, person
from claims.views.opt_out import keep_document, may_write, own_opt_out
from core.htmx import render

ROWS_CHECKED_MAX = 500
CHOICE = "choice-"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_opt_out(request: HttpRequest) -> HttpResponse:
    """This will put an opt-out together: which tracks, which stores, from when, which proof, which statement."""
    if not selectors.holders_for(request.user, writing=True).exists():
        return redirect("claims:new_holder")
    return _form_page(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_opt_out(request: HttpRequest, opt_out_id: str) -> HttpResponse:
    """This will go on with a draft."""
    found = own_opt_out(request, opt_out_id)
    if found.status != OptOut.Status.DRAFT or not may_write(request, found):
        return redirect("claims:opt_out", opt_out_id=opt_out_id)
    return _form_page(request, found)


@login_required
@require_POST
def check_rows(request: HttpRequest) -> HttpResponse:
    """This will show what the rows of a list are, while it is typed."""
    try:
        rows = read_list(request.POST.get("rows", "").replace("\x00", ""), rows_max=services.OPT_OUT_ROWS_MAX)
    except TooManyRows as error:
        return render(request, "claims/opt_out_rows.html", "claims/_opt_out_rows.html", {"limit": error.limit}, 422)
    context = _rows_context(rows[:ROWS_CHECKED_MAX], _chosen(request, rows)) | {"row_total": len(rows)}
    return render(request, "claims/opt_out_rows.html", "claims/_opt_out_rows.html", context)


# The page -------------------------------------------------------------------------------------------------------------
def _form_page(request: HttpRequest, found: OptOut | None) -> HttpResponse:
    now = timezone.now()
    chosen = found.repertoire if found else _chosen_list(request)
    post, listed = _posted(request)
    form = OptOutForm(
        post,
        is_of_list=chosen is not None,
        initial=_initial(request, found) | (_of_list(chosen) if chosen and not found else {}),
        holders=selectors.holders_for(request.user, writing=True),
        authorities=selectors.authorities_held(request.user, Authority.Purpose.TAKE_DOWN, now.date()),
        today=now.date(),
    )
    proof = ProofForm(post, request.FILES if post is not None else None)
    sworn = SwornForm(post, initial=_sworn_initial(request, found))
    is_sound = post is not None and all([form.is_valid(), listed.is_valid(), proof.is_valid(), sworn.is_valid()])
    if listed.is_valid() and listed.cleaned_data["list_file"]:
        messages.success(request, _("The rows of the file are in the list. Look at what each is, then go on."))
    elif post is not None and is_sound and post.get("act") != "check":
        found, is_sent = _save(request, found, form, proof, sworn, chosen)
        if is_sent and found:
            messages.success(request, _("Sent. Your case number is %(number)s.") % {"number": found.public_id})
            return redirect("claims:opt_out", opt_out_id=found.public_id)
        if found and post.get("act") == "save" and not _faults(form, proof, sworn):
            messages.success(request, _("Kept as a draft."))
            return redirect("claims:edit_opt_out", opt_out_id=found.public_id)
    show_as_needed(form, "licensees", "countries")
    show_as_needed(sworn, *(f"contact_{name}" for name in CONTACT_FIELDS), "explanation", "signature")
    context = {
        "form": form,
        "listed": listed,
        "proof": proof,
        "sworn": sworn,
        "opt_out": found,
        "list": chosen,
        "documents": selectors.documents_of(found) if found else [],
        "text": services.attestation_text(attestations.OPT_OUT, get_language() or "en"),
        **({} if chosen else _typed_rows(request, form)),
    }
    status = 422 if post is not None and _faults(form, listed, proof, sworn) else 200
    return render(request, "claims/opt_out_form.html", "claims/opt_out_form.html", context, status)


def _posted(request: HttpRequest) -> tuple[Any, ListForm]:
    """Read what was sent, the rows of an uploaded list put behind those that were pasted."""
    if request.method != "POST":
        return None, ListForm()
    post, listed = request.POST.copy(), ListForm(request.POST, request.FILES)
    if listed.is_valid() and listed.cleaned_data["list_file"]:
        post["rows"] = "\n".join([*post.get("rows", "").split("\n"), *listed.cleaned_data["list_file"]]).strip("\n")
    return post, listed


def _faults(*forms: Any) -> bool:
    return any(form.errors for form in forms)


def _save(
    request: HttpRequest,
    found: OptOut | None,
    form: OptOutForm,
    proof: ProofForm,
    sworn: SwornForm,
    chosen: RepertoireList | None,
) -> tuple[OptOut | None, bool]:
    """Keep the draft and its documents; send it where that was asked for. Says whether it was sent."""
    rows, now = form.cleaned_data.get("rows", []), timezone.now()
    common = {
        "terms": _terms(form, sworn),
        "rows": rows,
        "chosen": _chosen(request, rows),
        "by": person(request),
        "now": now,
    }
    try:
        if found is None:
            found = services.draft_opt_out(holder=_owner(form), repertoire=chosen, **common)
        else:
            found = services.change_opt_out(opt_out=found, holder=_owner(form), **common)
    except Domain as error:
        form.add_error(None, str(error))
        return found, False
    for file in proof.cleaned_data["documents"]:
        try:
            keep_document(found, file, proof.cleaned_data["kind"], request)
        except services.EvidenceRefused as error:
            proof.add_error("documents", f"{file.name}: {error}")
    if request.POST.get("act") != "send" or proof.errors:
        return found, False
    return found, _send(request, found, form, sworn)


def _send(request: HttpRequest, found: OptOut, form: OptOutForm, sworn: SwornForm) -> bool:
    statement = services.Sworn(
        contact=sworn.contact(),
        confirmed=sworn.confirmed(),
        signature=sworn.cleaned_data["signature"],
        explanation=sworn.cleaned_data["explanation"],
        language=get_language() or "en",
    )
    try:
        services.request_opt_out(opt_out=found, sworn=statement, by=person(request), now=timezone.now())
    except services.OptOutIncomplete as error:
        sworn.refuse(error.names)
    except services.NoTrackFound as error:
        form.add_error("rows" if "rows" in form.fields else None, str(error))
    except Domain as error:
        form.add_error(None, str(error))
    else:
        return True
    return False


def _owner(form: OptOutForm) -> Any:
    authority = form.cleaned_data.get("authority")
    acts = form.cleaned_data["standing"] == OptOut.Standing.AGENT
    return authority.principal if acts and authority else form.cleaned_data["holder"]


def _terms(form: OptOutForm, sworn: SwornForm) -> services.OptOutTerms:
    data = form.cleaned_data
    return services.OptOutTerms(
        rights=data["rights"],
        territories=territories.resolve(data["codes"]) if data["where"] == "some" else territories.worldwide(),
        licensees=list(data["licensees"]) if data["stores"] == "some" else [],
        start=data["start"],
        end=data["end"],
        basis=sworn.cleaned_data["basis"],
        standing=data["standing"],
        authority=data.get("authority") if data["standing"] == OptOut.Standing.AGENT else None,
        is_name_public=data["is_name_public"],
    )


def _initial(request: HttpRequest, found: OptOut | None) -> dict[str, Any]:
    if found is None:
        picked = Track.objects.filter(public_id__in=request.GET.getlist("track")[:ROWS_CHECKED_MAX])
        if "basket" in request.GET:
            picked = Track.objects.filter(pk__in=basket_ids(request))
        return {
            "rows": "\n".join(f"{track.public_id}\t{track.title}\t{track.artist}" for track in picked.order_by("pk"))
        }
    world = found.territories.bits == territories.WORLD
    stores = list(found.licensees.values_list("public_id", flat=True))
    return {
        "holder": found.holder,
        "standing": found.standing,
        "authority": found.authority,
        "rows": ""
        if found.repertoire_id
        else "\n".join(found.lines.order_by("row_no").values_list("typed", flat=True)),
        "rights": found.rights,
        "stores": "some" if stores else "all",
        "licensees": stores,
        "start": found.start,
        "last": found.end and found.end - timedelta(days=1),
        "where": "world" if world else "some",
        "countries": "" if world else ", ".join(territories.codes_of(found.territories.bits)),
        "is_name_public": found.is_name_public,
    }


def _chosen_list(request: HttpRequest) -> RepertoireList | None:
    """Find the list an opt-out is to be made of: `?list=LST-...`."""
    wanted = request.GET.get("list", "")
    return get_object_or_404(selectors.lists_for(request.user), public_id=wanted) if wanted else None


def _of_list(chosen: RepertoireList) -> dict[str, Any]:
    """What was said with the list already."""
    agent = {"standing": OptOut.Standing.AGENT, "authority": chosen.authority} if chosen.authority else {}
    return {"holder": chosen.holder, "rights": chosen.rights, **agent}


def _sworn_initial(request: HttpRequest, found: OptOut | None) -> dict[str, Any]:
    return {
        "basis": found.basis if found else OptOut.Basis.OWNER_OPT_OUT,
        "contact_name": person(request).display_name,
        "contact_email": person(request).email,
    }


# Rows -----------------------------------------------------------------------------------------------------------------
def _typed_rows(request: HttpRequest, form: OptOutForm) -> dict[str, Any]:
    """Show what the list on the page is, however it came there."""
    text = form.data.get("rows", "") if form.is_bound else form.initial.get("rows", "")
    try:
        rows = read_list(str(text).replace("\x00", ""), rows_max=services.OPT_OUT_ROWS_MAX)
    except TooManyRows as error:
        return {"limit": error.limit}
    chosen = _chosen(request, rows)
    return _rows_context(rows[:ROWS_CHECKED_MAX], chosen) | {"row_total": len(rows)}


def _rows_context(rows: list[PastedRow], chosen: dict[int, int]) -> dict[str, Any]:
    shown = selectors.shown_rows(selectors.find_rows(rows), chosen)
    states = [row.state for row in shown]
    return {"shown": shown, **{f"{state}_count": states.count(state) for state in ("found", "ambiguous", "unknown")}}


def _chosen(request: HttpRequest, rows: list[PastedRow]) -> dict[int, int]:
    """Read which of several tracks a person meant: `choice-<row>` = the track's public id."""
    words = {row.row_no: request.POST.get(f"{CHOICE}{row.row_no}", "") for row in rows}
    known = dict(Track.objects.filter(public_id__in=set(words.values()) - {""}).values_list("public_id", "pk"))
    return {row_no: known[word] for row_no, word in words.items() if word in known}
