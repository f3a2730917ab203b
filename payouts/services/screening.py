"""Screening holders against uploaded sanctions lists: a name that fits raises a case, and nothing else."""

from collections.abc import Collection
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
from payouts.formats.sanctions_list import BadList, read_list
from payouts.models import Payee, SanctionsChoice, SanctionsEntry, SanctionsList, ScreeningCase
from payouts.services.errors import BadSanctionsList, OwnHolder, ReasonMissing
from payouts.services.payee import open_payee
from payouts.services.store import require_finance

Status = ScreeningCase.Status


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
        found = selectors.hits([choice.edition_id])
        named: dict[int, set[str]] = {}
        accounts = Payee.objects.filter(status__in=(Payee.Status.PROPOSED, Payee.Status.CONFIRMED))
        for payee in accounts.select_related("holder").iterator(chunk_size=1000):
            with suppress(VaultError):  # of an erased holder nothing can be read, and nothing is paid
                named.setdefault(payee.holder_id, set()).add(artist_key(open_payee(payee=payee).name))
        new = _raise_cases(_once([*found, *selectors.account_names_hit([choice.edition_id], named)]), now)
        SanctionsChoice.objects.filter(pk=choice_id, screened_at=None).update(screened_at=now)
    return new


def screenings_due() -> list[int]:
    """This will name the choices of an edition by which nobody was looked for yet."""
    return list(SanctionsChoice.objects.filter(screened_at=None).order_by("pk").values_list("pk", flat=True))


def _once(hits: Collection[selectors.Hit]) -> list[selectors.Hit]:
    """Keep one hit of each holder, number and name."""
    return list({(hit.holder_id, hit.number, hit.name_key): hit for hit in hits}.values())


def screen_holders(*, holder_ids: Collection[int], now: datetime) -> int:
    """This will look for some holders on the lists in force; returns how many cases are new. Nothing is refused."""
    return _raise_cases(selectors.hits(selectors.editions_in_force(), holder_ids), now)


def _raise_cases(hits: Collection[selectors.Hit], now: datetime) -> int:
    before = ScreeningCase.objects.filter(holder__in={hit.holder_id for hit in hits})
    known = set(before.values_list("holder_id", "list_name", "number", "name_key"))
    new = [hit for hit in hits if (hit.holder_id, hit.list_name, hit.number, hit.name_key) not in known]
    cases = [ScreeningCase(**hit._asdict(), found_at=now) for hit in new]
    ScreeningCase.objects.bulk_create(cases, ignore_conflicts=True)  # another screening at the same time found it too
    return len(new)


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
