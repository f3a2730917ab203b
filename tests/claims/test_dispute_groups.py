"""Many disputes at once: by group, by a table there and back, and at the same time."""

from datetime import date
from decimal import Decimal as D
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog import territories
from catalog.models import RightsShare
from claims import selectors, services, tasks
from claims.formats.dispute_file import DisputeRow, read_table
from claims.models import Dispute, DisputeAnswer, DisputeVerdict, GroupAct
from tests import factories
from tests.lockstep import both

HOLD = {"owns_master": D(60)}


@pytest.fixture
def label(alice):
    return factories.a_holder("Alice Records", owner=alice)


@pytest.fixture
def rival(charlie):
    return factories.a_holder("Charlie Music", owner=charlie)


def fight(alice, charlie, rita, label, rival, *tracks, **terms):
    """Both file for 60 % of these tracks."""
    for person, holder in ((alice, label), (charlie, rival)):
        factories.an_awarded_claim(person, holder, *tracks, reviewer=rita, percents=HOLD, **terms)
    return list(Dispute.objects.order_by("pk"))


def at(name, key=None):
    return reverse(f"claims:{name}", kwargs={"key": key} if key else {})


@pytest.mark.slow
@pytest.mark.django_db
def test_disputes_of_the_same_parties_and_papers_are_one_group_and_answered_at_once(
    alice, charlie, rita, stranger, client_of, label, rival
):
    disputes = fight(alice, charlie, rita, label, rival, *(factories.a_track() for _ in range(3)))
    (group,) = selectors.shown_groups(list(selectors.groups_of(selectors.disputes_for(alice))))
    split = {"kind": "split", f"percent_{label.pk}": "50", f"percent_{rival.pk}": "50"}

    assert (group.count, group.parties) == (3, ["Alice Records", "Charlie Music"])
    assert client_of(stranger).get(at("dispute_group", group.key)).status_code == 404
    client_of(alice).post(at("answer_group", group.key), split)
    assert {each.status for each in Dispute.objects.all()} == {"answered"}
    client_of(charlie).post(at("answer_group", group.key), split)

    assert {each.status for each in Dispute.objects.all()} == {"settled"}
    held = RightsShare.objects.filter(source__in=[each.public_id for each in disputes])
    assert list(held.values_list("percent", flat=True)) == [D(50)] * 6


@pytest.mark.slow
@pytest.mark.django_db
def test_a_group_is_decided_by_two_reviewers_at_once(alice, charlie, rita, client_of, label, rival):
    fight(alice, charlie, rita, label, rival, factories.a_track(), factories.a_track())
    key = Dispute.objects.first().group_key
    verdict = {f"percent_{label.pk}": "60", f"percent_{rival.pk}": "40", "reason": "By contract."}

    wrong = client_of(rita).post(at("decide_dispute_group", key), verdict | {"reason": ""})
    client_of(rita).post(at("decide_dispute_group", key), verdict)
    again = client_of(rita).post(at("decide_dispute_group", key), verdict, follow=True)
    assert "Not done" in again.content.decode()
    assert DisputeVerdict.objects.count() == 2
    client_of(factories.a_colleague("ron")).post(at("decide_dispute_group", key), verdict)

    assert wrong.status_code == 422
    assert "somebody else must confirm" in again.content.decode()
    assert {each.status for each in Dispute.objects.all()} == {"decided"}


@pytest.mark.django_db
def test_an_answer_to_a_group_that_is_killed_half_way_goes_on_and_says_nothing_twice(
    alice, charlie, rita, client_of, label, rival, monkeypatch
):
    fight(alice, charlie, rita, label, rival, *(factories.a_track() for _ in range(3)))
    key = Dispute.objects.first().group_key
    monkeypatch.setattr("claims.services.group_act.FIRST", 1)
    monkeypatch.setattr("claims.services.group_act.tasks.hurry", lambda *_, **__: None)

    page = client_of(alice).post(at("answer_group", key), {"kind": "release", "text": "Not ours."}, follow=True)
    act = GroupAct.objects.get()
    assert (act.done, act.total, act.ended) == (1, 3, 1)
    assert "hx-get" in page.content.decode()

    def killed(**more):
        services.answer_dispute(**more)
        raise MemoryError

    with monkeypatch.context() as here, pytest.raises(MemoryError):
        here.setattr("claims.services.group_act.answer_dispute", killed)
        services.continue_group_act(act_id=act.pk, now=timezone.now())
    tasks.sweep_claims()

    act.refresh_from_db()
    assert (act.done, act.ended, act.refused) == (3, 3, [])
    assert DisputeAnswer.objects.count() == 3
    assert {each.status for each in Dispute.objects.all()} == {"settled"}
    assert "Nothing of the group is open" in client_of(alice).get(page.request["PATH_INFO"]).content.decode()


