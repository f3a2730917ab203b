"""The queue: as the cases are, sorted and paged by key, one case for one reviewer, work saved and taken up again."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims import selectors, services
from claims.models import Claim, QueueItem, ReviewNote
from tests import factories
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def label(alice):
    return factories.a_holder("Alice Records", owner=alice)


def reviewer(name):
    found = person(name)
    found.role = "reviewer"
    found.save()
    return found


@pytest.fixture
def ron(database):
    return reviewer("ron")


def in_queue(case):
    return QueueItem.objects.filter(public_id=case.public_id).first()


# As the cases are ----------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_case_enters_the_queue_when_filed_follows_its_moves_and_leaves(alice, rita, label):
    track = factories.a_track(artist="Alice Records", isrc="RUA010500001")
    factories.a_sale(track, units=100)
    claim = factories.a_claim(alice, label, track, filed=False)
    assert in_queue(claim) is None

    claim = services.file_claim(claim=claim, signature="Alice", language="en", by=alice, now=timezone.now())
    item = in_queue(claim)
    assert (item.status, item.line_count, [str(money) for money in item.amounts]) == ("filed", 1, ["0.75000000 USD"])
    assert item.proof == "light"
    services.start_review(claim=claim, by=rita, now=timezone.now())
    services.request_evidence(claim=claim, question="Which contract?", by=rita, now=timezone.now())
    assert (in_queue(claim).status, in_queue(claim).is_waiting) == ("evidence_requested", True)
    services.answer_claim(claim=claim, answer="This.", by=alice, now=timezone.now())
    services.approve_claim(claim=claim, by=rita, now=timezone.now())

    assert in_queue(claim) is None


@pytest.mark.slow
def test_the_sweep_makes_the_queue_anew_from_the_cases(alice, charlie, rita, label):
    rival, track = factories.a_holder("Charlie Music", owner=charlie), factories.a_track()
    factories.an_awarded_claim(alice, label, track, reviewer=rita)
    factories.an_awarded_claim(charlie, rival, track, reviewer=rita)
    factories.a_claim(alice, label)
    factories.an_opt_out(alice, label, factories.a_track())
    factories.a_claim(charlie, factories.a_holder("New", owner=charlie, status="registered"))
    before = dict(QueueItem.objects.values_list("public_id", "status"))
    assert set(QueueItem.objects.values_list("kind", flat=True)) == {
        "claim",
        "opt_out",
        "holder",
        "dispute",
    }

    QueueItem.objects.all().delete()
    QueueItem.objects.create(
        kind="claim", object_id=0, public_id="CLM-GONE", title="", status="filed", since=timezone.now()
    )
    services.sweep_queue(now=timezone.now())

    assert dict(QueueItem.objects.values_list("public_id", "status")) == before


def test_age_and_deadline_make_a_case_more_urgent(alice, label):
    now = timezone.now()
    claim = factories.a_claim(alice, label, now=now)
    fresh = in_queue(claim).urgency

    services.sweep_queue(now=now + timedelta(days=13), all_cases=True)
    near = in_queue(claim).urgency
    services.sweep_queue(now=now + timedelta(days=15), all_cases=True)
    late = in_queue(claim).urgency

    assert fresh < near < late


# Pages ---------------------------------------------------------------------------------------------------------------
def some_items(count, **fields):
    now = timezone.now()
    QueueItem.objects.bulk_create(
        QueueItem(
            kind="claim",
            object_id=-number,
            public_id=f"CLM-{number:011}",
            title=f"Holder {number}",
            status="filed",
            since=now - timedelta(minutes=number // 3),
            value=D(number % 7),
            urgency=D(number % 11),
            **fields,
        )
        for number in range(1, count + 1)
    )


@pytest.mark.parametrize("sort", ["urgency", "money", "age", "deadline"])
def test_pages_by_key_show_every_case_once(rita, sort):
    some_items(130)
    seen, after = [], ""

    while True:
        page = selectors.queue_page(rita, selectors.Wanted(sort=sort, after=after), timezone.now())
        seen += [item.public_id for item in page.items]
        after = page.after
        if not after:
            break

    assert len(seen) == len(set(seen)) == 130


@pytest.mark.parametrize("after", ["nonsense", "1|x", "|", "NaN|1", "9999-99-99|3", "1|" + "9" * 30])
def test_a_broken_place_is_the_beginning(rita, after):
    some_items(3)

    for sort in ("urgency", "age"):
        assert len(selectors.queue_page(rita, selectors.Wanted(sort=sort, after=after), timezone.now()).items) == 3


def test_filters_narrow_the_queue(alice, rita, client_of, label):
    claim = factories.a_claim(alice, label)
    late = factories.a_claim(alice, label, now=timezone.now() - timedelta(days=40))
    opt_out = factories.an_opt_out(alice, label, factories.a_track())
    client = client_of(rita)

    def shown(**asked):
        return {row.public_id for row in client.get(reverse("claims:review_queue"), asked).context["page"].items}

    assert shown() == {claim.public_id, late.public_id, opt_out.public_id}
    assert shown(kind="opt_out") == {opt_out.public_id}
    assert shown(whose="late") == {late.public_id}
    assert shown(text=claim.public_id.lower()) == {claim.public_id}
    assert shown(text="alice rec", kind="claim") == {claim.public_id, late.public_id}
    assert shown(whose="mine") == set()
    services.take_case(item=in_queue(claim), by=rita, now=timezone.now())
    assert shown(whose="mine") == {claim.public_id}
    assert claim.public_id not in shown(whose="free")


@pytest.mark.slow
def test_the_queue_stays_fast_with_100_000_cases(rita, client_of):
    from time import process_time

    client, url = client_of(rita), reverse("claims:review_queue")
    some_items(200)
    client.get(url)

    def cost(**asked):
        with CaptureQueriesContext(connection) as seen:
            began = process_time()
            answer = client.get(url, asked)
            spent = process_time() - began
        assert answer.status_code == 200
        in_database = sum(float(query["time"]) for query in seen.captured_queries)
        return len(seen), spent, in_database, answer.context["page"].after

    few = cost()
    QueueItem.objects.all().delete()
    some_items(100_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_queueitem")
    first = cost()
    second = cost(after=first[3])
    by_age = cost(sort="age", kind="claim")

    assert first[0] == second[0] == by_age[0] == few[0]
    assert max(first[2], second[2], by_age[2]) < 0.5, (few, first, second, by_age)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM claims_queueitem ORDER BY urgency DESC, id DESC LIMIT 51")
        assert "Index Scan" in "".join(row[0] for row in cursor.fetchall())


# Who has it ----------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_take_next_gives_the_most_urgent_case_to_one_reviewer(alice, rita, ron, label):
    poor, rich = factories.a_track(), factories.a_track()
    factories.a_sale(rich, units=10_000)
    small, large = factories.a_claim(alice, label, poor), factories.a_claim(alice, label, rich)
    now = timezone.now()

    first, second = services.take_next(by=rita, now=now), services.take_next(by=ron, now=now)

    assert (first.public_id, second.public_id) == (large.public_id, small.public_id)
    assert services.take_next(by=rita, now=now) is None
    assert services.take_next(by=rita, now=now + timedelta(hours=1)).public_id == large.public_id


def test_nobody_takes_an_own_case_and_nobody_but_reviewers_takes_any(alice, rita, frank, label):
    claim = factories.a_claim(alice, label)
    label.members.create(user=rita, role="reader")
    now = timezone.now()

    assert services.take_next(by=rita, now=now) is None
    with pytest.raises(services.DecidesOwnCase):
        services.take_case(item=in_queue(claim), by=rita, now=now)
    for somebody in (alice, frank):
        with pytest.raises(services.NotAReviewer):
            services.take_next(by=somebody, now=now)


def test_who_has_a_case_is_the_only_one_to_decide_it_until_the_lease_ends(alice, rita, ron, label):
    claim = factories.a_reviewed_claim(alice, label, reviewer=rita)
    now = timezone.now()
    services.take_case(item=in_queue(claim), by=rita, now=now)

    for act in (
        lambda moment: services.take_case(item=in_queue(claim), by=ron, now=moment),
        lambda moment: services.reject_claim(claim=claim, reason="proof_missing", by=ron, now=moment),
        lambda moment: services.request_evidence(claim=claim, question="?", by=ron, now=moment),
    ):
        with pytest.raises(services.LeasedByAnother):
            act(now)

    services.reject_claim(claim=claim, reason="proof_missing", by=ron, now=now + timedelta(hours=1))
    claim.refresh_from_db()
    assert claim.decided_by == ron


def test_a_case_is_handed_over_and_given_back(alice, rita, ron, label):
    one, two = factories.a_claim(alice, label), factories.a_claim(alice, label)
    sara = reviewer("sara")
    now = timezone.now()
    for claim in (one, two):
        services.take_case(item=in_queue(claim), by=rita, now=now)

    services.hand_over(item=in_queue(one), to=ron, by=rita, now=now, why="You know Kino.")
    services.give_back(item=in_queue(two), by=rita, now=now)

    assert services.take_next(by=sara, now=now).public_id == two.public_id
    assert services.take_next(by=sara, now=now) is None
    assert services.take_next(by=ron, now=now).public_id == one.public_id
    with pytest.raises(services.NotYourLease):
        services.give_back(item=in_queue(one), by=sara, now=now)


def test_an_absent_colleagues_cases_go_to_the_cover(alice, rita, ron, label):
    claim = factories.a_claim(alice, label)
    sara = reviewer("sara")
    now = timezone.now()
    services.take_case(item=in_queue(claim), by=rita, now=now)
    today = now.date()

    services.set_absence(user=rita, start=today, end=today + timedelta(days=5), cover=ron, by=rita, now=now)

    assert services.take_next(by=sara, now=now) is None
    assert services.take_next(by=ron, now=now).public_id == claim.public_id


def test_half_done_work_is_kept_sealed_and_taken_up_again(alice, rita, client_of, label):
    claim = factories.a_reviewed_claim(alice, label, factories.a_track(), factories.a_track(), reviewer=rita)
    line = claim.lines.order_by("pk").first()
    client, page = client_of(rita), reverse("claims:review_claim", kwargs={"claim_id": claim.public_id})
    typed = {"all-outcome": "rejected", "all-reason": "proof_missing", "note": "Ask the label in Riga."}
    typed |= {f"line-{line.pk}-outcome": "reduced", f"line-{line.pk}-percent": "30"}

    client.post(reverse("claims:save_note", kwargs={"case_id": claim.public_id}), typed)

    assert b"Riga" not in bytes(ReviewNote.objects.get().sealed)
    shown = client.get(page)
    assert "Ask the label in Riga." in shown.content.decode()
    assert shown.context["common_form"].initial["outcome"] == "rejected"
    assert [form.initial.get("percent") for *_, form in shown.context["rows"]].count("30") == 1
    services.reject_claim(claim=claim, reason="proof_missing", by=rita, now=timezone.now())
    assert not ReviewNote.objects.exists()


@pytest.mark.slow
def test_decide_and_take_the_next_leads_from_case_to_case(alice, rita, client_of, label):
    claims = [factories.a_claim(alice, label) for _ in range(3)]
    client = client_of(rita)
    answer = client.post(reverse("claims:take_next"))

    for _ in claims:
        there = answer.url.rstrip("/").rsplit("/", 1)[-1]
        assert Claim.objects.get(public_id=there).status == Claim.Status.UNDER_REVIEW
        answer = client.post(
            reverse("claims:decide_claim", kwargs={"claim_id": there}),
            {"all-outcome": "rejected", "all-reason": "proof_missing", "then": "next"},
        )

    assert answer.url == reverse("claims:review_queue")
    assert set(Claim.objects.values_list("status", flat=True)) == {"rejected"}
