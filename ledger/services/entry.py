"""One entry at a time: what a person's decision or a payment posts."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from core.money import TooManyDecimals, check_decimals
from ledger.chart import AccountRef
from ledger.content import content_hash
from ledger.models import Account, Entry
from ledger.recipes import POSTINGS_MAX, PostingLine, inverse
from ledger.services.errors import AccountMismatch, BadEntry, IdempotencyConflict


def post_entry(
    *, kind: str, idempotency_key: str, event_at: datetime, postings: Sequence[PostingLine], batch: str = ""
) -> Entry:
    """Post one balanced entry, or return the one already posted under the same key with the same content.

    In the caller's transaction; locks the balances of the accounts posted to, in the order of their ids, until its end.
    The order of the lines, `event_at` and `batch` are not content (see `ledger.content`).

    Raises: BadEntry, AccountMismatch, IdempotencyConflict.
    """
    _check(idempotency_key, postings)
    digest = content_hash(kind, postings)
    with transaction.atomic(), connection.cursor() as cursor:
        entry_id = _insert_entry(cursor, kind, idempotency_key, digest, batch, event_at)
        if entry_id is not None:
            accounts = _account_ids(sorted({line.account for line in postings}))
            _insert_postings(cursor, entry_id, accounts, postings)
            return Entry.objects.get(pk=entry_id)
    known = Entry.objects.get(idempotency_key=idempotency_key)
    if known.content_hash != digest:
        raise IdempotencyConflict(idempotency_key)
    return known


def reverse_entry(*, entry: Entry, event_at: datetime, batch: str = "") -> Entry:
    """Post the entry that undoes `entry`, of the same kind, once: a second call returns the first reversal."""
    lines = [
        PostingLine(
            AccountRef(a.address, a.currency, a.place, a.owner, a.item), posting.debit, posting.credit, posting.lot
        )
        for posting in entry.postings.select_related("account").order_by("id")
        for a in (posting.account,)
    ]
    return post_entry(
        kind=entry.kind,
        idempotency_key=f"reversal:{entry.pk}",
        event_at=event_at,
        postings=inverse(lines),
        batch=batch,
    )


def _check(key: str, postings: Sequence[PostingLine]) -> None:
    """Refuse, with words, what the database would refuse at commit."""
    if not 2 <= len(postings) <= POSTINGS_MAX:
        raise BadEntry(key, f"{len(postings)} postings, not 2 to {POSTINGS_MAX}")
    balance: dict[str, Decimal] = {}
    for account, debit, credit, _ in postings:
        try:
            check_decimals(debit)
            check_decimals(credit)
        except TooManyDecimals as error:
            raise BadEntry(key, "an amount finer than 1e-8") from error
        if min(debit, credit) != 0 or max(debit, credit) <= 0:
            raise BadEntry(key, "a posting without exactly one side above zero")
        balance[account.currency] = balance.get(account.currency, Decimal(0)) + debit - credit
    if any(balance.values()):
        raise BadEntry(key, "debit and credit differ")


def _insert_entry(cursor: Any, kind: str, key: str, digest: bytes, batch: str, event_at: datetime) -> int | None:
    """Insert the entry and return its id, or None when the key is taken; waits for a transaction that is taking it."""
    cursor.execute(
        "INSERT INTO ledger_entry (kind, idempotency_key, content_hash, batch, event_at)"
        " VALUES (%s, %s, %s, %s, public.ledger_booked_at(%s))"
        " ON CONFLICT (idempotency_key) DO NOTHING RETURNING id",
        [kind, key, digest, batch, event_at],
    )
    row = cursor.fetchone()
    return None if row is None else int(row[0])


def _account_ids(refs: Sequence[AccountRef]) -> dict[AccountRef, int]:
    """Find the accounts and make the missing ones, in the order of their addresses."""
    found = _known(refs)
    missing = [ref for ref in refs if ref not in found]
    if missing:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_account (address, currency, place, owner, item)"
                " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
                " ON CONFLICT (address, currency) DO NOTHING",
                [list(column) for column in zip(*missing, strict=True)],
            )
        found |= _known(missing)
    for ref in refs:
        if ref not in found:
            raise AccountMismatch(ref.address, ref.currency)
    return found


def _known(refs: Sequence[AccountRef]) -> dict[AccountRef, int]:
    rows = Account.objects.filter(address__in={ref.address for ref in refs}).values_list(
        "address", "currency", "place", "owner", "item", "id"
    )
    return {AccountRef(*row[:5]): row[5] for row in rows}


def _insert_postings(
    cursor: Any, entry_id: int, accounts: dict[AccountRef, int], postings: Sequence[PostingLine]
) -> None:
    """Insert all postings in one statement, ordered by account: the order their balances are locked in."""
    rows = sorted((accounts[p.account], p.lot, p.debit, p.credit) for p in postings)
    cursor.execute(
        "INSERT INTO ledger_posting (entry_id, account_id, lot, debit, credit)"
        " SELECT %s, * FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[])",
        [entry_id, *(list(column) for column in zip(*rows, strict=True))],
    )
