"""A holder comes back after a year: paid for the time before, kept apart for the year out, paid again from then on."""

from datetime import UTC, date, datetime

import pytest

from claims import services
from tests import factories
from tests.flows.test_opt_out import distribute, resting

pytestmark = pytest.mark.django_db
LEFT, BACK = datetime(2007, 7, 1, 9, tzinfo=UTC), datetime(2008, 7, 16, 9, tzinfo=UTC)


@pytest.fixture
def story(alice, rita):
    """Alice's label owned the master, left on 1 July 2007 and came back on 16 July 2008."""
    store, track = factories.a_licensee(), factories.a_track("Zvezda", isrc="RUA010500001")
    label = factories.a_holder("Alice Records", owner=alice)
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    case = factories.an_opt_out(alice, label, track, now=LEFT)
    case = services.grant_opt_out(opt_out=case, by=rita, now=LEFT)
    for month, units in (("2007-06", 1000), ("2007-07", 100), ("2008-08", 10)):
        factories.a_sale(track, units=units, UsagePeriod=month, licensee=store)
    distribute()
    return label, track, store, case


@pytest.mark.slow
def test_before_is_paid_between_is_kept_apart_and_after_is_paid_again(story, alice):
    label, track, store, case = story
    owner = f"holder:{label.pk}"
    assert resting(track) == {("payable", owner): "7.5", ("post_withdrawal", owner): "0.825"}

    services.return_tracks(opt_out=case, back=services.Back(), by=alice, now=BACK)
    distribute()
    assert resting(track) == {("payable", owner): "7.575", ("post_withdrawal", owner): "0.75"}

    line = {"DspResourceId": "T-1", "Title": "Zvezda", "ISRC": "RUA010500001", "Usages": 31, "UsagePeriod": "2008-07"}
    factories.a_report(store, factories.flat_lines(line))  # straddles: 15 days out, 16 back
    distribute()
    assert resting(track) == {("payable", owner): "7.695", ("post_withdrawal", owner): "0.8625"}

    services.ask_for_money(holder=label, by=alice, now=BACK)
    distribute()
    assert resting(track) == {("payable", owner): "8.5575"}


@pytest.mark.slow
def test_of_two_who_left_one_comes_back_and_is_paid_again_for_its_part_only(story, alice, charlie, rita):
    label, track, store, case = story
    rival = factories.a_holder("Charlie Music", owner=charlie)
    other = factories.an_opt_out(charlie, rival, track, now=LEFT, rights=["performance"])
    services.grant_opt_out(opt_out=other, by=rita, now=LEFT)

    act = services.return_tracks(opt_out=case, back=services.Back(), by=alice, now=BACK)
    distribute()

    assert (act.track_count, act.still_out_count, act.notices.count()) == (1, 1, 0)
    assert resting(track)["payable", f"holder:{label.pk}"] == "7.575"
    sold = factories.a_sale(track, units=5, UsagePeriod="2008-09", licensee=store)
    assert services.check_report(report_id=sold.report_id, now=BACK).breaches == 1
    assert sold.report.findings.get().holder == rival


@pytest.mark.slow
def test_back_in_one_store_is_paid_there_and_kept_apart_elsewhere(story, alice):
    label, track, store, case = story
    owner, elsewhere = f"holder:{label.pk}", factories.a_licensee()

    services.return_tracks(opt_out=case, back=services.Back(licensees=[store]), by=alice, now=BACK)
    distribute()
    before = resting(track)
    sold = factories.a_sale(track, units=20, UsagePeriod="2008-09", licensee=elsewhere)
    distribute()

    assert before == {("payable", owner): "7.575", ("post_withdrawal", owner): "0.75"}
    assert resting(track)["post_withdrawal", owner] == "0.9"
    assert services.check_report(report_id=sold.report_id, now=BACK).breaches == 1
    mine = factories.a_sale(track, units=20, UsagePeriod="2008-09", licensee=store)
    assert services.check_report(report_id=mine.report_id, now=BACK).breaches == 0
    assert date(2008, 7, 16) == case.reentries.get().start
