"""The staff's doors to the numbers a review goes by, and to what is known from frauds."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from claims import selectors, services
from claims.forms import FraudForm, HouseRuleForm
from claims.views.door import attempt, person, reviewer_or_404
from core.htmx import render


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def house_rules(request: HttpRequest) -> HttpResponse:
    """This will show every number with who set it, when and why; a supervisor writes the next."""
    reviewer_or_404(request)
    today = timezone.now().date()
    asked = {name: request.GET[name] for name in ("code", "currency") if name in request.GET}
    form = HouseRuleForm(request.POST or None, initial={"start": today} | asked)
    act = partial(services.set_rule, by=person(request), now=timezone.now())
    if form.is_bound and form.is_valid() and attempt(request, lambda: act(**form.cleaned_data), form):
        return redirect("claims:house_rules")
    page = {
        "form": form,
        "rules": selectors.rules_shown(today),
        "may_set": selectors.may_set_rules(request.user),
        "today": today,
    }
    template = "claims/house_rules.html"
    return render(request, template, template, page, 422 if form.is_bound and form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fraud_marks(request: HttpRequest) -> HttpResponse:
    """This will list what is known from frauds, and take one more."""
    reviewer_or_404(request)
    form = FraudForm(request.POST or None)
    act = partial(services.add_fraud_mark, by=person(request), now=timezone.now())
    if form.is_bound and form.is_valid() and attempt(request, lambda: act(**form.cleaned_data), form):
        return redirect("claims:fraud_marks")
    page = {"form": form, "marks": selectors.fraud_marks()[:500]}
    template = "claims/fraud_marks.html"
    return render(request, template, template, page, 422 if form.is_bound and form.errors else 200)


@login_required
@require_POST
def end_fraud_mark(request: HttpRequest, mark_id: int) -> HttpResponse:
    """This will let a mark count no longer."""
    reviewer_or_404(request)
    mark = get_object_or_404(selectors.fraud_marks(), pk=mark_id)
    attempt(request, lambda: services.end_fraud_mark(mark=mark, by=person(request), now=timezone.now()))
    return redirect("claims:fraud_marks")
