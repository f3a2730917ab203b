"""Pages of a person about themselves."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors, services
from accounts.forms import TokenForm
from core.htmx import render


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def api_tokens(request: HttpRequest) -> HttpResponse:
    """This will list the person's keys and make a new one, shown this once."""
    form = TokenForm(request.POST or None)
    made, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            now = timezone.now()
            _, made = services.create_token(
                user=request.user,
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
