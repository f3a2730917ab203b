"""Telling people about their own cases: when a case needs them and when it is decided.

The row is written with what happened, in its transaction; a task sends it and the sweep finds what the queue forgot
(`claims.services.attempts`). One row per Event, topic and person: nobody is told twice of one thing, and who acts for
two parties gets one mail. Who may file for a holder is told, and the agent's people while its authority holds.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from catalog.models import Authority, RightsHolder
from claims import selectors, tasks
from claims.letters import LETTERS
from claims.models import (
    Appeal,
    CaseMail,
    CatalogueTransfer,
    ChallengeWindow,
    Claim,
    Dispute,
    DisputeParty,
    Objection,
    OptOut,
    RepertoireList,
)
from claims.services.attempts import attempt, due
from claims.services.mailing import send
from claims.services.relay_address import NO_RELAY, Relay, reply_address
from core.ids import new_public_id
from core.models import Event
from core.workflow import events_of

Topic = CaseMail.Topic
Side = tuple[int, Authority | None]
"""A holder, and the paper under which an agent may speak for it."""
PAGES = {
    "CLM": ("claims:claim", "claim_id"),
    "OPT": ("claims:opt_out", "opt_out_id"),
    "DIS": ("claims:dispute", "dispute_id"),
    "AUT": ("claims:authority", "authority_id"),
    "HLD": ("claims:holder", "holder_id"),
    "APL": ("claims:appeal", "appeal_id"),
    "CHW": ("claims:challenge", "window_id"),
    "OBJ": ("claims:objection", "objection_id"),
    "CTN": ("claims:counter_notice", "counter_id"),
    "TRF": ("claims:transfer", "transfer_id"),
    "LST": ("claims:list", "list_id"),
    "SUS": ("claims:suspension", "suspension_id"),
    "FND": ("claims:finding", "finding_id"),
}


# Writing ------------------------------------------------------------------------------------------------------------
def tell_sender(case: Claim | OptOut, topic: Topic, now: datetime) -> None:
    """This will tell who acts for the holder of a claim or an opt-out, of its latest Event."""
    people = _people([(case.holder_id, case.authority)], now.date())
    _write(_latest(case), topic, people, {user: [case.public_id] for user in people}, now)


def tell_objector(objection: Objection, topic: Topic, now: datetime) -> None:
    """This will tell who acts for the holder of an objection of its latest Event."""
    people = _people([(objection.holder_id, None)], now.date())
    _write(_latest(objection), topic, people, {user: [objection.public_id] for user in people}, now)


def tell_appellant(appeal: Appeal, paper: Authority | None, topic: Topic, now: datetime) -> None:
    """This will tell who acts for the holder of an appeal of its latest Event; its agent too, under `paper`."""
    people = _people([(appeal.holder_id, paper)], now.date())
    _write(_latest(appeal), topic, people, {user: [appeal.public_id] for user in people}, now)


def tell_holder(holder: RightsHolder, topic: Topic, now: datetime) -> None:
    """This will tell who acts for a holder of its latest Event."""
    people = _people([(holder.pk, None)], now.date())
    _write(_latest(holder), topic, people, {user: [holder.public_id] for user in people}, now)


def tell_holders(
    case: Authority | ChallengeWindow | CatalogueTransfer | RepertoireList,
    holders: Collection[int],
    topic: Topic,
    now: datetime,
) -> None:
    """This will tell who acts for these holders of the latest Event of a case that is no claim."""
    people = _people([(holder, None) for holder in holders], now.date())
    _write(_latest(case), topic, people, {user: [case.public_id] for user in people}, now)


def tell_parties(dispute: Dispute, topic: Topic, now: datetime) -> None:
    """This will tell all parties of a dispute of its latest Event."""
    _tell(_latest(dispute), [dispute], topic, now)


def tell_rivals(claim: Claim, disputes: Collection[Dispute], now: datetime) -> None:
    """This will tell all parties of all disputes that one decision opened, in one mail to each person."""
    if disputes:
        _tell(_latest(claim), disputes, Topic.DISPUTE_OPENED, now)


def tell_counted(event: Event, topic: Topic, sides: Mapping[Side, int], now: datetime) -> int:
    """This will tell who acts for each holder how many cases it has; returns how many people are told."""
    people: dict[int, int] = {}
    counts: dict[int, int] = {}
    for (side, users), count in zip(_people_of(sides, now.date()), sides.values(), strict=True):
        for user in users:
            people.setdefault(user, side[0])
            counts[user] = counts.get(user, 0) + count
    mails = [_mail(event, topic, user, holder, "", counts[user], now) for user, holder in people.items()]
    _send_all(mails, event, topic)
    return len(mails)


def tell_holders_of(event: Event, topic: Topic, about: Iterable[tuple[int, str]], now: datetime) -> None:
    """This will tell who acts for each holder, in one mail to each person: (holder, public id of what it is about)."""
    sides: dict[Side, list[str]] = {}
    for holder, public_id in about:
        sides.setdefault((holder, None), []).append(public_id)
    _write_sides(event, topic, sides, now)


def _tell(event: Event, disputes: Collection[Dispute], topic: Topic, now: datetime) -> None:
    ids = [each.pk for each in disputes]
    parties = DisputeParty.objects.filter(dispute__in=ids)
    parties = parties.select_related("dispute", "claim_line__claim__authority", "share__authority").order_by("pk")
    sides: dict[Side, list[str]] = {}
    for party in parties:
        paper = party.claim_line.claim.authority if party.claim_line else party.share.authority if party.share else None
        sides.setdefault((party.holder_id, paper), []).append(party.dispute.public_id)
    _write_sides(event, topic, sides, now)


def _write_sides(event: Event, topic: Topic, sides: Mapping[Side, Collection[str]], now: datetime) -> None:
    people: dict[int, int] = {}
    cases: dict[int, list[str]] = {}
    for side, users in _people_of(sides, now.date()):
        for user in users:
            people.setdefault(user, side[0])
            cases.setdefault(user, []).extend(sides[side])
    _write(event, topic, people, cases, now)


def _latest(case: object) -> Event:
    event = events_of(case).last()
    assert event is not None
    return event


def _people(holders: Iterable[Side], day: date) -> dict[int, int]:
    """Who may act for these holders, or for the agents that may act for them that day: user to holder."""
    people: dict[int, int] = {}
    for (holder, _), users in _people_of(holders, day):
        for user in users:
            people.setdefault(user, holder)
    return people


def _people_of(sides: Iterable[Side], day: date) -> list[tuple[Side, list[int]]]:
    """Who may act for each side, for the holder or for its agent that day; one statement however many sides."""
    acting = {
        side: {side[0], side[1].agent_id if side[1] and selectors.is_in_force(side[1], day) else side[0]}
        for side in sides
    }
    writers = selectors.writers_of(set().union(*acting.values()))
    return [
        (side, sorted({user for holder in holders for user in writers.get(holder, ())}))
        for side, holders in acting.items()
    ]


def _write(
    event: Event, topic: Topic, people: Mapping[int, int], cases: Mapping[int, Collection[str]], now: datetime
) -> None:
    mails = []
    for user, holder in people.items():
        count = len(set(cases[user]))
        mails.append(_mail(event, topic, user, holder, next(iter(cases[user])) if count == 1 else "", count, now))
    _send_all(mails, event, topic)


def _mail(event: Event, topic: Topic, user: int, holder: int, case: str, count: int, now: datetime) -> CaseMail:
    return CaseMail(
        event=event,
        topic=topic,
        user_id=user,
        holder_id=holder,
        case=case,
        case_count=count,
        message_id=new_public_id("MSG"),
        next_attempt_at=now,
    )


def _send_all(mails: Collection[CaseMail], event: Event, topic: Topic) -> None:
    CaseMail.objects.bulk_create(mails, ignore_conflicts=True)
    written = CaseMail.objects.filter(event=event, topic=topic).order_by("pk")
    for mail_id in written.values_list("pk", flat=True):
        tasks.hurry(tasks.deliver_mail, mail_id=mail_id)


# Sending ------------------------------------------------------------------------------------------------------------
def deliver_mail(*, mail_id: int, now: datetime, origin: str, relay: Relay = NO_RELAY) -> CaseMail | None:
    """This will try once to send a mail, with links to the portal at `origin`; None: nothing to do.

    What is answered to it comes back through `relay`, where there is one.
    """
    rows = CaseMail.objects.select_related("user", "holder")
    return attempt(rows, mail_id, now, call=lambda mail: _send(mail, origin, relay))


def mails_due(*, now: datetime, limit: int = 500) -> list[int]:
    """This will list mails whose time has come, longest waiting first."""
    return due(CaseMail.objects.all(), now, limit)


def _send(mail: CaseMail, origin: str, relay: Relay) -> None:
    answers_at = reply_address(mail, relay)
    with translation.override(mail.user.language):
        letter = LETTERS[mail.topic]
        subject = letter.subject % {"case": mail.case, "count": mail.case_count}
        context = {
            "text": letter.text,
            "holder": mail.holder,
            "url": f"{origin}{_page(mail)}",
            "takes_answers": bool(answers_at),
        }
        text = render_to_string("mail/case.txt", context)
    message = EmailMessage(subject=subject, body=text, to=[mail.user.email])
    message.reply_to = [answers_at] if answers_at else []
    send(message, mail.message_id, origin)


def _page(mail: CaseMail) -> str:
    name, argument = PAGES.get(mail.case[:3], ("", ""))
    if name:
        return reverse(name, kwargs={argument: mail.case})
    if mail.topic == Topic.BREACH_FOUND:
        return reverse("claims:findings")
    return reverse("claims:claims" if mail.case else "claims:disputes")
