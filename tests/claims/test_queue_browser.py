"""A reviewer in a real browser: clears cases by keys alone, reads evidence beside the case, works without script."""

import secrets
from functools import partial

import pytest

from tests.browser import log_in
from tests.conftest import person

pytestmark = pytest.mark.browser


def make_world(count):
    """A reviewer, and so many filed claims handed to this reviewer, the most urgent of all."""
    from django.utils import timezone

    from claims import services
    from claims.models import QueueItem
    from tests import factories

    mark = secrets.token_hex(6)
    owner, rita = person(f"alice{mark}"), person(f"rita{mark}")
    rita.role = "reviewer"
    rita.save()
    label = factories.a_holder(f"Label {mark}", owner=owner)
    numbers = []
    for at in range(count):
        claim = factories.a_claim(owner, label, factories.a_track(f"Song {at}", f"Label {mark}"), filed=at != 0)
        if at == 0:
            content = b"This contract says that the label owns the song."
            services.add_evidence(
                holder=label,
                name="contract.txt",
                content=content,
                kind="contract",
                by=owner,
                now=timezone.now(),
                claim=claim,
            )
            services.file_claim(claim=claim, signature="Alice", language="en", by=owner, now=timezone.now())
        numbers.append(claim.public_id)
    QueueItem.objects.filter(public_id__in=numbers).update(handed_to=rita, urgency=10**6)
    return {"mark": mark, "numbers": numbers}


def statuses(numbers):
    from claims.models import Claim

    return dict(Claim.objects.filter(public_id__in=numbers).values_list("public_id", "status"))


@pytest.mark.parametrize("count", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_a_reviewer_clears_cases_by_keys_alone(system, new_page, count):
    world = system.run(partial(make_world, count))
    page = new_page()
    log_in(system, page, f"rita{world['mark']}")
    page.goto("/review/")
    with page.expect_navigation():
        page.keyboard.press("n")

    for at in range(count):
        page.wait_for_selector("#decide")
        page.keyboard.press("a" if at % 2 else "r")
        if at % 2 == 0:
            page.locator("[name=all-reason]").select_option("proof_missing")
            page.keyboard.press("Escape")
        with page.expect_navigation():
            page.keyboard.press("d")

    decided = system.run(partial(statuses, world["numbers"]))
    assert sorted(set(decided.values()) & {"filed", "under_review"}) == []
    assert list(decided.values()).count("rejected") == (count + 1) // 2


@pytest.mark.slow
def test_evidence_is_read_beside_the_case_and_half_done_work_is_kept(system, new_page):
    world = system.run(partial(make_world, 1))
    page = new_page(viewport={"width": 1280, "height": 900})
    log_in(system, page, f"rita{world['mark']}")
    page.goto("/review/")
    with page.expect_navigation():
        page.keyboard.press("n")
    with page.expect_navigation():
        page.keyboard.press("e")
    assert page.get_by_text("the label owns the song").is_visible()

    page.locator("#note").fill("Ask for the second page.")
    page.locator("[name=all-outcome]").select_option("rejected")
    page.get_by_text("Kept.", exact=True).wait_for()
    page.goto("/review/")
    page.goto(f"/review/claims/{world['numbers'][0]}/")

    assert page.locator("#note").input_value() == "Ask for the second page."
    assert page.locator("[name=all-outcome]").input_value() == "rejected"


@pytest.mark.slow
def test_a_case_is_taken_and_decided_on_a_phone_without_script(system, new_page):
    world = system.run(partial(make_world, 1))
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    log_in(system, page, f"rita{world['mark']}")
    page.goto("/review/")
    page.get_by_role("button", name="Take the next case").click()

    page.locator("[name=all-outcome]").select_option("rejected")
    page.locator("[name=all-reason]").select_option("proof_missing")
    page.get_by_role("button", name="Decide the claim").click()

    assert set(system.run(partial(statuses, world["numbers"])).values()) == {"rejected"}
