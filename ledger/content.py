"""The content of an entry as a hash: the same key with another hash is another event, which is an error.

The content is the kind and the *set* of postings: the order of lines, the time and the batch say nothing about money,
so a task that is delivered twice, or works in another order, posts the same content. Version 1, computed here for one
entry and by ledger/services/bulk.py in SQL for millions:

    line  = address|currency|lot|debit|credit      (lot may be empty; amounts with exactly eight decimals)
    block = SHA-256 of the lines of one currency, sorted by their bytes, joined by a line feed
    hash  = SHA-256 of "1\n" + kind + "\n" + the blocks' hex digests, sorted by currency, joined by a line feed
"""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256

from ledger.recipes import PostingLine


def content_hash(kind: str, lines: Iterable[PostingLine]) -> bytes:
    """Hash the content of an entry, whatever the order of its lines."""
    by_currency: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        lot = "" if line.lot is None else str(line.lot)
        address, currency = line.account.address, line.account.currency
        by_currency[currency].append(f"{address}|{currency}|{lot}|{line.debit:.8f}|{line.credit:.8f}")
    blocks = [sha256("\n".join(sorted(by_currency[currency])).encode()).hexdigest() for currency in sorted(by_currency)]
    return sha256("\n".join(["1", kind, *blocks]).encode()).digest()
