"""A reviewer reads the original of a passage, takes out what is personal, and publishes or withholds it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import HolderMember
from claims import selectors as claims
from claims import services as claim_services
from claims.models import CounterNotice
from core.models import Note
from core.workflow import erase_note, move, record_event
from register.models import Entry, Passage, PassageText
from register.redaction import Redacted, redact

Status = Passage.Status


class PassageError(Exception):
    """A passage can't be treated so."""

    said: Promise = _("This can't be done.")

    def __str__(self) -> str:
        return str(self.said)


class NotARedactor(PassageError):
    """Only reviewers and supervisors read originals."""

    said = _("Only a reviewer may do this.")


class OwnCase(PassageError):
    """Who belongs to a party does not decide what the public reads of its case."""

    said = _("This is a case of your own, or of a holder or store you belong to. Somebody else decides it.")


class NothingLeft(PassageError):
    """There are no words to publish."""

    said = _("No words are left. Withhold the passage instead.")


@dataclass(frozen=True, slots=True)
class Original:
    """The sender's own words, empty where they were erased, and what the rules would publish of them."""

    text: str
    proposal: Redacted


def show_original(*, passage: Passage, by: User, now: datetime) -> Original:
    """This will unseal the original for a reviewer and note that it was read. Raises: NotARedactor, OwnCase."""
    _require(passage, by)
    text = _original(passage)
    record_event(passage, passage.status, passage.status, by=by, now=now, reason_code="original_read")
    return Original(text, redact(text, _known(passage)))


def publish_passage(*, passage: Passage, text: str, by: User, now: datetime) -> PassageText:
    """This will publish a text for the passage; one published before stays as a dated fact. The original stays sealed.

    Raises: NotARedactor, OwnCase, NothingLeft, MovedMeanwhile.
    """
    _require(passage, by)
    text = text.replace("\x00", "").strip()
    if not text:
        raise NothingLeft
    with transaction.atomic():
        if passage.status == Status.PUBLISHED:
            Passage.objects.select_for_update().get(pk=passage.pk)
            record_event(passage, Status.PUBLISHED, Status.PUBLISHED, by=by, now=now, reason_code="text_changed")
        else:
            move(passage, Status.PUBLISHED, by=by, now=now)
        note = Note.objects.create(text=text, created_at=now)
        Entry.objects.filter(pk=passage.entry_id).update(changed_at=now)
        return PassageText.objects.create(passage=passage, note=note, by=by, at=now)


def withhold_passage(*, passage: Passage, by: User, now: datetime) -> Passage:
    """This will show nothing of the passage from now on, and erase what was published of it; the original stays.

    Raises: NotARedactor, OwnCase, MoveNotAllowed.
    """
    _require(passage, by)
    with transaction.atomic():
        for text in passage.texts.select_related("note"):
            erase_note(text.note, now=now)
        Entry.objects.filter(pk=passage.entry_id).update(changed_at=now)
        return move(passage, Status.WITHHELD, by=by, now=now)


def _require(passage: Passage, by: User) -> None:
    if not claims.may_review(by):
        raise NotARedactor
    case, store = passage.entry.opt_out, passage.entry.licensee
    parties = [case.holder_id, *([case.authority.agent_id] if case.authority else [])]
    counter = _counter(passage)
    if counter is not None:
        parties += [counter.holder_id] if counter.holder_id else []
        if by.pk == counter.filed_by_id:
            raise OwnCase
    if by.pk == case.created_by_id or claims.is_member(by, parties):
        raise OwnCase
    if store is not None and store.members.filter(user=by).exists():
        raise OwnCase


def _original(passage: Passage) -> str:
    if passage.note is not None:
        return passage.note.text
    return claim_services.explanation_of(passage.entry.opt_out)


def _counter(passage: Passage) -> CounterNotice | None:
    """The objection or contest a passage belongs to, also where it is the reason of the decision about it."""
    rows = CounterNotice.objects.select_related("holder", "filed_by")
    return rows.filter(public_id=passage.entry.number).first()


def _known(passage: Passage) -> list[tuple[str, str]]:
    """The names, addresses and numbers of those in the case, so that they are found however a sentence puts them."""
    case = passage.entry.opt_out
    kinds = {"name": "name", "email": "mail", "address": "address", "phone": "phone"}
    known = [(kinds.get(field, field), words) for field, words in claim_services.contact_of(case).items()]
    if not case.is_name_public:
        known.append(("holder", case.holder.name))
        known += [("holder", name) for name in case.holder.names.values_list("text", flat=True)]
    counter, holders = _counter(passage), [case.holder_id]
    senders = [case.created_by]
    if counter is not None:
        known += [(kinds.get(field, "name"), words) for field, words in claim_services.sworn_of(counter).items()]
        senders.append(counter.filed_by)
        if counter.holder is not None:
            known.append(("holder", counter.holder.name))
            holders.append(counter.holder.pk)
    people = HolderMember.objects.filter(holder__in=holders).select_related("user")
    for user in [*senders, *(member.user for member in people)]:
        known += [("name", user.display_name), ("mail", user.email)]
    return known
