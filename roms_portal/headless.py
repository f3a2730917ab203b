"""Does at once, in this process, what the queue would do a moment later: for the demo world and the walkthrough.

Everything here is work that is due as a row, done through the services the tasks call; a worker doing the same at the
same time does no harm, and work it holds is left to it.
"""

from datetime import datetime

from django.conf import settings

from claims import services as claims
from ledger import services as ledger
from payouts import selectors as money
from payouts import services as payouts
from sales import services as sales


def work_off(now: datetime) -> None:
    """This will finish reports, checks, awards, distributions, notes and deliveries that are due, then log entries."""
    for report_id in sales.due_reports():
        sales.process_report(report_id=report_id, worker="headless", now=now)
    for check_id in claims.checks_waiting():
        claims.run_check(check_id=check_id, now=now)
    for claim_id in claims.claims_unawarded():
        while claims.award_claim(claim_id=claim_id, now=now):
            pass
    for run_id in claims.plan_due_runs(now=now):
        while claims.continue_run(run_id=run_id, now=now):
            pass
    for report in money.reports_without_note():
        payouts.issue_amounts_due(report=report, now=report.posted_at or now)
    for notice_id in payouts.payee_notices_due(now=now):
        payouts.deliver_payee_notice(notice_id=notice_id, now=now, origin=settings.ROMS_ORIGIN)
    rules = claims.CallRules(**settings.ROMS_WEBHOOKS)
    for delivery_id in claims.deliveries_due(now=now):
        claims.deliver_notice(delivery_id=delivery_id, now=now, origin=settings.ROMS_ORIGIN, rules=rules)
    ledger.sequence_log()
