"""Pages of a person about themselves."""

from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as render_page
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import outbox as local_mail
from accounts import selectors, services
from accounts.forms import ProfileForm, TokenForm
from accounts.models import User
from accounts.sudo import sudo_required
from core.htmx import render


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sudo_required
def api_tokens(request: HttpRequest) -> HttpResponse:
    """This will list the person's keys and make a new one, shown this once."""
    form = TokenForm(request.POST or None)
    made, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            now = timezone.now()
            _token, made = services.create_token(
                user=selectors.signed_in(request),
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=now + timedelta(days=form.cleaned_data["days"]),
                now=now,
            )
            form, status = TokenForm(), 200
    context = {"form": form, "made": made, "tokens": selectors.tokens_of(request.user), "now": timezone.now()}
    return render(request, "accounts/api_tokens.html", "accounts/_api_tokens.html", context, status=status)


@login_required
@require_POST
def revoke_api_token(request: HttpRequest, token_id: str) -> HttpResponse:
    """This will end one of the person's own keys."""
    token = get_object_or_404(selectors.tokens_of(request.user), public_id=token_id)
    services.revoke_token(token=token, now=timezone.now())
    return redirect("accounts:api_tokens")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """This will show and change the person's name and language."""
    person = cast(User, request.user)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        services.change_profile(user=person, **form.cleaned_data)
        translation.activate(form.cleaned_data["language"])
        messages.success(request, _("Saved."))
        answer = redirect("accounts:profile")
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], samesite="Lax")
        return answer
    return render_page(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """This will show the mail this machine keeps because it has no mail server; elsewhere there is nothing here."""
    if not local_mail.has_page():
        raise Http404
    page = Paginator(selectors.outbox(), 20).get_page(request.GET.get("page"))
    return render_page(request, "accounts/outbox.html", {"page": page})
