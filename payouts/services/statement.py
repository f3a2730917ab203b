"""Statements given to holders, kept byte for byte."""

from datetime import date, datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import RightsHolder
from claims.services.evidence import party
from core import vault
from ledger.streams import snapshot
from payouts import selectors
from payouts.formats.statement_csv import as_csv, digest
from payouts.models import Statement
from payouts.services.errors import MayNotKeep


def keep_statement(*, holder: RightsHolder, start: date, end: date, by: User, now: datetime) -> Statement:
    """This will keep a statement byte for byte under its hash; the same facts give the same statement again.

    The file is sealed with the holder's key: erasing the holder makes it unreadable, its hash stays. Locks the holder.

    Raises: MayNotKeep, StatementPeriod (from the selector) when the period has no day, core.vault.PartyErased.
    """
    if not selectors.may_keep_statement(by, holder):
        raise MayNotKeep(_("You may not act for this holder."))
    with snapshot():
        facts = selectors.statement_facts(holder=holder, start=start, end=end)
        content, row_count = as_csv(facts), len(facts.movements)
    sha256 = digest(content)
    with transaction.atomic():
        RightsHolder.objects.select_for_update(no_key=True).get(pk=holder.pk)
        known = Statement.objects.filter(holder=holder, start=start, end=end, sha256=sha256).first()
        if known is not None:
            return known
        sealed = ContentFile(vault.encrypt(party(holder), content))
        return Statement.objects.create(
            holder=holder,
            start=start,
            end=end,
            sha256=sha256,
            wording=facts.wording,
            row_count=row_count,
            stored=default_storage.save(f"statements/{sha256}", sealed),
            made_at=now,
            made_by=by,
        )


def open_statement(statement: Statement) -> bytes:
    """This will unseal a kept statement: the bytes that have its hash.

    Raises: core.vault.VaultError when the holder was erased or the file is not what was kept.
    """
    with default_storage.open(statement.stored) as file:
        content = vault.decrypt(party(statement.holder), file.read())
    if digest(content) != statement.sha256:
        raise vault.CannotDecrypt(statement.public_id)
    return content