@pytest.mark.slow
@pytest.mark.django_db
def test_five_hundred_disputes_of_a_group_are_answered_and_decided_by_one_request_each(
    alice, charlie, rita, client_of, label, rival
):
    fight(alice, charlie, rita, label, rival, *(factories.a_track() for _ in range(500)))
    key = Dispute.objects.first().group_key
    verdict = {f"percent_{label.pk}": "60", f"percent_{rival.pk}": "40", "reason": "By contract."}

    said = client_of(charlie).post(
        f"/api/v1/disputes/groups/{key}/answer/", {"text": "Ours since 1999."}, content_type="application/json"
    )
    way = client_of(charlie).get(f"/api/v1/disputes/group-acts/{said.json()['id']}/").json()
    client_of(rita).post(at("decide_dispute_group", key), verdict)
    client_of(factories.a_colleague("ron")).post(at("decide_dispute_group", key), verdict)

    assert said.status_code == 202
    assert (way["total"], way["done"], way["refused"]) == (500, 500, [])
    assert DisputeAnswer.objects.count() == 500
    assert DisputeVerdict.objects.count() == 1000
    assert {each.status for each in Dispute.objects.all()} == {"decided"}


@pytest.mark.slow
@pytest.mark.django_db
def test_other_parties_or_papers_are_another_group(alice, charlie, rita, label, rival):
    fight(alice, charlie, rita, label, rival, factories.a_track())
    claim = factories.a_claim(charlie, rival, factories.a_track())
    factories.a_share(claim.lines.get().track, label, 60)
    services.add_evidence(
        holder=rival, name="a.txt", content=b"x", kind="contract", by=charlie, now=timezone.now(), claim=claim
    )
    services.look_again(claim=claim, by=rita, now=timezone.now())
    services.start_review(claim=claim, by=rita, now=timezone.now())
    services.approve_claim(claim=claim, by=rita, now=timezone.now())

    assert Dispute.objects.count() == len(set(Dispute.objects.values_list("group_key", flat=True))) == 2


# The table ------------------------------------------------------------------------------------------------------------
def table(client):
    return b"".join(client.get(at("disputes_table")).streaming_content).decode().lstrip("\ufeff").splitlines()


@pytest.mark.slow
@pytest.mark.django_db
def test_a_table_goes_there_and_back_says_what_it_would_do_and_does_it_once(
    alice, charlie, rita, client_of, label, rival
):
    disputes = fight(alice, charlie, rita, label, rival, *(factories.a_track() for _ in range(4)))
    head, *rows = table(client_of(charlie))
    answers = ["release,,,,,,", "reduce,10,,,,,", "reduce,99,,,,,", ",,,,,,"]
    filled = "\n".join([head, *(row[: -len(",,,,,,,")] + "," + said for row, said in zip(rows, answers, strict=True))])

    def send(do):
        file = BytesIO(filled.encode())
        file.name = "disputes.csv"
        page = client_of(charlie).post(at("disputes_file"), {"file": file, "do": do})
        return [(each.does, each.code) for each in page.context["outcomes"]]

    wanted = [("settles", ""), ("settles", ""), ("refused", "bad_answer"), ("nothing", "")]
    assert send("check") == wanted
    assert not Dispute.objects.exclude(status="opened").exists()
    assert send("apply") == wanted
    assert [each.status for each in Dispute.objects.order_by("pk")] == ["settled", "settled", "opened", "opened"]
    assert send("apply") == [("refused", "case_closed"), ("refused", "case_closed"), *wanted[2:]]
    assert disputes[0].public_id in rows[0]


@pytest.mark.slow
@pytest.mark.django_db
def test_nobody_answers_by_table_in_anothers_name(alice, charlie, rita, stranger, label, rival):
    (dispute,) = fight(alice, charlie, rita, label, rival, factories.a_track())
    row = DisputeRow(2, dispute.public_id, label.public_id, "release")

    for person in (charlie, stranger):
        (outcome,) = services.answer_many(rows=[row], by=person, now=timezone.now(), is_dry_run=False)
        assert (outcome.does, outcome.code) == ("refused", "no_such_dispute")

    assert Dispute.objects.get().status == "opened"


