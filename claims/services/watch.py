"""Watching a name by mail without an account: asked for, confirmed from the mailbox, stopped by one click.

Nobody learns whether an address watches something: asking always answers the same. Nobody is flooded: an address gets
few mails to confirm, and they end when it does not. Whoever stops, or never confirms, is forgotten: the row goes and
the key of the address is destroyed (core.vault).

News is a difference: how many tracks and sales there are under the name now, less how many there were at the last look.
So a sweep that is late, or runs twice, tells once.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.core import signing
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from catalog import selectors as catalog
from claims import tasks
from claims.models import NameWatch, WatchMail
from claims.services.attempts import attempt, due
from claims.services.errors import NoSuchName
from claims.services.mailing import send
from core import vault
from core.ids import new_public_id
from core.workflow import move
from sales.models import Sale

Topic = WatchMail.Topic
Status = NameWatch.Status
NAME_LENGTH_MAX: Final = 300
WATCHES_MAX: Final = 50
"""So many names one address may watch."""
ASKED_PER_DAY: Final = 5
"""So many mails to confirm an address gets in a day."""
CONFIRM_WITHIN: Final = timedelta(days=7)
LOOK_EVERY: Final = timedelta(hours=20)
_SIGNER: Final = "claims.watch"


# Asking, confirming, stopping ---------------------------------------------------------------------------------------
def ask_watch(*, kind: str, name: str, address: str, language: str, now: datetime, secret: str) -> None:
    """This will write to an address that it may confirm watching a name; the same to the eye if it does already.

    `secret` keys the hash by which an address is known. Raises: NoSuchName, ValidationError.
    """
    address = address.strip().lower()
    validate_email(address)
    known = catalog.name_of(kind, name[:NAME_LENGTH_MAX])
    if known is None:
        raise NoSuchName
    hashed = _digest(address, secret)
    mine = NameWatch.objects.filter(address_hash=hashed)
    with transaction.atomic():
        since = now - timedelta(days=1)
        asked = WatchMail.objects.filter(watch__in=mine, topic=Topic.CONFIRM, written_at__gt=since).count()
        watch = mine.filter(kind=kind, key=known.key).first()
        if asked >= ASKED_PER_DAY or (watch is not None and watch.status == Status.WATCHING):
            return
        if watch is None:
            if mine.count() >= WATCHES_MAX:
                return
            watch = _new(known, address, hashed, language, now)
        _write(watch, Topic.CONFIRM, now)


def confirm_watch(*, watch: NameWatch, now: datetime) -> None:
    """This will begin to watch, from what there is now. A second click changes nothing."""
    if watch.status == Status.WATCHING:
        return
    with transaction.atomic():
        move(watch, Status.WATCHING, by=None, now=now, reason_code="confirmed_by_mail")
        _look(watch, now)


def stop_watch(*, watch: NameWatch, now: datetime) -> None:
    """This will forget a watch and its address for good."""
    with transaction.atomic():
        vault.erase(watch.party, now=now)
        NameWatch.objects.filter(pk=watch.pk).delete()


def forget_watches(*, address: str, now: datetime, secret: str) -> None:
    """This will forget every watch of an address, as each of its letters offers."""
    for watch in NameWatch.objects.filter(address_hash=_digest(address.strip().lower(), secret)):
        stop_watch(watch=watch, now=now)


def watch_token(watch: NameWatch) -> str:
    """This will give the part of an address that only whoever got the mail knows."""
    return signing.Signer(salt=_SIGNER, sep=".").sign(watch.public_id)


def watch_by_token(token: str) -> NameWatch | None:
    """This will find the watch a mail was about; None when it has ended. Raises: signing.BadSignature."""
    public_id = signing.Signer(salt=_SIGNER, sep=".").unsign(token)
    return NameWatch.objects.filter(public_id=public_id).first()


def _digest(address: str, secret: str) -> str:
    return hmac.new(secret.encode(), address.encode(), sha256).hexdigest()


# Looking ------------------------------------------------------------------------------------------------------------
def look_for_news(*, now: datetime, limit: int = 500) -> int:
    """This will look under the names whose time has come, longest waiting first, and write what turned up."""
    waiting = NameWatch.objects.filter(status=Status.WATCHING, looked_at__lte=now - LOOK_EVERY).order_by("looked_at")
    told = 0
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            watch = NameWatch.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
            if watch is None or watch.looked_at > now - LOOK_EVERY:
                continue
            tracks, sales = _look(watch, now)
            if tracks or sales:
                _write(watch, Topic.NEWS, now, tracks=tracks, sales=sales)
                told += 1
    return told


def forget_unconfirmed(*, now: datetime, limit: int = 1000) -> int:
    """This will forget who was asked and has not confirmed in time."""
    late = NameWatch.objects.filter(status=Status.ASKED, asked_at__lt=now - CONFIRM_WITHIN).order_by("asked_at")
    gone = list(late[:limit])
    for watch in gone:
        stop_watch(watch=watch, now=now)
    return len(gone)


def _look(watch: NameWatch, now: datetime) -> tuple[int, int]:
    """Count what there is under the name, keep it, and give how much more that is; after a loss, nothing is news."""
    tracks = catalog.tracks_named(watch.kind, watch.key)
    there = tracks.count(), Sale.objects.filter(track__in=tracks.values("pk")).count()
    more = max(0, there[0] - watch.tracks_seen), max(0, there[1] - watch.sales_seen)
    watch.tracks_seen, watch.sales_seen, watch.looked_at = *there, now
    watch.save(update_fields=["tracks_seen", "sales_seen", "looked_at"])
    return more


def _new(known: catalog.Name, address: str, hashed: str, language: str, now: datetime) -> NameWatch:
    watch = NameWatch(
        public_id=new_public_id("WAT"),
        kind=known.kind,
        key=known.key,
        name=known.name,
        address_hash=hashed,
        language=language,
        asked_at=now,
        looked_at=now,
    )
    watch.sealed_address = vault.encrypt(watch.party, address.encode())
    watch.save(force_insert=True)
    return watch


# Mail ---------------------------------------------------------------------------------------------------------------
def deliver_watch_mail(*, mail_id: int, now: datetime, origin: str) -> WatchMail | None:
    """This will try once to send a mail about a watched name; None: nothing to do."""
    return attempt(WatchMail.objects.select_related("watch"), mail_id, now, call=lambda mail: _send(mail, origin))


def watch_mails_due(*, now: datetime, limit: int = 500) -> list[int]:
    """This will list mails about watched names whose time has come, longest waiting first."""
    return due(WatchMail.objects.all(), now, limit)


def _write(watch: NameWatch, topic: str, now: datetime, *, tracks: int = 0, sales: int = 0) -> None:
    mail = WatchMail.objects.create(
        watch=watch,
        topic=topic,
        tracks_new=tracks,
        sales_new=sales,
        written_at=now,
        message_id=new_public_id("MSG"),
        next_attempt_at=now,
    )
    tasks.hurry(tasks.deliver_watch_mail, mail_id=mail.pk)


def _send(mail: WatchMail, origin: str) -> None:
    watch = mail.watch
    page, stop = (
        origin + reverse(name, kwargs={"token": watch_token(watch)}) for name in ("claims:watch", "claims:stop_watch")
    )
    named = catalog.name_of(watch.kind, watch.name)
    assert named is not None
    about = origin + reverse(f"claims:{watch.kind}", kwargs={"slug": named.slug})
    with translation.override(watch.language):
        subject = _("Watch %(name)s: please confirm") if mail.topic == Topic.CONFIRM else _("News about %(name)s")
        context = {"watch": watch, "mail": mail, "page": page, "about": about}
        text = render_to_string(f"mail/watch_{mail.topic}.txt", context)
    send(
        EmailMessage(
            subject=subject % {"name": watch.name},
            body=text,
            to=[vault.decrypt(watch.party, bytes(watch.sealed_address)).decode()],
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        ),
        mail.message_id,
        origin,
    )
