"""Staff's doors to what stores sold under names nobody has matched: the queue by money, rules, files of matches."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import selectors, services
from claims.forms import MatchFileForm, RuleForm
from claims.reasons import words
from claims.services import Act, Choice, Outcome
from claims.views.door import attempt, person
from core.htmx import render, wants_fragment
from sales.formats.match_file import UnreadableFile, read_match_file
from sales.models import Licensee, StoreKey

ROWS_PER_PAGE = 20
SURE = 90
"""From this score on, "accept the best suggestion" for all rows accepts it."""


def staff(request: HttpRequest) -> None:
    """This will hide a page from who does not match names."""
    if not selectors.may_match(request.user):
        raise Http404


@login_required
@require_safe
def unmatched(request: HttpRequest) -> HttpResponse:
    """This will list the names whose money waits, most money first."""
    staff(request)
    return _show(request, request.GET)


@login_required
@require_POST
def decide_unmatched(request: HttpRequest) -> HttpResponse:
    """This will do what was chosen: for one row (`only`), or for all shown with their exceptions."""
    staff(request)
    only = request.POST.get("only", "")
    ids = [only] if only else request.POST.getlist("row")
    keys = {
        key.public_id: key
        for key in StoreKey.objects.filter(public_id__in=ids).select_related("licensee", "track", "release")
    }
    chosen = [choice for each in ids if each in keys for choice in _choices(request.POST, keys[each], bool(only))]
    outcomes = services.decide_keys(
        choices=chosen, by=person(request), now=timezone.now(), reason=request.POST.get("reason", "").strip()
    )
    if only and wants_fragment(request):
        return _row(request, keys.get(only), outcomes)
    _report(request, outcomes)
    return redirect(f"{reverse('claims:unmatched')}?{request.POST.get('query', '')}")


def _choices(said: QueryDict, key: StoreKey, is_alone: bool) -> Iterator[Choice]:
    """This will read what was chosen for a row: its own answer, else what was chosen for all."""
    name = key.public_id
    own, remember = said.get(f"do-{name}", ""), bool(said.get(f"remember-{name}"))
    offered = said.getlist(f"offered-{name}")
    if own.startswith("to:"):
        yield Choice(key, Act.MATCH, (own[3:],), remember)
    elif own == "other":
        yield Choice(key, Act.MATCH, (said.get(f"other-{name}", ""),), remember)
    elif own == "create":
        yield Choice(key, Act.CREATE, (), remember)
    elif own == "reject" or (not own and not is_alone and said.get("all") == "reject"):
        if offered:
            yield Choice(key, Act.REJECT, tuple(offered))
    elif not own and not is_alone and said.get("all") == "best":
        best = said.get(f"best-{name}", "")
        if best:
            yield Choice(key, Act.MATCH, (best,))


def _row(request: HttpRequest, key: StoreKey | None, outcomes: list[Outcome]) -> HttpResponse:
    """This will show what became of one row, or the row again with why nothing did."""
    if key is None:
        raise Http404
    outcome = outcomes[0] if outcomes else None
    if outcome is not None and not outcome.problem and outcome.act != Act.REJECT:
        return render_page(request, "claims/_unmatched_done.html", {"outcome": outcome})
    (row,) = selectors.unmatched_rows([key.pk])
    nothing = _("Please choose what this is first.") if outcome is None else ""
    context = {"row": row, "problem": outcome.problem if outcome else nothing, "sure": SURE}
    return render_page(request, "claims/_unmatched_row.html", context, status=422 if context["problem"] else 200)


def _report(request: HttpRequest, outcomes: list[Outcome]) -> None:
    done = [each for each in outcomes if not each.problem]
    if matched := sum(each.act != Act.REJECT for each in done):
        text = ngettext(
            "%(n)s name is matched; its money moves.", "%(n)s names are matched; their money moves.", matched
        )
        messages.success(request, text % {"n": matched})
    if rejected := sum(each.act == Act.REJECT for each in done):
        text = ngettext("Suggestions of %(n)s name are rejected.", "Suggestions of %(n)s names are rejected.", rejected)
        messages.success(request, text % {"n": rejected})
    for each in outcomes:
        if each.problem:
            messages.error(request, f"{each.key}: {each.problem}")
    if not outcomes:
        messages.info(request, _("Nothing was chosen."))


def _show(request: HttpRequest, asked: QueryDict) -> HttpResponse:
    totals = selectors.waiting_currencies()
    currencies = [total.currency for total in totals]
    currency = asked.get("currency", "")
    currency = currency if currency in currencies else (currencies[0] if currencies else "XXX")
    store = Licensee.objects.filter(code=asked.get("store", "")).first()
    ids = selectors.unmatched_ids(request.user, currency, store.pk if store else None)
    page = Paginator(ids, ROWS_PER_PAGE).get_page(asked.get("page"))
    context = {
        "page": page,
        "rows": selectors.unmatched_rows(list(page.object_list)),
        "totals": totals,
        "currency": currency,
        "store": store,
        "stores": Licensee.objects.order_by("name"),
        "sure": SURE,
        "query": request.GET.urlencode(),
    }
    return render(request, "claims/unmatched_list.html", "claims/_unmatched_rows.html", context)


# Rules ----------------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def match_rules(request: HttpRequest) -> HttpResponse:
    """This will list the stores' rules and make one more."""
    staff(request)
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        counted: list[int] = []

        def make() -> None:
            _rule, count = services.make_rule(
                licensee=said["store"],
                pattern=said["pattern"],
                to=said["track"],
                by=person(request),
                now=timezone.now(),
            )
            counted.append(count)

        if attempt(request, make, form):
            text = ngettext("Remembered; %(n)s name is matched.", "Remembered; %(n)s names are matched.", counted[0])
            messages.success(request, text % {"n": counted[0]})
            return redirect("claims:match_rules")
    context = {"form": form, "rules": selectors.rules_for(request.user)}
    return render_page(request, "claims/match_rules.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove_match_rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """This will stop a rule; what it matched stays."""
    staff(request)
    rule = get_object_or_404(selectors.rules_for(request.user), public_id=rule_id)
    services.remove_rule(rule=rule, by=person(request), now=timezone.now())
    return redirect("claims:match_rules")


# Files ----------------------------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def match_file(request: HttpRequest) -> HttpResponse:
    """This will say what a file of matches would do, or do it."""
    staff(request)
    form = MatchFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        is_dry_run = request.POST.get("do") != "apply"
        try:
            rows = read_match_file(upload.read())
        except UnreadableFile as error:
            form.add_error("file", words(str(error)))
        else:
            context["is_dry_run"] = is_dry_run
            context["outcomes"] = services.apply_match_file(
                rows=rows,
                licensee=form.cleaned_data["store"],
                by=person(request),
                now=timezone.now(),
                name=upload.name,
                is_dry_run=is_dry_run,
            )
    return render_page(request, "claims/match_file.html", context, status=422 if form.errors else 200)
