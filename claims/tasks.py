"""The queue's doors to the rules of this app. Each task loads nothing itself and calls one service.

Work due is a row; queueing only hurries it. The sweeps at the end find what the queue forgot.
"""

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from celery import Task, shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

if TYPE_CHECKING:
    from claims.services import CallRules, Relay

SECONDS_PER_TASK = 60


def hurry(task: Task, **kwargs: Any) -> None:
    """This will queue a task once the transaction has committed; a broker that is away is no error, the sweep comes."""
    transaction.on_commit(partial(task.delay, **kwargs), robust=True)


def call_rules() -> "CallRules":
    """This will read from the settings which addresses of stores may be called."""
    from claims.services import CallRules

    return CallRules(**settings.ROMS_WEBHOOKS)


def relay() -> "Relay":
    """This will read from the settings where answers to mails are taken."""
    from claims.services import Relay

    return Relay(**settings.ROMS_RELAY)


@shared_task(name="claims.run_check")
def run_check(*, check_id: int) -> None:
    """This will do one automatic check of a case."""
    from claims import services

    services.run_check(check_id=check_id, now=timezone.now())


@shared_task(name="claims.award_claim")
def award_claim(*, claim_id: int) -> None:
    """This will post the award of an approved claim, a batch at a time, and queue itself for the rest."""
    from claims import services

    until = monotonic() + SECONDS_PER_TASK
    while services.award_claim(claim_id=claim_id, now=timezone.now()):
        if monotonic() > until:
            award_claim.delay(claim_id=claim_id)
            return


@shared_task(name="claims.distribute")
def distribute(*, run_id: int) -> None:
    """This will move money because of one report, dispute, opt-out or match, and queue itself for the rest."""
    from claims import services

    until = monotonic() + SECONDS_PER_TASK
    while services.continue_run(run_id=run_id, now=timezone.now()):
        if monotonic() > until:
            distribute.delay(run_id=run_id)
            return


@shared_task(name="claims.count_planned_run")
def count_planned_run(*, run_id: int) -> None:
    """This will count what an ordered run would move, and queue itself for the rest."""
    from claims import services

    until = monotonic() + SECONDS_PER_TASK
    while services.count_run(run_id=run_id, now=timezone.now()):
        if monotonic() > until:
            count_planned_run.delay(run_id=run_id)
            return


@shared_task(name="claims.continue_group_act")
def continue_group_act(*, act_id: int) -> None:
    """This will do the same in the disputes of a group, one after the other, and queue itself for the rest."""
    from claims import services

    until = monotonic() + SECONDS_PER_TASK
    while services.continue_group_act(act_id=act_id, now=timezone.now()):
        if monotonic() > until:
            continue_group_act.delay(act_id=act_id)
            return


@shared_task(name="claims.sweep_claims")
def sweep_claims() -> None:
    """This will queue again the awards, checks and acts about groups that nobody is known to be doing."""
    from claims import services

    for act_id in services.group_acts_due():
        continue_group_act.delay(act_id=act_id)

    for claim_id in services.claims_unawarded():
        award_claim.delay(claim_id=claim_id)
    for check_id in services.checks_waiting():
        run_check.delay(check_id=check_id)


@shared_task(name="claims.tell_similar_holders")
def tell_similar_holders(*, window_id: int) -> None:
    """This will tell holders of similar names that somebody new claims works like theirs."""
    from claims import services

    services.tell_similar(window_id=window_id, now=timezone.now())


@shared_task(name="claims.sweep_windows")
def sweep_windows() -> None:
    """This will queue again the challenge windows of which nobody was told."""
    from claims import services

    for window_id in services.windows_untold():
        tell_similar_holders.delay(window_id=window_id)


@shared_task(name="claims.sweep_clocks")
def sweep_clocks() -> None:
    """This will remind of deadlines that are near and call a person for those that are over; once each."""
    from claims import services

    services.sweep_clocks(now=timezone.now())


@shared_task(name="claims.sweep_queue")
def sweep_queue(*, all_cases: bool = False) -> None:
    """This will bring the reviewers' queue up to date with the cases; with `all_cases` every urgency is made anew."""
    from claims import services

    services.sweep_queue(now=timezone.now(), all_cases=all_cases)


@shared_task(name="claims.distribute_posted_reports")
def distribute_posted_reports() -> None:
    """This will find posted reports, late matches and other changes whose money has not moved yet, and queue them."""
    from claims import services

    for run_id in services.plan_due_runs(now=timezone.now()):
        distribute.delay(run_id=run_id)
    for run_id in services.counting_runs():
        count_planned_run.delay(run_id=run_id)


@shared_task(name="claims.follow_catalogue")
def follow_catalogue() -> None:
    """This will bring money after rules of store names, lists of tracks that became known, and merges."""
    from claims import services

    services.apply_rules(now=timezone.now())
    services.follow_tracklists(now=timezone.now(), also_changed=False)
    services.follow_late_merges(now=timezone.now())


@shared_task(name="claims.follow_changed_tracklists")
def follow_changed_tracklists() -> None:
    """This will divide release sales anew whose release has other tracks by now; it looks at all release sales."""
    from claims import services

    services.follow_tracklists(now=timezone.now())


@shared_task(name="claims.write_dispute_digest")
def write_dispute_digest() -> None:
    """This will write this week's letter about open disputes, unless it is written."""
    from claims import services

    services.write_digest(now=timezone.now())