def test_a_table_is_read_with_its_columns_in_any_order_and_says_which_cell_cannot_be_read():
    text = (
        "answer;party;dispute;percent;ours_until;split\n"
        "period;HLD-1;DIS-1;;2006-12-31;\n"
        "split;HLD-1;DIS-2;;;HLD-1 60,5, HLD-2 39\n"
        "reduce;HLD-1;DIS-3;many;;\n\n"
    )
    read = read_table(BytesIO(text.encode()))

    assert (read[0].answer, read[0].end) == ("period", date(2007, 1, 1))
    assert [row.fault for row in read] == ["", "cell_unreadable", "cell_unreadable"]
    (row,) = read_table(BytesIO(b"dispute\tparty\tanswer\tsplit\nDIS-1\tHLD-1\tsplit\tHLD-1 60,5; HLD-2=39.5\n"))
    assert row.split == {"HLD-1": D("60.5"), "HLD-2": D("39.5")}


# Rivals, at once and in numbers ---------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db
def test_three_of_sixty_in_different_territories_settle_where_each_fights(alice, charlie, stranger, rita, label, rival):
    track, third = factories.a_track(), factories.a_holder("Third", owner=stranger)
    ru, us, fr = (territories.resolve([code]) for code in ("RU", "US", "FR"))
    places = (
        (alice, label, territories.resolve(["RU", "US"])),
        (charlie, rival, territories.resolve(["RU", "FR"])),
        (stranger, third, territories.resolve(["RU", "US", "FR"])),
    )
    for person, holder, where in places:
        factories.an_awarded_claim(person, holder, track, reviewer=rita, percents=HOLD, territories=where)

    found = {tuple(territories.codes_of(each.territories.bits)): each for each in Dispute.objects.all()}
    assert {place: each.parties.count() for place, each in found.items()} == {("RU",): 3, ("FR",): 2, ("US",): 2}
    thirds = {label.pk: D(40), rival.pk: D(30), third.pk: D(30)}
    for person in (alice, charlie, stranger):
        services.answer_dispute(
            dispute=found["RU",], said=services.DisputeSaid(kind="split", split=thirds), by=person, now=timezone.now()
        )
    for dispute in (found["FR",], found["US",]):
        services.answer_dispute(
            dispute=dispute,
            said=services.DisputeSaid(kind="reduce", percent=D(40)),
            by=stranger,
            now=timezone.now(),
        )

    assert {each.status for each in Dispute.objects.all()} == {"settled"}
    parts = {
        place: sorted(
            share.percent
            for share in RightsShare.objects.filter(track=track).select_related("territories")
            if share.territories.bits & where.bits and share.start is None
        )
        for place, where in (("RU", ru), ("US", us), ("FR", fr))
    }
    assert parts == {"RU": [30, 30, 40], "US": [40, 60], "FR": [40, 60]}


@pytest.mark.slow
def test_of_reviewers_who_judge_at_once_exactly_one_is_the_second(committed_db, alice, charlie, rita, label, rival):
    (dispute,) = fight(alice, charlie, rita, label, rival, factories.a_track())
    judges = [rita, factories.a_colleague("ron"), factories.a_colleague("rosa")]
    half = {label.pk: D(50), rival.pk: D(50)}

    def judge(by):
        return lambda case: services.decide_dispute(
            dispute=case, percents=half, by=by, now=timezone.now(), reason="By contract."
        )

    (outcomes,) = both([dispute], *map(judge, judges))

    assert sorted(outcomes) == ["CaseClosed", "done", "done"]
    assert Dispute.objects.get().status == "decided"
    assert RightsShare.objects.filter(source=dispute.public_id).count() == 2


@pytest.mark.slow
@pytest.mark.django_db
def test_who_joins_many_costs_as_much_as_who_joins_few(alice, rita):
    track, counts = factories.a_track(), []
    for at in range(16):
        claim = factories.a_reviewed_claim(alice, factories.a_holder(owner=alice), track, reviewer=rita, percents=HOLD)
        with CaptureQueriesContext(connection) as seen:
            services.approve_claim(claim=claim, by=rita, now=timezone.now())
        if at in (4, 15):
            counts.append([query["sql"] for query in seen])

    assert len(counts[0]) == len(counts[1])
    assert not any(sql.startswith('UPDATE "claims_disputeparty"') for sql in counts[1])
