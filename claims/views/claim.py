"""A holder's doors to claims: new, draft, file, follow, answer, take back."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from catalog import territories
from catalog.models import Authority
from claims import attestations, selectors, services
from claims.forms import ClaimForm, EvidenceForm, SignForm, WordsForm
from claims.legal import BASES
from claims.models import Claim, OptOut, RepertoireList
from claims.views.appeal import appeal_panel
from claims.views.basket import basket_ids, put_basket
from claims.views.door import Domain, attempt, history_of, person, progress_of
from claims.views.message import thread_panel
from core.htmx import render
from core.periods import day_after

LINES_PER_PAGE = 100


@login_required
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """This will list the claims of the person's holders."""
    mine = selectors.claims_for(request.user, mine=True).annotate(line_count=Count("lines"))
    page = Paginator(mine, 50).get_page(request.GET.get("page"))
    context = {"page": page, "holders": selectors.holders_for(request.user), "has_basket": bool(basket_ids(request))}
    return render(request, "claims/claim_list.html", "claims/_claim_rows.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_claim(request: HttpRequest) -> HttpResponse:
    """This will turn the basket into a draft: what did you do, how much is yours, what shall happen."""
    holders = selectors.holders_for(request.user, writing=True)
    chosen = _chosen_list(request)
    if not basket_ids(request) and chosen is None:
        return redirect("claims:basket")
    if not holders.exists():
        return redirect("claims:new_holder")
    form = _claim_form(request, _of_list(chosen) if chosen else None, chosen)
    if request.method == "POST" and form.is_valid():
        try:
            claim = _draft(request, form, chosen)
        except Domain as error:
            form.add_error(None, str(error))
        else:
            if chosen is None:
                put_basket(request, [])
            return redirect("claims:claim", claim_id=claim.public_id)
    tracks = chosen.counts.get("chosen", 0) if chosen else len(basket_ids(request))
    page = {"form": form, "tracks": tracks, "list": chosen}
    return render(request, "claims/claim_form.html", "claims/claim_form.html", page, _status(form))


def _draft(request: HttpRequest, form: ClaimForm, chosen: RepertoireList | None) -> Claim:
    """Make the draft, and with it that of the opt-out where both were asked for."""
    by, now = person(request), timezone.now()
    with transaction.atomic():
        claim = services.create_draft(
            holder=_owner(form),
            track_ids=basket_ids(request) if chosen is None else None,
            repertoire=chosen,
            terms=terms_of(form),
            by=by,
            now=now,
        )
        services.leave_with(claim=claim, leaving=_leaving(form), by=by, now=now)
        _follow(claim, form, by, now)
    return claim


def _follow(claim: Claim, form: ClaimForm, by: User, now: datetime) -> None:
    """Later tracks under the name are proposed, or no more, as the form says; only a claim for the future asks so."""
    if claim.repertoire is not None and "follow" in form.fields:
        wanted = form.cleaned_data["follow"] and form.cleaned_data["when"] == "always"
        services.follow_list(found=claim.repertoire, is_followed=wanted, by=by, now=now)


def _amend(request: HttpRequest, claim: Claim, form: ClaimForm) -> None:
    by, now = person(request), timezone.now()
    with transaction.atomic():
        amended = services.amend_draft(claim=claim, terms=terms_of(form), by=by, now=now)
        services.leave_with(claim=amended, leaving=_leaving(form), by=by, now=now)
        _follow(amended, form, by, now)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will change the terms of a draft; its tracks stay."""
    claim = _claim(request, claim_id)
    form = _claim_form(request, initial_of(claim), claim.repertoire)
    if request.method == "POST" and form.is_valid() and attempt(request, lambda: _amend(request, claim, form)):
        return redirect("claims:claim", claim_id=claim.public_id)
    tracks = claim.lines.values("track_id").distinct().count()
    page = {"form": form, "claim": claim, "tracks": tracks, "list": claim.repertoire}
    return render(request, "claims/claim_form.html", "claims/claim_form.html", page, _status(form))


@login_required
@require_safe
def claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will show a claim: a draft with what is left to do, any other with its progress, outcome and history."""
    return _show(request, _claim(request, claim_id))


@login_required
@require_safe
def claim_checks(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will show how far the checks and the posting are; asked again until nothing moves."""
    found = _claim(request, claim_id)
    return render(request, "claims/claim_checks.html", "claims/_claim_progress.html", progress_of(found))


@login_required
@require_POST
def add_evidence(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will keep an uploaded document for a claim."""
    found = _claim(request, claim_id)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        if attempt(
            request,
            lambda: services.add_evidence(
                holder=found.holder,
                name=file.name,
                content=file.read(services.EVIDENCE_SIZE_MAX + 1),
                kind=form.cleaned_data["kind"],
                by=person(request),
                now=timezone.now(),
                claim=found,
            ),
            form,
        ):
            return redirect("claims:claim", claim_id=claim_id)
    return _show(request, found, evidence_form=form)


@login_required
@require_POST
def file_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will file a signed draft."""
    found = _claim(request, claim_id)
    form = SignForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.file_together(
            claim=found, sworn=_sworn(request, form), by=person(request), now=timezone.now()
        ),
        form,
    ):
        messages.success(request, _("Filed. Your case number is %(number)s.") % {"number": found.public_id})
        return redirect("claims:claim", claim_id=claim_id)
    return _show(request, found, sign_form=form)


@login_required
@require_POST
def retract_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will take a claim back."""
    found = _claim(request, claim_id)
    attempt(request, lambda: services.retract_together(claim=found, by=person(request), now=timezone.now()))
    return redirect("claims:claim", claim_id=claim_id)


@login_required
@require_POST
def answer_claim(request: HttpRequest, claim_id: str) -> HttpResponse:
    """This will hand the holder's answer to the reviewer."""
    found = _claim(request, claim_id)
    form = WordsForm(request.POST)
    if form.is_valid() and attempt(
        request,
        lambda: services.answer_claim(
            claim=found, answer=form.cleaned_data["text"], by=person(request), now=timezone.now()
        ),
    ):
        return redirect("claims:claim", claim_id=claim_id)
    return _show(request, found, words_form=form)


# What the doors share -------------------------------------------------------------------------------------------------
def _show(request: HttpRequest, found: Claim, **forms: Any) -> HttpResponse:
    writes = selectors.may_write_case(request.user, found.holder, found.authority, timezone.now().date())
    lines = selectors.page_of_lines(found, LINES_PER_PAGE, request.GET.get("page"))
    is_draft = found.status == Claim.Status.DRAFT
    leaving = OptOut.objects.filter(claim=found).first()
    rows = selectors.with_amounts(found, lines.object_list)
    page = (
        progress_of(found)
        | appeal_panel(request, found)
        | thread_panel(request, found)
        | {
            "page": lines,
            "rows": rows if found.filed_at else selectors.in_bands(rows),
            "amounts": selectors.claim_amounts(found) if found.filed_at else None,
            "documents": selectors.documents_of(found),
            "history": history_of(found, person(request)),
            "disputes": selectors.disputes_of(found),
            "kept_until": selectors.kept_until(found),
            "may_write": writes,
            "may_amend": writes and found.status in selectors.OPEN,
            "may_retract": writes and Claim.Status.RETRACTED in Claim.MOVES[Claim.Status(found.status)],
            "evidence_form": EvidenceForm(),
            "in_vault": selectors.documents_to_show(found) if writes else [],
            "sign_form": SignForm() if is_draft else None,
            "words_form": WordsForm(),
            "text": services.attestation_text(attestations.CLAIM, get_language() or "en") if is_draft else None,
            "leaving": leaving,
            "leaving_text": leaving and services.attestation_text(attestations.OPT_OUT, get_language() or "en"),
            **forms,
        }
    )
    wrong = any(form.errors for form in forms.values())
    template = "claims/claim_draft.html" if is_draft else "claims/claim_detail.html"
    return render(request, template, template, page, 422 if wrong else 200)


def _claim(request: HttpRequest, claim_id: str) -> Claim:
    return get_object_or_404(selectors.claims_for(request.user), public_id=claim_id)


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _claim_form(request: HttpRequest, initial: dict[str, Any] | None, chosen: RepertoireList | None) -> ClaimForm:
    holders = selectors.holders_for(request.user, writing=True)
    authorities = selectors.authorities_held(request.user, Authority.Purpose.COLLECT, timezone.now().date())
    tomorrow = timezone.now().date() + timedelta(days=1)
    return ClaimForm(
        request.POST or None,
        initial=initial,
        holders=holders,
        authorities=authorities,
        tomorrow=tomorrow,
        is_by_name=chosen is not None and chosen.source in services.NAMED and chosen.follows_id is None,
    )


def _chosen_list(request: HttpRequest) -> RepertoireList | None:
    """Find the list a claim is to be made of: `?list=LST-...`."""
    wanted = request.GET.get("list", "")
    return get_object_or_404(selectors.lists_for(request.user), public_id=wanted) if wanted else None


def _of_list(chosen: RepertoireList) -> dict[str, Any]:
    """What was said with the list already; of what came later under a name, also what was said when it was claimed."""
    before = chosen.follows and chosen.follows.claims.exclude(filed_at=None).order_by("-pk").first()
    said = initial_of(before) | {"leave": False} if before else {}
    agent = {"standing": Claim.Standing.AGENT, "authority": chosen.authority} if chosen.authority else {}
    return said | {
        "holder": chosen.holder,
        "roles": [role for role, right in services.RIGHT_OF.items() if right in chosen.rights],
        "leave": chosen.purpose == RepertoireList.Purpose.BOTH,
        **agent,
    }


def _leaving(form: ClaimForm) -> services.Leaving | None:
    data = form.cleaned_data
    return services.Leaving(data["leave_from"]) if data["leave"] else None


def _sworn(request: HttpRequest, form: SignForm) -> services.Sworn:
    """One signature for the claim and, where there is one, its opt-out on the house's ground."""
    by = person(request)
    return services.Sworn(
        contact={"name": by.display_name or form.cleaned_data["signature"], "email": by.email},
        confirmed=BASES[OptOut.Basis.OWNER_OPT_OUT].elements if form.cleaned_data["agreed"] else (),
        signature=form.cleaned_data["signature"],
        language=get_language() or "en",
    )


def _owner(form: ClaimForm) -> Any:
    authority = form.cleaned_data.get("authority")
    acts = form.cleaned_data["standing"] == Claim.Standing.AGENT
    return authority.principal if acts and authority else form.cleaned_data["holder"]


def terms_of(form: ClaimForm, claim: Claim | None = None) -> services.Terms:
    """This will read the terms from a form; who stands behind a claim that exists stays as it is."""
    data = form.cleaned_data
    if claim is not None:
        data = data | {"standing": claim.standing, "authority": claim.authority}
    between, some = data["when"] == "between", data["where"] == "some"
    last = data.get("last") if between else timezone.now().date() if data["when"] == "past" else None
    return services.Terms(
        percents={role: data[f"percent_{role}"] for role in data["roles"]},
        territories=territories.resolve(data["codes"]) if some else territories.worldwide(),
        start=data.get("start") if between else None,
        end=day_after(last),
        standing=data["standing"],
        choice=data["choice"],
        authority=data.get("authority") if data["standing"] == Claim.Standing.AGENT else None,
    )


def initial_of(found: Claim) -> dict[str, Any]:
    """This will give the terms of a claim as a form shows them first."""
    initial: dict[str, Any] = {
        "holder": found.holder,
        "standing": found.standing,
        "authority": found.authority,
        "roles": found.roles,
        "choice": found.choice,
    }
    leaving = OptOut.objects.filter(claim=found).first()
    if found.repertoire is not None:
        initial["follow"] = found.repertoire.is_followed
    if leaving is not None:
        initial |= {"leave": True, "leave_from": leaving.start}
    for role, right in services.RIGHT_OF.items():
        line = found.lines.filter(right=right).select_related("territories").first()
        if line is None:
            continue
        initial[f"percent_{role}"] = f"{line.percent.normalize():f}"  # 100, not 100.000000
        initial |= {"start": line.start, "last": line.end and line.end - timedelta(days=1)}
        initial["when"] = "between" if line.start or line.end else "always"
        is_world = line.territories.bits == territories.WORLD
        initial["where"] = "world" if is_world else "some"
        initial["countries"] = "" if is_world else ", ".join(territories.codes_of(line.territories.bits))
    return initial
