"""Screening holders against uploaded sanctions lists: a name that fits raises a case, and nothing else."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import selectors as catalog
from catalog.names import artist_key
from core.vault import VaultError
from core.workflow import move
from payouts import selectors, tasks
from payouts.formats.account import BankAccount
from payouts.formats.sanctions_list import BadList, read_list
from payouts.models import Payee, SanctionsChoice, SanctionsEntry, SanctionsList, ScreeningCase
from payouts.services.errors import BadSanctionsList, OwnHolder, ReasonMissing
from payouts.services.payee import open_payee, open_payees
from payouts.services.store import require_finance

Status = ScreeningCase.Status
BATCH = 1000


def take_sanctions_list(*, name: str, content: bytes, by: User, now: datetime) -> SanctionsList:
    """This will keep an edition of a list and put it in force; everybody is then looked for by a task.

    The same bytes again are the edition that is kept already, and change nothing: which one holds is chosen.

    Raises: NotFinance, BadSanctionsList.
    """
    require_finance(by)
    name = " ".join(name.split())
    try:
        rows = read_list(content)
    except BadList as bad:
        raise BadSanctionsList(_("This cannot be read as a list of names: %s.") % bad) from bad
    if not name:
        raise BadSanctionsList(_("Say whose list it is."))
    with transaction.atomic():
        edition, is_new = SanctionsList.objects.get_or_create(
            name=name,
            sha256=sha256(content).hexdigest(),
            defaults={"entry_count": len(rows), "uploaded_by": by, "uploaded_at": now},
        )
        if is_new:
            SanctionsEntry.objects.bulk_create(
                (
                    SanctionsEntry(edition=edition, number=row.number, name=row.name, name_key=artist_key(row.name))
                    for row in rows
                ),
                batch_size=5000,
            )
            _put_in_force(edition, by, now)
    return edition


def choose_sanctions_list(*, edition: SanctionsList, by: User, now: datetime) -> SanctionsList:
    """This will put an edition in force again, an earlier one too; chosen twice it changes nothing. Raises: NotFinance.

    Cases raised by another edition stay: a person decides each.
    """
    require_finance(by)
    if edition.pk not in selectors.editions_in_force():
        with transaction.atomic():
            _put_in_force(edition, by, now)
    return edition


def _put_in_force(edition: SanctionsList, by: User, now: datetime) -> None:
    choice = SanctionsChoice.objects.create(edition=edition, by=by, at=now)
    transaction.on_commit(partial(tasks.screen_everybody.delay, choice_id=choice.pk), robust=True)


def screen_everybody(*, choice_id: int, now: datetime) -> int:
    """This will look for every holder, and every name on a bank account in force, by the edition that was chosen.

    Done again it finds nothing new. Returns how many cases are new; nothing is refused.
    """
    choice = SanctionsChoice.objects.get(pk=choice_id)
    with transaction.atomic():
        new = _screen([choice.edition_id], None, now)
        SanctionsChoice.objects.filter(pk=choice_id, screened_at=None).update(screened_at=now)
    return new


def screenings_due() -> list[int]:
    """This will name the choices of an edition by which nobody was looked for yet."""
    return list(SanctionsChoice.objects.filter(screened_at=None).order_by("pk").values_list("pk", flat=True))


def screen_holders(*, holder_ids: Collection[int], now: datetime) -> int:
    """This will look for some holders, and the names on their bank accounts in force, on the lists in force.

    Returns how many cases are new. Nothing is refused.
    """
    return _screen(selectors.editions_in_force(), holder_ids, now)


def _screen(editions: Collection[int], holder_ids: Collection[int] | None, now: datetime) -> int:
    """Look for holders (all, or these) by their own names and those on their accounts; give how many cases are new."""
    if not editions:
        return 0
    found = [
        *selectors.hits(editions, holder_ids),
        *selectors.account_names_hit(editions, _names_on_accounts(holder_ids)),
    ]
    hits = list({(hit.holder_id, hit.list_name, hit.number, hit.name_key): hit for hit in found}.values())
    before = ScreeningCase.objects.filter(holder__in={hit.holder_id for hit in hits})
    known = set(before.values_list("holder_id", "list_name", "number", "name_key"))
    new = [hit for hit in hits if (hit.holder_id, hit.list_name, hit.number, hit.name_key) not in known]
    cases = [ScreeningCase(**hit._asdict(), found_at=now) for hit in new]
    ScreeningCase.objects.bulk_create(cases, ignore_conflicts=True)  # another screening at the same time found it too
    return len(new)


def _names_on_accounts(holder_ids: Collection[int] | None) -> dict[int, set[str]]:
    """Unseal the accounts of holders and give the keys of the names on them."""
    accounts = Payee.objects.filter(status__in=(Payee.Status.PROPOSED, Payee.Status.CONFIRMED))
    if holder_ids is not None:
        accounts = accounts.filter(holder__in=holder_ids)
    named: dict[int, set[str]] = defaultdict(set)
    ids = list(accounts.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(ids), BATCH):
        for payee, account in _opened(Payee.objects.filter(pk__in=ids[at : at + BATCH]).select_related("holder")):
            named[payee.holder_id].add(artist_key(account.name))
    return named


def _opened(found: Iterable[Payee]) -> Iterator[tuple[Payee, BankAccount]]:
    """Unseal accounts together; of an erased holder nothing can be read, and nothing is paid."""
    payees = list(found)
    try:
        yield from zip(payees, open_payees(payees=payees), strict=True)
    except VaultError:
        for payee in payees:
            with suppress(VaultError):
                yield payee, open_payee(payee=payee)


def decide_screening(*, case: ScreeningCase, same: bool, reason: str, by: User, now: datetime) -> ScreeningCase:
    """This will write down whether the holder is the person of the list. A hold is ordered apart, by `order_hold`.

    Raises: NotFinance, OwnHolder, ReasonMissing, MoveNotAllowed, MovedMeanwhile.
    """
    require_finance(by)
    if catalog.has_belonged(by, [case.holder_id]):
        raise OwnHolder(_("You act for this holder: somebody else must decide."))
    if not reason.strip():
        raise ReasonMissing(_("Say why."))
    with transaction.atomic():
        ScreeningCase.objects.filter(pk=case.pk, status=Status.OPEN).update(decided_by=by, decided_at=now)
        move(case, Status.CONFIRMED if same else Status.CLEARED, by=by, now=now, reason=reason)
    case.refresh_from_db()
    return case
