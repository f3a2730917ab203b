"""A store's webhook: its address, its signing secret (shown once, renewable), and a trial call.

The secret is 32 random bytes spelled `whsec_` + base64, as Standard Webhooks says. A renewed secret signs together with
its successor for `OVERLAP`, so that the store changes it without losing a notice; then only the successor signs.
"""

import json
import secrets
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from accounts.models import User
from claims import selectors
from claims.models import Webhook, WebhookSecret
from claims.services.errors import Refused
from claims.services.webhook import CallFailed, CallRules, check_address, post_signed
from core import vault
from core.ids import new_public_id
from core.workflow import record_event
from sales.models import Licensee

OVERLAP = timedelta(days=2)
SECRET_BYTES = 32


class BadWebhookAddress(Refused):
    """The address may not be called; `code` says why: `not_https`, `private_address`, `bad_address`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()


class NoWebhook(Refused):
    """The store has no webhook."""

    code = "no_webhook"


def set_webhook(*, licensee: Licensee, url: str, by: User, now: datetime, rules: CallRules) -> str | None:
    """This will call the store at `url` from now on; the new secret is returned the first time, None later.

    Raises: BadWebhookAddress.
    """
    try:
        check_address(url, rules)
    except CallFailed as failure:
        raise BadWebhookAddress(failure.code) from failure
    with transaction.atomic():
        Webhook.objects.get_or_create(licensee=licensee)
        hook = Webhook.objects.select_for_update().get(licensee=licensee)
        if hook.url == url:
            return None
        record_event(hook, "", "moved" if hook.url else "opened", by=by, now=now)
        Webhook.objects.filter(pk=hook.pk).update(url=url)
        return None if hook.url else _new_secret(hook, now)


def renew_webhook_secret(*, licensee: Licensee, by: User, now: datetime) -> str:
    """This will make a new secret and return it; the one before signs beside it until `OVERLAP` is over.

    Raises: NoWebhook.
    """
    with transaction.atomic():
        hook = _locked(licensee)
        hook.secrets.exclude(ends_at=None).delete()
        hook.secrets.update(ends_at=now + OVERLAP)
        record_event(hook, "", "secret_renewed", by=by, now=now)
        return _new_secret(hook, now)


def close_webhook(*, licensee: Licensee, by: User, now: datetime) -> None:
    """This will call the store no more and destroy its secrets; mail and workspace go on. Raises: NoWebhook."""
    with transaction.atomic():
        hook = _locked(licensee)
        hook.secrets.all().delete()
        Webhook.objects.filter(pk=hook.pk).update(url="")
        record_event(hook, "", "closed", by=by, now=now)


def try_webhook(*, licensee: Licensee, now: datetime, rules: CallRules) -> int:
    """This will send one signed `webhook.test` message at once and return the status of the answer.

    Raises: NoWebhook, CallFailed.
    """
    if selectors.webhook_of(licensee) is None:
        raise NoWebhook
    body = json.dumps({"type": "webhook.test", "timestamp": now.isoformat(), "data": {"licensee": licensee.public_id}})
    return caller_of(licensee, now)(message_id=new_public_id("MSG"), body=body, now=now, rules=rules)


def caller_of(licensee: Licensee, now: datetime) -> Callable[..., int]:
    """This will give `post_signed` for a store's address and the secrets in force, newest first. Raises: CallFailed."""
    hook = selectors.webhook_of(licensee)
    if hook is None:
        raise CallFailed("no_webhook")
    in_force = selectors.secrets_in_force(hook, now)
    try:
        opened = [vault.decrypt(f"licensee:{licensee.pk}", bytes(row.sealed)).decode() for row in in_force]
    except vault.VaultError as error:
        raise CallFailed("no_secret") from error
    return partial(post_signed, url=hook.url, secrets=opened)


def _locked(licensee: Licensee) -> Webhook:
    hook = Webhook.objects.select_for_update().filter(licensee=licensee).exclude(url="").first()
    if hook is None:
        raise NoWebhook
    return hook


def _new_secret(hook: Webhook, now: datetime) -> str:
    secret = "whsec_" + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    sealed = vault.encrypt(f"licensee:{hook.licensee_id}", secret.encode())
    WebhookSecret.objects.create(webhook=hook, sealed=sealed, created_at=now)
    return secret
