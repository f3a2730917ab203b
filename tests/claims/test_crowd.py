"""Two hundred claims on one track at once, from filing to the last award; and a claim before the first sale."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal as D
from statistics import median
from time import thread_time

import pytest
from django.db import connections
from django.utils import timezone

from catalog.models import RightsShare
from catalog.rights import Right
from claims import selectors, services
from claims.models import CaseMail, Claim, Dispute
from ledger import selectors as ledger
from ledger.chart import Place, track_item
from tests import factories

CROWD = 200
AT_ONCE = 8
TRIES_MAX = 50


def in_threads(count, act, things):
    """Let so many threads take things one after the other; give what became of each, in the order it ended."""
    ended = []

    def work(thing):
        try:
            ended.append(act(thing))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        for future in [pool.submit(work, thing) for thing in things]:
            future.result()
    return ended


def money_of(track):
    sums = {}
    for row in ledger.shown([track_item(track.pk, Right.PHONOGRAM)]):
        key = row.place, row.owner
        sums[key] = sums.get(key, D(0)) + row.amount
    return {key: amount for key, amount in sums.items() if amount}


@pytest.mark.slow
def test_two_hundred_claims_on_one_track_at_once_are_one_dispute_and_the_last_costs_what_the_first_did(
    committed_db, alice, rita
):
    """Eight file at once, then two reviewers decide at once; who finds the facts changed looks again."""
    track = factories.a_track()
    factories.a_sale(track, units=100)
    holders = [factories.a_holder(owner=alice) for _ in range(CROWD)]
    claims = in_threads(
        AT_ONCE, lambda holder: factories.a_claim(alice, holder, track, percents={"owns_master": D(60)}), holders
    )
    reviewers = [rita, factories.a_colleague()]

    def decide(pair):
        claim, reviewer = pair
        services.start_review(claim=claim, by=reviewer, now=timezone.now())
        for tries in range(TRIES_MAX):
            services.look_again(claim=claim, by=reviewer, now=timezone.now())
            since = thread_time()
            try:
                services.approve_claim(claim=claim, by=reviewer, now=timezone.now())
            except services.FactsChanged:
                continue
            return thread_time() - since, tries
        raise AssertionError("never decided")

    spent = in_threads(
        len(reviewers), decide, [(claim, reviewers[n % len(reviewers)]) for n, claim in enumerate(claims)]
    )

    (dispute,) = Dispute.objects.all()
    assert dispute.parties.count() == CROWD
    assert set(Claim.objects.values_list("status", flat=True)) == {"awarded"}
    assert [share.percent for share in RightsShare.objects.filter(track=track).order_by("pk")] == [D(60), D(40)]
    money = money_of(track)
    assert sum(money.values()) == D("0.75")
    assert {place for place, _ in money} <= {Place.PAYABLE, Place.DISPUTED}
    before = CaseMail.objects.count()
    services.distribute(track_ids=[track.pk], event="again", now=timezone.now())
    assert (money_of(track), CaseMail.objects.count()) == (money, before)
    first, last = (median(cpu for cpu, _ in part) for part in (spent[:40], spent[-40:]))
    print(
        f"\n{CROWD} claims: {first * 1000:.0f} ms of processor for one of the first, {last * 1000:.0f} for one of the"
    )
    print(f"last; looked again {sum(tries for _, tries in spent)} times; {before} mails")
    assert last < 3 * first


@pytest.mark.django_db
def test_a_claim_before_the_first_sale_is_decided_and_later_sales_are_its_own(alice, rita):
    track = factories.a_track()
    label = factories.a_holder("Alice Records", owner=alice)
    claim = factories.a_reviewed_claim(alice, label, track, reviewer=rita)
    assert selectors.claim_amounts(claim).waiting == []
    services.approve_claim(claim=claim, by=rita, now=timezone.now())
    claim.refresh_from_db()
    assert (claim.status, money_of(track)) == ("awarded", {})

    factories.a_sale(track, units=100)
    for run in services.plan_due_runs(now=timezone.now()):
        while services.continue_run(run_id=run, now=timezone.now()):
            pass

    assert money_of(track) == {(Place.PAYABLE, f"holder:{label.pk}"): D("0.75")}