# Lists of repertoire --------------------------------------------------------------------------------------------------
@shared_task(name="claims.read_list")
def read_list(*, list_id: int) -> None:
    """This will read a received list into rows."""
    from claims import services

    services.read_list(list_id=list_id, now=timezone.now())


@shared_task(name="claims.match_list_part")
def match_list_part(*, part_id: int) -> None:
    """This will look up some rows of a list."""
    from claims import services

    services.match_list_part(part_id=part_id, now=timezone.now())


@shared_task(name="claims.settle_list")
def settle_list(*, list_id: int) -> None:
    """This will make a list ready once all its rows are looked up."""
    from claims import services

    services.settle_list(list_id=list_id, now=timezone.now())


@shared_task(name="claims.sweep_lists")
def sweep_lists() -> None:
    """This will queue again what the queue forgot of lists that are being read or looked up."""
    from claims import services

    reading, parts, settling = services.lists_due()
    for list_id in reading:
        read_list.delay(list_id=list_id)
    for part_id in parts:
        match_list_part.delay(part_id=part_id)
    for list_id in settling:
        settle_list.delay(list_id=list_id)


@shared_task(name="claims.propose_later_tracks")
def propose_later_tracks() -> None:
    """This will propose to holders the tracks that came since under names they claimed."""
    from claims import services

    services.propose_later_tracks(now=timezone.now())


# Opt-outs and notices -----------------------------------------------------------------------------------------------
@shared_task(name="claims.deliver_notice")
def deliver_notice(*, delivery_id: int) -> None:
    """This will try once to bring a notice to its store by one way."""
    from claims import services

    services.deliver_notice(
        delivery_id=delivery_id, now=timezone.now(), origin=settings.ROMS_ORIGIN, rules=call_rules()
    )


@shared_task(name="claims.deliver_store_message")
def deliver_store_message(*, message_id: int) -> None:
    """This will try once to bring a reminder, a question or a decision to a store by one way."""
    from claims import services

    services.deliver_store_message(
        message_id=message_id, now=timezone.now(), origin=settings.ROMS_ORIGIN, rules=call_rules()
    )


@shared_task(name="claims.sweep_deliveries")
def sweep_deliveries() -> None:
    """This will queue again every delivery whose time has come: first tries the queue lost, and retries."""
    from claims import services

    for delivery_id in services.deliveries_due(now=timezone.now()):
        deliver_notice.delay(delivery_id=delivery_id)
    for message_id in services.store_messages_due(now=timezone.now()):
        deliver_store_message.delay(message_id=message_id)


@shared_task(name="claims.deliver_mail")
def deliver_mail(*, mail_id: int) -> None:
    """This will try once to tell one person about a case."""
    from claims import services

    services.deliver_mail(mail_id=mail_id, now=timezone.now(), origin=settings.ROMS_ORIGIN, relay=relay())


@shared_task(name="claims.deliver_invitation")
def deliver_invitation(*, mail_id: int) -> None:
    """This will try once to send an invitation."""
    from claims import services

    services.deliver_invitation(mail_id=mail_id, now=timezone.now(), origin=settings.ROMS_ORIGIN)


@shared_task(name="claims.sweep_mails")
def sweep_mails() -> None:
    """This will queue again every mail and invitation whose time has come."""
    from claims import services

    for mail_id in services.invitations_due(now=timezone.now()):
        deliver_invitation.delay(mail_id=mail_id)
    for mail_id in services.mails_due(now=timezone.now()):
        deliver_mail.delay(mail_id=mail_id)


@shared_task(name="claims.deliver_watch_mail")
def deliver_watch_mail(*, mail_id: int) -> None:
    """This will try once to write to who watches a name."""
    from claims import services

    services.deliver_watch_mail(mail_id=mail_id, now=timezone.now(), origin=settings.ROMS_ORIGIN)


@shared_task(name="claims.sweep_watches")
def sweep_watches() -> None:
    """This will look under watched names, forget who never confirmed, and queue again the mails that are due."""
    from claims import services

    services.forget_unconfirmed(now=timezone.now())
    services.look_for_news(now=timezone.now())
    for mail_id in services.watch_mails_due(now=timezone.now()):
        deliver_watch_mail.delay(mail_id=mail_id)


@shared_task(name="claims.sweep_deadlines")
def sweep_deadlines() -> None:
    """This will remind stores, mark notices whose time is over, call a person; it moves no money and no right."""
    from claims import services

    services.remind_stores(now=timezone.now())
    services.mark_overdue(now=timezone.now())
    services.escalate_overdue(now=timezone.now())


@shared_task(name="claims.check_report")
def check_report(*, report_id: int) -> None:
    """This will hold one posted report against the withdrawals in force."""
    from claims import services

    services.check_report(report_id=report_id, now=timezone.now())


@shared_task(name="claims.sweep_compliance")
def sweep_compliance() -> None:
    """This will find reports, lists of catalogues and licensors' messages that nobody has checked yet."""
    from claims import services
    from claims.selectors import reports_to_check

    for report_id in reports_to_check():
        check_report.delay(report_id=report_id)
    services.sweep_lists(now=timezone.now())
    services.follow_superseded(now=timezone.now())


@shared_task(name="claims.grade_by_snapshots")
def grade_by_snapshots() -> None:
    """This will grade takedowns by the catalogue lists stores have sent since."""
    from claims import services

    services.grade_by_snapshots(now=timezone.now())


@shared_task(name="claims.tell_further_keys")
def tell_further_keys() -> None:
    """This will tell stores of keys of tracks that are out which no notice has named: matched or linked since."""
    from claims import services

    services.tell_further_keys(now=timezone.now())
