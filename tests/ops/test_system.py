"""The real processes, called as a person or another machine would."""

import json
import time
import urllib.request
from urllib.error import HTTPError

import pytest

from accounts.models import User
from tests.conftest import person


def health(system, query=""):
    try:
        with urllib.request.urlopen(f"{system.url}/healthz{query}", timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as answer:
        return answer.code, json.load(answer)


def test_healthz_says_which_parts_work(system):
    status, parts = health(system)

    assert status == 200
    assert parts == {"status": "ok", "web": "ok", "database": "ok", "broker": "ok", "worker": "ok", "beat": "ok"}


def test_healthz_notices_a_killed_worker_and_its_return(system):
    system.kill("worker")

    assert health(system)[1]["worker"] == "down"
    assert health(system, "?only=database")[0] == 200

    system.start("worker")
    system.wait()


@pytest.mark.slow
def test_run_reaches_the_system_and_not_the_db_tier(system):
    name = f"alice{time.time_ns()}"
    system.run(lambda: person(name))

    assert system.run(lambda: User.objects.filter(email=f"{name}@example.org").count()) == 1
    assert "1" in system.manage("shell", "-c", f"print(User.objects.filter(email='{name}@example.org').count())")


@pytest.mark.browser
def test_login_page_opens_without_breaking_the_content_policy(page):
    page.goto("/accounts/login/")

    assert page.locator("input[name=login]").count() == 1
