"""The store's page about its webhook: address, signing secret (shown once), trial call."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from claims import selectors, services
from claims.forms import WebhookForm
from claims.reasons import words
from claims.tasks import call_rules
from claims.views.door import attempt, person
from sales.models import Licensee


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, licensee_id: str) -> HttpResponse:
    """This will show where a store's server takes notices, and take a new address."""
    store = _store(request, licensee_id)
    if request.method != "POST":
        return _show(request, store)
    form = WebhookForm(request.POST)
    made: list[str | None] = []
    if form.is_valid() and attempt(
        request,
        lambda: made.append(
            services.set_webhook(
                licensee=store,
                url=form.cleaned_data["url"],
                by=person(request),
                now=timezone.now(),
                rules=call_rules(),
            )
        ),
        form,
    ):
        return _show(request, store, secret=made[0], is_saved=True)
    return _show(request, store, form=form)


@login_required
@never_cache
@require_POST
def renew_webhook_secret(request: HttpRequest, licensee_id: str) -> HttpResponse:
    """This will show a new secret once; the one before signs too until the time named."""
    store = _store(request, licensee_id)
    made: list[str] = []
    attempt(
        request,
        lambda: made.append(
            services.renew_webhook_secret(licensee=store, by=person(request), now=timezone.now()),
        ),
    )
    return _show(request, store, secret=made[0] if made else None)


@login_required
@require_POST
def close_webhook(request: HttpRequest, licensee_id: str) -> HttpResponse:
    """This will call the store's server no more."""
    store = _store(request, licensee_id)
    attempt(request, lambda: services.close_webhook(licensee=store, by=person(request), now=timezone.now()))
    return _show(request, store)


@login_required
@require_POST
def try_webhook(request: HttpRequest, licensee_id: str) -> HttpResponse:
    """This will call the store's server once with a signed test message and say what came of it."""
    store = _store(request, licensee_id)
    try:
        status = services.try_webhook(licensee=store, now=timezone.now(), rules=call_rules())
    except services.CallFailed as failure:
        return _show(request, store, tried=words(failure.code), has_failed=True)
    except services.NoWebhook as refusal:
        return _show(request, store, tried=str(refusal), has_failed=True)
    return _show(request, store, tried=_("Your server answered %(status)s.") % {"status": status})


def _show(request: HttpRequest, store: Licensee, form: WebhookForm | None = None, **more: Any) -> HttpResponse:
    hook = selectors.webhook_of(store)
    context = {
        "store": store,
        "hook": hook,
        "form": form or WebhookForm(initial={"url": hook.url if hook else ""}),
        "in_force": selectors.secrets_in_force(hook, timezone.now()) if hook else [],
        "overlap_days": services.WEBHOOK_OVERLAP.days,
        **more,
    }
    status = 422 if form is not None or more.get("has_failed") else 200
    return render(request, "claims/webhook.html", context, status=status)


def _store(request: HttpRequest, licensee_id: str) -> Licensee:
    return get_object_or_404(selectors.own_stores(request.user), public_id=licensee_id)
